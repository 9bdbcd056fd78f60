package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// removal is something that a plan would take away.
type removal struct {
	op          plan.Op
	group, what string // ids of the target
}

// removals of a plan, and whether each waits for a person.
func removals(p *plan.Plan) map[removal]bool {
	out := map[removal]bool{}
	for s := range p.Steps() {
		switch {
		case s.Op == plan.Deactivate:
			out[removal{s.Op, "", s.Subject.Target}] = s.Held != nil
		case s.Op == plan.Delete:
			out[removal{s.Op, s.Subject.Target, ""}] = s.Held != nil
		case s.Op == plan.RemoveMembers:
			for _, item := range s.Items {
				out[removal{s.Op, s.Subject.Target, item.Target}] = s.Held != nil || item.Held != nil
			}
		}
	}
	return out
}

// drawGap hides a part of what the source told, and says so.
func drawGap(t *rapid.T, w *world) (gapped *world, what string) {
	c := w.clone()
	what = rapid.SampledFrom([]string{"users", "groups", "assignments", "members"}).Draw(t, "gap")
	switch what {
	case "users":
		c.gaps.Users = "a page of users was not read"
		c.people = some(t, c.people, "told")
	case "groups":
		c.gaps.Groups = "a page of groups was not read"
		c.teams = some(t, c.teams, "told")
	case "assignments":
		c.gaps.Assignments = "the assignments were not read"
		c.all = c.all && rapid.Bool().Draw(t, "told")
		c.assignedUsers, c.assignedGroups = some(t, c.assignedUsers, "told"), some(t, c.assignedGroups, "told")
	case "members":
		for i := range c.teams {
			if rapid.Bool().Draw(t, "incomplete") {
				g := &c.teams[i]
				g.incomplete = "its members were not all read"
				g.users, g.groups = some(t, g.users, "told member"), some(t, g.groups, "told nested group")
			}
		}
	}
	return c, what
}

// A gap never removes: whatever was not read, nothing is planned for removal that would not be planned if everything
// had been read.
func TestAGapOfTheSourceYieldsNoRemoval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		gapped, what := drawGap(t, w)
		full, part := removals(compute(t, w)), removals(compute(t, gapped))
		for r, held := range part {
			if _, also := full[r]; !also && !((what == "users" || held) && w.deletedFor(r.what)) && !gapped.known(r.what) && !(r.group != "" && held && w.decided(r.group)) {
				t.Fatalf("without the %s the plan has %+v (held: %v); with them it has not\n%s\n%s", what, r, held, gapped, text(compute(t, gapped)))
			}
		}
	})
}

// deletedFor tells whether everybody to whom a record is linked, or whose id it carries, is told to be deleted. What a page
// of users that was not read can hide is only that somebody new has the record's name, so that a person would decide first.
func (w *world) deletedFor(record string) bool {
	owners := w.linkedTo(record)
	if r := w.record(record); len(owners) == 0 && r != nil {
		owners = append(owners, r.values["externalId"])
	}
	return !slices.ContainsFunc(owners, func(u string) bool { return !slices.Contains(w.deleted, u) })
}

// known tells whether an unlinked record carries the id of somebody who was told. What a gap can hide is only that others
// have its name, so that it would be nobody's.
func (w *world) known(record string) bool {
	r := w.record(record)
	return r != nil && len(w.linkedTo(record)) == 0 && w.person(r.values["externalId"]) != nil
}

// decided tells whether a person decides about a group of the target as a whole: the one that it is linked to is gone or has
// another name, or nothing is linked to it. A gap can hide another group of that name.
func (w *world) decided(group string) bool {
	for _, l := range w.groupLinks {
		if l.Target == group {
			return w.team(l.Source) == nil || !equalFold(w.team(l.Source).name, w.syncedGroup(group).name)
		}
	}
	return true
}

// What is not known of the target is no reason either: nobody is hit who should be there.
func TestAGapOfTheTargetHitsNobodyWhoShouldBeThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		c := w.clone()
		switch rapid.SampledFrom([]string{"users", "groups", "members"}).Draw(t, "gap") {
		case "users":
			c.stateGaps.Users = "a page of records was not read"
			c.records = some(t, c.records, "told")
		case "groups":
			c.stateGaps.Groups = "a page of groups was not read"
			c.synced = some(t, c.synced, "told")
		case "members":
			for i := range c.synced {
				if rapid.Bool().Draw(t, "told") {
					c.synced[i].members, c.synced[i].untold = nil, true
				}
			}
		}
		p := compute(t, c)
		for r, held := range removals(p) {
			if !held {
				w.mayBeTaken(t, r)
			}
		}
		for s := range p.Steps() {
			if s.Op == plan.Create && (s.Kind == plan.KindUser && c.stateGaps.Users != "" || s.Kind == plan.KindGroup && c.stateGaps.Groups != "" && s.Held == nil) {
				t.Fatalf("%s, although what is there was not told", s.ID)
			}
		}
	})
}

// mayBeTaken says of a removal that waits for nobody, from the lists alone, whether it is right: the record is ours by
// a link, and whoever it is linked to should not have it.
func (w *world) mayBeTaken(t failer, r removal) {
	t.Helper()
	switch r.op {
	case plan.Delete:
		t.Fatalf("the group %s is deleted without a person", r.group)
	case plan.Deactivate:
		owners := w.linkedTo(r.what)
		if len(owners) == 0 {
			t.Fatalf("%s is deactivated, and nobody linked it", r.what)
		}
		for _, u := range owners {
			if w.wantedUser(u) || w.unsettled(u) {
				t.Fatalf("%s is deactivated, and is linked to %s, who should be there", r.what, u)
			}
		}
	case plan.RemoveMembers:
		team := ""
		for _, l := range w.groupLinks {
			if l.Target == r.group {
				team = l.Source
			}
		}
		if team == "" {
			t.Fatalf("%s is taken out of %s, and nobody linked that group", r.what, r.group)
		}
		owners := w.linkedTo(r.what)
		for _, p := range w.people {
			if len(owners) == 0 && w.ours(r.what, p.id) {
				owners = []string{p.id}
			}
		}
		if len(owners) == 0 {
			t.Fatalf("%s is taken out of %s, and nobody knows whose it is", r.what, r.group)
		}
		for _, u := range owners {
			if w.wantedMember(team, u) {
				t.Fatalf("%s is taken out of %s, and is %s's, who should be in it", r.what, r.group, u)
			}
		}
	}
}

// linkedTo are the ids of the source that a record is linked to.
func (w *world) linkedTo(record string) (ids []string) {
	for _, l := range w.userLinks {
		if l.Target == record && !slices.Contains(ids, l.Source) {
			ids = append(ids, l.Source)
		}
	}
	return ids
}

// What is written down while something was not read would be written down, too, if everything had been.
func TestAGapMakesNoPairThatTheWholeWouldNotMake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		gapped, what := drawGap(t, w)
		whole := map[string]string{}
		for s := range compute(t, w).Steps() {
			if s.Op == plan.Adopt {
				whole[s.ID] = s.Subject.Target
			}
		}
		p := compute(t, gapped)
		for s := range p.Steps() {
			if s.Op == plan.Adopt && s.Held == nil && whole[s.ID] != s.Subject.Target {
				t.Fatalf("without the %s %s takes %s; with them it would take %q\n%s\n%s", what, s.ID, s.Subject.Target, whole[s.ID], gapped, text(p))
			}
		}
	})
}

// However often something else is not read, nobody is taken away who should be there.
func TestManyRunsWithGapsHitNobodyWhoShouldBeThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		for range 4 {
			gapped, _ := drawGap(t, w)
			p := compute(t, gapped)
			for r, held := range removals(p) {
				if !held {
					w.mayBeTaken(saying{t, gapped, p}, r)
				}
			}
			done, how := apply(gapped, p, false)
			sound(t, p, how)
			w.records, w.synced, w.userLinks, w.groupLinks, w.policyOf = done.records, done.synced, done.userLinks, done.groupLinks, done.policyOf
		}
	})
}
