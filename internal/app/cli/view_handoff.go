package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// side is whom a handoff is written to.
type side struct{ entra, atlassian bool }

func (s side) team() string {
	switch {
	case s.entra && s.atlassian:
		return "the Entra and the Atlassian team"
	case s.entra:
		return "the Entra team"
	}
	return "the Atlassian team"
}

// addressee is the team where the cause is at home; without a cause, whoever can look at what is not known.
func addressee(t trace.Trace) side {
	if c, ok := cause.Get(t.Cause); ok {
		return side{entraSide(c.Home), !entraSide(c.Home)}
	}
	var s side
	for _, want := range []trace.Status{trace.NotKnown, trace.Fail} {
		for _, h := range t.Hops {
			if h.Status == want && s != (side{true, true}) {
				s.entra, s.atlassian = s.entra || entraSide(h.Hop), s.atlassian || !entraSide(h.Hop)
			}
		}
		if s != (side{}) {
			break
		}
	}
	return s
}

// toLookUp is what was not there, for somebody who has the portals open: the menu, and the call.
func toLookUp(hops []trace.Hop) []string {
	var out []string
	for _, h := range hops {
		if h.Status != trace.NotKnown {
			continue
		}
		for _, e := range h.Evidence {
			where := e.Seen
			if menu := byHand(e.Seen); menu != "" {
				where = menu + ", or " + e.Seen
			}
			if line := fmt.Sprintf("%s (%s): %s", h.Hop, h.Summary, where); !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return out
}

// viewHandoff writes a message that can be pasted into a ticket or a mail: who it is about, what is seen, what is
// asked, and what only the other team can look up.
func viewHandoff(p *text.Page, a engine.Answer, all engine.Answers) {
	t := a.Trace
	if t.Verdict == trace.Present {
		p.Para(0, plain("Nothing to hand over. "+t.Summary))
		return
	}
	to := addressee(t)
	p.Table(0, 2, [][]text.Cell{
		{plain("To:"), plain(to.team())},
		{plain("Subject:"), plain(subjectLine(t))},
	})
	p.Blank()
	p.Para(0, plain("Hello,"))
	p.Blank()
	p.Para(0, plain(t.Summary))
	if c, ok := cause.Get(t.Cause); ok {
		p.Para(0, plain(c.Render(c.Text, nil)))
	}
	p.Blank()
	p.Para(0, plain("Who"))
	p.Table(2, 2, who(t.Subject))
	handoffPart(p, fmt.Sprintf("What is seen (%s, %s, recorded %s UTC)", all.Connection, methodName(all.Method), text.Date(all.At)), pairLines(some(proofs(t), "on request")))
	handoffPart(p, "What we ask you to do", slices.DeleteFunc(slices.Clone(stepsOf(t)), ours))
	handoffPart(p, "What we could not see; please look it up and tell us", toLookUp(t.Hops))
	handoffPart(p, "What it could be", alternatives(t.Alternatives))
	handoffPart(p, "What else was found, not asked of you here", others(t))
	p.Blank()
	p.Para(0, plain("Thank you."))
}

// stepsOf are the steps that mend the cause itself. Those for what was found beside it follow in the trace, and may be
// another team's.
func stepsOf(t trace.Trace) []string {
	c, ok := cause.Get(t.Cause)
	if !ok || len(t.Also) == 0 {
		return t.Fix
	}
	return t.Fix[:min(len(c.Fix), len(t.Fix))]
}

// others is what was found beside the cause, each with the team that can mend it.
func others(t trace.Trace) []string {
	var out []string
	for _, code := range t.Also {
		if c, ok := cause.Get(code); ok {
			out = append(out, fmt.Sprintf("%s: %s (%s)", code, c.Title, side{entraSide(c.Home), !entraSide(c.Home)}.team()))
		}
	}
	return out
}

// ours tells whether a step is for whoever has this program, not for the other team.
func ours(step string) bool { return strings.HasPrefix(step, "`rollcall ") }

func subjectLine(t trace.Trace) string {
	s := called(t.Subject)
	if t.Subject.Group != "" {
		s += " in " + t.Subject.Group
	}
	s += ": " + string(t.Verdict) + " at Atlassian"
	if t.Cause != "" {
		s += " (" + string(t.Cause) + ")"
	}
	return s
}

func who(s trace.Subject) [][]text.Cell {
	rows := [][]text.Cell{{plain("name"), plain(called(s))}}
	add := func(what, value string) {
		if value != "" && value != called(s) {
			rows = append(rows, []text.Cell{plain(what), plain(value)})
		}
	}
	if s.Kind == "group" {
		add("group", s.Name)
	} else {
		add("user", s.Name)
		add("group", s.Group)
	}
	add("id", s.ID)
	return rows
}

func handoffPart(p *text.Page, head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.Blank()
	p.Para(0, plain(head))
	var table [][]text.Cell
	for i, line := range lines {
		table = append(table, []text.Cell{plain(fmt.Sprintf("%d.", i+1)), plain(line)})
	}
	p.Table(2, 1, table)
}

func pairLines(pairs [][2]string) []string {
	var out []string
	for _, pair := range pairs {
		out = append(out, pair[0]+": "+pair[1])
	}
	return out
}
