package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// policy judges hop 9: is the account in the authentication policy that one of its groups should give it?
func (q *inquiry) policy(r reach) {
	expected := q.w.Bundle.Connection.ExpectedPolicies
	var wanted []string
	through := map[string]string{}
	for _, wy := range r.ways {
		name := q.w.Groups[wy.group].DisplayName
		if id := expected[name]; id != "" && !slices.Contains(wanted, id) {
			wanted = append(wanted, id)
			through[id] = name
		}
	}
	if len(wanted) == 0 || q.p.account == "" || !q.personThere() {
		return
	}
	have, ok := q.w.Policies[facts.Fold(q.p.account)]
	switch {
	case !q.w.Has(document.AuthPolicies) || !ok:
		q.unknownHop(cause.HopPolicy, document.AuthPolicies, "the authentication policy was not read")
	case slices.ContainsFunc(wanted, func(id string) bool { return same(id, have.PolicyID) }):
		q.mark(cause.HopPolicy, Pass, "in "+orElse(have.Name, have.PolicyID), seen(document.AuthPolicies, "account %s: %s", q.p.account, orElse(have.Name, have.PolicyID)))
	default:
		q.fail(cause.WrongAuthenticationPolicy, Wrong, noGroup, "in "+orElse(have.Name, have.PolicyID)+", expected "+q.policyName(wanted[0]),
			fmt.Sprintf("%s is in the policy %q, expected %s through %s.", q.name(), orElse(have.Name, have.PolicyID), q.policyName(wanted[0]), through[wanted[0]]),
			values{"policy": q.policyName(wanted[0]), "group": through[wanted[0]], "other": orElse(have.Name, have.PolicyID), "account": q.p.account},
			seen(document.AuthPolicies, "account %s: policy %s (%s), expected %s", q.p.account, have.PolicyID, have.Name, wanted[0]))
	}
}

// policyName is the name of a policy, as any account in it tells.
func (t *Tracer) policyName(id string) string {
	if t.policyNames == nil {
		t.policyNames = map[string]string{}
		for _, p := range t.w.Policies {
			// Of several names the first by the alphabet: a map has no order of its own.
			if have := t.policyNames[facts.Fold(p.PolicyID)]; p.Name != "" && (have == "" || p.Name < have) {
				t.policyNames[facts.Fold(p.PolicyID)] = p.Name
			}
		}
	}
	if n := t.policyNames[facts.Fold(id)]; n != "" {
		return fmt.Sprintf("%q", n)
	}
	return id
}
