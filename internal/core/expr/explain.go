package expr

import (
	"errors"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Step is one part of an expression and what it came to.
type Step struct {
	Depth   int    // 0: the whole expression
	Text    string // the part, as printed
	Value   Value  // not known where an attribute is not told, or where Err is set
	Err     error  // as Eval gives it
	Skipped bool   // a branch that was not taken; it has no value
	Note    string // the documented defect or rule that mattered; empty: none
}

// Explain evaluates the expression and shows the steps in order of evaluation: inner parts before the part that
// holds them, branches that were not taken just before it. Constants are no steps. The last step is the whole
// expression, with the answer of Eval.
func (e *Expr) Explain(get func(name string) Value) []Step {
	t := &trace{}
	_, _ = e.root.eval(&evaluation{get: get, now: e.now, trace: t}) // the last step carries both
	return t.steps
}

// trace keeps the steps of an evaluation.
type trace struct {
	steps []Step
	depth int
	note  string // of the call that is being evaluated
	seen  map[*node]bool
}

// eval evaluates a part and writes its step.
func (t *trace) eval(n *node, ev *evaluation) (Value, error) {
	if t.seen == nil {
		t.seen = map[*node]bool{}
	}
	t.seen[n] = true
	if (n.kind == constant || n.kind == word) && t.depth > 0 {
		return n.compute(ev)
	}
	outer := t.note
	t.note = ""
	t.depth++
	v, err := n.compute(ev)
	for _, a := range n.args {
		if !t.seen[a] && a.kind != omitted && a.kind != constant && a.kind != word {
			t.steps = append(t.steps, Step{Depth: t.depth, Text: a.String(), Skipped: true})
		}
	}
	t.depth--
	s := Step{Depth: t.depth, Text: n.String(), Value: v, Err: err, Note: t.note}
	t.note = outer
	switch {
	case errors.Is(err, errNotTold):
		s.Value, s.Err = document.NotTold, nil
	case err != nil:
		s.Value = Value{}
	}
	if s.Note == "" && n.fn != nil {
		s.Note = n.fn.defect
	}
	t.steps = append(t.steps, s)
	return v, err
}
