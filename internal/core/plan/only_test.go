package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	if d := cmp.Diff([]string{"bo@x.example: hm"}, bo.Notes([]string{"ada@x.example: hm", "bo@x.example: hm"})); d != "" {
		t.Error(d)
	}
}
