package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// recordThere judges hop 6 where the user has a record: active, the wanted values, one record only, linked.
func (q *inquiry) recordThere(r reach, a attempt) {
	rec := q.record()
	q.pass(cause.HopDirectory, func() (string, []Evidence) {
		return fmt.Sprintf("record %s, %s", rec.ID, activeWord(rec)),
			[]Evidence{seen(document.ScimUsers, "record %s: userName %s, %s, %s", rec.ID, rec.UserName, orElse(rec.Email(), "no address"), activeWord(rec))}
	})
	q.wrongCase(rec)
	if !rec.IsActive() {
		q.inactive(r, a)
	}
	q.doubled(a)
	if !q.proved(noGroup, cause.RenamedUser, cause.AmbiguousMatch) {
		q.oldValues(r, a)
	}
	q.twoAccounts()
	q.linked(rec)
}

func activeWord(r *document.ScimUser) string {
	if r.IsActive() {
		return "active"
	}
	return "not active"
}

// wrongCase proves that the record answers to the user's id only when case is ignored: Guard compares externalId
// to the letter (atlassian.md 1.7).
func (q *inquiry) wrongCase(rec *document.ScimUser) {
	if !q.p.byCase {
		return
	}
	q.fail(cause.CaseDifference, Wrong, noGroup, "externalId differs in case",
		fmt.Sprintf("%s's record carries the externalId in other case, so Entra does not find it.", q.name()), values{"record": rec.ID, "value": rec.ExternalID},
		seen(document.ScimUsers, "externalId %s", rec.ExternalID), seen(document.Users, "id %s", q.p.user.ID))
}

// inactive names why the record of an enabled user in scope is not active.
func (q *inquiry) inactive(r reach, a attempt) {
	rec := q.record()
	q.attemptFailed(Wrong, a)
	if q.entra() {
		c := q.enteredAt(r)
		if !c.known && q.job.known && q.job.ill == "" {
			q.maybe(noGroup, document.DirectoryAudits, cause.CycleDelay)
		}
		q.jobHinders(Wrong, noGroup, c.entered)
		q.updateDisabled()
	}
	q.fail(cause.AccountDeactivated, Wrong, noGroup, "the record is not active",
		fmt.Sprintf("%s is enabled in Entra, but the SCIM record is not active, so the account is deactivated.", q.name()), values{"record": rec.ID, "account": q.p.account},
		seen(document.ScimUsers, "record %s: active false", rec.ID))
	q.mark(cause.HopDirectory, Fail, "not active", seen(document.ScimUsers, "record %s: active false", rec.ID))
}

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

func (q *inquiry) updateDisabled() {
	if !q.w.Has(document.SynchronizationRule) {
		q.maybe(noGroup, document.SynchronizationRule, cause.ObjectTypeDisabled)
	} else if q.rules.Known && (!q.rules.User.Enabled || !q.rules.User.Update) {
		q.fail(cause.ObjectTypeDisabled, Wrong, noGroup, "updating users is switched off", "Updating users is switched off in the attribute mappings.", nil,
			seen(document.SynchronizationRule, "object mapping for User: no Update"))
	}
}

// doubled proves that several records are this user's: renamed, or matched twice.
func (q *inquiry) doubled(a attempt) {
	var byID []*document.ScimUser
	for _, r := range q.p.records {
		if same(q.w.ScimUsers[r].ExternalID, q.p.user.ID) {
			byID = append(byID, &q.w.ScimUsers[r])
		}
	}
	if len(byID) == 0 || len(q.p.records) < 2 {
		return
	}
	current, old := -1, -1
	for i, r := range q.p.records {
		rec := &q.w.ScimUsers[r]
		switch {
		case same(rec.UserName, q.p.userName) || same(rec.Email(), q.p.email):
			current = i
		case !contains(q.addresses(), rec.UserName):
			old = i
		case old < 0 && same(rec.ExternalID, q.p.user.ID):
			old = i
		}
	}
	if current >= 0 && old >= 0 && len(byID) > 1 && !q.w.Has(document.DirectoryAudits) {
		q.maybe(noGroup, document.DirectoryAudits, cause.RenamedUser)
	}
	if current >= 0 && old >= 0 && (len(byID) == 1 || q.bore(q.w.ScimUsers[q.p.records[old]].UserName)) {
		was, is := &q.w.ScimUsers[q.p.records[old]], &q.w.ScimUsers[q.p.records[current]]
		q.fail(cause.RenamedUser, Wrong, noGroup, "two records, one with the old name",
			fmt.Sprintf("%s was renamed and now has two records: the old one as %s and a new one as %s.", q.name(), was.UserName, is.UserName), values{"record": was.ID, "other": is.ID, "value": was.UserName},
			seen(document.ScimUsers, "record %s: userName %s, externalId %s", was.ID, was.UserName, orElse(was.ExternalID, "none")),
			seen(document.ScimUsers, "record %s: userName %s, externalId %s", is.ID, is.UserName, orElse(is.ExternalID, "none")))
		return
	}
	if len(byID) > 1 {
		q.fail(cause.AmbiguousMatch, Wrong, noGroup, "two records with one externalId",
			fmt.Sprintf("%s has %s with the same externalId.", q.name(), plural(len(byID), "record")), values{"record": byID[0].ID, "other": byID[1].ID, "value": q.p.user.ID},
			seen(document.ScimUsers, "records %s and %s both have externalId %s", byID[0].ID, byID[1].ID, q.p.user.ID))
	}
}

// oldValues judges the record's name and address. Without the tenant's schema any address of the user will do,
// since default mappings differ; with it, the mapped values are wanted.
func (q *inquiry) oldValues(r reach, a attempt) {
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
		if a.known && a.record != nil && a.kind != noFailure {
			q.attemptFailed(Wrong, a) // the values are right, but something of the user does not get through
		}
		return
	}
	what, have, want := "userName", rec.UserName, q.p.userName
	if badMail {
		what, have, want = "address", rec.Email(), q.p.email
	}
	ev := []Evidence{seen(document.ScimUsers, "record %s: %s %s", rec.ID, what, have), seen(document.Users, "the mapping gives %s", want)}
	q.mark(cause.HopDirectory, Fail, fmt.Sprintf("%s %s, wanted %s", what, have, want), ev...)
	if same(rec.ExternalID, q.p.user.ID) && guest(q.p.user) && strings.Contains(strings.ToUpper(q.p.user.UserPrincipalName), "#EXT#") && q.fromUPN() && !badMail {
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
	u, rec := q.p.user, q.record()
	if !q.w.Has(document.OrgUsers) || rec == nil || q.p.account == "" || guest(u) {
		return
	}
	for _, mail := range []string{u.Mail.Value, u.UserPrincipalName} {
		if mail == "" || same(mail, rec.Email()) {
			continue
		}
		for _, i := range q.w.AccountsByEmail(mail) {
			o := &q.w.OrgUsers[i]
			if same(o.AccountID, q.p.account) || o.AccountStatus == "inactive" || o.AccountStatus == "closed" || o.AccountType == "app" || q.ofStaleRecord(o.AccountID) || len(q.w.ScimByAccount(o.AccountID)) > 0 {
				continue
			}
			q.fail(cause.IdentityMismatched, Wrong, noGroup, "two accounts, one for mail and one for the user principal name",
				fmt.Sprintf("%s has two accounts: %s is provisioned, %s is another one.", q.name(), rec.Email(), o.Email), values{"value": mail, "other": o.AccountID, "account": q.p.account},
				seen(document.Users, "mail %s, userPrincipalName %s", orElse(u.Mail.Value, "none"), u.UserPrincipalName),
				seen(document.OrgUsers, "account %s has %s, account %s has %s", q.p.account, rec.Email(), o.AccountID, o.Email))
			return
		}
	}
}

// linked proves that the record is linked to no account.
func (q *inquiry) linked(rec *document.ScimUser) {
	if q.p.account != "" && q.p.linkKnown || !q.p.linkKnown {
		return
	}
	mail := orElse(rec.Email(), rec.UserName)
	ev := seen(document.ScimUsers, "record %s: no atlassianAccountId", rec.ID)
	q.mark(cause.HopDirectory, Fail, "linked to no account", ev)
	q.domain(mail, ev)
	q.fail(cause.AccountUnlinked, Wrong, noGroup, "the record is linked to no account",
		fmt.Sprintf("%s's SCIM record is linked to no Atlassian account.", q.name()), values{"record": rec.ID, "value": mail}, ev)
}
