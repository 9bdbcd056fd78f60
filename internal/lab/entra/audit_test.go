package entra

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told are the entries of the audit log, oldest first, as "activity of names".
func (g *graph) told() []string {
	g.t.Helper()
	var out []string
	list, _ := g.all("/auditLogs/directoryAudits?$orderby=activityDateTime%20asc")
	for _, e := range list {
		s := fmt.Sprintf("%s/%s/%s of", e["activityDisplayName"], e["category"], e["operationType"])
		for _, x := range e["targetResources"].([]any) {
			s += fmt.Sprintf(" %v", x.(map[string]any)["displayName"])
		}
		out = append(out, s)
	}
	return out
}

func TestEveryChangeLeavesItsTraceInTheAuditLog(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	ana := g.user("ana")
	team := g.group("team", ana)
	must(t, g.l.AddMember(team, ana)) // is one: nothing happens
	must(t, g.l.UpdateUser(ana, Props{"jobTitle": "Chef"}))
	must(t, g.l.UpdateUser(ana, Props{"jobTitle": "Chef"})) // has it: nothing happens
	must(t, g.l.DisableUser(ana))
	must(t, g.l.EnableUser(ana))
	must(t, g.l.RenameGroup(team, "Team"))
	must(t, g.l.RemoveMember(team, ana))
	must(t, g.l.RemoveMember(team, ana)) // is none: nothing happens
	app, err := g.l.AddServicePrincipal(Props{"displayName": "app"})
	must(t, err)
	for _, who := range []string{ana, team} {
		id, err := g.l.Assign(app, who, "")
		must(t, err)
		must(t, g.l.Unassign(id))
	}
	must(t, g.l.DeleteUser(ana))
	must(t, g.l.Restore(ana))
	must(t, g.l.DeleteUser(ana))
	must(t, g.l.HardDelete(ana))
	must(t, g.l.DeleteGroup(team))
	must(t, g.l.Restore(team))
	must(t, g.l.DeleteGroup(team))
	must(t, g.l.HardDelete(team))
	want := []string{
		"Add user/UserManagement/Add of ana",
		"Add group/GroupManagement/Add of team",
		"Add member to group/GroupManagement/Assign of ana team",
		"Update user/UserManagement/Update of ana",
		"Disable account/UserManagement/Update of ana",
		"Enable account/UserManagement/Update of ana",
		"Update group/GroupManagement/Update of Team",
		"Remove member from group/GroupManagement/Unassign of ana Team",
		"Add service principal/ApplicationManagement/Add of app",
		"Add app role assignment grant to user/UserManagement/Assign of app ana",
		"Remove app role assignment from user/UserManagement/Unassign of app ana",
		"Add app role assignment to group/GroupManagement/Assign of app Team",
		"Remove app role assignment from group/GroupManagement/Unassign of app Team",
		"Delete user/UserManagement/Delete of ana",
		"Restore user/UserManagement/Update of ana",
		"Delete user/UserManagement/Delete of ana",
		"Hard Delete user/UserManagement/Delete of ana",
		"Delete group/GroupManagement/Delete of Team",
		"Restore group/GroupManagement/Update of Team",
		"Delete group/GroupManagement/Delete of Team",
		"Hard Delete group/GroupManagement/Delete of Team",
	}
	if diff := cmp.Diff(want, g.told()); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

func TestALogEntryHasTheShapeOfCapturedOnes(t *testing.T) {
	g := open(t, &Lab{})
	ana := g.user("ana")
	team := g.group("team", ana)
	must(t, g.l.RemoveMember(team, ana))
	must(t, g.l.UpdateUser(ana, Props{"jobTitle": "Chef"}))
	r := g.get("/auditLogs/directoryAudits?$top=3") // the newest first
	about := func(i, j int) map[string]any {
		return r.values()[i]["targetResources"].([]any)[j].(map[string]any)
	}
	props := func(i, j int) []any { return about(i, j)["modifiedProperties"].([]any) }
	prop := func(name string, before, after any) map[string]any {
		return map[string]any{"displayName": name, "oldValue": before, "newValue": after}
	}
	for _, x := range []struct {
		entry, target int
		want          []any
	}{
		{0, 0, []any{prop("JobTitle", "[]", `["Chef"]`), prop("Included Updated Properties", nil, `"JobTitle"`)}},
		{1, 0, []any{prop("Group.ObjectID", `"`+team+`"`, nil), prop("Group.DisplayName", `"team"`, nil)}},
		{2, 0, []any{prop("Group.ObjectID", nil, `"`+team+`"`), prop("Group.DisplayName", nil, `"team"`)}},
		{2, 1, []any{}},
	} {
		if diff := cmp.Diff(x.want, props(x.entry, x.target)); diff != "" {
			t.Errorf("entry %d, target %d (-want +got):\n%s", x.entry, x.target, diff)
		}
	}
	if u := about(2, 0); u["type"] != "User" || u["userPrincipalName"] != "ana@fabrikam.example" || u["groupType"] != nil {
		t.Errorf("the user: %v", u)
	}
	by := r.values()[0]["initiatedBy"].(map[string]any)
	if u := by["user"].(map[string]any); u["userPrincipalName"] != "admin@lab.example" || by["app"] != nil {
		t.Errorf("initiatedBy: %v", by)
	}
	g.l.Actor = Actor{ID: "sp", App: "Sync"}
	must(t, g.l.DisableUser(ana))
	by = g.get("/auditLogs/directoryAudits?$top=1").values()[0]["initiatedBy"].(map[string]any)
	if a := by["app"].(map[string]any); a["displayName"] != "Sync" || a["servicePrincipalId"] != "sp" || by["user"] != nil {
		t.Errorf("initiatedBy of an application: %v", by)
	}
}

func TestALogIsAskedByTimeAndWho(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Limits: Limits{Off: true}, Pages: Pages{Logs: 2}})
	var people []string
	for i := range 5 {
		people = append(people, g.user(fmt.Sprint("user", i)))
		c.pass(time.Minute)
	}
	g.l.Actor = Actor{ID: "boss", UserPrincipalName: "boss@fabrikam.example"}
	must(t, g.l.DisableUser(people[0]))
	count := func(filter string) int {
		list, _ := g.all("/auditLogs/directoryAudits?$filter=" + filter)
		return len(list)
	}
	id := g.get("/auditLogs/directoryAudits").values()[0]["id"].(string)
	for filter, want := range map[string]int{
		"activityDateTime ge 2026-11-20T12:02:00Z":                                              4,
		"activityDateTime gt 2026-11-20T12:02:00Z and activityDateTime le 2026-11-20T12:04:00Z": 2,
		"id eq '" + id + "'":                                 1,
		"activityDisplayName eq 'Add user'":                  5,
		"startswith(activityDisplayName,'Disable')":          1,
		"initiatedBy/user/id eq 'boss'":                      1,
		"targetResources/any(t:t/id eq '" + people[0] + "')": 2,
		"category eq 'GroupManagement'":                      0,
	} {
		if got := count(filter); got != want {
			t.Errorf("%s: %d entries, want %d", filter, got, want)
		}
	}
	if r := g.get("/auditLogs/directoryAudits/" + id + "?$select=id,category"); r.body["category"] != "UserManagement" {
		t.Errorf("one entry: %s", r.raw)
	}
	for _, bad := range []string{"?$filter=skills eq 'x'", "?$orderby=category", "?$top=3", "?$select=shoeSize", "/x", "?$skiptoken=x"} {
		if r := g.get("/auditLogs/directoryAudits" + bad); r.status < 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
	g.l.LogRetention = 3 * time.Minute
	if list, _ := g.all("/auditLogs/directoryAudits"); len(list) != 4 {
		t.Errorf("of the last three minutes there are %d entries, want 4", len(list))
	}
}

func TestNewEntriesDoNotDisturbWhoIsReadingTheLog(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Limits: Limits{Off: true}})
	for i := range 6 {
		g.user(fmt.Sprint("user", i))
	}
	first := g.get("/auditLogs/directoryAudits?$top=3")
	c.pass(time.Second)
	g.user("late")
	rest, _ := g.all(first.link("nextLink"))
	seen := map[string]bool{}
	for _, id := range append(ids(first.values()), ids(rest)...) {
		seen[id] = true
	}
	if len(seen) != 6 || len(rest) != 3 {
		t.Errorf("%d different entries, %d after the first page", len(seen), len(rest))
	}
}

func TestTheProvisioningLogIsCaseSensitive(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	for i, status := range []string{"success", "failure", "skipped"} {
		must(t, g.l.AddProvisioningLog(Props{
			"id": fmt.Sprint(i), "activityDateTime": fmt.Sprintf("2026-11-20T11:00:0%dZ", 2-i), "jobId": "scim.T.1",
			"provisioningStatusInfo": Props{"status": status, "errorInformation": nil},
			"servicePrincipal":       Props{"id": "sp", "displayName": "Atlassian Cloud"},
		}))
	}
	for filter, want := range map[string][]string{
		"":                      {"0", "1", "2"},
		"jobId eq 'scim.T.1'":   {"0", "1", "2"},
		"jobId eq 'SCIM.T.1'":   {},
		"contains(jobId,'T.1')": {"0", "1", "2"},
		"provisioningStatusInfo/status eq 'failure'":                               {"1"},
		"servicePrincipal/id eq 'sp' and activityDateTime lt 2026-11-20T11:00:01Z": {"2"},
	} {
		path := "/auditLogs/provisioning"
		if filter != "" {
			path += "?$filter=" + filter
		}
		list, _ := g.all(path)
		if diff := cmp.Diff(want, ids(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filter, diff)
		}
	}
}
