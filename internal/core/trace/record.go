package trace

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
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
	q.doubled()
	if !q.proved(noGroup, cause.RenamedUser, cause.AmbiguousMatch) {
		q.oldValues(a)
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
	q.awaits(change{verdict: Wrong, group: noGroup, kind: plan.KindUser, id: q.p.user.ID, what: q.name() + "'s record"})
	q.fail(cause.AccountDeactivated, Wrong, noGroup, "the record is not active",
		fmt.Sprintf("%s is enabled in Entra, but the SCIM record is not active, so the account is deactivated.", q.name()), values{"record": rec.ID, "account": q.p.account},
		seen(document.ScimUsers, "record %s: active false", rec.ID))
	q.mark(cause.HopDirectory, Fail, "not active", seen(document.ScimUsers, "record %s: active false", rec.ID))
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
func (q *inquiry) doubled() {
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

// linked proves that the record is linked to no account.
func (q *inquiry) linked(rec *document.ScimUser) {
	if q.p.account != "" && q.p.linkKnown || !q.p.linkKnown {
		return
	}
	mail := orElse(rec.Email(), rec.UserName)
	ev := seen(document.ScimUsers, "record %s: no atlassianAccountId", rec.ID)
	q.mark(cause.HopDirectory, Fail, "linked to no account", ev)
	q.domain(mail, ev)
	if !q.w.Has(document.OrgUsers) {
		q.maybe(noGroup, document.OrgUsers, cause.HeldByOtherDirectory, cause.ManagedByOtherOrganization)
	}
	q.linkedElsewhere(Wrong, mail)
	q.foreignAccount(Wrong, mail)
	q.fail(cause.AccountUnlinked, Wrong, noGroup, "the record is linked to no account",
		fmt.Sprintf("%s's SCIM record is linked to no Atlassian account.", q.name()), values{"record": rec.ID, "value": mail}, ev)
}
