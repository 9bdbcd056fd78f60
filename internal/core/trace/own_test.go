package trace

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// ownWorld is a world that rollcall provisions by these rules: ada and bo in the assigned group devs.
type ownWorld struct {
	rules   document.OwnRules
	users   []document.User
	records []document.ScimUser
	links   []document.OwnLink
	log     []document.OwnEntry
	bare    bool // the group is not there
}

func (o ownWorld) build() *facts.World {
	now := document.At(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	b := facts.NewBuilder(document.Bundle{Version: 1, CapturedAt: now, Connection: document.Connection{Name: "own", Method: document.Rollcall, Application: "app"}}, facts.Focus{})
	devs := document.Group{ID: "devs", DisplayName: "devs", SecurityEnabled: document.Some(true), Members: document.Members{Known: true}}
	for _, u := range o.users {
		b.User(u)
		devs.Members.List = append(devs.Members.List, document.Member{Type: "#microsoft.graph.user", ID: u.ID})
	}
	for _, r := range o.records {
		b.ScimUser(r)
	}
	b.SealPeople()
	b.Group(devs)
	if !o.bare {
		var in []document.ScimRef
		for _, r := range o.records {
			in = append(in, document.ScimRef{Value: r.ID})
		}
		b.ScimGroup(document.ScimGroup{ID: "g-devs", DisplayName: "devs", Members: document.Some(in)})
	}
	b.Assignment(document.AppRoleAssignment{ID: "a", PrincipalID: "devs", PrincipalType: "Group"})
	b.OwnRules(o.rules)
	for _, l := range o.links {
		b.OwnLink(l)
	}
	for _, e := range o.log {
		b.OwnEntry(e)
	}
	for _, f := range []document.File{
		document.Users, document.Groups, document.AppRoleAssignments, document.ScimUsers, document.ScimGroups, document.DeletedUsers, document.OwnLinks,
		document.OwnRulesFile, document.OwnRuns, document.OwnLog, document.OrgGroups, document.TroubleshootingLog, document.ServicePrincipals,
		document.OrgUsers, document.ScimLinks, document.Domains, document.Manage, document.DirectoryAudits,
	} {
		b.Have(f)
	}
	return b.World()
}

func whoIs(name, department string, enabled bool) document.User {
	return document.User{
		ID: name, UserPrincipalName: name + "@own.example", Mail: document.Some(name + "@own.example"), DisplayName: name, AccountEnabled: document.Some(enabled),
		Department: department,
	}
}

func recordOf(name, externalID string, active bool) document.ScimUser {
	return document.ScimUser{
		ID: "r-" + name, ExternalID: externalID, UserName: name + "@own.example", DisplayName: name, Active: document.Some(active),
		Emails: []document.ScimEmail{{Value: name + "@own.example", Primary: document.Some(true)}},
	}
}

func tell(t *testing.T, w *facts.World, subject string) Trace {
	t.Helper()
	tr, err := New(w).Why(Query{Subject: subject})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestWhomTheMappingOfActiveLeavesOutIsToldSo(t *testing.T) {
	rules := document.OwnRules{Assigned: true, Map: []document.OwnMapping{{Target: "active", Expression: `Switch([department], "True", "Sales", "False")`}}}
	for what, c := range map[string]struct {
		records []document.ScimUser
		verdict Verdict
		cause   cause.Code
	}{
		"without a record":        {nil, Missing, cause.ScopingFilter},
		"with an inactive one":    {[]document.ScimUser{recordOf("ada", "ada", false)}, Missing, cause.ScopingFilter},
		"with one that is active": {[]document.ScimUser{recordOf("ada", "ada", true)}, Extra, cause.NotApplied},
	} {
		w := ownWorld{rules: rules, users: []document.User{whoIs("ada", "Sales", true), whoIs("bo", "Legal", true)}, records: c.records}
		if len(c.records) > 0 {
			w.links = []document.OwnLink{{Kind: plan.KindUser, Source: "ada", Target: "r-ada"}}
		}
		got := tell(t, w.build(), "ada")
		if got.Verdict != c.verdict || got.Cause != c.cause || strings.Contains(got.Summary, "filter") {
			t.Errorf("%s: %s %s: %s", what, got.Verdict, got.Cause, got.Summary)
		}
		if bo := tell(t, w.build(), "bo"); bo.Cause != cause.NotApplied {
			t.Errorf("whose mapping says True: %s %s: %s", bo.Verdict, bo.Cause, bo.Summary)
		}
	}
}

func TestARollCallFindsALeaverWhoseRecordNothingButTheLinkTellsOf(t *testing.T) {
	w := ownWorld{
		rules: document.OwnRules{Assigned: true, Map: []document.OwnMapping{{Target: "externalId", Expression: "[employeeId]"}}},
		users: []document.User{whoIs("ada", "Sales", false)}, records: []document.ScimUser{recordOf("ada", "E1", true)},
		links: []document.OwnLink{{Kind: plan.KindUser, Source: "ada", Target: "r-ada"}},
	}
	got := New(w.build()).Check(CheckOptions{})
	if got.Counts.Extra != 1 || len(got.Findings) != 1 || got.Findings[0].Verdict != Extra || got.Findings[0].Subject.Name != "ada@own.example" {
		t.Errorf("%+v, %+v", got.Counts, got.Findings)
	}
	w.links = nil // it may be anybody's then
	if got := New(w.build()).Check(CheckOptions{}); got.Counts.Extra != 0 {
		t.Errorf("without the link: %+v, %+v", got.Counts, got.Findings)
	}
}

func TestWhatWouldTakeSomethingAwayDoesNotExplainWhatIsMissing(t *testing.T) {
	held := document.OwnEntry{
		Run: "run-1", Step: "s", Op: string(plan.Deactivate), Kind: plan.KindUser, Subject: document.OwnParty{ID: "ada", Name: "ada"},
		Outcome: "held", Code: "limit", Text: "more than the limit of a run",
	}
	w := ownWorld{
		rules: document.OwnRules{Assigned: true}, users: []document.User{whoIs("ada", "Sales", true)}, records: []document.ScimUser{recordOf("ada", "ada", false)},
		links: []document.OwnLink{{Kind: plan.KindUser, Source: "ada", Target: "r-ada"}}, log: []document.OwnEntry{held},
	}
	if got := tell(t, w.build(), "ada"); got.Verdict != Wrong || got.Cause != cause.NotApplied {
		t.Errorf("enabled again, and letting a deactivation go would not help: %s %s: %s", got.Verdict, got.Cause, got.Summary)
	}
	held.Op = string(plan.Reactivate)
	w.log = []document.OwnEntry{held}
	if got := tell(t, w.build(), "ada"); got.Cause != cause.HeldForApproval {
		t.Errorf("%s %s: %s", got.Verdict, got.Cause, got.Summary)
	}
}

func TestAGroupThatCouldNotBeMadeIsNotCalledWaiting(t *testing.T) {
	w := ownWorld{rules: document.OwnRules{Assigned: true}, users: []document.User{whoIs("ada", "Sales", true)}, bare: true}
	w.log = []document.OwnEntry{{Run: "run-1", Step: "s", Op: string(plan.Create), Kind: plan.KindGroup, Subject: document.OwnParty{ID: "devs", Name: "devs"}, Outcome: "failed", Text: "the name is not allowed", Status: 400}}
	if got := tell(t, w.build(), "devs"); got.Cause != cause.ProvisioningFailed {
		t.Errorf("%s %s: %s", got.Verdict, got.Cause, got.Summary)
	}
}

func TestWhoIsForgottenByEveryLogIsStillRollcallsToSwitchOff(t *testing.T) {
	w := ownWorld{
		rules: document.OwnRules{Assigned: true}, users: []document.User{whoIs("bo", "Legal", true)}, records: []document.ScimUser{recordOf("ada", "ada", true)},
		links: []document.OwnLink{{Kind: plan.KindUser, Source: "ada", Target: "r-ada"}},
	}
	if got := tell(t, w.build(), "r-ada"); got.Verdict != Extra || got.Cause != cause.NotApplied {
		t.Errorf("%s %s: %s", got.Verdict, got.Cause, got.Summary)
	}
	w.links = nil
	if got := tell(t, w.build(), "r-ada"); got.Cause != cause.OrphanedRecord {
		t.Errorf("what nobody says is rollcall's: %s %s", got.Verdict, got.Cause)
	}
}
