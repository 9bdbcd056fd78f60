package trace

import (
	"fmt"
	"slices"

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
			q.stillActive(fmt.Sprintf("A scoping filter keeps %s out.", q.name()))
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

// withoutDirectory judges a user whose record could not be looked up: what the log says, and whether the
// organization knows the account.
func (q *inquiry) withoutDirectory(r reach, a attempt) {
	q.maybe(noGroup, document.ScimUsers, cause.SizeLimit)
	if a.known && a.record != nil && a.kind != noFailure {
		q.attemptFailed(Missing, a)
		return
	}
	if q.p.org != nil || !q.w.Has(document.OrgUsers) {
		return
	}
	q.mark(cause.HopAccount, Fail, "no account with that address", seen(document.OrgUsers, "no account with %s", orElse(q.p.email, q.p.userName)))
	q.attemptFailed(Missing, a)
	q.mappingFaults(Missing)
	q.ambiguous(Missing)
	if q.entra() {
		q.noAttemptYet(r, a)
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

// trace reads the inquiry aloud.
func (q *inquiry) trace() Trace {
	r := decide(q.found)
	tr := Trace{Subject: q.subject, Also: []cause.Code{}, Fix: []string{}, Alternatives: []Alternative{}}
	q.verdict(&tr, r)
	for _, f := range r.also {
		tr.Also = append(tr.Also, f.code)
	}
	tr.Alternatives = append(append(tr.Alternatives, r.alternatives...), q.alternatives...)
	tr.Hops = q.readHops(r)
	for _, f := range append([]*finding{r.main}, r.also...) {
		if f == nil {
			continue
		}
		for _, step := range q.fixes(f) {
			if !slices.Contains(tr.Fix, step) {
				tr.Fix = append(tr.Fix, step)
			}
		}
	}
	return tr
}

// verdict names verdict, cause and the sentence.
func (q *inquiry) verdict(tr *Trace, r ruling) {
	switch {
	case r.main != nil:
		tr.Verdict, tr.Cause, tr.Summary = r.main.verdict, r.main.code, r.main.summary
		if k, ok := cause.Get(r.main.code); ok {
			tr.Family = k.Family
		}
	case r.open:
		tr.Verdict = Unknown
		tr.Summary = fmt.Sprintf("%s is not where they should be, but what was read does not tell why.", q.name())
	default:
		tr.Verdict, tr.Summary = Present, fmt.Sprintf("%s is everywhere they should be. What remains is permission inside a project or space.", q.name())
		if h := q.undecided(); h != nil {
			tr.Verdict = Unknown
			tr.Summary = fmt.Sprintf("Nothing is known to be wrong with %s, but not everything could be seen: %s.", q.name(), h.Summary)
		}
	}
	if q.subject.Kind == "group" && tr.Verdict == Present {
		tr.Summary = fmt.Sprintf("The group %s is everywhere it should be.", q.subject.Name)
	}
}

// undecided is the first hop that could not be judged and that matters for the verdict. What was seen further down
// the way stands for it: an account in every expected group was provisioned, whatever the directory would show.
func (q *inquiry) undecided() *Hop {
	landed := q.hops[at(cause.HopGroup)].Status == Pass && q.hops[at(cause.HopAccount)].Status == Pass
	for _, name := range cause.Hops {
		h := &q.hops[at(name)]
		if h.Status != NotKnown {
			continue
		}
		switch name {
		case cause.HopAssignment, cause.HopScope, cause.HopMapping, cause.HopProvisioning:
			if landed || q.hops[at(cause.HopDirectory)].Status == Pass {
				continue
			}
		case cause.HopDirectory:
			if landed {
				continue
			}
		}
		return h
	}
	return nil
}

// readHops gives the hops in order, with their status settled: a red hop that the cause explains follows.
func (q *inquiry) readHops(r ruling) []Hop {
	named := map[cause.Code]bool{}
	if r.main != nil {
		named[r.main.code] = true
	}
	for _, f := range r.also {
		named[f.code] = true
	}
	out := make([]Hop, 0, len(cause.Hops))
	for i, name := range cause.Hops {
		h := q.hops[i]
		h.Hop = name
		if h.Status == "" {
			h.Status = Skipped
		}
		if h.Evidence == nil {
			h.Evidence = []Evidence{}
		}
		if h.Status == Fail && !named[h.Cause] {
			h.Cause = q.namedAt(name, r)
			if h.Cause == "" && r.main != nil {
				h.Status = Follows
			}
		}
		if h.Status != Fail {
			h.Cause = ""
		}
		out = append(out, h)
	}
	return out
}

// namedAt is a named cause that is at home at the hop.
func (q *inquiry) namedAt(h cause.Hop, r ruling) cause.Code {
	for _, f := range append([]*finding{r.main}, r.also...) {
		if f != nil && f.hop == h {
			return f.code
		}
	}
	return ""
}

// once gives the same text the same memory: a roll call repeats few steps many times.
func (t *Tracer) once(s string) string {
	if have, ok := t.texts[s]; ok {
		return have
	}
	t.texts[s] = s
	return s
}

// fixes are the catalogue's steps for a finding, with the names filled in.
func (q *inquiry) fixes(f *finding) []string {
	k, ok := cause.Get(f.code)
	if !ok {
		return nil
	}
	vals := map[string]string{"user": q.subject.Name, "application": q.application(), "directory": q.w.Bundle.Connection.Directory, "org": q.w.Bundle.Connection.Org, "account": q.p.account}
	if q.subject.Kind == "group" {
		vals["group"] = q.subject.Name
		delete(vals, "user")
	}
	if q.subject.Group != "" {
		vals["group"] = q.subject.Group
	}
	if rec := q.record(); rec != nil {
		vals["record"] = rec.ID
	}
	for n, v := range f.values {
		vals[n] = v
	}
	out := make([]string, 0, len(k.Fix))
	for _, step := range k.Fix {
		out = append(out, q.once(k.Render(step, vals)))
	}
	return out
}
