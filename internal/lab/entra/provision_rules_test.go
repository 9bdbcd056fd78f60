package entra_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// record is a user of the target, found by userName.
func (c *company) record(userName string) map[string]any {
	c.t.Helper()
	for _, v := range c.scim("GET", "/Users", nil)["Resources"].([]any) {
		if m := v.(map[string]any); m["userName"] == userName {
			return m
		}
	}
	c.t.Fatalf("the target has no user %s", userName)
	return nil
}

func (c *company) someone(userName, mail, externalID string) {
	c.t.Helper()
	c.scim("POST", "/Users", map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": userName, "externalId": externalID, "title": "Chef",
		"emails": []any{map[string]any{"value": mail, "type": "work", "primary": true}},
	})
}

func TestMatchingAttributesAreTriedInOrder(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.must(c.job.Match("User", "externalId", "userName"))
	ana, ben := c.assigned(c.user("ana")), c.assigned(c.user("ben"))
	c.someone("anna.old@fabrikam.example", "anna.old@fabrikam.example", ana)
	c.someone("ben@fabrikam.example", "ben@fabrikam.example", "")
	c.start()
	c.expect("matched, not created", []string{"ana@fabrikam.example", "ben@fabrikam.example"}, nil)
	if r := c.record("ben@fabrikam.example"); r["externalId"] != ben {
		t.Errorf("ben: %v", r)
	}
	var asked []string
	for _, s := range c.sent {
		if strings.Contains(s, ana) || strings.Contains(s, ben) || strings.Contains(s, `"ben@`) {
			if strings.HasPrefix(s, "GET") {
				asked = append(asked, s)
			}
		}
	}
	if diff := cmp.Diff([]string{`GET /Users?filter=externalId eq "` + ana + `"`, `GET /Users?filter=externalId eq "` + ben + `"`, `GET /Users?filter=userName eq "ben@fabrikam.example"`}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestAMatchingAttributeWithoutAValueOrWithTwoHitsIsAnError(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.must(c.job.Match("User", "externalId"))
	c.must(c.job.Map("User", "externalId", "[employeeId]"))
	c.assigned(c.user("ana"))
	ben := c.assigned(c.user("ben"))
	c.must(c.UpdateUser(ben, entra.Props{"employeeId": "7"}))
	c.someone("one@fabrikam.example", "one@fabrikam.example", "7")
	c.someone("two@fabrikam.example", "two@fabrikam.example", "7")
	c.start()
	if diff := cmp.Diff([]string{"create skipped of Ana: ImportSkipped: ImportSkipped", "create failure of Ben: DuplicateTargetEntries"}, c.log()); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

func TestDefaultsAndFlowTypesSayWhenAnAttributeIsWritten(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	for target, source := range map[string]string{"title": "[jobTitle]", "department": "[department]", "nickName": "[mailNickname]", "timezone": ""} {
		if target == "department" {
			target = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
		}
		c.must(c.job.Map("User", target, source))
	}
	c.must(c.job.Default("User", "title", "Employee"))
	c.must(c.job.Default("User", "timezone", "Europe/Berlin"))
	c.must(c.job.Flow("User", "nickName", "ObjectAddOnly"))
	c.must(c.job.Flow("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "AttributeAddOnly"))
	ana := c.assigned(c.user("ana"))
	c.start()
	r := c.record("ana@fabrikam.example")
	if r["title"] != "Employee" || r["nickName"] != "ana" || r["timezone"] != "Europe/Berlin" {
		t.Errorf("created: %v", r)
	}
	c.must(c.UpdateUser(ana, entra.Props{"jobTitle": "Chef", "mailNickname": "nan", "department": "Sales"}))
	c.cycle()
	c.must(c.UpdateUser(ana, entra.Props{"jobTitle": nil, "department": "Legal"}))
	c.cycle()
	r = c.record("ana@fabrikam.example")
	if dep := r["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"].(map[string]any)["department"]; r["title"] != "Chef" || r["nickName"] != "ana" || dep != "Sales" {
		t.Errorf("later: %v", r)
	}
}

func TestActionsThatAreSwitchedOffAreNotDone(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.must(c.job.Actions("User", "Update"))
	c.must(c.job.Actions("Group"))
	c.someone("ana@fabrikam.example", "ana@fabrikam.example", "")
	c.assigned(c.group("jira", c.user("ana"), c.user("ben")))
	c.start()
	c.expect("no user is created, no group is", []string{"ana@fabrikam.example"}, nil)
	if c.record("ana@fabrikam.example")["displayName"] != "Ana" {
		t.Error("ana was not updated")
	}
	for what, err := range map[string]error{
		"users cannot be switched off":     c.job.Actions("User"),
		"an object that nobody maps":       c.job.Actions("Device", "Add"),
		"a function that is not there":     c.job.Map("User", "title", "Frobnicate([x])"),
		"matching by what is not mapped":   c.job.Match("User", "nickName"),
		"a filter that cannot be read":     c.job.Filter("User", "x", "department IS Sales"),
		"no mapping of that name":          c.job.Unmap("User", "nickName"),
		"a default for what is not mapped": c.job.Default("User", "nickName", "x"),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestTheFlagChangesThePatchesAndIsNotSentOn(t *testing.T) {
	c := begin(t, entra.Provisioning{TenantURL: tenantURL + "?aadOptscim062020"})
	c.assigned(c.group("jira", c.user("ana"), c.user("ben")))
	c.start()
	for _, s := range c.sent {
		if strings.Contains(s, "aadOptscim") {
			t.Errorf("sent: %s", s)
		}
	}
	c.must(c.DisableUser(c.ids["ana"]))
	c.must(c.RemoveMember(c.ids["jira"], c.ids["ben"]))
	c.cycle()
	sent := strings.Join(c.sent, "\n")
	for _, want := range []string{`{"op":"replace","path":"active","value":false}`, `{"op":"remove","path":"members[value eq \"`} {
		if !strings.Contains(sent, want) {
			t.Errorf("not sent: %s\n%s", want, sent)
		}
	}
	c.expect("as without it", []string{"ana@fabrikam.example (inactive)", "ben@fabrikam.example (inactive)"}, []string{"jira: ana"})
}

func TestAGuestIsProvisionedUnderTheAddressThatTheTenantKnows(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	id, err := c.AddUser(entra.Props{"userPrincipalName": "kim_partner.example#EXT#@fabrikam.example", "mail": "kim@partner.example", "displayName": "Kim", "userType": "Guest"})
	c.must(err)
	c.assigned(id)
	c.start()
	c.expect("the guest", []string{"kim@partner.example"}, nil)
}
