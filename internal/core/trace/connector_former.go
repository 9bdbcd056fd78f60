package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// What Guard's connector syncs carries no id that anybody may read. Whoever was renamed in Entra, and was not at Atlassian,
// is found by what the audit log says of the name before.

// former are names and addresses that an object of Entra bore by the audit log, the newest first.
func (t *Tracer) former(id string, properties ...string) []string {
	var out []string
	audits := t.w.AuditsOf(id)
	for _, a := range slices.Backward(audits) {
		if !slices.ContainsFunc(a.TargetResources, func(r document.Target) bool { return same(r.ID, id) }) {
			continue
		}
		for _, property := range properties {
			before, _, _ := facts.Changed(a, property)
			for name := range strings.SplitSeq(before, ", ") {
				if name = facts.Address(name); name != "" && !contains(out, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// formerAccount is the synced account that still has an address which the user had and nobody has now.
func (t *Tracer) formerAccount(user *document.User) string {
	for _, mail := range t.former(user.ID, "UserPrincipalName", "Mail") {
		if len(t.w.UsersByKey(mail)) > 0 {
			continue
		}
		if account := t.accountOf(mail); t.synchronized(account) {
			return account
		}
	}
	return ""
}

// synchronized tells whether an account is one that a provider syncs.
func (t *Tracer) synchronized(account string) bool {
	a, ok := t.w.Account(account)
	return ok && account != "" && document.Is(t.w.OrgUsers[a].ManagementSource, "synced")
}

// owned tells whether an account is that of a living user by an address of the past.
func (r *roll) owned(account string) bool {
	if r.formerly == nil {
		r.formerly = map[string]bool{}
		for i := range r.w.Users {
			if a := r.formerAccount(&r.w.Users[i]); a != "" {
				r.formerly[a] = true
			}
		}
	}
	return r.formerly[account]
}

// oldAddress names why the synced account has another address than the identifier gives: the connector passes over
// addresses of unverified domains, cannot give one that another account has, and writes at its next turn alone.
func (q *inquiry) oldAddress(o *document.OrgUser, want string) {
	ev := []Evidence{seen(document.OrgUsers, "account %s has %s", o.AccountID, o.Email), seen(document.Users, "the identifier gives %s", want)}
	q.mark(cause.HopDirectory, Fail, "address "+o.Email+", wanted "+want, ev[0])
	q.domain(want, ev[0])
	if q.proved(noGroup, cause.DomainNotVerified) {
		return
	}
	if slices.ContainsFunc(q.strangers(want), func(u *document.OrgUser) bool { return !same(u.AccountID, o.AccountID) }) {
		q.secondAccount(Wrong, want, attempt{})
		return
	}
	changed, known := q.changedFrom(o.Email)
	if !known {
		q.maybe(noGroup, document.DirectoryAudits, cause.CycleDelay)
	}
	if changed == nil {
		q.fail(cause.IdentityMismatched, Wrong, noGroup, o.Email+" at Atlassian, "+want+" in Entra",
			fmt.Sprintf("%s's account has %s, the connector's identifier gives %s.", q.name(), o.Email, want), values{"value": want, "account": o.AccountID, "other": o.Email}, ev...)
		return
	}
	since := seen(document.DirectoryAudits, "%s on %s, from %s", changed.ActivityDisplayName, moment(changed.ActivityDateTime.Time), o.Email)
	if age := q.now().Sub(changed.ActivityDateTime.Time); age >= 0 && age < q.w.Limits.ConnectorEvery {
		next := changed.ActivityDateTime.Add(q.w.Limits.ConnectorEvery)
		q.fail(cause.CycleDelay, Wrong, noGroup, "changed within the connector's interval",
			fmt.Sprintf("%s's address changed %s ago; the connector syncs every %s.", q.name(), span(age), span(q.w.Limits.ConnectorEvery)), values{"when": moment(next)}, since)
		return
	}
	q.consent(Wrong, noGroup)
	q.standstill()
	q.fail(cause.EmailChangeRefused, Wrong, noGroup, o.Email+" at Atlassian, "+want+" in Entra",
		fmt.Sprintf("%s's new address %s did not arrive; Atlassian still has %s.", q.name(), want, o.Email), values{"value": want, "account": o.AccountID, "domain": domainOf(want)}, append(ev, since)...)
}

// changedFrom is the newest audit entry by which the user lost an address.
func (q *inquiry) changedFrom(mail string) (entry *document.DirectoryAudit, known bool) {
	for _, a := range q.w.AuditsOf(q.p.user.ID) {
		for _, property := range []string{"UserPrincipalName", "Mail"} {
			before, _, _ := facts.Changed(a, property)
			for name := range strings.SplitSeq(before, ", ") {
				if name = facts.Address(name); name != "" && same(name, mail) {
					entry = a
				}
			}
		}
	}
	return entry, q.w.Has(document.DirectoryAudits)
}

// formerGroup finds the synced group under a name that the group had in Entra and no group has now. A synced group cannot
// be renamed, so the connector goes on filling it under the old name.
func (q *inquiry) formerGroup(s *groupState) bool {
	doc := &q.w.Groups[s.g]
	for _, name := range q.former(doc.ID, "DisplayName") {
		if len(q.w.GroupsByName(name)) > 0 {
			continue
		}
		for _, i := range q.w.OrgGroupsByName(name) {
			if !document.Is(q.w.OrgGroups[i].ExternalSynced, true) {
				continue
			}
			s.at, s.org = q.w.OrgGroups[i].Name, q.w.OrgGroupsByName(name)
			q.prove(cause.GroupRenamed, Wrong, noGroup, fmt.Sprintf("The group was renamed to %s in Entra; at Atlassian it is still %s.", s.name, s.at), values{"group": s.name, "other": s.at},
				seen(document.OrgGroups, "group %s, externalSynced true", s.at), seen(document.DirectoryAudits, "%s was called %s", s.name, name))
			return true
		}
	}
	return false
}

// standstill names what no call tells: whether the connector still syncs. There is no event and no message when its
// consent ends or somebody switches automatic syncing off.
func (q *inquiry) standstill() {
	if q.proved(noGroup, cause.ConnectorConsentLost) {
		return
	}
	const page = "Atlassian Administration › Security › Identity providers › your provider"
	q.alternatives = append(q.alternatives,
		Alternative{cause.ConnectorConsentLost, "the connector may have lost its consent without a trace in Entra's audit log: no call tells; its page shows when it synced last and whether it asks to sign in again: " + page},
		Alternative{cause.ProvisioningStopped, "automatic syncing may be switched off: no call tells; see " + page})
}

// unclaimed names what no call tells of a verified domain: whether one of its accounts is claimed.
func (q *inquiry) unclaimed(d string) {
	q.alternatives = append(q.alternatives, Alternative{cause.DomainNotVerified, "the domain " + d + " may be verified and not claimed, which the connector takes for not verified: no call tells. A managed account of anybody there shows that it is claimed: Atlassian Administration › Settings › Domains"})
}
