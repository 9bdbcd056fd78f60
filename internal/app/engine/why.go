package engine

import (
	"context"
	"time"

	"github.com/rollcall/rollcall/internal/core/trace"
)

// Answers are what Why found, in the order of the questions, with the recording that they rest on.
type Answers struct {
	Connection string
	Method     string
	At         time.Time
	Answers    []Answer
}

// Answer is one trace with the rules behind it, or the reason why there is none: *trace.Ambiguous.
type Answer struct {
	Query trace.Query
	Trace trace.Trace
	Err   error

	Evaluation *trace.Evaluation // nil where there is nobody in Entra to apply the rules to
}

// Why follows each subject from Entra to Jira. An answer that failed does not keep the others from being given.
func (e *Engine) Why(ctx context.Context, queries []trace.Query) (Answers, error) {
	w, err := e.load(ctx, focusOn(queries...))
	if err != nil {
		return Answers{}, err
	}
	out := Answers{Connection: w.Bundle.Connection.Name, Method: w.Method(), At: w.At}
	tracer := trace.New(w)
	for _, q := range queries {
		t, err := tracer.Why(q)
		a := Answer{Query: q, Trace: t, Err: err}
		if e, ok := tracer.Evaluate(q); ok && err == nil {
			a.Evaluation = &e
		}
		out.Answers = append(out.Answers, a)
	}
	return out, nil
}
