package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// scoping judges hop 3: do the scoping filters of the tenant's own schema let the user through?
func (q *inquiry) scoping() outcome {
	if q.guard() {
		q.mark(cause.HopScope, Skipped, "")
		return proven
	}
	f := q.filterFile()
	if !q.rules.Known {
		if !q.w.Has(document.SynchronizationRule) {
			q.mark(cause.HopScope, NotKnown, "scoping filters were not read", q.notRead(document.SynchronizationRule))
			return unknown
		}
		q.mark(cause.HopScope, Skipped, "")
		return proven
	}
	result := q.userFilter.Evaluate(q.p.user.AttributeOf(q.told))
	if result.Outcome == scope.Pass || len(result.Groups) == 0 {
		if off := q.mappedInactive(); off != proven {
			return off
		}
	}
	if len(result.Groups) == 0 {
		q.mark(cause.HopScope, Pass, "no scoping filter", seen(f, "no scoping filter on users"))
		return proven
	}
	if result.Outcome == scope.Pass {
		q.pass(cause.HopScope, func() (string, []Evidence) { return "the scoping filter lets the user through", q.clausesSeen(result) })
		return proven
	}
	ev := q.clausesSeen(result)
	if result.Outcome == scope.Unknown {
		q.mark(cause.HopScope, NotKnown, "the scoping filter could not be evaluated", ev...)
		q.found = append(q.found, &finding{code: cause.ScopingFilter, state: unknown, hop: cause.HopScope, group: noGroup, tell: "Entra admin center › Provision on demand shows each clause with its value"})
		return unknown
	}
	q.fail(cause.ScopingFilter, Missing, noGroup, failedClause(result), fmt.Sprintf("A scoping filter keeps %s out: %s.", q.name(), failedClause(result)), nil, ev...)
	return refuted
}

// mappedInactive asks whether rollcall's own rules let the user be active: it creates nobody to be inactive, and
// deactivates whom they do not.
func (q *inquiry) mappedInactive() outcome {
	active := q.p.mapped.Active()
	if q.own == nil || active.From == "" {
		return proven
	}
	switch {
	case !active.Known || active.Err != nil:
		q.mark(cause.HopScope, NotKnown, "what the mapping of active gives could not be computed", Evidence{string(q.filterFile()), active.Why})
		q.found = append(q.found, &finding{code: cause.ScopingFilter, state: unknown, hop: cause.HopScope, group: noGroup, tell: "the mapping of active: " + active.Why})
		return unknown
	case !strings.EqualFold(active.Text, "False"):
		return proven
	}
	q.fail(cause.ScopingFilter, Missing, noGroup, "the mapping of active gives False",
		fmt.Sprintf("The rules say that %s is not active: active ← %s.", q.name(), active.From), values{"value": active.From}, seen(q.filterFile(), "active ← %s = False", active.From))
	q.found[len(q.found)-1].fix = []string{
		"Correct in Entra what the expression reads, if the person should work: " + active.From,
		"Or change it in rollcall.yaml (`map` › active), and see with `rollcall plan` who would appear",
	}
	return refuted
}

// filterFile is the document in which the scoping filters of users stand.
func (t *Tracer) filterFile() document.File {
	if own := t.w.OwnRules; t.own != nil && own != nil && (len(own.Filters) > 0 || len(own.Schema) > 0 || t.w.Schema == nil) {
		return document.OwnRulesFile
	}
	return document.SynchronizationRule
}

func (t *Tracer) clausesSeen(result scope.Result) []Evidence {
	var ev []Evidence
	for _, g := range result.Groups {
		for _, c := range g.Clauses {
			value := "value " + orElse(quoteValue(c.Actual), "empty")
			if c.Outcome == scope.Unknown {
				value = c.Reason
			}
			ev = append(ev, seen(t.filterFile(), "%s: %s (%s)", c.Text, c.Outcome, value))
		}
	}
	return ev
}

func quoteValue(s string) string {
	if s == "" || s == "null" {
		return s
	}
	return "'" + s + "'"
}

func failedClause(result scope.Result) string {
	for _, c := range result.Failing() {
		return fmt.Sprintf("%s, but the value is %s", c.Text, orElse(quoteValue(c.Actual), "empty"))
	}
	return "no filter lets the user through"
}

// mappingHop judges hop 4: do the mapped values exist, are they valid, does nobody else map to the same ones?
// A record that is there proves that its values were good enough.
func (q *inquiry) mappingHop() {
	if q.proved(noGroup, cause.RequiredAttributeMissing, cause.MappingError, cause.AmbiguousMatch, cause.IdentityMismatched, cause.RenamedUser, cause.GuestUser, cause.CaseDifference, cause.EmailChangeRefused) {
		return // marked where it was found
	}
	name, mail := q.p.mapped.UserName(), q.p.mapped.Email()
	if !name.Known && !mail.Known {
		q.mark(cause.HopMapping, NotKnown, "the mapped values are not known", q.notRead(document.Users))
		return
	}
	q.pass(cause.HopMapping, func() (string, []Evidence) {
		return fmt.Sprintf("userName %s, email %s", orElse(q.p.userName, "empty"), orElse(q.p.email, "empty")),
			[]Evidence{seen(document.Users, "userName ← %s = %s; email ← %s = %s", name.From, orElse(q.p.userName, "empty"), mail.From, orElse(q.p.email, "empty"))}
	})
}

// mappingFaults proves that a value which Atlassian requires is missing or that the mapping cannot work.
func (q *inquiry) mappingFaults(v Verdict) {
	for _, f := range q.rules.User.Faults(q.p.mapped) {
		switch f.Kind {
		case mapping.Missing:
			from := q.p.mapped.Values[f.Target].From
			q.fail(cause.RequiredAttributeMissing, v, noGroup, f.Target+" has no value",
				fmt.Sprintf("%s has no value for %s, which Atlassian requires.", q.name(), f.Target), values{"value": f.Target},
				seen(document.Users, "%s ← %s: empty", f.Target, orElse(from, "mapping")))
			if q.entra() && !q.w.Has(document.SynchronizationRule) {
				q.alternatives = append(q.alternatives, Alternative{cause.RecordMissing, "the tenant's own mapping may fill " + f.Target + " from another attribute: " + q.tell(document.SynchronizationRule)})
			}
			q.staleUser()
		case mapping.Invalid, mapping.Error:
			q.fail(cause.MappingError, v, noGroup, f.Text, fmt.Sprintf("The attribute mapping gives %s a value for %s that Atlassian cannot take: %s.", q.name(), f.Target, f.Text), values{"value": f.Target},
				seen(document.Users, "%s", f.Text))
		case mapping.Unknown:
			q.found = append(q.found, &finding{code: cause.RequiredAttributeMissing, state: unknown, hop: cause.HopMapping, group: noGroup, tell: f.Text})
		}
	}
	if attribute, bad := q.rules.User.MatchingFault(); bad && q.rules.Known {
		q.fail(cause.MappingError, v, noGroup, "matching on "+attribute+" cannot work",
			fmt.Sprintf("Users are matched on %s, which Atlassian cannot search.", attribute), values{"value": attribute},
			seen(document.SynchronizationRule, "matching on %s; Atlassian filters on userName and externalId only", attribute))
	}
}

// ambiguous proves that another user in scope maps to the same userName or address.
func (q *inquiry) ambiguous(v Verdict) {
	for _, key := range []string{q.p.userName, q.p.email} {
		if key == "" {
			continue
		}
		for _, other := range q.w.UsersByKey(key) {
			u := &q.w.Users[other]
			if other == q.p.ord || document.Is(u.AccountEnabled, false) {
				continue
			}
			m := q.rules.User.Map(u.AttributeOf(q.told), false)
			if !same(m.UserName().Text, key) && !same(m.Email().Text, key) {
				continue
			}
			if !q.inScope(other, u.ID) {
				if !q.scopeKnown || !q.w.Has(document.Groups) {
					q.maybe(noGroup, q.scopeFile(), cause.AmbiguousMatch)
				}
				continue
			}
			q.fail(cause.AmbiguousMatch, v, noGroup, "another user maps to "+key,
				fmt.Sprintf("%s and %s both map to %s.", q.name(), orElse(u.DisplayName, u.UserPrincipalName), key), values{"value": key, "other": u.UserPrincipalName},
				seen(document.Users, "%s and %s both map to %s", q.p.user.UserPrincipalName, u.UserPrincipalName, key))
			return
		}
	}
}

// staleUser proves that what the user lacks waits in the on-premises directory.
func (q *inquiry) staleUser() {
	u := q.p.user
	if stale, fact := q.staleOnPremises(u.OnPremisesSyncEnabled, u.OnPremisesLastSyncDateTime, u.OnPremisesProvisioningErrors, document.Users); stale && !q.proved(noGroup, cause.OnPremisesSyncStale) {
		q.stale(q.name(), noGroup, fact)
	}
}

// inScope tells whether the method provisions a user, without words.
func (t *Tracer) inScope(ord uint32, id string) bool {
	if t.syncAll == proven {
		return true
	}
	r := t.reachOf(ord, id)
	if r.assigned {
		return true
	}
	return slices.ContainsFunc(r.ways, t.carries)
}

// addresses are all that the user may be known by: what the mapping gives, and every address of the source.
func (q *inquiry) addresses() []string {
	u := q.p.user
	out := []string{q.p.email, q.p.userName, u.Mail.Value, u.UserPrincipalName}
	for _, p := range u.ProxyAddresses {
		out = append(out, facts.Address(p))
	}
	return out
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l != "" && strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}
