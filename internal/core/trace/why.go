package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// Why follows one subject through the hops. A subject that nobody answers to is a trace with the cause
// not-in-source; one that several answer to is an *Ambiguous error.
func (t *Tracer) Why(query Query) (Trace, error) {
	c, ok, err := t.findOne(query.Subject)
	if err != nil {
		return Trace{}, err
	}
	if query.Group != "" {
		g, known, err := t.findOne(query.Group)
		if err != nil {
			return Trace{}, err
		}
		return t.whyMember(c, ok, g, known && g.isGroup(), query.Group), nil
	}
	if c.isGroup() {
		return t.whyGroup(c), nil
	}
	return t.inquire(c, false).trace(), nil
}

// inquire asks everything about a person.
func (t *Tracer) inquire(c candidate, quiet bool) *inquiry {
	q := &inquiry{Tracer: t, p: t.personOf(c), subject: c.subject, asked: orElse(c.subject.Display, c.subject.Name), quiet: quiet}
	q.person()
	return q
}

// person walks the hops of a person, all memberships included.
func (q *inquiry) person() {
	if !q.source() {
		if q.p.user == nil && q.p.deleted == nil {
			q.targetOnly()
		}
		return
	}
	r := q.reachOf(q.p.ord, q.p.user.ID)
	q.r = r
	in := q.assignment(r)
	q.in = in
	a := q.attempts(q.p.user.ID)
	scoped := proven
	if in != refuted {
		scoped = q.scoping()
	}
	q.atDirectory(r, a, in, scoped)
	q.mappingHop()
	if q.only != nil {
		r.ways = slices.DeleteFunc(slices.Clone(r.ways), func(w way) bool { return w.group != *q.only })
	}
	if !q.w.Has(document.Groups) {
		q.unknownHop(cause.HopGroup, document.Groups, "which groups the person should be in was not read")
	}
	if r.beyond > 0 && q.only == nil {
		q.mark(cause.HopGroup, NotKnown, fmt.Sprintf("in scope through %d groups; the nearest %d were judged", len(r.ways)+r.beyond, len(r.ways)))
	}
	for _, wy := range r.ways {
		q.membership(wy)
	}
	if q.personThere() {
		q.accountHop()
		q.policy(r)
		q.products(r)
	}
}

// atDirectory judges hops 5 and 6.
func (q *inquiry) atDirectory(r reach, a attempt, in, scoped outcome) {
	switch {
	case q.guard():
		if in == unknown {
			q.maybe(noGroup, q.scopeFile(), cause.GroupNotSelected)
		}
		if in != refuted {
			q.synced(r)
		}
	case q.record() != nil:
		if in == refuted && q.proved(noGroup, cause.NotDeprovisioned) {
			return
		}
		if scoped == refuted && q.record().IsActive() {
			q.stillActive(q.keptOut())
			return
		}
		q.logHop(a)
		q.recordThere(r, a)
	case !q.w.Has(document.ScimUsers):
		if in != refuted && scoped != refuted {
			q.logHop(a)
			q.unknownHop(cause.HopDirectory, document.ScimUsers, "records of the Guard directory were not read")
			q.withoutDirectory(r, a)
		}
	case in != refuted && scoped != refuted:
		q.logHop(a)
		if in == unknown {
			q.maybe(noGroup, q.scopeFile(), cause.NotAssigned, cause.NestedGroup)
		}
		q.recordMissing(r, a)
	default:
		q.mark(cause.HopDirectory, Fail, "no SCIM record", seen(document.ScimUsers, "no record with externalId %s", q.p.user.ID))
	}
}

// keptOut says what keeps somebody out who is assigned.
func (q *inquiry) keptOut() string {
	if active := q.p.mapped.Active(); q.own != nil && active.Known && strings.EqualFold(active.Text, "False") {
		return fmt.Sprintf("The rules say that %s is not active.", q.name())
	}
	return fmt.Sprintf("A scoping filter keeps %s out.", q.name())
}

// withoutDirectory judges a user whose record could not be looked up: what the log says, and whether the
// organization knows the account.
func (q *inquiry) withoutDirectory(r reach, a attempt) {
	q.maybe(noGroup, document.ScimUsers, cause.SizeLimit)
	if a.known && a.record != nil && a.kind != noFailure {
		q.attemptFailed(Missing, a)
		return
	}
	if q.p.org != nil || !q.w.Has(document.OrgUsers) {
		if !a.known {
			q.guardLogConflict(Missing) // lines without dates: where Entra's log was read, it knows better
		}
		return
	}
	q.mark(cause.HopAccount, Fail, "no account with that address", seen(document.OrgUsers, "no account with %s", orElse(q.p.email, q.p.userName)))
	q.attemptFailed(Missing, a)
	q.mappingFaults(Missing)
	q.ambiguous(Missing)
	if q.entra() {
		q.noAttemptYet(r)
	}
	q.prove(cause.RecordMissing, Missing, noGroup, fmt.Sprintf("%s is in scope but the organization has no account with that address.", q.name()), nil, seen(document.OrgUsers, "no account with %s", orElse(q.p.email, q.p.userName)))
	q.maybe(noGroup, document.ScimUsers, cause.AccountUnlinked, cause.StaleScimRecord)
	q.found = append(q.found, &finding{code: cause.TargetRecordGone, state: unknown, hop: cause.HopProvisioning, group: noGroup, tell: q.tell(document.ScimUsers)})
}

// targetOnly judges somebody whom only Atlassian knows, or of whom Entra was not read.
func (q *inquiry) targetOnly() {
	rec := q.record()
	if rec == nil && q.p.org == nil {
		return
	}
	if q.w.Has(document.Users) && q.proved(noGroup, cause.OrphanedRecord, cause.NotInSource) {
		return
	}
	if rec != nil {
		q.mark(cause.HopDirectory, Pass, fmt.Sprintf("record %s, %s", rec.ID, activeWord(rec)), seen(document.ScimUsers, "record %s: userName %s, %s", rec.ID, rec.UserName, activeWord(rec)))
		if rec.IsActive() {
			q.linked(rec)
		}
	}
	q.accountHop()
}
