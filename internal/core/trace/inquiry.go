package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// inquiry gathers what the facts say of one subject: findings, and how each hop went.
type inquiry struct {
	*Tracer
	p            person
	r            reach
	in           outcome // whether the method brings the user into scope
	subject      Subject
	asked        string  // how the subject was called in the question
	only         *uint32 // the one group that is asked about; nil: all expected groups
	hops         [10]Hop
	found        []*finding
	alternatives []Alternative
	quiet        bool // a roll call needs findings, not the words of hops that passed
}

// prove notes a cause that the facts prove.
func (q *inquiry) prove(c cause.Code, v Verdict, group int32, summary string, vals values, ev ...Evidence) {
	q.found = append(q.found, &finding{code: c, state: proven, verdict: v, hop: home(c), group: group, summary: summary, values: vals, evidence: ev})
}

// maybe notes a cause that cannot be refuted while a document is absent.
func (q *inquiry) maybe(group int32, f document.File, codes ...cause.Code) {
	for _, c := range codes {
		q.found = append(q.found, &finding{code: c, state: unknown, hop: home(c), group: group, tell: q.tell(f)})
	}
}

// proved tells whether one of the causes is proven so far, for the person or for this membership.
func (q *inquiry) proved(group int32, codes ...cause.Code) bool {
	return slices.ContainsFunc(q.found, func(f *finding) bool {
		return f.state == proven && (f.group == group || f.group == noGroup) && slices.Contains(codes, f.code)
	})
}

// tell says which call or file would show what is not known.
func (t *Tracer) tell(f document.File) string {
	return fmt.Sprintf("%s shows it (%s is not there)", t.w.Call(f), f)
}

// notRead is the evidence of a hop that could not be judged.
func (t *Tracer) notRead(f document.File) Evidence {
	if g, ok := t.w.Gap(f); ok {
		return Evidence{t.w.Call(f), fmt.Sprintf("not read: %s", join(": ", g.What, g.Why))}
	}
	return Evidence{t.w.Call(f), fmt.Sprintf("not read: %s is not there", f)}
}

func home(c cause.Code) cause.Hop {
	if k, ok := cause.Get(c); ok {
		return k.Home
	}
	return cause.HopSource
}

func at(h cause.Hop) int { return slices.Index(cause.Hops, h) }

// mark says how a hop went. A hop that failed stays failed; unknown gives way to failed only.
func (q *inquiry) mark(h cause.Hop, s Status, summary string, ev ...Evidence) {
	hop := &q.hops[at(h)]
	rank := []Status{Skipped, Pass, NotKnown, Fail}
	switch {
	case s == Fail && hop.Status == Pass:
		// What went well before says nothing about what failed.
		hop.Status, hop.Summary, hop.Evidence = s, summary, nil
	case slices.Index(rank, s) > slices.Index(rank, hop.Status) || hop.Status == "":
		hop.Status, hop.Summary = s, summary
	case s == Pass && hop.Status == Fail:
		return
	case s == Fail && !strings.Contains(hop.Summary, summary):
		hop.Summary = lengthen(hop.Summary, summary)
	}
	hop.Evidence = append(hop.Evidence, ev...)
}

// lengthen adds to a summary as long as it stays a line or two.
func lengthen(have, more string) string {
	const most = 160
	switch {
	case strings.HasSuffix(have, "; …"):
		return have
	case len(have)+len(more) > most && have != "":
		return have + "; …"
	}
	return join("; ", have, more)
}

// pass marks a hop that passed. Its words are made only where somebody reads them.
func (q *inquiry) pass(h cause.Hop, words func() (summary string, ev []Evidence)) {
	if q.quiet {
		q.mark(h, Pass, "")
		return
	}
	summary, ev := words()
	q.mark(h, Pass, summary, ev...)
}

// fail is prove and mark in one: the hop at which the cause is at home fails with its words.
func (q *inquiry) fail(c cause.Code, v Verdict, group int32, hopSummary, summary string, vals values, ev ...Evidence) {
	q.prove(c, v, group, summary, vals, ev...)
	q.mark(home(c), Fail, hopSummary, ev...)
	hop := &q.hops[at(home(c))]
	if hop.Cause == "" {
		hop.Cause = c
	}
}

// unknownHop marks a hop that cannot be judged without the document.
func (q *inquiry) unknownHop(h cause.Hop, f document.File, summary string) {
	q.mark(h, NotKnown, summary, q.notRead(f))
}

func seen(f document.File, format string, args ...any) Evidence {
	return Evidence{string(f), fmt.Sprintf(format, args...)}
}

func join(sep string, parts ...string) string {
	out := ""
	for _, p := range parts {
		if p == "" {
			continue
		}
		if out != "" {
			out += sep
		}
		out += p
	}
	return out
}

func same(a, b string) bool { return facts.Fold(a) == facts.Fold(b) }
