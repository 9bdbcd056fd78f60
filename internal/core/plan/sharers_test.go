package plan

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// users is a planner who knows these users and no record. What it is asked for is the first column.
func users(values []string) *planner {
	rows := directory.NewRows(len(values), "id", "userName")
	for _, v := range values {
		rows.Add(document.TextValue("u"), document.TextValue(v))
	}
	n := len(values)
	return &planner{
		Plan: &Plan{
			want: &mapping.Wanted{State: &directory.State{Users: rows.Table()}}, sel: &scope.Selection{Users: make([]scope.Standing, n)},
			userReason: make([]Reason, n),
		},
		have: &directory.State{Users: directory.NewRows(0, "id", "userName").Table()},
	}
}

func TestWhoElseHasAValueIsFoundAsByLookingAtEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]string{"ada", "Ada", "bob", ""})
		values := rapid.SliceOfN(value, 0, 3*manyLooks).Draw(t, "values")
		p := users(values)
		for u := range values {
			p.sel.Users[u] = rapid.SampledFrom([]scope.Standing{scope.In, scope.NotAssigned, scope.Disabled}).Draw(t, "standing")
			p.userReason[u] = rapid.SampledFrom([]Reason{AsWanted, NotSettled}).Draw(t, "reason")
		}
		for range 4 {
			asked, as := value.Draw(t, "asked"), rapid.SampledFrom([]stands{inScope, unassigned, unsettled}).Draw(t, "as")
			self := uint32(rapid.IntRange(0, max(0, len(values)-1)).Draw(t, "who asks"))
			want := match.None
			for u, v := range values {
				if want == match.None && uint32(u) != self && v != "" && strings.EqualFold(v, asked) && p.stands(uint32(u), as) {
					want = uint32(u)
				}
			}
			if got := p.sharers(1, asked, as).but(self); got != want {
				t.Fatalf("beside %d it is %d, not %d", self, int32(got), int32(want))
			}
		}
	})
}

func TestManyWhoHaveOneValueAreLookedAtOnce(t *testing.T) {
	const n = 2000
	values := make([]string, n)
	for i := range values {
		values[i] = "sales"
	}
	p := users(values)
	p.sel.Users[n-2], p.sel.Users[n-1] = scope.In, scope.In
	for u := range uint32(n) {
		for _, as := range []stands{inScope, unsettled} {
			p.sharers(1, "Sales", as).but(u)
		}
	}
	if p.holders.looks > 2*n {
		t.Errorf("%d looks at %d users", p.holders.looks, n)
	}
}
