package trace

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// MappingEvaluation is one attribute mapping.
type MappingEvaluation struct {
	Target     string  `json:"target"`
	Expression string  `json:"expression"`         // as stored; empty where only a default is written
	Default    *string `json:"default,omitzero"`   // written where the expression gives null, on creation only
	FlowType   string  `json:"flow_type,omitzero"` // Always, ObjectAddOnly, …
	Matching   int     `json:"matching,omitzero"`  // 1: the attribute by which a record is looked for first; 0: by others only

	Steps     []MappingStep `json:"steps"`               // the parts, inner ones first; none where the expression is one attribute
	StepsLeft int           `json:"steps_left,omitzero"` // parts beyond the most that are shown

	Value       Shown  `json:"value"`
	FromDefault bool   `json:"from_default,omitzero"`
	Why         string `json:"why,omitzero"` // why there is no value

	Have    *Shown     `json:"have,omitzero"`    // what the record has; left out where there is no record
	Compare Comparison `json:"compare,omitzero"` // Value with Have
}

// MappingStep is one part of an expression and what it came to.
type MappingStep struct {
	Depth int    `json:"depth"` // 1: an argument of the outermost function
	Text  string `json:"text"`
	Value Shown  `json:"value"`
	Note  string `json:"note,omitzero"` // why it has no value, or which rule of the language mattered
}

const maxSteps = 200 // parts of one expression that are shown

// evaluator applies the mappings of one object type to one object.
type evaluator struct {
	rules       mapping.ObjectRules
	get         mapping.Reader
	hidden      secrets
	softDeleted string // why IsSoftDeleted is what it is
	have        haveReader
	nullStays   bool   // null is not written
	skip        string // a target that is told elsewhere
}

// rows evaluates every row; values are those that the trace itself works with.
func (e *evaluator) rows(values mapping.Result) []MappingEvaluation {
	fold := map[string]bool{}
	for _, c := range e.rules.Columns() {
		fold[c.Target] = c.FoldCase
	}
	out := []MappingEvaluation{}
	for i, a := range e.rules.Attributes {
		if e.skip != "" && document.TargetKey(a.Target) == e.skip {
			continue
		}
		m := MappingEvaluation{
			Target: a.Target, Expression: stored(a), FlowType: a.FlowType, Steps: []MappingStep{},
			Matching: slices.Index(e.rules.Matching, a.Target) + 1,
		}
		if a.Default.Known && !a.Default.Null {
			m.Default = &a.Default.Value
		}
		switch earlier := slices.IndexFunc(e.rules.Attributes, func(o mapping.AttributeRule) bool { return o.Flow && o.Target == a.Target }); {
		case !a.Flow:
			m.Value, m.Why = Shown{State: NotTaken}, "it has neither a source nor a default, so nothing is written"
		case earlier < i:
			m.Value, m.Why = Shown{State: NotTaken}, "an earlier row fills the same attribute"
		default:
			e.row(&m, a, values.Values[a.Target], fold[a.Target])
		}
		out = append(out, m)
	}
	return out
}

func (e *evaluator) row(m *MappingEvaluation, a mapping.AttributeRule, v mapping.Mapped, fold bool) {
	m.Value, m.Why, m.FromDefault = shownMapped(v), v.Why, v.Default
	if a.Expr != nil {
		e.steps(m, a)
	}
	secret := e.hidden.in(printed(a))
	if secret {
		m.Value, m.Why = hide(m.Value, m.Why)
	}
	if e.have == nil {
		return
	}
	have := e.have(a.Target)
	shown := shownAttribute(have)
	if secret {
		shown, _ = hide(shown, "")
	}
	m.Have = &shown
	keeps := v.Default || strings.Contains(strings.ToLower(a.FlowType), "addonly") || v.Null && e.nullStays || v.Empty() && a.Expr != nil && a.Expr.IgnoresEmpty()
	m.Compare = compare(v, have, fold || document.TargetKey(a.Target) == "active", keeps)
}

// printed is the expression as package expr prints it; as stored where it could not be read.
func printed(a mapping.AttributeRule) string {
	if a.Expr == nil {
		return a.Source
	}
	return a.Expr.String()
}

// stored is the expression as stored, without the constants that Redact hides.
func stored(a mapping.AttributeRule) string {
	if text := printed(a); len(redactions(text)) > 0 {
		return mask(text)
	}
	return a.Source
}

// steps explains the expression; the last step is the whole, which the row itself shows.
func (e *evaluator) steps(m *MappingEvaluation, a mapping.AttributeRule) {
	steps := a.Expr.Explain(e.get)
	steps = steps[:len(steps)-1]
	covered := make([]bool, len(steps)) // part of an argument of Redact
	for i, depth := len(steps)-1, -1; i >= 0; i-- {
		if depth >= 0 && steps[i].Depth > depth {
			covered[i] = true
			continue
		}
		depth = -1
		if whole(steps[i].Text) {
			depth = steps[i].Depth
		}
	}
	if whole(a.Expr.String()) {
		for i := range covered {
			covered[i] = true
		}
	}
	for i, s := range steps {
		if i == maxSteps {
			m.StepsLeft = len(steps) - maxSteps
			break
		}
		one := MappingStep{Depth: s.Depth, Text: s.Text, Value: shownAttribute(s.Value), Note: s.Note}
		switch {
		case s.Skipped:
			one.Value = Shown{State: NotTaken}
		case s.Err != nil:
			one.Value, one.Note = Shown{State: failedOr(s.Err)}, s.Err.Error()
		case !s.Value.Known && one.Note == "" && strings.HasPrefix(s.Text, "["):
			one.Note = "not in the documents"
		case same(s.Text, "["+isSoftDeleted+"]"):
			one.Note = e.softDeleted
		}
		if covered[i] {
			one.Text = maskAll(one.Text)
		} else {
			one.Text = mask(one.Text)
		}
		if covered[i] || e.hidden.in(s.Text) {
			one.Value, one.Note = hide(one.Value, one.Note)
		}
		m.Steps = append(m.Steps, one)
	}
}

func clauseGroup(g scope.GroupResult, hidden secrets) ClauseGroup {
	out := ClauseGroup{Name: g.Name, Input: g.Input, Outcome: Status(g.Outcome), Clauses: []Clause{}}
	for _, c := range g.Clauses {
		one := Clause{
			Attribute: c.Attribute, Operator: c.Operator, Values: append([]string{}, c.Values...), Outcome: Status(c.Outcome), Reason: c.Reason,
			Text: c.Text, Actual: shownActual(c),
		}
		if g.Name != "" {
			one.Text = strings.TrimPrefix(c.Text, g.Name+".")
		}
		if hidden.in("[" + c.Attribute + "]") {
			one.Actual, one.Reason = hide(one.Actual, one.Reason)
		}
		out.Clauses = append(out.Clauses, one)
	}
	return out
}

func shownActual(c scope.ClauseResult) Shown {
	switch c.Actual {
	case "":
		return Shown{State: Untold}
	case "null":
		return Shown{State: NullShown}
	}
	return shownAttribute(document.TextValue(c.Actual))
}
