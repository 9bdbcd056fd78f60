package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
)

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
		if gone = whole.main == nil; gone {
			r.Findings = append(r.Findings, q.openFinding(q.subject, tr, person, own))
		}
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
	f := Finding{Subject: subject, Verdict: r.main.verdict, Cause: r.main.code, Hop: r.main.hop, Evidence: q.named(r.main.evidence), Fix: q.fixes(r.main), Also: []cause.Code{}, Summary: r.main.summary}
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
