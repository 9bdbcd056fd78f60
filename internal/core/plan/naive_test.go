package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// drawOrdinary is a company as it should be: everybody has a name and an address of his own, what is there is linked or
// carries the id, and everything was told. What differs is who is in which group, who has left, and some values.
func drawOrdinary(t *rapid.T) *world {
	w := newWorld()
	for i := range rapid.IntRange(0, 6).Draw(t, "users") {
		w.hires(fmt.Sprintf("u%d", i+1))
		if chance(t, 6, "disabled") {
			w.people[i].enabled = "False"
		}
	}
	var groups []string
	for i := range rapid.IntRange(0, 4).Draw(t, "groups") {
		groups = append(groups, fmt.Sprintf("t%d", i+1))
	}
	for _, id := range groups {
		w.teams = append(w.teams, team{id: id, name: id, users: some(t, w.personIDs(), "in "+id), groups: some(t, groups, "inside "+id)})
	}
	w.assignedUsers, w.assignedGroups = some(t, w.personIDs(), "assigned"), some(t, groups, "assigned")
	drawScope(t, w)
	for _, u := range append(w.personIDs(), "gone1", "gone2") {
		if chance(t, 3, "no record") {
			continue
		}
		w.holds("r-"+u, u)
		r := &w.records[len(w.records)-1]
		r.active = !chance(t, 4, "inactive")
		if w.person(u) == nil || !chance(t, 4, "not linked") {
			w.links(u, r.id)
		}
		if chance(t, 3, "drifted") {
			r.values["displayName"] = "Somebody"
		}
	}
	var ids []string
	for _, r := range w.records {
		if len(w.linkedTo(r.id)) > 0 {
			ids = append(ids, r.id)
		}
	}
	for _, g := range append(groups, "gone-team") {
		if !chance(t, 3, "no synced group") {
			w.syncs("g-"+g, g, some(t, ids, "in the synced group")...)
			if chance(t, 4, "renamed") {
				w.synced[len(w.synced)-1].name = "old " + g
			}
		}
	}
	return w
}

// naive is what is to be done, worked out as one would by hand, and written down as "id: items".
func naive(w *world) []string {
	var out []string
	do := func(id string, items ...string) {
		slices.Sort(items)
		out = append(out, id+": "+strings.Join(items, " "))
	}
	recordOf := map[string]*record{}
	for _, p := range w.people {
		r := w.record("r-" + p.id)
		recordOf[p.id] = r
		linked := r != nil && len(w.linkedTo(r.id)) > 0
		if w.unsettled(p.id) {
			continue
		}
		switch want := w.wantedUser(p.id); {
		case want && r == nil:
			do("create:user:" + p.id)
			continue
		case want:
			if !linked {
				do("adopt:user:" + p.id)
			}
			if r.values["displayName"] != p.name {
				do("update:user:"+p.id, "displayName")
			}
			if !r.active {
				do("reactivate:user:" + p.id)
			}
		case r != nil && r.active:
			if !linked {
				do("adopt:user:" + p.id)
			}
			do("deactivate:user:" + p.id)
		}
	}
	for _, u := range []string{"gone1", "gone2"} {
		if r := w.record("r-" + u); r != nil && r.active {
			do("deactivate:user:" + u + ":" + r.id)
		}
	}
	for _, g := range w.teams {
		there := w.syncedGroup("g-" + g.id)
		if !w.groupInScope(g.id) {
			if there != nil {
				do("delete:group:" + g.id)
			}
			continue
		}
		var wanted, adds, removes []string
		for _, p := range w.people {
			r := recordOf[p.id]
			if w.wantedUser(p.id) && w.wantedMember(g.id, p.id) {
				wanted = append(wanted, p.id)
				if there == nil || r == nil || !slices.Contains(there.members, r.id) {
					adds = append(adds, p.id)
				}
			}
			if there != nil && r != nil && slices.Contains(there.members, r.id) && !w.wantedMember(g.id, p.id) {
				removes = append(removes, p.id)
			}
		}
		for _, u := range []string{"gone1", "gone2"} {
			if there != nil && slices.Contains(there.members, "r-"+u) {
				removes = append(removes, u)
			}
		}
		switch {
		case there == nil:
			do("create:group:" + g.id)
		case there.name != g.name:
			do("create:group:" + g.id)
			if len(wanted) > 0 {
				do("add-members:group:"+g.id+":new", wanted...)
			}
			do("delete:group:" + g.id)
		}
		if len(adds) > 0 {
			do("add-members:group:"+g.id, adds...)
		}
		if len(removes) > 0 {
			do("remove-members:group:"+g.id, removes...)
		}
	}
	if w.syncedGroup("g-gone-team") != nil {
		do("delete:group:gone-team:g-gone-team")
	}
	slices.Sort(out)
	return out
}

// A planner that anybody can read gives the same steps.
func TestAnOrdinaryCompanyIsPlannedAsByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawOrdinary(t)
		p := compute(t, w)
		got := []string{}
		for s := range p.Steps() {
			var items []string
			for _, item := range s.Items {
				items = append(items, item.ID)
			}
			for _, f := range s.Fields {
				if s.Op == plan.Update {
					items = append(items, f.Path)
				}
			}
			slices.Sort(items)
			got = append(got, s.ID+": "+strings.Join(items, " "))
		}
		slices.Sort(got)
		want := naive(w)
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("by hand it would be otherwise (-by hand +plan):\n%s\n%s\n%s", d, w, text(p))
		}
		next, done := apply(w, p, false)
		sound(t, p, done)
		if again := free(compute(t, next)); len(again) > 0 {
			t.Fatalf("carried out, there is still something to do: %v\n%s\nafter\n%s", again, next, text(p))
		}
	})
}
