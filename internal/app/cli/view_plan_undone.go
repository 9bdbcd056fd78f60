package cli

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// undone is those for whom the plan can do nothing, for one reason.
type undone struct {
	reason, about string
	verdict       plan.Verdict
	text          string // of the first
	count         int
	names         []plan.Subject // the first few
}

// judge notes those who are not as they should be, and for whom there is no step.
func (out *outline) judge(j *plan.Judgement) {
	if out.acted[key(j.Subject)] {
		return
	}
	i := slices.IndexFunc(out.undone, func(u *undone) bool { return u.reason == j.Reason && u.about == j.Subject.Kind })
	if i < 0 {
		i = len(out.undone)
		out.undone = append(out.undone, &undone{reason: j.Reason, about: j.Subject.Kind, verdict: j.Verdict, text: j.Text})
	}
	u := out.undone[i]
	if u.count++; u.count <= few {
		u.names = append(u.names, j.Subject)
	}
}

func subjectWords(s plan.Subject) string {
	if s.Group != "" {
		return nameOf(&s) + " in " + short(s.Group)
	}
	return nameOf(&s)
}

// undone shows those for whom nothing can be done, and what is left alone.
func (l *lister) undone() {
	extra := func(u *undone) bool { return u.verdict == plan.Extra }
	l.reasons("Cannot be done", slices.DeleteFunc(slices.Clone(l.out.undone), extra))
	l.reasons("Left alone", slices.DeleteFunc(slices.Clone(l.out.undone), func(u *undone) bool { return !extra(u) }))
}

func (l *lister) reasons(head string, all []*undone) {
	if len(all) == 0 {
		return
	}
	l.p.Blank()
	l.p.Para(0, ink(head, text.Bold))
	for _, u := range all {
		words := u.text
		if r, ok := plan.ReasonOf(u.reason); ok && u.count > 1 {
			words = r.Text()
		}
		l.p.Table(2, 2, [][]text.Cell{{ink(text.Number(u.count), text.Bold), ink(u.reason, text.Code), plain(words)}})
		l.names(u)
	}
}

func (l *lister) names(u *undone) {
	if !l.full || u.count <= len(u.names) {
		var seen clashes
		for _, s := range u.names {
			seen.see(subjectWords(s), s.ID)
		}
		var words []string
		for _, s := range u.names {
			name := subjectWords(s)
			if seen.has(name) {
				name = withID(name, s.ID)
			}
			words = append(words, name)
		}
		names := strings.Join(words, ", ")
		if more := u.count - len(u.names); more > 0 {
			l.out.cut = true
			names += " " + l.more(more)
		}
		l.p.Para(5, plain(names))
		return
	}
	for j := range l.v.verdicts {
		if j.Reason == u.reason && j.Subject.Kind == u.about && !l.out.acted[key(j.Subject)] {
			l.p.Table(5, 2, [][]text.Cell{{plain(subjectWords(j.Subject)), plain(note(&j))}})
		}
	}
}

// note is what a judgement says beyond its reason.
func note(j *plan.Judgement) string {
	if r, ok := plan.ReasonOf(j.Reason); ok {
		return strings.TrimPrefix(strings.TrimPrefix(j.Text, r.Text()), ": ")
	}
	return j.Text
}
