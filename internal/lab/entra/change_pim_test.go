package entra

import (
	"slices"
	"testing"
)

func TestWhoIsEligibleIsNoMemberUntilTheMembershipIsActivated(t *testing.T) {
	g := open(t, &Lab{})
	ana := g.user("ana")
	desk := g.group("desk")
	members := func() int { list, _ := g.all("/groups/" + desk + "/members"); return len(list) }
	for _, step := range []struct {
		do      func(group, user string) error
		members int
		entry   string
	}{
		{g.l.MakeEligible, 0, "Add eligible member to group (PIM)"},
		{g.l.Activate, 1, "Add member to group (PIM activation)"},
		{g.l.ExpireActivation, 0, "Remove member from group (PIM activation expired)"},
	} {
		must(t, step.do(desk, ana))
		if n := members(); n != step.members {
			t.Errorf("after %q: %d members, want %d", step.entry, n, step.members)
		}
		entries, _ := g.all("/auditLogs/directoryAudits?$filter=loggedByService eq 'PIM'")
		if !slices.ContainsFunc(entries, func(e map[string]any) bool { return e["activityDisplayName"] == step.entry }) {
			t.Errorf("the audit log of PIM has no %q: %v", step.entry, entries)
		}
	}
	if g.l.MakeEligible(desk, "x") == nil || g.l.Activate("x", ana) == nil {
		t.Error("somebody or something that is not there")
	}
}

func TestWithdrawnPermissionsAreMissingInTheNextToken(t *testing.T) {
	l := &Lab{Clients: map[string]Client{DefaultClient: {Secrets: []Secret{{Value: DefaultSecret}}, Permissions: Everything()}}}
	g := open(t, l)
	if r := g.get("/users"); r.status != 200 {
		t.Fatalf("with every permission: %d", r.status)
	}
	l.Permit(DefaultClient, "AuditLog.Read.All")
	if r := g.get("/users"); r.status != 200 {
		t.Errorf("the token of before: %d", r.status)
	}
	g.token = l.Token(DefaultClient)
	if r := g.get("/users"); r.status != 403 {
		t.Errorf("a new token: %d", r.status)
	}
}
