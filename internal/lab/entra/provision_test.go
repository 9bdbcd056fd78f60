package entra_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestAnInitialCycleCreatesUsersThenGroupsThenMembers(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana"), c.user("ben")))
	c.user("eve") // nobody assigned her
	c.start()
	if diff := cmp.Diff([]string{"ana@fabrikam.example", "ben@fabrikam.example"}, c.at("Users")); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"jira: ana ben"}, c.at("Groups")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	var order []string
	for _, s := range c.sent {
		order = append(order, strings.Join(strings.Fields(s)[:2], " "))
	}
	want := []string{
		"GET /Users?filter=userName", "GET /Groups?excludedAttributes=members&filter=displayName", // a random user and a random group
		"GET /Users?filter=userName", "POST /Users", "GET /Users?filter=userName", "POST /Users",
		"GET /Groups?excludedAttributes=members&filter=displayName", "POST /Groups", "PATCH /Groups/" + strings.Split(order[len(order)-1], "/")[2],
	}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"create success of Ana", "create success of Ben", "create skipped of Eve: NotEffectivelyEntitled", "create success of jira", "update success of jira",
	}, c.log()); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

func TestACycleWithoutAChangeSendsNothing(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana")))
	c.start()
	for range 3 {
		c.cycle()
		if len(c.sent) != 0 {
			t.Errorf("sent: %q", c.sent)
		}
	}
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"city": "Bonn"})) // not mapped
	if c.cycle(); len(c.sent) != 0 {
		t.Errorf("sent after a change of what is not mapped: %q", c.sent)
	}
}

func TestAChangeIsReadAndPatchedInTheNextCycle(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana")))
	c.start()
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"displayName": "Anna", "surname": "Berg"}))
	c.cycle()
	id := c.scim("GET", "/Users", nil)["Resources"].([]any)[0].(map[string]any)["id"].(string)
	if diff := cmp.Diff([]string{
		"GET /Users/" + id,
		`PATCH /Users/` + id + ` {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"displayName","value":"Anna"},{"op":"Replace","path":"name.familyName","value":"Berg"}]}`,
	}, c.sent[2:]); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"surname": nil}))
	if c.cycle(); len(c.sent) != 3 {
		t.Errorf("a cleared attribute does not flow, but: %q", c.sent[2:])
	}
}

func TestWhoLeavesIsDisabledAndAfterThirtyDaysDeleted(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana"), c.user("ben"), c.user("cyd"), c.user("dan")))
	c.start()
	c.must(c.DisableUser(c.ids["ana"]))
	c.must(c.DeleteUser(c.ids["ben"]))
	c.must(c.RemoveMember(c.ids["jira"], c.ids["cyd"]))
	c.cycle()
	gone := []string{"ana@fabrikam.example (inactive)", "ben@fabrikam.example (inactive)", "cyd@fabrikam.example (inactive)", "dan@fabrikam.example"}
	if diff := cmp.Diff(gone, c.at("Users")); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if sent := strings.Join(c.sent, "\n"); strings.Count(sent, `{"op":"Replace","path":"active","value":"False"}`) != 3 || strings.Contains(sent, "DELETE") {
		t.Errorf("sent:\n%s", sent)
	}
	if diff := cmp.Diff([]string{"jira: ana dan"}, c.at("Groups")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	c.must(c.DeleteUser(c.ids["cyd"])) // after she was unassigned: the service does not manage her any more
	c.must(c.Advance(t.Context(), 31*24*time.Hour))
	if diff := cmp.Diff([]string{gone[0], gone[2], gone[3]}, c.at("Users")); diff != "" {
		t.Errorf("users after thirty days (-want +got):\n%s", diff)
	}
	c.must(c.EnableUser(c.ids["ana"]))
	if c.cycle(); c.at("Users")[0] != "ana@fabrikam.example" {
		t.Errorf("enabled again: %q", c.at("Users"))
	}
}
