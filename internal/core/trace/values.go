package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// bore tells whether the audit log shows that the user once had this name or address.
func (q *inquiry) bore(name string) bool {
	for _, a := range q.w.AuditsOf(q.p.user.ID) {
		for _, property := range []string{"UserPrincipalName", "Mail", "ProxyAddresses"} {
			if before, _, ok := facts.Changed(a, property); ok && name != "" && strings.Contains(facts.Fold(before), facts.Fold(name)) {
				return true
			}
		}
	}
	return false
}

// oldValues judges the record's name and address. Without the tenant's schema any address of the user will do,
// since default mappings differ; with it, the mapped values are wanted.
func (q *inquiry) oldValues(a attempt) {
	rec := q.record()
	wantName, wantMail := q.p.mapped.UserName(), q.p.mapped.Email()
	fits := func(have, want string, known bool) bool {
		if have == "" || want == "" || !known || strings.EqualFold(have, want) {
			return true
		}
		// A guest's name is cut by Entra in ways that changed over the years, so any address of theirs will do.
		return (!q.rules.Known || guest(q.p.user)) && contains(q.addresses(), have)
	}
	if !q.p.user.Mail.Known && !q.rules.Known {
		return // the address was not read, so any value may be right
	}
	badName, badMail := !fits(rec.UserName, q.p.userName, wantName.Known), !fits(rec.Email(), q.p.email, wantMail.Known)
	if !badName && !badMail {
		mended := a.record != nil && strings.EqualFold(a.record.Action, "create") && same(rec.UserName, q.p.userName)
		if a.known && a.record != nil && a.kind != noFailure && !mended {
			q.attemptFailed(Wrong, a) // the values will do, but something of the user does not get through
			if !same(rec.UserName, q.p.userName) {
				q.renamed(a, []Evidence{seen(document.ScimUsers, "record %s: userName %s", rec.ID, rec.UserName), seen(document.Users, "the mapping gives %s", q.p.userName)})
			}
		}
		return
	}
	what, have, want := "userName", rec.UserName, q.p.userName
	if badMail {
		what, have, want = "address", rec.Email(), q.p.email
	}
	ev := []Evidence{seen(document.ScimUsers, "record %s: %s %s", rec.ID, what, have), seen(document.Users, "the mapping gives %s", want)}
	q.mark(cause.HopDirectory, Fail, fmt.Sprintf("%s %s, wanted %s", what, have, want), ev...)
	if same(rec.ExternalID, q.p.user.ID) && guest(q.p.user) && q.fromUPN() && !badMail {
		q.fail(cause.GuestUser, Wrong, noGroup, "a guest with a mangled name", fmt.Sprintf("%s is a guest, and the record carries a name made of the guest's user principal name.", q.name()), values{"value": rec.UserName}, ev...)
	}
	q.attemptFailed(Wrong, a)
	q.renamed(a, ev)
	if q.p.account != "" {
		q.refusedByManage(want)
	}
	if q.w.Has(document.ScimUsers) && !q.proved(noGroup, cause.StaleScimRecord) {
		q.staleRecord(Wrong, want, attempt{})
	}
	if q.entra() {
		changed := q.changedAt()
		if changed.IsZero() && !q.w.Has(document.DirectoryAudits) {
			q.maybe(noGroup, document.DirectoryAudits, cause.CycleDelay, cause.RenamedUser)
		}
		q.jobHinders(Wrong, noGroup, changed)
		q.updateDisabled()
	}
	q.awaits(change{verdict: Wrong, group: noGroup, kind: plan.KindUser, id: q.p.user.ID, what: "the " + what + " of " + q.name()})
	if same(rec.ExternalID, q.p.user.ID) {
		for _, f := range []document.File{document.Manage, document.OrgUsers} {
			if !q.w.Has(f) {
				q.maybe(noGroup, f, cause.EmailChangeRefused)
			}
		}
	}
	q.fail(cause.IdentityMismatched, Wrong, noGroup, fmt.Sprintf("%s at Atlassian, %s by the mapping", have, want),
		fmt.Sprintf("%s's record carries %s, the mapping gives %s.", q.name(), have, want), values{"value": want, "record": rec.ID, "other": have}, ev...)
}

// renamed proves that the user got a new name which the old record does not carry, and that the service tried to
// create a new record instead of changing the old one.
func (q *inquiry) renamed(a attempt, ev []Evidence) {
	rec := q.record()
	if !same(rec.ExternalID, q.p.user.ID) {
		return
	}
	triedNew := a.record != nil && a.kind != noFailure && strings.EqualFold(a.record.Action, "create")
	if !triedNew {
		return
	}
	q.fail(cause.RenamedUser, Wrong, noGroup, "renamed; Entra tries to create a second record",
		fmt.Sprintf("%s was renamed; Entra looks for the new name, does not find the old record and fails to create a new one.", q.name()), values{"record": rec.ID, "value": rec.UserName},
		append(ev, recordSeen(a.record))...)
}

// refusedByManage proves that Atlassian does not let the address be changed.
func (q *inquiry) refusedByManage(want string) {
	m, ok := q.w.Manage[facts.Fold(q.p.account)]
	if !ok {
		return
	}
	if oneOf(m.ErrorKey, "forbidden.unclaimedDomain", "forbidden.targetUnverified") {
		q.fail(cause.EmailChangeRefused, Wrong, noGroup, "the change of the address was refused",
			fmt.Sprintf("%s's new address %s was refused by Atlassian (%s).", q.name(), want, m.ErrorKey), values{"value": want, "account": q.p.account},
			seen(document.Manage, "account %s: %s", q.p.account, m.ErrorKey))
	}
}

// changedAt is when the user's name or address last changed, as far as the audit log tells.
func (q *inquiry) changedAt() (last time.Time) {
	for _, a := range q.w.AuditsOf(q.p.user.ID) {
		if !strings.EqualFold(a.ActivityDisplayName, "Update user") {
			continue
		}
		for _, property := range []string{"UserPrincipalName", "Mail", "ProxyAddresses"} {
			if _, _, ok := facts.Changed(a, property); ok && a.ActivityDateTime.After(last) {
				last = a.ActivityDateTime.Time
			}
		}
	}
	return last
}

// twoAccounts proves that one person has two accounts, one for each of two addresses.
func (q *inquiry) twoAccounts() {
	u, held := q.p.user, ""
	switch rec := q.record(); {
	case rec != nil:
		held = rec.Email()
	case q.guard() && q.p.org != nil:
		held = q.p.org.Email
	}
	if !q.w.Has(document.OrgUsers) || held == "" || q.p.account == "" {
		return
	}
	addresses, code, which := []string{u.Mail.Value, u.UserPrincipalName}, cause.IdentityMismatched, "two accounts, one for mail and one for the user principal name"
	if guest(u) {
		if !external(u) {
			return
		}
		addresses, code, which = addresses[1:], cause.GuestUser, "a guest with two accounts, one for the user principal name"
	}
	for _, mail := range addresses {
		if mail == "" || same(mail, held) {
			continue
		}
		for _, i := range q.w.AccountsByEmail(mail) {
			o := &q.w.OrgUsers[i]
			if same(o.AccountID, q.p.account) || o.AccountStatus == "inactive" || o.AccountStatus == "closed" || o.AccountType == "app" || q.ofStaleRecord(o.AccountID) || len(q.w.ScimByAccount(o.AccountID)) > 0 {
				continue
			}
			q.fail(code, Wrong, noGroup, which,
				fmt.Sprintf("%s has two accounts: %s is provisioned, %s is another one.", q.name(), held, o.Email), values{"value": mail, "other": o.AccountID, "account": q.p.account},
				seen(document.Users, "mail %s, userPrincipalName %s", orElse(u.Mail.Value, "none"), u.UserPrincipalName),
				seen(document.OrgUsers, "account %s has %s, account %s has %s", q.p.account, held, o.AccountID, o.Email))
			return
		}
	}
}
