package targettest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

var readCases = []testCase{
	{name: "an empty directory is whole", run: func(t *trial) {
		if r := t.read(); len(r.objects[document.ScimUsers])+len(r.objects[document.ScimGroups]) != 0 {
			t.Errorf("there is something: %v", r.objects)
		}
	}},
	{name: "people and groups are read by what they are called", run: func(t *trial) {
		ada, bo := t.company.add("ada"), t.company.add("bo")
		g := t.company.group("Team One", ada, bo)
		t.company.group("Team Two", bo)
		t.sync()
		id := func(p *person) string { return t.links[link{plan.KindUser, p.id}] }
		users, groups := t.named(target.Want{
			Users: []string{id(ada), "8d7b7c1e-0000-4000-8000-000000000000"}, UserNames: []string{bo.upn, ada.upn, "nobody@" + t.company.domain},
			ExternalIDs: []string{ada.id, "none"}, Groups: []string{t.links[link{plan.KindGroup, g.id}], "8d7b7c1e-0000-4000-8000-000000000001"},
			GroupNames: []string{"Team One", "No such team"},
		})
		var got []string
		for i := range users {
			got = append(got, users[i].ID)
		}
		want := []string{id(ada), id(bo)}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("people %v, want %v", got, want)
		}
		if len(groups) != 1 || groups[0].DisplayName != "Team One" || len(groups[0].Members.Value) != 2 {
			t.Errorf("groups %+v", groups)
		}
	}},
	{name: "names are found in any letter case", run: func(t *trial) {
		ada := t.company.add("ada")
		t.company.group("Team One", ada)
		t.sync()
		users, groups := t.named(target.Want{UserNames: []string{strings.ToUpper(ada.upn)}, GroupNames: []string{"team ONE"}})
		if len(users) != 1 || len(groups) != 1 {
			t.Errorf("%d people, %d groups", len(users), len(groups))
		}
	}},
	{name: "many pages are read", run: func(t *trial) {
		t.company.addMany(230)
		for i := range 120 {
			t.company.group(fmt.Sprintf("group %03d", i), t.company.people[i])
		}
		t.sync()
		r := t.read()
		if users, groups := len(r.objects[document.ScimUsers]), len(r.objects[document.ScimGroups]); users != 231 || groups != 120 {
			t.Errorf("%d users, %d groups", users, groups)
		}
	}},
}

var mixedCases = []testCase{
	{name: "whatever changes at the source arrives", run: func(t *trial) {
		dice := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // the same changes every time
		t.company.addMany(12)
		for i := range 3 {
			t.company.group(fmt.Sprintf("group %d", i))
		}
		for round := range 8 {
			for range 6 {
				t.company.change(dice)
			}
			t.sync()
			if t.Failed() {
				t.Fatalf("in round %d", round)
			}
		}
	}},
}

// change does something at the source.
func (c *company) change(dice *rand.Rand) {
	p := c.people[1+dice.IntN(len(c.people)-1)]
	g := c.groups[dice.IntN(len(c.groups))]
	word := fmt.Sprintf("w%d ä\"%d", dice.IntN(1000), dice.IntN(10))
	switch dice.IntN(9) {
	case 0:
		c.add(fmt.Sprintf("new%d", len(c.people)))
	case 1:
		p.enabled = !p.enabled
	case 2:
		p.title = word
	case 3:
		p.display, p.department = word, word
	case 4:
		p.phone = word
	case 5:
		if len(c.groups) < 8 {
			c.group(fmt.Sprintf("group %d", len(c.groups)), p)
		}
	case 6:
		p.mail = fmt.Sprintf("moved%d.%s", dice.IntN(1000), p.upn)
	default:
		if slices.Contains(g.members, p) {
			g.leaves(p)
		} else {
			g.members = append(slices.Clone(g.members), p)
		}
	}
}
