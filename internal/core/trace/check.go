package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// CheckOptions say whom a roll call expects beside those whom the source gives, and what it shows.
type CheckOptions struct {
	Expect   []string              // user principal names or mails
	All      bool                  // also those who are present
	Progress func(done, total int) // may be nil
}

// Check calls the roll: everybody whom the source means to have at the target, whatever the method can do.
func (t *Tracer) Check(o CheckOptions) RollCall {
	w := t.w
	rc := &RollCall{Connection: w.Bundle.Connection.Name, Method: w.Method(), At: w.At, Findings: []Finding{}, Notes: []string{}}
	r := &roll{Tracer: t, RollCall: rc, all: o.All, called: map[uint32]bool{}}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	total := len(w.Users)
	for i := range w.Users {
		if i%1000 == 0 {
			o.Progress(i, total)
		}
		r.expected(uint32(i))
	}
	r.byName(o.Expect)
	r.groupsThemselves()
	r.extras()
	if !w.Has(document.Users) {
		r.targetAlone()
	}
	o.Progress(total, total)
	r.notes()
	r.sort()
	return *rc
}

type roll struct {
	*Tracer
	*RollCall
	all    bool
	called map[uint32]bool // users whose name was called
}

// expected calls one user, if the source means to have them at the target: enabled, and assigned directly or
// through any nesting.
func (r *roll) expected(ord uint32) {
	u := &r.w.Users[ord]
	if document.Is(u.AccountEnabled, false) {
		return
	}
	if r.syncAll != proven {
		reach := r.reachOf(ord, u.ID)
		if !reach.assigned && len(reach.ways) == 0 && !r.assignedUser[strings.ToLower(u.ID)] {
			return
		}
	}
	r.call(r.userCandidate(ord))
}

// call asks about one person, counts and notes what was found.
func (r *roll) call(c candidate) {
	if c.deleted < 0 && c.record < 0 && c.account == "" && c.subject.ID != "" {
		r.called[c.user] = true
	}
	q := r.inquire(c, true)
	tr := q.verdictOnly()
	r.Counts.Expected++
	switch tr.Verdict {
	case Present:
		r.Counts.Present++
	case Missing:
		r.Counts.Missing++
	case Wrong:
		r.Counts.Wrong++
	case Unknown:
		r.Counts.Unknown++
	case Extra:
		r.Counts.Expected--
		r.Counts.Extra++
	}
	r.note(q, tr)
}

// verdictOnly is trace without the reading of hops.
func (q *inquiry) verdictOnly() Trace {
	r := decide(q.found)
	tr := Trace{Subject: q.subject}
	q.verdict(&tr, r)
	return tr
}

// note turns what was found of a person into findings: one of the person where the person is the trouble, else
// one for each membership.
func (r *roll) note(q *inquiry, tr Trace) {
	if tr.Verdict == Present {
		if r.all {
			r.Findings = append(r.Findings, Finding{Subject: q.subject, Verdict: Present, Summary: tr.Summary, Evidence: []Evidence{}, Fix: []string{}, Also: []cause.Code{}})
		}
		return
	}
	var own, groups []*finding
	for _, f := range q.found {
		if f.group == noGroup {
			own = append(own, f)
		} else {
			groups = append(groups, f)
		}
	}
	person := decide(own)
	whole := decide(q.found)
	gone := false
	if person.main != nil {
		gone = person.main.verdict == Missing || person.main.verdict == Extra || person.main.verdict == Unknown
		f := q.finding(q.subject, person)
		if gone {
			for _, a := range whole.also {
				if a.code != f.Cause && !slices.Contains(f.Also, a.code) {
					f.Also = append(f.Also, a.code)
				}
			}
		}
		r.Findings = append(r.Findings, f)
	} else if person.open {
		// Why there is no record cannot be told; a membership that would be lost all the same is noted below.
		gone = whole.main == nil
		f := q.openFinding(q.subject, tr, person, own)
		if whole.main != nil {
			f.Also = append(f.Also, whole.main.code)
			f.Summary = fmt.Sprintf("%s has no record, and what was read does not tell why.", q.name())
		}
		r.Findings = append(r.Findings, f)
	}
	if gone {
		return
	}
	before := len(r.Findings)
	r.memberships(q, tr, own, groups, person.open)
	if len(r.Findings) == before && person.main == nil {
		r.Findings = append(r.Findings, q.openFinding(q.subject, tr, person, nil))
	}
}

// memberships notes one finding for each group in which the person should be and is not, or not with effect; with
// certain, those only of which the cause is proven.
func (r *roll) memberships(q *inquiry, tr Trace, own, groups []*finding, certain bool) {
	var order []int32
	for _, f := range groups {
		if !slices.Contains(order, f.group) {
			order = append(order, f.group)
		}
	}
	for _, g := range order {
		about := slices.Clone(own)
		for _, f := range groups {
			if f.group == g {
				about = append(about, f)
			}
		}
		ruling := decide(about)
		subject := q.subject
		subject.Kind, subject.Group = "membership", r.w.Groups[g].DisplayName
		if ruling.main != nil && ruling.main.group != g {
			// The person's own trouble is noted already; what the group adds to it stands beside it.
			for i, a := range ruling.also {
				if a.group == g {
					ruling.main, ruling.also = a, slices.Delete(slices.Clone(ruling.also), i, i+1)
					break
				}
			}
		}
		switch {
		case ruling.main != nil && ruling.main.group == g && slices.ContainsFunc(own, func(f *finding) bool { return f.state == proven && f.code == ruling.main.code }):
			// The person's finding says it already.
		case ruling.main != nil && ruling.main.group == g:
			ruling.also = slices.DeleteFunc(slices.Clone(ruling.also), func(a *finding) bool { return a.group != g })
			r.Findings = append(r.Findings, q.finding(subject, ruling))
		case ruling.open && !certain:
			r.Findings = append(r.Findings, q.openFinding(subject, tr, ruling, about))
		}
	}
}

// finding words a ruling.
func (q *inquiry) finding(subject Subject, r ruling) Finding {
	f := Finding{Subject: subject, Verdict: r.main.verdict, Cause: r.main.code, Hop: r.main.hop, Evidence: r.main.evidence, Fix: q.fixes(r.main), Also: []cause.Code{}, Summary: r.main.summary}
	if k, ok := cause.Get(r.main.code); ok {
		f.Family = k.Family
	}
	for _, a := range r.also {
		f.Also = append(f.Also, a.code)
	}
	if f.Evidence == nil {
		f.Evidence = []Evidence{}
	}
	if f.Fix == nil {
		f.Fix = []string{}
	}
	return f
}

// openFinding words a subject of which the cause cannot be told: what would tell it is the evidence.
func (q *inquiry) openFinding(subject Subject, tr Trace, r ruling, found []*finding) Finding {
	f := Finding{Subject: subject, Verdict: Unknown, Summary: tr.Summary, Evidence: []Evidence{}, Fix: []string{}, Also: []cause.Code{}}
	for _, a := range r.alternatives {
		f.Evidence = append(f.Evidence, Evidence{Seen: "not read", Fact: fmt.Sprintf("%s: %s", a.Cause, a.TellApart)})
	}
	if h := q.undecided(); h != nil {
		f.Hop = h.Hop
		if len(f.Evidence) == 0 {
			f.Evidence = h.Evidence
		}
	} else if len(found) > 0 {
		f.Hop = found[len(found)-1].hop
	}
	return f
}

// byName calls the people whom a list expects; who was called already is not called again.
func (r *roll) byName(names []string) {
	for _, name := range names {
		c, ok, err := r.findOne(name)
		switch {
		case err != nil:
			r.Counts.Expected++
			r.Counts.Unknown++
			r.Findings = append(r.Findings, Finding{Subject: Subject{Kind: "user", Name: name}, Verdict: Unknown, Hop: cause.HopSource, Summary: err.Error(), Evidence: []Evidence{}, Fix: []string{}, Also: []cause.Code{}})
		case ok && c.isGroup():
			r.Notes = append(r.Notes, fmt.Sprintf("%s is a group; only people can be expected", name))
		case ok && c.deleted < 0 && c.record < 0 && c.account == "" && r.called[c.user]:
		default:
			r.call(c)
		}
	}
}

// groupsThemselves notes groups in scope that are in trouble themselves.
func (r *roll) groupsThemselves() {
	for _, g := range r.scopedList {
		c := r.groupCandidate(g)
		q := &inquiry{Tracer: r.Tracer, subject: c.subject, asked: c.subject.Name}
		doc := &r.w.Groups[g]
		if !r.guard() && document.Is(doc.SecurityEnabled, false) && r.syncAll != proven {
			q.groupScope(g)
		} else {
			q.found = append(q.found, r.groupOf(g).found...)
			s := r.groupOf(g)
			for _, product := range r.w.Bundle.Connection.ExpectedProducts[s.name] {
				if granted, told, ev := q.grants(s.at, product); told && !granted && r.stands(s) {
					q.fail(cause.ProductAccessNotGranted, Wrong, noGroup, "", fmt.Sprintf("%s does not grant %s, so its members have no access.", s.at, product), values{"group": s.at, "product": product}, ev)
				}
			}
		}
		ruling := decide(q.found)
		switch {
		case ruling.main != nil:
			r.Findings = append(r.Findings, q.finding(c.subject, ruling))
		case ruling.open:
			r.Findings = append(r.Findings, q.openFinding(c.subject, Trace{Summary: fmt.Sprintf("The group %s is not at Atlassian as it should be, but what was read does not tell why.", c.subject.Name)}, ruling, q.found))
		}
	}
}

// extras notes people who are active at the target though they should not be.
func (r *roll) extras() {
	if !r.w.Has(document.Users) {
		return
	}
	note := func(c candidate) {
		q := r.inquire(c, true)
		if tr := q.verdictOnly(); tr.Verdict == Extra {
			r.Counts.Extra++
			r.note(q, tr)
		}
	}
	if r.guard() {
		for i := range r.w.Users {
			if !r.called[uint32(i)] {
				note(r.userCandidate(uint32(i)))
			}
		}
		for i := range r.w.Deleted {
			note(r.deletedCandidate(uint32(i)))
		}
		return
	}
	seenUser, seenDeleted := map[uint32]bool{}, map[int32]bool{}
	for i := range r.w.ScimUsers {
		rec := &r.w.ScimUsers[i]
		if !rec.IsActive() || rec.ExternalID == "" {
			continue
		}
		if ord, ok := r.w.UserByID(rec.ExternalID); ok {
			if !r.called[ord] && !seenUser[ord] {
				seenUser[ord] = true
				note(r.userCandidate(ord))
			}
			continue
		}
		if d := r.w.DeletedByKey(rec.ExternalID); len(d) > 0 {
			if !seenDeleted[int32(d[0])] {
				seenDeleted[int32(d[0])] = true
				note(r.deletedCandidate(d[0]))
			}
			continue
		}
		if looksLikeID(rec.ExternalID) || len(r.w.UsersByKey(rec.UserName)) == 0 && len(r.w.UsersByKey(rec.Email())) == 0 && !r.nicknamed(rec.ExternalID) {
			note(r.recordCandidate(uint32(i)))
		}
	}
}

// nicknamed tells whether an externalId is a user's mailNickname, as the generic application maps it.
func (r *roll) nicknamed(id string) bool {
	if r.nicknames == nil {
		r.nicknames = map[string]bool{}
		for i := range r.w.Users {
			r.nicknames[strings.ToLower(r.w.Users[i].MailNickname)] = true
		}
	}
	return r.nicknames[strings.ToLower(id)]
}

// targetAlone judges the records where Entra was not read: who should be there cannot be told, what is wrong with
// those who are there can.
func (r *roll) targetAlone() {
	for i := range r.w.ScimUsers {
		if !r.w.ScimUsers[i].IsActive() {
			continue
		}
		q := r.inquire(r.recordCandidate(uint32(i)), true)
		if ruling := decide(q.found); ruling.main != nil {
			r.Counts.Wrong++
			r.note(q, q.verdictOnly())
		}
	}
}

func (r *roll) notes() {
	for _, f := range []document.File{document.Users, document.Groups} {
		if !r.w.Has(f) {
			r.Notes = append(r.Notes, fmt.Sprintf("%s is not there, so who should be at Atlassian cannot be told: %s", f, r.w.Call(f)))
		}
	}
	if !r.scopeKnown {
		r.Notes = append(r.Notes, fmt.Sprintf("%s does not say who is in scope: %s", r.scopeFile(), r.w.Call(r.scopeFile())))
	}
	for _, v := range r.hiddenGroups() {
		r.Notes = append(r.Notes, fmt.Sprintf("the members of %s are not told: people in it are neither expected nor missed", r.w.Groups[v.group].DisplayName))
	}
	for _, g := range r.w.Bundle.Gaps {
		r.Notes = append(r.Notes, join(": ", g.File, g.What, g.Why))
	}
	for _, n := range r.w.Notes {
		r.Notes = append(r.Notes, join(": ", string(n.File), n.Text))
	}
}

func (r *roll) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(order(a.Verdict)-order(b.Verdict), strings.Compare(string(a.Cause), string(b.Cause)), strings.Compare(a.Subject.Kind, b.Subject.Kind),
			strings.Compare(a.Subject.Name, b.Subject.Name), strings.Compare(a.Subject.Group, b.Subject.Group), strings.Compare(a.Subject.ID, b.Subject.ID))
	})
}

func order(v Verdict) int {
	return slices.Index([]Verdict{Missing, Wrong, Unknown, Extra, Present}, v)
}
