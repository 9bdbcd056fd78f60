package targettest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

var groupCases = []testCase{
	{name: "groups are made with nobody, with one and with many", run: func(t *trial) {
		many := t.company.addMany(2*t.batch() + 1)
		t.company.group("empty")
		t.company.group("one", many[0])
		t.company.group("many", many...)
		before := t.writes()
		t.sync()
		t.wrote(before, len(t.company.people)+t.requestsForNew(0)+t.requestsForNew(1)+t.requestsForNew(len(many)))
		t.group("empty")
		t.group("one", many[0])
		t.group("many", many...)
	}},
	{name: "members come and go together", run: func(t *trial) {
		many := t.company.addMany(12)
		g := t.company.group("team", many[:6]...)
		t.sync()
		g.members = many[4:10]
		before := t.writes()
		t.sync()
		t.wrote(before, t.requestsFor(8))
		t.group("team", many[4:10]...)
		g.members = nil
		t.sync()
		t.group("team")
		g.members = many[2:3]
		t.sync()
		t.group("team", many[2])
	}},
	{name: "more members come and go than one request takes", run: func(t *trial) {
		n := t.batch()
		many := t.company.addMany(3 * n)
		g := t.company.group("crowd", many[:2*n]...)
		t.sync()
		g.members = many[n:]
		before := t.writes()
		t.sync()
		t.wrote(before, t.requestsFor(2*n))
		t.group("crowd", many[n:]...)
	}},
	{name: "one is taken out and the others stay", run: func(t *trial) {
		many := t.company.addMany(5)
		g := t.company.group("team", many...)
		t.sync()
		g.leaves(many[2])
		t.sync()
		t.group("team", many[0], many[1], many[3], many[4])
	}},
	{name: "who is in is added again, and who is out taken out again, without harm", run: func(t *trial) {
		many := t.company.addMany(3)
		g := t.company.group("team", many[:2]...)
		t.sync()
		again := target.Change{Op: plan.AddMembers, Kind: plan.KindGroup, SourceID: g.id, Name: g.name, Add: t.targets(many[0], many[1])}
		t.send(again)
		out := target.Change{Op: plan.RemoveMembers, Kind: plan.KindGroup, SourceID: g.id, Name: g.name, Remove: t.targets(many[2])}
		if _, err := t.Target.Do(t.ctx, t.at(out)); err != nil && t.refused(out).Class != target.Gone {
			t.Errorf("taking out who is not in: %v", err)
		}
		t.group("team", many[:2]...)
	}},
	{name: "groups have names of all kinds", run: func(t *trial) {
		p := t.company.add("ada")
		names := []string{`the "inner" circle \ two`, "Ünïcode 山 🦊", "a/b?c=d&e#f", "100% of us", "o'neill's team", " spaced  out ", strings.Repeat("l", 200), "team (alpha) [beta]"}
		for _, n := range names {
			t.company.group(n, p)
		}
		t.sync()
		for _, n := range names {
			t.group(n, p)
		}
	}},
	{name: "a group is deleted", run: func(t *trial) {
		p := t.company.add("ada")
		g := t.company.group("team", p)
		other := t.company.group("other", p)
		t.sync()
		g.gone = true
		t.sync()
		if _, groups := t.named(target.Want{GroupNames: []string{"team"}}); len(groups) != 0 {
			t.Errorf("it is still there: %+v", groups)
		}
		t.group(other.name, p)
	}},
	{name: "a group that is gone takes no members", run: func(t *trial) {
		p := t.company.add("ada")
		t.sync()
		c := target.Change{Op: plan.AddMembers, Kind: plan.KindGroup, ID: "8d7b7c1e-0000-4000-8000-000000000001", Name: "ghosts", Add: t.targets(p)}
		if failed := t.refused(c); failed.Class != target.Gone || failed.All {
			t.Errorf("refused with %+v", failed)
		}
	}},
	{name: "a group gets another name", run: func(t *trial) {
		p := t.company.add("ada")
		g := t.company.group("team", p)
		t.sync()
		if t.can.Rename {
			rename := target.Change{Op: plan.Update, Kind: plan.KindGroup, SourceID: g.id, Name: g.name}
			rename.Fields = []plan.Field{{Path: "displayName", Old: document.TextValue(g.name), New: document.TextValue("crew")}}
			t.send(rename)
		}
		g.name = "crew" // a new group is made and filled, and the old one deleted, where it cannot be renamed
		t.sync()
		t.group("crew", p)
		if _, groups := t.named(target.Want{GroupNames: []string{"team"}}); len(groups) != 0 {
			t.Errorf("the old one is still there: %+v", groups)
		}
	}},
}

// batch is a number of members that takes more than one request, where there is a bound that a test can reach.
func (t *trial) batch() int {
	if n := t.can.PatchMembers; n > 0 && n <= 60 {
		return n
	}
	return 20
}

// requestsFor is the fewest requests for so many changes of one group's members.
func (t *trial) requestsFor(n int) int {
	if t.can.PatchMembers == 0 {
		return min(n, 1)
	}
	return (n + t.can.PatchMembers - 1) / t.can.PatchMembers
}

// requestsForNew is the fewest requests for a new group of so many.
func (t *trial) requestsForNew(n int) int {
	return 1 + t.requestsFor(n-min(n, t.can.MembersInCreate))
}

func (t *trial) targets(people ...*person) []string {
	out := make([]string, len(people))
	for i, p := range people {
		out[i] = t.links[link{plan.KindUser, p.id}]
	}
	return out
}

// group expects a group with exactly these members.
func (t *trial) group(name string, members ...*person) {
	t.Helper()
	_, groups := t.named(target.Want{GroupNames: []string{name}})
	if len(groups) != 1 || groups[0].DisplayName != name {
		t.Errorf("there are %d groups %q: %s", len(groups), name, names(groups))
		return
	}
	if !groups[0].Members.Known {
		t.Errorf("the members of %q are not told", name)
	}
	got := []string{}
	for _, m := range groups[0].Members.Value {
		got = append(got, m.Value)
	}
	want := t.targets(members...)
	slices.Sort(got)
	slices.Sort(want)
	got = slices.Compact(got) // a service may list somebody twice who was added twice
	if !slices.Equal(got, want) {
		t.Errorf("%q has %d members, want %d: %v, want %v", name, len(got), len(want), got[:min(len(got), 5)], want[:min(len(want), 5)])
	}
}

func names(groups []document.ScimGroup) string {
	var out []string
	for i := range groups {
		out = append(out, fmt.Sprintf("%q", groups[i].DisplayName))
	}
	return strings.Join(out, ", ")
}
