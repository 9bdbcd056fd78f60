package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// Why a saved plan cannot be carried out.
var (
	ErrMoved   = errors.New("the world moved: make a new plan")
	ErrRules   = errors.New("the rules are not those that the plan was made with")
	ErrAltered = errors.New("the saved plan is not what rollcall wrote: make a new one")
)

// Moved makes a saved plan's plan once more, of the world as it is now, and says what differs.
func (e *Engine) Moved(ctx context.Context, saved *plan.Saved, r PlanRequest) (plan.Moved, error) {
	w, err := e.load(ctx, nil)
	if err != nil {
		return plan.Moved{}, err
	}
	out := &PlanResult{Now: w.Method()}
	written, err := r.written(w)
	if err != nil {
		return plan.Moved{}, err
	}
	rules, err := out.rules(w, written, saved.Method)
	if err != nil {
		return plan.Moved{}, err
	}
	if rules.Connection != saved.Connection {
		return plan.Moved{}, fmt.Errorf("the plan is of the connection %q, and this world is of %q", saved.Connection, rules.Connection)
	}
	if out.Plan, err = e.compute(w, rules, ""); err != nil {
		return plan.Moved{}, err
	}
	if only := saved.Only; only != nil {
		var people map[string]bool
		if only.Group != nil {
			people = groupPeople(w, only.Group)
		}
		out.Keep = only.Narrow(people)
	}
	return saved.Compare(out.Plan, out.Extract(false)), ctx.Err()
}
