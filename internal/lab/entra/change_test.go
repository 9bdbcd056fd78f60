package entra

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestADeletedUserWaitsInTheDeletedItems(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now})
	ana := g.user("ana")
	team := g.group("team", ana)
	app, err := g.l.AddServicePrincipal(Props{"displayName": "app"})
	must(t, err)
	_, err = g.l.Assign(app, ana, "")
	must(t, err)
	counts := func() (users, deleted, members, assigned int) {
		g.token = g.l.Token(DefaultClient)
		n := func(path string) int { list, _ := g.all(path); return len(list) }
		return n("/users"), n("/directory/deletedItems/microsoft.graph.user"), n("/groups/" + team + "/members"), n("/servicePrincipals/" + app + "/appRoleAssignedTo")
	}
	check := func(when string, want ...int) {
		t.Helper()
		a, b, c, d := counts()
		if diff := cmp.Diff(want, []int{a, b, c, d}); diff != "" {
			t.Errorf("%s: users, deleted, members, assigned (-want +got):\n%s", when, diff)
		}
	}
	check("at first", 1, 0, 1, 1)
	must(t, g.l.DeleteUser("ana@fabrikam.example"))
	check("deleted", 0, 1, 0, 0)
	if r := g.get("/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime"); r.values()[0]["deletedDateTime"] != "2026-11-20T12:00:00Z" {
		t.Errorf("deleted items: %s", r.raw)
	}
	if r := g.get("/users/" + ana); r.status != 404 {
		t.Errorf("the user: %d", r.status)
	}
	must(t, g.l.Restore(ana))
	check("restored", 1, 0, 1, 1)
	must(t, g.l.DeleteUser(ana))
	c.pass(29 * 24 * time.Hour)
	if n, err := g.l.ExpireDeleted(); n != 0 || err != nil {
		t.Errorf("after 29 days %d are gone for good, %v", n, err)
	}
	c.pass(24 * time.Hour)
	if n, err := g.l.ExpireDeleted(); n != 1 || err != nil {
		t.Errorf("after 30 days %d are gone for good, %v", n, err)
	}
	check("gone for good", 0, 0, 0, 0)
}

func TestAGroupThatIsDeletedForGoodLeavesNobodyInIt(t *testing.T) {
	g := open(t, &Lab{})
	ana := g.user("ana")
	inner := g.group("inner", ana)
	outer := g.group("outer", inner)
	must(t, g.l.DeleteGroup(inner))
	if list, _ := g.all("/directory/deletedItems/microsoft.graph.group"); len(list) != 1 {
		t.Errorf("deleted groups: %v", list)
	}
	if list, _ := g.all("/groups/" + outer + "/transitiveMembers"); len(list) != 0 {
		t.Errorf("members through a deleted group: %v", list)
	}
	must(t, g.l.HardDelete(inner))
	if list, _ := g.all("/users/" + ana + "/memberOf"); len(list) != 0 {
		t.Errorf("memberOf: %v", list)
	}
}

func TestChangesOfWhatIsNotThereAreErrors(t *testing.T) {
	g := open(t, &Lab{})
	ana, team := g.user("ana"), g.group("team")
	app, err := g.l.AddServicePrincipal(Props{"displayName": "app"})
	must(t, err)
	for sentence, err := range map[string]error{
		"updating":       g.l.UpdateUser("x", Props{}),
		"disabling":      g.l.DisableUser("x"),
		"enabling":       g.l.EnableUser("x"),
		"deleting":       g.l.DeleteUser("x"),
		"restoring":      g.l.Restore(ana),
		"for good":       g.l.HardDelete(ana),
		"renaming":       g.l.RenameGroup("x", "y"),
		"deleting group": g.l.DeleteGroup("x"),
		"adding":         g.l.AddMember(team, ana, "x"),
		"adding to":      g.l.AddMember("x", ana),
		"removing":       g.l.RemoveMember(team, "x"),
		"unassigning":    g.l.Unassign("x"),
		"assigning":      second(g.l.Assign(app, "x", "")),
		"assigning to":   second(g.l.Assign("x", ana, "")),
		"a job":          g.l.PutJob("x", Props{"id": "job"}, nil),
		"secrets":        g.l.PutSecrets("x", nil),
	} {
		if !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	if list, _ := g.all("/groups/" + team + "/members"); len(list) != 0 {
		t.Errorf("one unknown member, and others were added: %v", list)
	}
	for sentence, err := range map[string]error{
		"a principal name twice": second(g.l.AddUser(Props{"userPrincipalName": "ANA@fabrikam.example"})),
		"an id twice":            second(g.l.AddGroup(Props{"id": ana})),
		"an id that is a number": second(g.l.AddUser(Props{"id": 7})),
		"another id":             g.l.UpdateUser(ana, Props{"id": "x"}),
		"what JSON cannot say":   g.l.UpdateUser(ana, Props{"x": func() {}}),
		"a group in itself":      g.l.AddMember(team, team),
		"a log entry of never":   g.l.AddProvisioningLog(Props{"id": "x"}),
		"a log entry of nothing": g.l.AddProvisioningLog(Props{}),
	} {
		if err == nil || errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	ben := g.user("ben")
	if err := g.l.UpdateUser(ben, Props{"userPrincipalName": "ana@fabrikam.example"}); err == nil {
		t.Error("ben took ana's principal name")
	}
	must(t, g.l.UpdateUser(ana, Props{"userPrincipalName": "anna@fabrikam.example"}))
	must(t, g.l.UpdateUser(ben, Props{"userPrincipalName": "ana@fabrikam.example"}))
	if r := g.get("/users/ana@fabrikam.example"); r.body["id"] != ben {
		t.Errorf("after both were renamed: %s", r.raw)
	}
	must(t, g.l.DeleteUser(ben))
	if _, err := g.l.AddUser(Props{"userPrincipalName": "ana@fabrikam.example"}); err != nil {
		t.Errorf("a deleted user's name is free: %v", err)
	}
	if err := g.l.Restore(ben); err == nil {
		t.Error("a user was restored though somebody has its name now")
	}
}

func second(_ string, err error) error { return err }

func TestAnAssignmentIsListedUntilItIsRemoved(t *testing.T) {
	const role = "0364dff9-6506-5a33-8423-e5cda1726770"
	g := open(t, &Lab{})
	ana, team := g.user("ana"), g.group("team")
	app, err := g.l.AddServicePrincipal(Props{
		"displayName": "Atlassian Cloud", "appId": "8d1f",
		"appRoles": []any{Props{"id": role, "displayName": "User", "value": "user", "isEnabled": true, "allowedMemberTypes": []string{"User"}}},
	})
	must(t, err)
	first, err := g.l.Assign(app, ana, role)
	must(t, err)
	_, err = g.l.Assign("appId=8D1F", team, "")
	must(t, err)
	if _, err := g.l.Assign(app, ana, role); err == nil {
		t.Error("the same role was given twice")
	}
	r := g.get("/servicePrincipals(appId='8d1f')/appRoleAssignedTo")
	want := map[string]any{
		"id": first, "deletedDateTime": nil, "appRoleId": role, "createdDateTime": "2026-11-20T12:00:00Z", "principalDisplayName": "ana",
		"principalId": ana, "principalType": "User", "resourceDisplayName": "Atlassian Cloud", "resourceId": app,
	}
	if diff := cmp.Diff(want, r.values()[0]); diff != "" {
		t.Errorf("the first (-want +got):\n%s", diff)
	}
	if v := r.values()[1]; v["principalType"] != "Group" || v["appRoleId"] != DefaultAccess {
		t.Errorf("the second: %v", v)
	}
	must(t, g.l.Unassign(first))
	if r := g.get("/servicePrincipals/" + app + "/appRoleAssignedTo"); len(r.values()) != 1 {
		t.Errorf("after removing: %s", r.raw)
	}
	if r := g.get("/servicePrincipals?$filter=displayName eq 'atlassian cloud'&$select=id,appRoles"); len(r.values()) != 1 {
		t.Errorf("by name: %s", r.raw)
	}
	if r := g.get("/servicePrincipals?$filter=appId eq '8d1f'"); len(r.values()) != 1 {
		t.Errorf("by appId: %s", r.raw)
	}
}

func TestWhoWasDeletedIsForgottenOnTheDayAlsoWhenNothingElseIsDue(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Wait: func(_ context.Context, d time.Duration) error { c.pass(d); return nil }})
	ana := g.user("ana")
	must(t, g.l.DeleteUser(ana))
	must(t, g.l.Advance(t.Context(), 45*24*time.Hour))
	g.token = g.l.Token(DefaultClient)
	list, _ := g.all("/auditLogs/directoryAudits?$filter=" + url.QueryEscape("activityDisplayName eq 'Hard Delete user'"))
	if len(list) != 1 || list[0]["activityDateTime"] != "2026-12-20T12:00:00.0000000Z" {
		t.Errorf("forgotten: %v", list)
	}
}
