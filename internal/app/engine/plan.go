package engine

import (
	"context"
	"iter"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// PlanRequest says by which rules a plan is made and whom it is narrowed to.
type PlanRequest struct {
	Method string // how the people would be provisioned; "": as the rules say, else as the world is now
	Group  string // only what concerns this group and its people (name or id)
	User   string // only what concerns this person (user principal name, address, id or display name)

	Rules func(*facts.World) (*Rules, error) // rules that somebody wrote down for this world; nil, or giving nil: none
}

// Rules are rules that somebody wrote down. They may build on what the tenant has.
type Rules struct {
	Elsewhere string // why there are none for this world, in words; then Of is nil

	Method string // that they are written for
	Of     func(w *facts.World, method string) (r plan.Rules, faults []error, err error)
}

// PlanResult is a plan, with what is kept of it.
type PlanResult struct {
	Plan   *plan.Plan
	Now    string       // the method by which people are provisioned today
	Switch *plan.Switch // what another method would change; nil: it is the same
	Faults []string     // rows of the tenant's mapping that could not be read
	Only   *plan.Only   // nil: everything
	Keep   *plan.Keep   // nil: everything

	About   *plan.About // of the one person that it is narrowed to; nil where Entra does not have them
	Nested  int         // users whom any nesting leads into the one group, as it was read
	Deleted bool        // the one person was deleted in Entra
	Apart   bool        // the one person is not to be in the one group
}

// Notes are those of the plan that are kept.
func (r *PlanResult) Notes() []string { return r.Plan.NotesFor(r.Only, r.Keep) }

// Steps are the steps that are kept.
func (r *PlanResult) Steps() iter.Seq[plan.Step] { return r.Keep.Steps(r.Plan.Steps()) }

// Verdicts are the judgements that are kept.
func (r *PlanResult) Verdicts(all bool) iter.Seq[plan.Judgement] {
	return r.Keep.Judgements(r.Plan.Verdicts(all))
}

// Changes tells whether anything is to be done, would come of another method, or cannot be done. What is not ours is no
// news.
func (r *PlanResult) Changes() bool {
	for range r.Steps() {
		return true
	}
	for j := range r.Verdicts(false) {
		if j.Reason != plan.NotOurs.String() {
			return true
		}
	}
	return r.Switch != nil && r.Switch.Any()
}

// Extract says what is written of the plan.
func (r *PlanResult) Extract(all bool) plan.Extract {
	return plan.Extract{All: all, Keep: r.Keep, Only: r.Only, Switch: r.Switch}
}

// Plan computes what would change. Nothing is written anywhere.
func (e *Engine) Plan(ctx context.Context, r PlanRequest) (*PlanResult, error) {
	w, err := e.load(ctx, nil)
	if err != nil {
		return nil, err
	}
	if len(w.Users)+len(w.ScimUsers)+len(w.OrgUsers) == 0 && !w.Has(document.Users) {
		return nil, ErrNobody
	}
	out := &PlanResult{Now: w.Method(), Only: &plan.Only{}}
	written, err := r.written(w)
	if err != nil {
		return nil, err
	}
	if r.Method == "" {
		if r.Method = w.Method(); written != nil && written.Of != nil {
			r.Method = written.Method
		}
	}
	people, err := narrow(w, r, out.Only)
	if err != nil {
		return nil, err
	}
	rules, err := out.rules(w, written, r.Method)
	if err != nil {
		return nil, err
	}
	if out.Plan, err = e.compute(w, rules, ""); err != nil {
		return nil, err
	}
	if g := out.Only.Group; g != nil {
		if at, ok := w.GroupByID(g.ID); ok {
			out.Nested = len(w.Graph.Walk().Down(at))
		}
	}
	if out.Keep = out.Only.Narrow(people); out.Keep == nil {
		out.Only = nil
	} else if u := out.Only.User; u != nil {
		if about, ok := out.Plan.About(u.ID); ok {
			out.About = &about
		}
		out.Deleted = out.About == nil && len(w.DeletedByKey(u.ID)) > 0
		out.Apart = out.Only.Group != nil && out.Plan.Apart(u.ID, out.Only.Group.ID)
	}
	if r.Method != out.Now {
		return out, e.compare(w, written, out)
	}
	return out, ctx.Err()
}

// written are the rules that somebody wrote down for the world; nil where nobody did.
func (r *PlanRequest) written(w *facts.World) (*Rules, error) {
	if r.Rules == nil {
		return nil, nil
	}
	return r.Rules(w)
}

// rules are those that were written down; for today's method, where another is asked for, only if they are for it.
func (r *PlanResult) rules(w *facts.World, written *Rules, method string) (plan.Rules, error) {
	if written != nil && written.Of != nil && (method == written.Method || r.Plan == nil) {
		rules, faults, err := written.Of(w, method)
		r.fault(faults)
		return rules, err
	}
	if method == document.Rollcall && w.OwnRules != nil { // check and why judge by them, too
		rules, faults, err := plan.Own(w)
		r.fault(faults)
		rules.Origin = "rollcall's rules as they were recorded (" + string(document.OwnRulesFile) + ")"
		if written != nil && written.Elsewhere != "" {
			rules.Origin += "; " + written.Elsewhere
		}
		return rules, err
	}
	rules, faults := plan.Of(w, method)
	r.fault(faults)
	rules.Origin = "the method's defaults"
	if rules.Mapping.Known {
		rules.Origin += ", with the attribute mapping and scoping filters of the Entra job"
	}
	if written != nil && written.Elsewhere != "" {
		rules.Origin += "; " + written.Elsewhere
	}
	return rules, nil
}

func (r *PlanResult) fault(all []error) {
	for _, f := range all {
		if !slices.Contains(r.Faults, f.Error()) {
			r.Faults = append(r.Faults, f.Error())
		}
	}
}

// compute makes the plan, and tells how far it is.
func (e *Engine) compute(w *facts.World, rules plan.Rules, what string) (*plan.Plan, error) {
	stages := int64(0)
	in := plan.From(w, rules)
	in.History = e.history
	in.Stage = func(name string) {
		e.progress("planning"+what+": "+name, stages, 4)
		stages++
	}
	return plan.Compute(in)
}

// compare says what the other method would provision that today's does not, and the other way round.
func (e *Engine) compare(w *facts.World, written *Rules, out *PlanResult) error {
	rules, err := out.rules(w, written, out.Now)
	if err != nil {
		return err
	}
	now, err := e.compute(w, rules, " as it is today")
	if err != nil {
		return err
	}
	s := plan.Compare(now, out.Plan)
	s.Narrow(out.Keep)
	out.Switch = &s
	return nil
}
