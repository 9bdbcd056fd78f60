package cli

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// whyDocument is the JSON answer of why; the evaluation is in it where it was asked for.
type whyDocument struct {
	*trace.Trace
	Evaluation *trace.Evaluation `json:"evaluation,omitzero"`
}

// viewEvaluation shows the scoping filter and the attribute mapping like a worked example.
func viewEvaluation(p *text.Page, e *trace.Evaluation) {
	if e == nil {
		return
	}
	viewScope(p, e.Scope)
	viewMapping(p, e)
}

func viewScope(p *text.Page, s trace.ScopeEvaluation) {
	p.Blank()
	if len(s.Groups) == 0 {
		p.Table(0, 2, [][]text.Cell{{ink(pad("Scoping"), text.Bold), plain(s.Note)}})
		return
	}
	head := pad("Scoping")
	line := func(cells ...text.Cell) {
		p.Table(0, 2, [][]text.Cell{append([]text.Cell{ink(head, text.Bold)}, cells...)})
		head = pad("")
	}
	for _, input := range []bool{false, true} {
		if n := groupsOf(s, input); n > 1 {
			line(ink(fmt.Sprintf("one of these %d must pass:", n), text.Dim))
		}
		for _, g := range s.Groups {
			if g.Input != input {
				continue
			}
			name := orDash(g.Name)
			if input {
				name += " (an input filter: who fails is dropped, and not deprovisioned)"
			}
			line(status(g.Outcome), plain(name))
			var table [][]text.Cell
			for _, c := range g.Clauses {
				table = append(table, []text.Cell{status(c.Outcome), plain(dotted(c.Text, actual(c)))})
			}
			p.Table(section+2, 2, table)
		}
	}
}

func groupsOf(s trace.ScopeEvaluation, input bool) int {
	n := 0
	for _, g := range s.Groups {
		if g.Input == input {
			n++
		}
	}
	return n
}

func orDash(name string) string {
	if name == "" {
		return "a filter without a name"
	}
	return name
}

func actual(c trace.Clause) string {
	switch {
	case c.Reason != "":
		return c.Reason
	case c.Actual.State == trace.TextShown:
		return "value '" + shownText(c.Actual) + "'"
	}
	return "value " + shownText(c.Actual)
}

func viewMapping(p *text.Page, e *trace.Evaluation) {
	p.Blank()
	table := [][]text.Cell{{ink(pad("Mapping"), text.Bold), ink(basis(e), text.Dim)}}
	p.Table(0, 2, table)
	table = nil
	for _, m := range e.Mapping {
		left := m.Target + " ← " + m.Expression
		if m.Expression == "" {
			left = m.Target
		}
		beside := ink(dotted(result(m), comparison(m), remarks(m)), text.Plain)
		if m.Compare == trace.Differs || m.Value.State == trace.Failed {
			beside.Ink = text.Doubt
		}
		table = append(table, stacked(0, left, beside)...)
		for _, s := range m.Steps {
			table = append(table, stacked(s.Depth, s.Text, ink(dotted(shownText(s.Value), s.Note), text.Dim))...)
		}
		if m.StepsLeft > 0 {
			table = append(table, stacked(1, "and "+text.Count(m.StepsLeft, "more part", "more parts"), plain(""))...)
		}
	}
	p.Table(section, 2, table)
}

// basis says whose rules these are, and what the values are compared with.
func basis(e *trace.Evaluation) string {
	from := "as the tenant's synchronization schema has it"
	switch {
	case e.Rules == trace.FromSchema:
	case e.Method == document.GuardNested:
		from = "as Guard's connector has it, which cannot be changed"
	case e.Method == document.Rollcall:
		from = "rollcall's own rules"
	default:
		from = "the usual defaults, because the tenant's synchronization schema was not read"
	}
	if e.Record == "" {
		return from + "; nothing to compare with: " + e.RecordNote
	}
	what := "record"
	switch {
	case e.Object == "Group":
		what = "group"
	case e.Method == document.GuardNested:
		what = "account"
	}
	return from + "; compared with " + what + " " + e.Record
}

// result is the value that an attribute should have.
func result(m trace.MappingEvaluation) string {
	if m.Why != "" && m.Value.State == trace.NotTaken {
		return m.Why
	}
	return dotted(shownText(m.Value), m.Why)
}

// comparison says what the record has.
func comparison(m trace.MappingEvaluation) string {
	if m.Have == nil {
		return ""
	}
	has := "has nothing"
	if m.Have.State != trace.NullShown && m.Have.State != trace.Untold {
		has = "has " + quoted(*m.Have)
	}
	switch m.Compare {
	case trace.Same:
		return "same at Atlassian"
	case trace.Differs:
		return "Atlassian " + has
	case trace.Keeps:
		return "Atlassian " + has + ", and keeps it"
	case trace.Incomparable:
		if m.Have.State != trace.Untold {
			return "Atlassian " + has
		}
		return "not told by Atlassian"
	}
	return ""
}

// remarks are the settings of a mapping that are not the usual ones.
func remarks(m trace.MappingEvaluation) string {
	var out []string
	if m.Matching > 0 {
		out = append(out, fmt.Sprintf("matching no. %d", m.Matching))
	}
	if m.FlowType != "" && !strings.EqualFold(m.FlowType, "Always") {
		out = append(out, "flow type "+m.FlowType)
	}
	switch {
	case m.FromDefault:
		out = append(out, "the default, written on creation only")
	case m.Default != nil:
		out = append(out, fmt.Sprintf("default %q", *m.Default))
	}
	return dotted(out...)
}
