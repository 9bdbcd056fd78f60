package plan_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// Whatever moves in the world that a plan was computed from, its digests show it: else a plan could be carried out that
// a person approved for another world.
func TestNothingMovesBehindTheBackOfAPlan(t *testing.T) {
	local := func(told bool, members ...plan.LocalMember) map[string]plan.Local {
		return map[string]plan.Local{"ops": {Name: "ops", Told: told, Members: members}}
	}
	moves := map[string]func(w *world){
		"a user's name":                func(w *world) { w.people[0].name = "Somebody" },
		"a user is disabled":           func(w *world) { w.people[0].enabled = "False" },
		"what is told of a user":       func(w *world) { w.people[0].enabled = "" },
		"a user leaves":                func(w *world) { w.people = w.people[1:] },
		"a user is deleted":            func(w *world) { w.deleted = []string{"x"} },
		"a member at the source":       func(w *world) { w.teams[0].users = w.teams[0].users[1:] },
		"a nested group":               func(w *world) { w.teams[0].groups = []string{"devs"} },
		"a group is not fully read":    func(w *world) { w.teams[0].incomplete = "why" },
		"an assigned user":             func(w *world) { w.assignedUsers = nil },
		"an assigned group":            func(w *world) { w.assignedGroups = nil },
		"everybody is assigned":        func(w *world) { w.all = true },
		"a gap of users":               func(w *world) { w.gaps.Users = "why" },
		"a gap of groups":              func(w *world) { w.gaps.Groups = "why" },
		"a gap of assignments":         func(w *world) { w.gaps.Assignments = "why" },
		"a value of a record":          func(w *world) { w.records[0].values["displayName"] = "x" },
		"a record is deactivated":      func(w *world) { w.records[0].active = false },
		"a record's account":           func(w *world) { w.records[0].values[plan.AccountColumn] = "x" },
		"a record is gone":             func(w *world) { w.records = w.records[:1] },
		"a synced group's name":        func(w *world) { w.synced[0].name = "x" },
		"a synced group's members":     func(w *world) { w.synced[0].members = w.synced[0].members[1:] },
		"whether those were told":      func(w *world) { w.synced[0].untold = true },
		"a gap of records":             func(w *world) { w.stateGaps.Users = "why" },
		"a link":                       func(w *world) { w.userLinks = w.userLinks[1:] },
		"whom a link leads to":         func(w *world) { w.userLinks[0].Source = "gone" },
		"a link to nothing":            func(w *world) { w.userLinks = append(w.userLinks, match.Link{Source: "ada", Target: "lost"}) },
		"a second link to a record":    func(w *world) { w.userLinks = append(w.userLinks, match.Link{Source: "bob", Target: "r1"}) },
		"a link of a group":            func(w *world) { w.groupLinks = nil },
		"a group of the organization":  func(w *world) { w.local = local(true) },
		"its members":                  func(w *world) { w.local = local(true, plan.LocalMember{Account: "a", Name: "n"}) },
		"whether those were told, too": func(w *world) { w.local = local(false) },
		"an authentication policy":     func(w *world) { w.policyOf["account-r1"] = "p" },
		"the most members of a group":  func(w *world) { w.limit = 7 },
		"the rules":                    func(w *world) { w.rules.Text = "other rules" },
	}
	seen := map[plan.Digests]string{compute(t, settled()).Digests: "nothing"}
	for what, move := range moves {
		w := settled()
		move(w)
		d := compute(t, w).Digests
		if before, ok := seen[d]; ok {
			t.Errorf("%s and %s give the same digests", what, before)
		}
		seen[d] = what
	}
}

// Time and history are no part of the world, but of the plan: another day's plan has another name.
func TestThePlanOfAnotherMomentIsAnotherPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := compute(t, w)
		later := w.clone()
		later.at = w.at.Add(time.Duration(rapid.IntRange(1, 1e6).Draw(t, "later")) * time.Millisecond)
		q := compute(t, later)
		if p.ID == q.ID || p.Digests != q.Digests {
			t.Fatalf("%s and %s, %v and %v", p.ID, q.ID, p.Digests, q.Digests)
		}
		later.at, later.history = w.at, []plan.Removal{{At: w.at.Add(-time.Hour), Class: plan.Deactivations, Count: 1}}
		if q := compute(t, later); p.ID == q.ID {
			t.Fatal("what was taken away before makes no difference")
		}
	})
}
