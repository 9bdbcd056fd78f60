package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// Two groups share an authentication policy, so that one step is of both.
func TestTheStepOfAPolicyIsNarrowedToThePeopleOfOneGroup(t *testing.T) {
	w := newWorld().hires("ada", "bo").has("finance", "ada").has("leadership", "bo")
	for _, id := range []string{"ada", "bo"} {
		w.holds("r-"+id, id).links(id, "r-"+id)
		w.policyOf["account-r-"+id] = "another"
	}
	w.syncs("s-finance", "finance", "r-ada").syncs("s-leadership", "leadership", "r-bo")
	w.rules.Policies = []plan.Policy{{Group: "finance", ID: "p"}, {Group: "leadership", ID: "p"}}
	p, err := plan.Compute(w.input())
	if err != nil {
		t.Fatal(err)
	}
	finance := plan.Only{Group: &plan.Subject{Kind: plan.KindGroup, ID: "finance", Name: "finance", Target: "s-finance"}}
	bo := plan.Only{User: &plan.Subject{Kind: plan.KindUser, ID: "bo", Name: "bo@x.example"}}
	other := plan.Only{Group: &plan.Subject{Kind: plan.KindGroup, ID: "ops", Name: "ops"}}
	for sentence, c := range map[string]struct {
		keep *plan.Keep
		want string
	}{
		"everybody":    {nil, "ada bo"},
		"one group":    {finance.Narrow(map[string]bool{"ada": true}), "ada"},
		"one person":   {bo.Narrow(nil), "bo"},
		"another's":    {other.Narrow(map[string]bool{"ada": true}), ""},
		"both, apart":  {(&plan.Only{User: bo.User, Group: finance.Group}).Narrow(map[string]bool{"ada": true}), ""},
		"both, at one": {(&plan.Only{User: &plan.Subject{ID: "ada"}, Group: finance.Group}).Narrow(map[string]bool{"ada": true}), "ada"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var got []string
			for s := range c.keep.Steps(p.Steps()) {
				for _, i := range s.Items {
					got = append(got, i.ID)
				}
			}
			slices.Sort(got)
			if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestANoteAboutSomebodyElseIsNotTold(t *testing.T) {
	w := newWorld().hires("ada", "bo").has("finance", "ada").has("leadership", "bo")
	p := compute(t, w)
	s := saved(t, p, plan.Extract{})
	name := map[string]string{}
	for _, j := range s.Steps {
		name[j.Subject.ID] = j.Subject.Name
	}
	ada, bo, both := name["ada"]+": hm", name["bo"]+": hm", "title could not be computed for 2 users; for "+name["ada"]+": hm"
	p.Notes = []string{ada, bo, both}
	finance := &plan.Only{Group: &plan.Subject{Kind: plan.KindGroup, ID: "finance", Name: "finance"}}
	for sentence, c := range map[string]struct {
		only   *plan.Only
		people map[string]bool
		want   []string
	}{
		"everybody":                    {nil, nil, []string{ada, bo, both}},
		"one group":                    {finance, map[string]bool{"ada": true}, []string{ada, both}},
		"one person":                   {&plan.Only{User: &plan.Subject{ID: "bo", Name: name["bo"]}}, nil, []string{bo}},
		"another":                      {&plan.Only{User: &plan.Subject{ID: "ada", Name: name["ada"]}}, nil, []string{ada, both}},
		"a part of a name is nobody's": {&plan.Only{User: &plan.Subject{ID: "o", Name: name["bo"][1:]}}, nil, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			var keep *plan.Keep
			if c.only != nil {
				keep = c.only.Narrow(c.people)
			}
			if d := cmp.Diff(c.want, p.NotesFor(c.only, keep), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSomebodyIsNotToBeInAGroup(t *testing.T) {
	w := newWorld().hires("ada", "bo").has("finance", "ada").has("leadership", "bo")
	p := compute(t, w)
	for ids, want := range map[[2]string]bool{{"ada", "finance"}: false, {"bo", "finance"}: true, {"eve", "finance"}: false, {"ada", "nowhere"}: false} {
		if got := p.Apart(ids[0], ids[1]); got != want {
			t.Errorf("%s apart from %s: %v", ids[0], ids[1], got)
		}
	}
	w.teams[0].incomplete = "a page is missing"
	if compute(t, w).Apart("bo", "finance") {
		t.Error("bo may be on the page that is missing")
	}
}
