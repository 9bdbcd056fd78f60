package entra_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// patches are the bodies of the PATCH requests to groups.
func (c *company) patches(path string) []string {
	var out []string
	for _, s := range c.sent {
		if _, body, has := strings.Cut(s, " {"); has && strings.HasPrefix(s, "PATCH "+path) {
			out = append(out, "{"+body)
		}
	}
	return out
}

func TestMembersTravelInAsManyRequestsAsTheReadingSays(t *testing.T) {
	for most, want := range map[int]int{0: 1, 1: 3, 2: 2} {
		c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{MembersPerPatch: most}})
		c.assigned(c.group("jira", c.user("ana"), c.user("ben"), c.user("cyd")))
		c.start()
		if got := c.patches("/Groups"); len(got) != want {
			t.Errorf("%d in one request: %q", most, got)
		}
		c.expect("all are in", []string{"ana@fabrikam.example", "ben@fabrikam.example", "cyd@fabrikam.example"}, []string{"jira: ana ben cyd"})
	}
}

func TestRequestsForOneGroupAreOnTheirWayAtOnceWhereTheReadingSaysSo(t *testing.T) {
	c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{MembersPerPatch: 1, Parallel: 3}})
	c.assigned(c.group("jira", c.user("ana"), c.user("ben"), c.user("cyd"), c.user("dan"), c.user("eve")))
	c.start()
	got := strings.Fields(c.at("Groups")[0])
	slices.Sort(got)
	if diff := cmp.Diff([]string{"ana", "ben", "cyd", "dan", "eve", "jira:"}, got); diff != "" {
		t.Errorf("nobody is lost (-want +got):\n%s", diff)
	}
	if n := len(c.patches("/Groups")); n != 5 {
		t.Errorf("%d requests", n)
	}
}

func TestReferencesAreProbedWhereTheReadingSaysSo(t *testing.T) {
	c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{ProbesReferences: true, ManagerAsDocumented: true}})
	c.must(c.job.Map("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "[manager]"))
	ana, boss := c.assigned(c.user("ana")), c.assigned(c.user("boss"))
	c.must(c.SetManager(ana, "boss@fabrikam.example"))
	c.assigned(c.group("jira", ana))
	c.start()
	id := func(name string) string { return c.record(name + "@fabrikam.example")["id"].(string) }
	sent := strings.Join(c.sent, "\n")
	for _, want := range []string{
		`filter=id eq "` + id("ana") + `" and manager eq "` + id("boss") + `"&attributes=id`,
		`and members eq "` + id("ana") + `"`,
		`{"op":"Add","path":"manager","value":[{"$ref":"` + tenantURL + `/Users/` + id("boss") + `","value":"` + id("boss") + `"}]}`,
	} {
		if !strings.Contains(sent, want) {
			t.Errorf("not sent: %s\n%s", want, sent)
		}
	}
	c.expect("Atlassian refuses the questions, and the answers come all the same", []string{"ana@fabrikam.example", "boss@fabrikam.example"}, []string{"jira: ana"})
	c.must(c.SetManager(boss, ana))
	c.must(c.SetManager(ana, ""))
	c.cycle()
	if got := c.patches("/Users"); len(got) != 1 || !strings.Contains(got[0], id("ana")) {
		t.Errorf("a manager that was cleared is not sent: %q", got)
	}
}

func TestAManagerWhoWasClearedIsRemovedWhereTheReadingSaysSo(t *testing.T) {
	c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{ManagerRemoved: true}})
	c.must(c.job.Map("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "[manager]"))
	ana, boss := c.assigned(c.user("ana")), c.assigned(c.user("boss"))
	c.must(c.SetManager(ana, boss))
	c.start()
	c.must(c.SetManager(ana, ""))
	c.cycle()
	want := `"Operations":[{"op":"remove","path":"manager[value eq \"` + c.record("boss@fabrikam.example")["id"].(string) + `\"]"}]`
	if got := c.patches("/Users"); len(got) != 1 || !strings.Contains(got[0], want) {
		t.Errorf("sent: %q, want %s", got, want)
	}
	if c.cycle(); len(c.patches("/Users")) > 0 {
		t.Errorf("once more: %q", c.sent)
	}
}

func TestARoleThatTheTargetHasIsNotWrittenAgain(t *testing.T) {
	has := outbound.Resource{"roles": []any{map[string]any{"value": "admin"}, map[string]any{"value": "user"}}}
	admin, user := `{"id":"1","value":"admin","displayName":"Admin"}`, `{"id":"2","value":"user","displayName":"User"}`
	for _, x := range []struct {
		sentence  string
		roles     []string
		assertive bool
		same      bool
	}{
		{"all of them", []string{user, admin}, false, true},
		{"one of two, and others are left alone", []string{admin}, false, true},
		{"one of two, and others are removed", []string{admin}, true, false},
		{"exactly those", []string{admin, user}, true, true},
		{"another one", []string{`{"id":"3","value":"guest","displayName":"Guest"}`}, false, false},
		{"a bare name", []string{"user"}, false, true},
	} {
		f := outbound.Field{Target: "roles", Value: x.roles, Assertive: x.assertive}
		if got := f.Holds(has.Value("roles")); got != x.same {
			t.Errorf("%s: %t, want %t", x.sentence, got, x.same)
		}
	}
}

func TestTheEndOfAnEscrowStopsTheJobWhereTheReadingSaysSo(t *testing.T) {
	for stops, state := range map[bool]string{false: "Active", true: "Disabled"} {
		c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{EscrowDisables: stops}})
		c.target.Inject(atlassian.Fault{Method: "POST", Path: "*/Users", Status: 400})
		c.assigned(c.user("ana"))
		c.start()
		c.advance(30 * 24 * time.Hour)
		job := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs/" + c.job.ID())
		if got := job["schedule"].(map[string]any)["state"]; got != state {
			t.Errorf("stops %t: %v", stops, got)
		}
	}
}

func TestPeopleWhoAreNotAssignedCanBeLeftOutOfTheLog(t *testing.T) {
	c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{QuietAboutUnassigned: true}})
	c.user("ana")
	c.assigned(c.user("ben"))
	c.must(c.DisableUser(c.ids["ben"]))
	c.start()
	if diff := cmp.Diff([]string{"create skipped of Ben: NotEffectivelyEntitled"}, c.log()); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

func TestAGroupIsRenamedAndDeletedWithItsAssignment(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	jira := c.assigned(c.group("jira", c.user("ana")))
	c.start()
	c.must(c.RenameGroup(jira, "jira-users"))
	c.cycle()
	if got := c.patches("/Groups"); len(got) != 1 || !strings.Contains(got[0], `[{"op":"Replace","path":"displayName","value":"jira-users"}]`) {
		t.Errorf("renamed: %q", got)
	}
	c.must(c.Unassign(c.ids["grant of "+jira]))
	c.cycle()
	c.expect("unassigned", []string{"ana@fabrikam.example (inactive)"}, nil)
	c.must(c.DeleteGroup(jira))
	if c.cycle(); len(c.sent) != 2 { // the questions before a cycle
		t.Errorf("the group is gone at the target: %q", c.sent)
	}
}

func TestADeletionThatFailsIsRetriedThoughTheObjectIsGone(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	ana := c.assigned(c.user("ana"))
	c.start()
	c.must(c.DeleteUser(ana))
	c.cycle()
	c.target.Inject(atlassian.Fault{Method: "DELETE", Times: 1, Status: 500})
	c.must(c.HardDelete(ana))
	c.cycle()
	c.expect("refused once", []string{"ana@fabrikam.example (inactive)"}, nil)
	c.cycle()
	c.expect("and tried again", nil, nil)
	if diff := cmp.Diff([]string{"delete failure of Ana: InternalServerError", "delete success of Ana"}, c.log()[2:]); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

func TestRolesTravelAsTheMappingSays(t *testing.T) {
	const role = "0364dff9-6506-5a33-8423-e5cda1726770"
	for source, want := range map[string]string{
		"SingleAppRoleAssignment([appRoleAssignments])":            `"roles":[{"value":"admin"}]`,
		"AppRoleAssignmentsComplex([appRoleAssignments])":          `"roles":[{"displayName":"Admin","primary":false,"type":"WindowsAzureActiveDirectoryRole","value":"admin"}]`,
		"AssertiveAppRoleAssignmentsComplex([appRoleAssignments])": `"roles":[{"display":"Admin","primary":false,"type":"WindowsAzureActiveDirectoryRole","value":"admin"}]`,
	} {
		c := begin(t, entra.Provisioning{})
		app, err := c.AddServicePrincipal(entra.Props{"displayName": "Second", "appRoles": []any{entra.Props{"id": role, "displayName": "Admin", "value": "admin", "isEnabled": true, "allowedMemberTypes": []string{"User"}}}})
		c.must(err)
		c.job, err = c.Provision(app, entra.Provisioning{Template: "atlassianCloud", TenantURL: tenantURL, SecretToken: "scim-key", Through: c})
		c.must(err)
		c.must(c.job.Map("User", "roles", source))
		_, err = c.Assign(app, c.user("ana"), role)
		c.must(err)
		c.start()
		if sent := strings.Join(c.sent, "\n"); !strings.Contains(sent, want) {
			t.Errorf("%s: not sent: %s\n%s", source, want, sent)
		}
	}
	if _, err := begin(t, entra.Provisioning{}).Provision("nobody", entra.Provisioning{}); err == nil {
		t.Error("an application that is not there")
	}
}

func TestAJobIsPausedAndContinuesWhereItWas(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana")))
	if err := c.job.Run(t.Context()); err == nil {
		t.Error("a job that was never started runs")
	}
	if job := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs/" + c.job.ID()); job["schedule"].(map[string]any)["state"] != "Disabled" || job["status"].(map[string]any)["code"] != "Paused" {
		t.Errorf("a new job: %v", job)
	}
	c.start()
	c.must(c.job.Pause())
	c.must(c.AddMember(c.ids["jira"], c.user("ben")))
	if c.advance(24 * time.Hour); len(c.sent) != 0 {
		t.Errorf("sent while paused: %q", c.sent)
	}
	c.must(c.job.Start())
	c.must(c.job.Run(t.Context()))
	c.expect("continued", []string{"ana@fabrikam.example", "ben@fabrikam.example"}, []string{"jira: ana ben"})
	if n := len(c.log()); n != 5 { // ana, jira, its member; ben, jira's new member
		t.Errorf("the log: %q", c.log())
	}
}
