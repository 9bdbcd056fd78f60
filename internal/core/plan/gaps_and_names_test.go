package plan_test

import (
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// Worlds of one sentence: somebody, a group, and what is there already.

func (w *world) hires(ids ...string) *world {
	for _, id := range ids {
		w.people = append(w.people, person{id: id, upn: id + "@x.example", mail: id + "@x.example", name: strings.ToUpper(id), enabled: "True", kind: "Member"})
	}
	return w
}

func (w *world) assigns(ids ...string) *world {
	w.assignedUsers = append(w.assignedUsers, ids...)
	return w
}

// has makes an assigned group of the source.
func (w *world) has(id string, users ...string) *world {
	w.teams = append(w.teams, team{id: id, name: id, users: users})
	w.assignedGroups = append(w.assignedGroups, id)
	return w
}

// holds makes an active record with the values of a user, unlinked.
func (w *world) holds(id, user string) *world {
	w.records = append(w.records, record{id, true, map[string]string{}})
	if w.person(user) != nil {
		w.records[len(w.records)-1].values = w.values(user)
	} else {
		w.records[len(w.records)-1].values = map[string]string{"externalId": user, "userName": user + "@x.example", email: user + "@x.example"}
	}
	w.records[len(w.records)-1].values[plan.AccountColumn] = "account-" + id
	return w
}

func (w *world) links(user, record string) *world {
	w.userLinks = append(w.userLinks, match.Link{Source: user, Target: record})
	return w
}

// syncs makes a linked group of the target.
func (w *world) syncs(id, team string, records ...string) *world {
	w.synced = append(w.synced, synced{id: id, external: team, name: team, members: records})
	w.groupLinks = append(w.groupLinks, match.Link{Source: team, Target: id})
	return w
}

// step finds a step by its id.
func stepOf(t *testing.T, p *plan.Plan, id string) *plan.Step {
	t.Helper()
	for s := range p.Steps() {
		if s.ID == id {
			return &s
		}
	}
	t.Fatalf("there is no step %s in\n%s", id, text(p))
	return nil
}

func noStep(t *testing.T, p *plan.Plan, ids ...string) {
	t.Helper()
	for s := range p.Steps() {
		for _, id := range ids {
			if s.ID == id {
				t.Errorf("there is the step %s in\n%s", id, text(p))
			}
		}
	}
}

// verdictOf is the reason that is said of a user, group or record; "" where nothing is.
func verdictOf(t *testing.T, p *plan.Plan, kind, id string) plan.Judgement {
	t.Helper()
	var found []plan.Judgement
	for j := range p.Verdicts(true) {
		if j.Subject.Kind == kind && (j.Subject.ID == id || j.Subject.Target == id) {
			found = append(found, j)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d verdicts on the %s %s in\n%s", len(found), kind, id, text(p))
	}
	return found[0]
}

func because(t *testing.T, p *plan.Plan, kind, id string, reason plan.Reason) {
	t.Helper()
	if j := verdictOf(t, p, kind, id); j.Reason != reason.String() {
		t.Errorf("of the %s %s the plan says %s (%s), not %s", kind, id, j.Reason, j.Text, reason)
	}
}

func TestNobodyIsDeactivatedWhileAGroupInScopeIsNotFullyRead(t *testing.T) {
	w := newWorld().hires("ada").has("devs").holds("r1", "ada").links("ada", "r1")
	w.teams[0].incomplete = "its members were not all read"
	p := compute(t, w)
	noStep(t, p, "deactivate:user:ada")
	because(t, p, plan.KindUser, "ada", plan.NotSettled)
	if p.Complete() || len(p.Gaps) != 1 {
		t.Errorf("the gaps are %q, not the group alone", p.Gaps)
	}
}

func TestAMemberWhomAGapCouldExplainIsNoStranger(t *testing.T) {
	w := newWorld().has("devs").holds("r1", "ada").syncs("g1", "devs", "r1")
	if s := stepOf(t, compute(t, w), "remove-members:group:devs"); s.Items[0].Held == nil || s.Items[0].Reason != plan.MemberStranger.String() {
		t.Errorf("a record that nobody matches is taken out without a person: %+v", s.Items)
	}
	w.gaps.Users = "a page of users was not read"
	p := compute(t, w)
	noStep(t, p, "remove-members:group:devs")
	because(t, p, plan.KindUser, "r1", plan.SourceNotRead)
	w.gaps.Users, w.gaps.Assignments = "", "the assignments were not read"
	p = compute(t, w)
	noStep(t, p, "remove-members:group:devs")
	because(t, p, plan.KindUser, "r1", plan.NotSettled)
}

func TestAGroupIsNotCalledUnassignedWhileAssignmentsAreNotRead(t *testing.T) {
	w := newWorld()
	w.teams = []team{{id: "devs", name: "devs"}}
	because(t, compute(t, w), plan.KindGroup, "devs", plan.NotAssigned)
	w.gaps.Assignments = "the assignments were not read"
	because(t, compute(t, w), plan.KindGroup, "devs", plan.NotSettled)
}

func TestTwoRecordsOfALeaverAreTwoSteps(t *testing.T) {
	w := newWorld().holds("r1", "gone").holds("r2", "gone").links("gone", "r1").links("gone", "r2").syncs("g1", "old").syncs("g2", "old")
	w.records[1].values = map[string]string{"userName": "second@x.example", email: "second@x.example"}
	w.synced[1].name = "older"
	_, done := apply(w, compute(t, w), true)
	if len(done.faults) > 0 || done.deactivated != 2 || done.deleted != 2 {
		t.Errorf("of two records and two groups %d were deactivated and %d deleted: %v", done.deactivated, done.deleted, done.faults)
	}
}

func TestTheGroupsOfOnePolicyAreOneStep(t *testing.T) {
	w := newWorld().hires("ada", "bob").has("devs", "ada").has("ops", "ada", "bob").holds("r1", "ada").holds("r2", "bob").links("ada", "r1").links("bob", "r2")
	w.rules.Policies = []plan.Policy{{Group: "devs", ID: "strict"}, {Group: "ops", ID: "strict"}}
	w.policyOf = map[string]string{"account-r1": "default", "account-r2": "default"}
	p := compute(t, w)
	if s := stepOf(t, p, "add-members:policy:strict"); s.Subject.Name != "devs, ops" || len(s.Items) != 2 {
		t.Errorf("the step of the policy is of %q with %v", s.Subject.Name, s.Items)
	}
	_, done := apply(w, p, false)
	sound(t, p, done)
}

func TestAGroupIsNotCreatedWhereASyncedGroupHasItsName(t *testing.T) {
	w := newWorld().has("devs").syncs("g1", "old")
	w.teams = append(w.teams, team{id: "old", name: "old"}) // no longer assigned; its group has the name of the new one
	w.synced[0].name = "Devs"
	p := compute(t, w)
	noStep(t, p, "create:group:devs")
	because(t, p, plan.KindGroup, "devs", plan.Ambiguous)
}

func TestTakingOverARecordWritesNoNameThatAnotherHas(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada").holds("r1", "ada").holds("r2", "foreign").links("gone", "r1")
	w.records[0].values["userName"] = "old@x.example"
	w.records[1].values["userName"] = "ada@x.example"
	p := compute(t, w)
	if s := stepOf(t, p, "adopt:user:ada"); s.Held == nil {
		t.Errorf("a leaver's record is taken over without a person")
	}
	noStep(t, p, "update:user:ada")
}

func TestWhoWouldGetAMembersRecordIsNotAddedASecondTime(t *testing.T) {
	w := newWorld().hires("ada").has("devs", "ada").holds("r1", "ada").links("gone", "r1").syncs("g1", "devs", "r1")
	w.records[0].values["externalId"] = "gone"
	p := compute(t, w)
	noStep(t, p, "add-members:group:devs", "remove-members:group:devs")
}

func TestANewGroupThatWouldBeTooLargeWaitsEvenWhereNotEverybodyHasARecord(t *testing.T) {
	w := newWorld().hires("ada", "bob", "cleo").has("devs", "ada", "bob", "cleo")
	w.people[2].mail = "" // she gets no record
	w.limit = 2
	p := compute(t, w)
	for _, item := range stepOf(t, p, "add-members:group:devs").Items {
		if item.Held == nil || item.Held.Code != plan.HeldTooMany.String() {
			t.Errorf("%s is added to a group that would have three members of two: %+v", item.Name, item.Held)
		}
	}
	because(t, p, plan.KindGroup, "devs", plan.TooManyMembers)
}

func TestAGroupWhoseMembersWereNotToldHasOneVerdict(t *testing.T) {
	w := newWorld().hires("ada").has("devs", "ada").holds("r1", "ada").links("ada", "r1").syncs("g1", "devs")
	w.synced[0].untold = true
	p := compute(t, w)
	because(t, p, plan.KindGroup, "devs", plan.MembersNotTold)
	noStep(t, p, "add-members:group:devs")
}

func TestARecordThatTwoCouldMeanIsWrongAndNotMissing(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada").holds("r1", "ada").links("gone", "r1")
	if j := verdictOf(t, compute(t, w), plan.KindUser, "r1"); j.Verdict != plan.Wrong {
		t.Errorf("a record that is there is called %s", j.Verdict)
	}
}

func TestAGroupIsNotAdoptedByItsNameAloneWhileOtherGroupsWereNotRead(t *testing.T) {
	w := newWorld().has("devs").syncs("g1", "devs")
	w.groupLinks, w.synced[0].external = nil, ""
	if s := stepOf(t, compute(t, w), "adopt:group:devs"); s.Held != nil {
		t.Errorf("the only group of the name waits: %s", s.Held.Text)
	}
	w.gaps.Groups = "a page of groups was not read"
	if s := stepOf(t, compute(t, w), "adopt:group:devs"); s.Held == nil {
		t.Error("another group may have the name, and it is adopted without a person")
	}
	w.synced[0].external = "devs"
	if s := stepOf(t, compute(t, w), "adopt:group:devs"); s.Held != nil {
		t.Errorf("the id leaves no doubt, and it waits: %s", s.Held.Text)
	}
}

func TestARecordIsNotAdoptedByItsNameAloneWhileSomebodyElseMayHaveTheName(t *testing.T) {
	w := newWorld().hires("ada", "bob").assigns("ada").has("devs").holds("r1", "ada").syncs("g1", "devs", "r1")
	delete(w.records[0].values, "externalId")
	if s := stepOf(t, compute(t, w), "adopt:user:ada"); s.Held != nil {
		t.Errorf("nobody else has the name, and the record waits: %s", s.Why)
	}
	w.gaps.Users = "a page of users was not read"
	p := compute(t, w)
	if s := stepOf(t, p, "adopt:user:ada"); s.Held == nil || !strings.Contains(s.Why, "r1") || !strings.Contains(s.Why, w.gaps.Users) {
		t.Errorf("it is taken, or without saying why not: %+v", s)
	}
	noStep(t, p, "remove-members:group:devs")
	w.gaps.Users, w.gaps.Assignments = "", "the assignments were not read"
	if s := stepOf(t, compute(t, w), "adopt:user:ada"); s.Held != nil {
		t.Errorf("everybody was told, and it waits: %s", s.Why)
	}
	w.people[1].upn = "ADA@x.example"
	if s := stepOf(t, compute(t, w), "adopt:user:ada"); s.Held == nil || !strings.Contains(s.Why, "ADA@x.example could be meant") {
		t.Errorf("it is taken, or without saying why not: %+v", s)
	}
	w.gaps.Assignments = ""
	w.records[0].values["externalId"] = "ada"
	w.gaps.Users = "a page of users was not read"
	if s := stepOf(t, compute(t, w), "adopt:user:ada"); s.Held != nil {
		t.Errorf("the id leaves no doubt, and it waits: %s", s.Why)
	}
}
