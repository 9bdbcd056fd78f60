package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/plan"
)

func ids(p *plan.Plan) (out []string) {
	for s := range p.Steps() {
		id := s.ID
		if s.Held != nil {
			id += " (" + s.Held.Code + ")"
		}
		out = append(out, id)
	}
	return out
}

func expect(t *testing.T, p *plan.Plan, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, ids(p)); d != "" {
		t.Errorf("the steps differ (-expected +planned):\n%s\n%s", d, text(p))
	}
}

func itemIDs(s *plan.Step) (out []string) {
	for _, item := range s.Items {
		id := item.ID
		if item.Held != nil {
			id += " (" + item.Held.Code + ")"
		}
		out = append(out, id)
	}
	return out
}

// settled are ada and bob, with records and a group of both, all linked.
func settled() *world {
	return newWorld().hires("ada", "bob").assigns("ada", "bob").has("devs", "ada", "bob").
		holds("r1", "ada").holds("r2", "bob").links("ada", "r1").links("bob", "r2").syncs("g1", "devs", "r1", "r2")
}

func TestEqualSidesGiveAnEmptyPlan(t *testing.T) {
	p := compute(t, settled())
	expect(t, p)
	if p.Changes() || len(slices.Collect(p.Verdicts(false))) > 0 {
		t.Errorf("there is something to say:\n%s", text(p))
	}
}

func TestARenamedGroupIsANewOneFilledThenTheOldOneDeletedAndAllOfItWaits(t *testing.T) {
	w := settled().hires("cleo")
	w.teams[0].name, w.teams[0].users = "developers", []string{"ada", "cleo"}
	w.assigns("cleo").holds("r3", "cleo").links("cleo", "r3")
	p := compute(t, w)
	expect(t, p, "create:group:devs (group-renamed)", "add-members:group:devs", "add-members:group:devs:new (group-renamed)", "remove-members:group:devs", "delete:group:devs (group-delete)")
	if s := stepOf(t, p, "delete:group:devs"); !slices.Equal(s.Needs, []string{"create:group:devs", "add-members:group:devs:new"}) || s.Subject.Target != "g1" || s.Subject.Name != "devs" {
		t.Errorf("the old group is deleted as %+v, after %v", s.Subject, s.Needs)
	}
	if s := stepOf(t, p, "add-members:group:devs:new"); !slices.Equal(itemIDs(s), []string{"ada", "cleo"}) || s.Subject.Target != "" {
		t.Errorf("the new group is filled with %v, as %+v", itemIDs(s), s.Subject)
	}
	because(t, p, plan.KindGroup, "devs", plan.GroupRenamed)

	// Meanwhile the old group is kept up.
	w, done := apply(w, p, false)
	sound(t, p, done)
	if d := cmp.Diff([]string{"r1", "r3"}, w.syncedGroup("g1").members); d != "" {
		t.Errorf("the old group is not kept up (-expected +is):\n%s", d)
	}
	expect(t, compute(t, w), "create:group:devs (group-renamed)", "add-members:group:devs:new (group-renamed)", "delete:group:devs (group-delete)")

	// Approved, the new one is there and full, and nothing is left to do.
	w, done = apply(w, compute(t, w), true)
	sound(t, p, done)
	if len(w.synced) != 1 || w.synced[0].name != "developers" || !slices.Equal(w.synced[0].members, []string{"r1", "r3"}) {
		t.Errorf("there is now %+v", w.synced)
	}
	expect(t, compute(t, w))
}

func TestWhoApprovesTheNewGroupAloneStillDecidesAboutTheOldOne(t *testing.T) {
	w := settled()
	w.teams[0].name = "developers"
	w.synced = append(w.synced, synced{id: "g2", external: "devs", name: "developers"}) // made by an earlier run
	w.groupLinks = append(w.groupLinks, w.groupLinks[0])
	w.groupLinks[1].Target = "g2"
	p := compute(t, w)
	expect(t, p, "add-members:group:devs", "delete:group:devs:g1 (group-delete)")
	because(t, p, plan.KindGroup, "g1", plan.GroupReplaced)
	if s := stepOf(t, p, "delete:group:devs:g1"); s.Subject.Target != "g1" || !slices.Equal(s.Needs, []string{"add-members:group:devs"}) {
		t.Errorf("the old group is deleted as %+v after %v; the new one must be full first", s.Subject, s.Needs)
	}
}

func TestAnotherLetterCaseIsNoOtherName(t *testing.T) {
	w := settled()
	w.teams[0].name = "Devs"
	expect(t, compute(t, w))
}

func TestDefaultAndBuiltInGroupsAreNeverSynced(t *testing.T) {
	for kind, reason := range map[plan.LocalKind]plan.Reason{plan.DefaultAccess: plan.DefaultGroup, plan.BuiltIn: plan.BuiltInGroup} {
		w := newWorld().hires("ada").assigns("ada").holds("r1", "ada").links("ada", "r1").has("Site-Admins", "ada")
		w.local["site-admins"] = plan.Local{Name: "site-admins", Kind: kind}
		p := compute(t, w)
		expect(t, p)
		because(t, p, plan.KindGroup, "Site-Admins", reason)
	}
}

func TestAConflictShowsWhoWouldJoinAndWhoWouldLeave(t *testing.T) {
	w := newWorld().hires("ada", "bob", "cleo").has("devs", "ada", "bob", "cleo").
		holds("r1", "ada").holds("r2", "bob").holds("r3", "cleo").links("ada", "r1").links("bob", "r2").links("cleo", "r3")
	w.people[2].enabled = "False" // she is put nowhere
	w.local["devs"] = plan.Local{Name: "Devs", Told: true, Members: []plan.LocalMember{
		{Account: "account-r1", Name: "ada@x.example"}, {Account: "account-r3", Name: "cleo@x.example"}, {Account: "by-hand", Name: "hand@x.example"},
	}}
	p := compute(t, w)
	expect(t, p, "create:group:devs (group-conflict)", "add-members:group:devs (group-conflict)", "deactivate:user:cleo")
	want := &plan.Conflict{Name: "Devs", Told: true, Adds: 1, Removes: []string{"cleo@x.example", "hand@x.example"}}
	if d := cmp.Diff(want, stepOf(t, p, "create:group:devs").Conflict); d != "" {
		t.Errorf("the conflict differs (-expected +planned):\n%s", d)
	}
	because(t, p, plan.KindGroup, "devs", plan.GroupConflict)
}

func TestALeaverIsDeactivatedAndNeverDeleted(t *testing.T) {
	w := settled()
	w.people, w.teams[0].users = w.people[:1], []string{"ada"}
	w.assignedUsers = slices.DeleteFunc(slices.Clone(w.assignedUsers), func(u string) bool { return u == "bob" })
	p := compute(t, w)
	expect(t, p, "remove-members:group:devs", "deactivate:user:bob:r2")
	because(t, p, plan.KindUser, "bob", plan.NotInSource)
	w.deleted = []string{"BOB"}
	because(t, compute(t, w), plan.KindUser, "bob", plan.SourceDeleted)
	w.records[1].active = false
	w.synced[0].members = []string{"r1"}
	expect(t, compute(t, w))
}

func TestWhoIsDisabledIsDeactivatedAndStaysInTheGroups(t *testing.T) {
	w := settled()
	w.people[1].enabled = "False"
	p := compute(t, w)
	expect(t, p, "deactivate:user:bob")
	because(t, p, plan.KindUser, "bob", plan.SourceDisabled)
}

func TestWhoComesBackIsReactivated(t *testing.T) {
	w := settled()
	w.records[1].active = false
	p := compute(t, w)
	expect(t, p, "reactivate:user:bob")
	if s := stepOf(t, p, "reactivate:user:bob"); s.Subject.Target != "r2" || s.Reason != plan.InactiveThere.String() {
		t.Errorf("he is reactivated as %+v, because of %s", s.Subject, s.Reason)
	}
}

func TestARecordWithTheSameExternalIDIsAdopted(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada").holds("r1", "ada")
	w.records[0].values["userName"] = "other@x.example"
	p := compute(t, w)
	expect(t, p, "adopt:user:ada", "update:user:ada")
	if s := stepOf(t, p, "update:user:ada"); len(s.Fields) != 1 || s.Fields[0].New.Text != "ada@x.example" || !slices.Equal(s.Needs, []string{"adopt:user:ada"}) {
		t.Errorf("she is updated with %+v after %v", s.Fields, s.Needs)
	}
}

func TestARecordWithoutExternalIDIsAdoptedByItsUserName(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada").holds("r1", "ada")
	delete(w.records[0].values, "externalId")
	expect(t, compute(t, w), "adopt:user:ada", "update:user:ada")
}

func TestARecordWithAnotherExternalIDIsNeverTakenWithoutAPerson(t *testing.T) {
	for _, by := range []string{"userName", email} {
		w := newWorld().hires("ada").assigns("ada").holds("r1", "foreign")
		w.records[0].values[by] = "Ada@x.example"
		p := compute(t, w)
		expect(t, p, "adopt:user:ada (stale-record)", "update:user:ada (stale-record)")
		because(t, p, plan.KindUser, "ada", plan.StaleRecord)
		if s := stepOf(t, p, "adopt:user:ada"); !strings.Contains(s.Why, "r1") || !strings.Contains(strings.ToLower(s.Why), "ada@x.example") {
			t.Errorf("why does not name the record and the value: %s", s.Why)
		}
	}
}

func TestARecordThatOnlyTheAddressMatchesIsNotTakenWithoutAPerson(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada").holds("r1", "by-hand")
	delete(w.records[0].values, "externalId")
	w.records[0].values[email] = "ada@x.example"
	p := compute(t, w)
	expect(t, p, "adopt:user:ada (same-address)", "update:user:ada (same-address)")
	because(t, p, plan.KindUser, "ada", plan.SameAddress)
}

func TestARecordOfSomebodyOutOfScopeIsNobodyElses(t *testing.T) {
	w := newWorld().hires("ada", "bob").assigns("ada").holds("r1", "bob")
	w.records[0].values["userName"] = "ada@x.example"
	p := compute(t, w)
	expect(t, p, "adopt:user:bob (first-adoption)", "deactivate:user:bob (first-adoption)")
	because(t, p, plan.KindUser, "ada", plan.Ambiguous)
	if j := verdictOf(t, p, plan.KindUser, "ada"); !strings.Contains(j.Text, "bob@x.example") {
		t.Errorf("the verdict does not say whose it is: %s", j.Text)
	}
}

func TestWhoIsHiredAgainUnderANewIDGetsTheOldRecordFromAPerson(t *testing.T) {
	w := newWorld().hires("ada2").assigns("ada2").holds("r1", "ada").links("ada", "r1")
	w.people[0].upn, w.people[0].mail = "ada@x.example", "ada@x.example"
	p := compute(t, w)
	expect(t, p, "adopt:user:ada2 (stale-record)", "update:user:ada2 (stale-record)")
	w, done := apply(w, p, true)
	sound(t, p, done)
	expect(t, compute(t, w))
	if !w.record("r1").active || len(w.records) != 1 || w.records[0].values["externalId"] != "ada2" {
		t.Errorf("there is now %+v", w.records)
	}
}

func TestWhoseRecordIsGoneIsCreatedAgain(t *testing.T) {
	w := settled()
	w.records, w.synced[0].members = w.records[:1], []string{"r1"}
	p := compute(t, w)
	expect(t, p, "create:user:bob", "add-members:group:devs")
	because(t, p, plan.KindUser, "bob", plan.RecordGone)
	if s := stepOf(t, p, "add-members:group:devs"); s.Items[0].Needs != "create:user:bob" || s.Items[0].Target != "" {
		t.Errorf("he is added as %+v", s.Items[0])
	}
}

func TestTwoPeopleWhoSwappedTheirNamesAreToldApartAndNothingIsLost(t *testing.T) {
	w := settled()
	w.people[0].upn, w.people[1].upn = "bob@x.example", "ada@x.example"
	p := compute(t, w)
	expect(t, p)
	for _, u := range []string{"ada", "bob"} { // a directory refuses either, as long as the other has the name
		because(t, p, plan.KindUser, u, plan.Ambiguous)
	}
	if j := verdictOf(t, p, plan.KindUser, "ada"); !strings.Contains(j.Text, "r2") {
		t.Errorf("the verdict does not say which record has the name: %s", j.Text)
	}
}

func TestANameThatSomebodyGivesUpIsTakenInTheNextRun(t *testing.T) {
	w := settled()
	w.people[0].upn, w.people[1].upn = "new@x.example", "ada@x.example"
	p := compute(t, w)
	expect(t, p, "update:user:ada")
	w, done := apply(w, p, false)
	sound(t, p, done)
	expect(t, compute(t, w), "update:user:bob")
}

func TestAnAccountGetsThePolicyOfItsGroup(t *testing.T) {
	w := settled()
	w.rules.Policies = []plan.Policy{{Group: "Devs", ID: "strict", Equal: true}}
	w.policyOf = map[string]string{"account-r1": "strict", "account-r2": "default"}
	p := compute(t, w)
	expect(t, p, "add-members:policy:strict")
	if s := stepOf(t, p, "add-members:policy:strict"); !slices.Equal(itemIDs(s), []string{"bob"}) || s.Kind != plan.KindPolicy {
		t.Errorf("into the policy come %v", itemIDs(s))
	}
	w.teams[0].users, w.synced[0].members = []string{"bob"}, []string{"r2"}
	p = compute(t, w)
	said := ""
	for j := range p.Verdicts(false) {
		if j.Subject.Kind == plan.KindPolicy {
			said += j.Subject.ID + " " + j.Reason
		}
	}
	if said != "ada "+plan.PolicyExtra.String() { // no call takes anybody out of a policy
		t.Errorf("of who is in the policy without being in the group the plan says %q", said)
	}
}

func TestInTheGroupsOfTwoPoliciesNobodyIsMoved(t *testing.T) {
	w := settled().has("ops", "ada", "bob").syncs("g2", "ops", "r1", "r2")
	w.rules.Policies = []plan.Policy{{Group: "devs", ID: "strict"}, {Group: "ops", ID: "lax"}}
	w.policyOf = map[string]string{"account-r1": "default", "account-r2": "strict"}
	expect(t, compute(t, w))
}

// Entra's service has made everything, with the object id as externalId. Taking over writes links and nothing else.
func TestAMoveFromEntrasServiceAdoptsEverythingAndTakesNothingAway(t *testing.T) {
	w := settled()
	w.userLinks, w.groupLinks = nil, nil
	p := compute(t, w)
	expect(t, p, "adopt:user:ada", "adopt:user:bob", "adopt:group:devs")
	w, done := apply(w, p, false)
	sound(t, p, done)
	expect(t, compute(t, w))
}

func TestAGroupThatWouldLoseEverybodyWaits(t *testing.T) {
	w := settled().hires("cleo").assigns("cleo").holds("r3", "cleo").links("cleo", "r3")
	w.synced[0].members = append(w.synced[0].members, "r3")
	w.teams[0].users = nil
	if s := stepOf(t, compute(t, w), "remove-members:group:devs"); !slices.Equal(itemIDs(s), []string{"ada (empties-group)", "bob (empties-group)", "cleo (empties-group)"}) {
		t.Errorf("out of the group go %v", itemIDs(s))
	}
}

func TestAGroupOutOfScopeIsDeletedByAPersonOnly(t *testing.T) {
	w := settled()
	w.assignedGroups = nil
	p := compute(t, w)
	expect(t, p, "delete:group:devs (group-delete)")
	because(t, p, plan.KindGroup, "devs", plan.NotAssigned)
	w.groupLinks = nil // somebody else's
	expect(t, compute(t, w))
}

func TestNobodyIsCreatedTwiceForOneAddress(t *testing.T) {
	w := newWorld().hires("ada", "bob").assigns("ada", "bob")
	w.people[1].mail = "ADA@x.example"
	p := compute(t, w)
	expect(t, p)
	because(t, p, plan.KindUser, "ada", plan.Ambiguous)
	because(t, p, plan.KindUser, "bob", plan.Ambiguous)
}

func TestOverALimitEverythingOfItsClassWaits(t *testing.T) {
	w := settled()
	w.assignedUsers, w.teams[0].users = nil, nil
	w.rules.Limits[plan.Deactivations].Run = plan.Amount{Kind: plan.Number, Number: 1}
	p := compute(t, w)
	expect(t, p, "remove-members:group:devs", "deactivate:user:ada (over-limit)", "deactivate:user:bob (over-limit)")
	w.rules.Limits[plan.Deactivations].Run.Number = 2
	expect(t, compute(t, w), "remove-members:group:devs", "deactivate:user:ada", "deactivate:user:bob")
}

func TestTwoGroupsThatSwappedTheirNamesSayWhatStandsInTheWay(t *testing.T) {
	w := settled().has("ops", "ada").syncs("g2", "ops", "r1")
	w.teams[0].name, w.teams[1].name = "ops", "devs"
	p := compute(t, w)
	expect(t, p)
	for _, g := range []string{"devs", "ops"} {
		if j := verdictOf(t, p, plan.KindGroup, g); j.Reason != plan.GroupRenamed.String() || !strings.Contains(j.Text, "another synced group has the new name") {
			t.Errorf("of %s it says %s", g, j.Text)
		}
	}
	w.teams[1].name = "OPS"
	for _, g := range []string{"devs", "ops"} {
		if j := verdictOf(t, compute(t, w), plan.KindGroup, g); g == "devs" && (j.Reason != plan.Ambiguous.String() || !strings.Contains(j.Text, "another group in scope")) {
			t.Errorf("of %s it says %s", g, j.Text)
		}
	}
}

func TestAMoveFromEntrasServiceTakesNobodyOutUnseenInAnyRun(t *testing.T) {
	w := settled().hires("cleo").assigns("cleo").holds("r3", "cleo")
	w.synced[0].members = append(w.synced[0].members, "r3")
	w.userLinks, w.groupLinks = nil, nil
	for range 3 {
		p := compute(t, w)
		if s := stepOf(t, p, "remove-members:group:devs"); !slices.Equal(itemIDs(s), []string{"cleo (first-adoption)"}) {
			t.Errorf("out of the group go %v", itemIDs(s))
		}
		if s := stepOf(t, p, "adopt:group:devs"); s.Held == nil {
			t.Error("the group is linked without a person, so that the next run takes her out")
		}
		w, _ = apply(w, p, false)
	}
	w, done := apply(w, compute(t, w), true)
	sound(t, compute(t, w), done)
	expect(t, compute(t, w))
}

func TestWhoseMappingSaysInactiveIsLinkedByAPersonFirst(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada").holds("r1", "ada")
	for i := range w.rules.Mapping.User.Attributes {
		if a := &w.rules.Mapping.User.Attributes[i]; a.Target == "active" {
			a.Source = `"False"`
			a.Expr, a.Err = expr.Parse(a.Source)
		}
	}
	p := compute(t, w)
	expect(t, p, "adopt:user:ada (first-adoption)", "deactivate:user:ada (first-adoption)")
	because(t, p, plan.KindUser, "ada", plan.MappedInactive)
}
