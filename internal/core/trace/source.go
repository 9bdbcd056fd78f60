package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// source judges hop 1: is the user there in Entra, enabled, not deleted? It tells whether the rest of the way
// is worth walking.
func (q *inquiry) source() (goOn bool) {
	w, p := q.w, &q.p
	switch {
	case p.user != nil:
		return q.enabled()
	case p.deleted != nil && !w.Has(document.Users):
		q.unknownHop(cause.HopSource, document.Users, "among the deleted users; whether somebody has the name again was not read")
		return false
	case p.deleted != nil:
		d := p.deleted
		ev := seen(document.DeletedUsers, "%s was deleted %s", d.UserPrincipalName, day(d.DeletedDateTime.Time))
		q.leaver(cause.SourceDeleted, "deleted in Entra", fmt.Sprintf("%s was deleted in Entra on %s.", q.name(), day(d.DeletedDateTime.Time)), ev)
		return false
	case !w.Has(document.Users):
		q.unknownHop(cause.HopSource, document.Users, "Entra's users were not read")
		return false
	}
	rec := q.record()
	if a := q.deletion(); a != nil {
		ev := seen(document.DirectoryAudits, "%s on %s", a.ActivityDisplayName, moment(a.ActivityDateTime.Time))
		if q.forgotten(a) {
			q.mark(cause.HopSource, Fail, "deleted for good", ev)
			q.orphaned(rec, ev)
			return false
		}
		if w.Has(document.DeletedUsers) && !q.activeThere() {
			q.fail(cause.NotInSource, Missing, noGroup, "deleted in Entra for good",
				fmt.Sprintf("%s was deleted in Entra on %s, and cannot be restored any more.", q.name(), day(a.ActivityDateTime.Time)), nil, ev, seen(document.DeletedUsers, "not among the deleted users"))
			return false
		}
		q.leaver(cause.SourceDeleted, "deleted in Entra", fmt.Sprintf("%s was deleted in Entra on %s.", q.name(), day(a.ActivityDateTime.Time)), ev)
		return false
	}
	if !w.Has(document.Groups) && rec == nil && p.org == nil && !strings.Contains(q.asked, "@") {
		q.unknownHop(cause.HopSource, document.Groups, "no user of that name; groups were not read")
		return false
	}
	if rec == nil && p.org == nil && !q.guard() && !w.Has(document.ScimUsers) && !strings.Contains(q.asked, "@") {
		q.unknownHop(cause.HopSource, document.ScimUsers, "not in Entra by that name or id; the Guard directory was not read")
		return false
	}
	if rec == nil && p.org == nil {
		if !w.Has(document.DeletedUsers) {
			q.alternatives = append(q.alternatives, Alternative{cause.SourceDeleted, "deleted in the last 30 days: " + q.tell(document.DeletedUsers)})
		}
		if f := q.targetFile(); !w.Has(f) {
			q.alternatives = append(q.alternatives, Alternative{cause.OrphanedRecord, "still active at Atlassian: " + q.tell(f)})
		}
		q.fail(cause.NotInSource, Missing, noGroup, "not in Entra", fmt.Sprintf("%s is not in Entra.", q.name()), nil,
			seen(document.Users, "no user with that user principal name, mail, proxy address, id or display name among %d", w.Totals[document.Users]))
		return false
	}
	if !w.Has(document.DeletedUsers) {
		q.unknownHop(cause.HopSource, document.DeletedUsers, "not among Entra's users; deleted users were not read")
		q.maybe(noGroup, document.DeletedUsers, cause.SourceDeleted, cause.OrphanedRecord, cause.NotInSource)
		return false
	}
	if rec == nil && !q.guard() && !w.Has(document.ScimUsers) {
		q.unknownHop(cause.HopSource, document.ScimUsers, "not in Entra; the Guard directory was not read")
		q.maybe(noGroup, document.ScimUsers, cause.OrphanedRecord, cause.NotInSource)
		return false
	}
	ev := seen(document.Users, "no user with that name, address or id; not among the deleted users either")
	if q.guard() && q.activeThere() {
		q.mark(cause.HopSource, Fail, "not in Entra", ev)
		q.fail(cause.OrphanedRecord, Extra, noGroup, "the account is synced and active, but nobody's", fmt.Sprintf("%s is active at Atlassian but is no longer in Entra.", q.name()),
			values{"account": p.account}, seen(document.OrgUsers, "account %s: active, synced", p.account))
		return false
	}
	if q.ours(rec) { // the log does not reach back to the deletion, rollcall's link does
		q.leaver(cause.NotInSource, "not in Entra", fmt.Sprintf("%s is no longer in Entra.", q.name()), ev)
		return false
	}
	if rec != nil && rec.IsActive() && rec.ExternalID != "" {
		q.mark(cause.HopSource, Fail, "not in Entra", ev)
		q.orphaned(rec)
		return false
	}
	q.fail(cause.NotInSource, Missing, noGroup, "not in Entra", fmt.Sprintf("%s is known at Atlassian only, not in Entra.", q.name()), nil, ev)
	return false
}

// ours tells whether a record is one that rollcall made or adopted: its next run sees to it.
func (q *inquiry) ours(rec *document.ScimUser) bool {
	return q.own != nil && rec != nil && slices.ContainsFunc(q.w.OwnLinks, func(l document.OwnLink) bool { return l.Kind == plan.KindUser && l.Target == rec.ID })
}

// forgotten tells whether somebody whom the audit log calls deleted is not even among the deleted any more, and Entra's
// service has had its cycle since and left the record active: nothing will look at it again.
func (q *inquiry) forgotten(deleted *document.DirectoryAudit) bool {
	rec := q.record()
	return q.entra() && q.w.Has(document.DeletedUsers) && rec != nil && rec.IsActive() && rec.ExternalID != "" &&
		q.job.ill == "" && q.job.lastBegan.After(deleted.ActivityDateTime.Time)
}

func (q *inquiry) orphaned(rec *document.ScimUser, more ...Evidence) {
	q.fail(cause.OrphanedRecord, Extra, noGroup, "the record is active, its externalId is nobody's",
		fmt.Sprintf("%s is active at Atlassian but is no longer in Entra.", q.name()), values{"record": rec.ID},
		append(more, seen(document.ScimUsers, "record %s, externalId %s, active", rec.ID, rec.ExternalID))...)
}

func (q *inquiry) enabled() bool {
	u := q.p.user
	if !u.AccountEnabled.Known {
		q.mark(cause.HopSource, NotKnown, "in Entra; accountEnabled was not read", Evidence{q.w.Call(document.Users), "accountEnabled was not selected"})
		return true
	}
	if u.AccountEnabled.Value {
		q.pass(cause.HopSource, func() (string, []Evidence) {
			summary := "enabled"
			if !u.CreatedDateTime.IsZero() {
				summary = "enabled, created " + day(u.CreatedDateTime.Time)
			}
			return summary, []Evidence{seen(document.Users, "accountEnabled true, userType %s", orElse(u.UserType, "not told"))}
		})
		return true
	}
	ev := seen(document.Users, "accountEnabled false")
	if stale, fact := q.staleOnPremises(u.OnPremisesSyncEnabled, u.OnPremisesLastSyncDateTime, u.OnPremisesProvisioningErrors, document.Users); stale {
		q.prove(cause.OnPremisesSyncStale, Missing, noGroup, fmt.Sprintf("%s is disabled in Entra, but the synchronization from on-premises stands still.", q.name()), nil, fact)
	}
	q.leaver(cause.SourceDisabled, "disabled in Entra", fmt.Sprintf("%s is disabled in Entra.", q.name()), ev)
	return false
}

// leaver judges a user who should not be active at the target: missing by right, or extra where the record is
// still active.
func (q *inquiry) leaver(c cause.Code, hopSummary, summary string, ev Evidence) {
	rec := q.record()
	if !q.activeThere() {
		q.orStillActive()
		q.fail(c, Missing, noGroup, hopSummary, summary, nil, ev)
		if rec != nil {
			q.mark(cause.HopDirectory, Pass, "the record is inactive, as it should be", seen(document.ScimUsers, "record %s, active false", rec.ID))
		}
		return
	}
	q.mark(home(c), Fail, hopSummary, ev)
	q.stillActive(summary)
}

// orStillActive says beside an answer that the person may be active at the target, where that was not read.
func (q *inquiry) orStillActive() {
	if o := q.p.org; o != nil && o.AccountStatus != "" && o.AccountStatus != "active" {
		return
	}
	if f := q.targetFile(); !q.w.Has(f) {
		q.alternatives = append(q.alternatives, Alternative{cause.NotDeprovisioned, "still active at Atlassian: " + q.tell(f)})
	}
}

// targetFile is the document that tells whether a person is active at the target.
func (q *inquiry) targetFile() document.File {
	if q.guard() {
		return document.OrgUsers
	}
	return document.ScimUsers
}

// activeThere tells whether the person is active at the target: by the record, or where there is no Guard directory
// to look at, by an account that is synced.
func (q *inquiry) activeThere() bool {
	rec := q.record()
	if q.guard() || (rec == nil && !q.w.Has(document.ScimUsers)) {
		return q.p.org != nil && q.p.org.AccountStatus == "active" && document.Is(q.p.org.ManagementSource, "synced")
	}
	if rec == nil || rec.IsActive() || q.p.source() == nil {
		return rec != nil && rec.IsActive()
	}
	for i, r := range q.p.records { // a second record is access as well
		if second := &q.w.ScimUsers[r]; second.IsActive() && same(second.ExternalID, q.p.source().ID) {
			q.p.records[0], q.p.records[i] = q.p.records[i], q.p.records[0]
			return true
		}
	}
	return false
}

// stillActive names why somebody who should be gone is still active.
func (q *inquiry) stillActive(summary string) {
	var ev Evidence
	var vals values
	if rec := q.record(); rec != nil {
		vals = values{"record": rec.ID}
		ev = seen(document.ScimUsers, "record %s is active", rec.ID)
	} else {
		ev = seen(document.OrgUsers, "account %s is active and synced", q.p.account)
	}
	q.fail(cause.NotDeprovisioned, Extra, noGroup, "still active", summary[:len(summary)-1]+" but still active at Atlassian.", vals, ev)
	q.mark(cause.HopDirectory, Fail, "still active", ev)
	if q.own != nil {
		q.awaits(change{verdict: Extra, group: noGroup, kind: plan.KindUser, id: q.planID(), what: q.name() + "'s record"})
	}
	if !q.entra() {
		return
	}
	left := q.leftAt()
	q.wrongDirectory(Extra, noGroup)
	q.jobHinders(Extra, noGroup, left)
	if !q.w.Has(document.SynchronizationRule) {
		q.maybe(noGroup, document.SynchronizationRule, cause.ObjectTypeDisabled)
	} else if q.rules.Known && (!q.rules.User.Update && !q.rules.User.Delete) {
		q.fail(cause.ObjectTypeDisabled, Extra, noGroup, "updating and deleting users is switched off", "The mapping of users neither updates nor deletes.", nil,
			seen(document.SynchronizationRule, "object mapping for User: no Update, no Delete"))
	}
	q.restartNeeded(Extra)
}

// staleOnPremises tells whether what Entra shows of a synced object is old: the object has an error, or nothing in
// the tenant was synced for longer than the limit. An old time on one object alone means nothing: the time
// moves only when the object changes (entra.md 7.7: staleness has no flag of its own).
func (q *inquiry) staleOnPremises(enabled document.Opt[bool], last document.Time, faults []document.ProvisioningError, f document.File) (bool, Evidence) {
	if len(faults) > 0 {
		e := faults[0]
		return true, seen(f, "on-premises provisioning error %s on %s: %q", e.Category, e.PropertyCausingError, e.Value)
	}
	if !document.Is(enabled, true) || last.IsZero() {
		return false, Evidence{}
	}
	age := q.now().Sub(last.Time)
	if age <= q.w.Limits.OnPremisesStale || q.newestOnPremises().After(last.Time.Add(q.w.Limits.OnPremisesStale)) {
		return false, Evidence{}
	}
	return true, seen(f, "synced from on-premises, last on %s, %s before the recording", moment(last.Time), span(age))
}

// newestOnPremises is the latest synchronization of any object from on-premises.
func (t *Tracer) newestOnPremises() time.Time {
	if t.onPremises != nil {
		return *t.onPremises
	}
	var newest time.Time
	take := func(on document.Opt[bool], at document.Time) {
		if document.Is(on, true) && at.After(newest) {
			newest = at.Time
		}
	}
	for i := range t.w.Users {
		take(t.w.Users[i].OnPremisesSyncEnabled, t.w.Users[i].OnPremisesLastSyncDateTime)
	}
	for i := range t.w.Groups {
		take(t.w.Groups[i].OnPremisesSyncEnabled, t.w.Groups[i].OnPremisesLastSyncDateTime)
	}
	t.onPremises = &newest
	return newest
}
