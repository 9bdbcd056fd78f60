package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

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
	for i := range tr.Hops {
		tr.Hops[i].Evidence = q.named(tr.Hops[i].Evidence)
	}
	for _, f := range append([]*finding{r.main}, r.also...) {
		if f == nil {
			continue
		}
		if len(f.values) > 0 && tr.Values[f.code] == nil {
			if tr.Values == nil {
				tr.Values = map[cause.Code]map[string]string{}
			}
			tr.Values[f.code] = maps.Clone(f.values)
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
		tr.Summary = q.openSummary(r)
	default:
		tr.Verdict, tr.Summary = Present, fmt.Sprintf("%s is everywhere they should be. What remains is permission inside a project or space.", q.name())
		if h := q.undecided(); h != nil && q.p.source() == nil && q.record() == nil && q.p.org == nil && q.subject.Kind != "group" {
			tr.Verdict, tr.Summary = Unknown, fmt.Sprintf("Nobody called %s was found in what was read: %s.", q.asked, h.Summary)
		} else if h != nil {
			tr.Verdict = Unknown
			tr.Summary = fmt.Sprintf("Nothing is known to be wrong with %s, but not everything could be seen: %s.", q.name(), h.Summary)
		}
	}
	if q.subject.Kind == "group" && tr.Verdict == Present {
		tr.Summary = fmt.Sprintf("The group %s is everywhere it should be.", q.subject.Name)
	}
}

// openSummary says what is seen, and which causes fit it.
func (q *inquiry) openSummary(r ruling) string {
	what := ""
	for i := range q.hops {
		if h := &q.hops[i]; h.Status == Fail && h.Summary != "" {
			what = join("; ", what, h.Summary)
		}
	}
	var codes []string
	for _, a := range r.alternatives {
		if len(codes) < 3 && a.Cause != cause.RecordMissing && a.Cause != cause.MembershipMissing {
			codes = append(codes, string(a.Cause))
		}
	}
	switch {
	case what == "":
		return fmt.Sprintf("%s is not where they should be, but what was read does not tell why.", q.name())
	case len(codes) == 0:
		return fmt.Sprintf("%s is not where they should be (%s), but what was read does not tell why.", q.name(), what)
	}
	return fmt.Sprintf("%s is not where they should be (%s); what was read fits %s, and does not tell which.", q.name(), what, strings.Join(codes, ", "))
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
		case cause.HopScope, cause.HopMapping, cause.HopProvisioning:
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

// named puts the name of the export that a person gave in place of the document that it stands for.
func (t *Tracer) named(ev []Evidence) []Evidence {
	if len(t.w.From) == 0 {
		return ev
	}
	out := slices.Clone(ev)
	for i := range out {
		if files := t.w.From[document.File(out[i].Seen)]; len(files) > 0 {
			out[i].Seen = list(files, 2)
		}
	}
	return out
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
	if !ok || f.fix != nil {
		return f.fix
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
	maps.Copy(vals, f.values)
	steps := k.Steps(q.guard())
	out := make([]string, 0, len(steps))
	for _, step := range steps {
		out = append(out, q.once(k.Render(step, vals)))
	}
	return out
}
