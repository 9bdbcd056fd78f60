package engine

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
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

	About *plan.About // of the one person that it is narrowed to; nil where Entra does not have them
}

// Steps are the steps that are kept.
func (r *PlanResult) Steps() iter.Seq[plan.Step] { return r.Keep.Steps(r.Plan.Steps()) }

// Verdicts are the judgements that are kept.
func (r *PlanResult) Verdicts(all bool) iter.Seq[plan.Judgement] {
	return r.Keep.Judgements(r.Plan.Verdicts(all))
}

// Changes tells whether anything is to be done, or would come of another method.
func (r *PlanResult) Changes() bool {
	for range r.Steps() {
		return true
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
	if out.Keep = out.Only.Narrow(people); out.Keep == nil {
		out.Only = nil
	} else if u := out.Only.User; u != nil {
		if about, ok := out.Plan.About(u.ID); ok {
			out.About = &about
		}
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

// NoUserError says that no side knows a person of that name.
type NoUserError struct {
	Name  string
	Known []string // user principal names, addresses and display names that there are
}

func (e *NoUserError) Error() string {
	return fmt.Sprintf("nobody is called %q, in Entra, in the Guard directory or in the organization", e.Name)
}

// narrow finds whom the plan is narrowed to, and the ids, at either side, of the group's people.
func narrow(w *facts.World, r PlanRequest, only *plan.Only) (people map[string]bool, err error) {
	if r.User == "" && r.Group == "" {
		return nil, nil
	}
	t := trace.New(w)
	if r.User != "" {
		s, err := one(t, r.User, plan.KindUser)
		if err != nil {
			return nil, err
		}
		if s == nil {
			return nil, &NoUserError{Name: r.User, Known: userNames(w)}
		}
		for _, record := range w.ScimByExternal(s.ID) {
			s.Target = w.ScimUsers[record].ID
		}
		only.User = s
	}
	if r.Group == "" {
		return nil, nil
	}
	s, err := one(t, r.Group, plan.KindGroup)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, &NoGroupError{Name: r.Group, Known: groupNames(w)}
	}
	only.Group = s
	return groupPeople(w, s), nil
}

// one is the only one of a kind that a name can mean; nil where there is none.
func one(t *trace.Tracer, name, kind string) (*plan.Subject, error) {
	found := t.Find(name, kind)
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return &plan.Subject{Kind: kind, ID: found[0].ID, Name: found[0].Name}, nil
	}
	return nil, &trace.Ambiguous{Query: name, Candidates: found}
}

// groupPeople are the ids of those whom any nesting leads into the group in Entra, and of those who are in it at the
// target. The group of the target is noted in s.
func groupPeople(w *facts.World, s *plan.Subject) map[string]bool {
	people := map[string]bool{}
	if g, ok := w.GroupByID(s.ID); ok {
		for _, u := range w.Graph.Walk().Down(g) {
			people[facts.Fold(w.Users[u].ID)] = true
		}
	}
	there := w.ScimGroupsByExternal(s.ID)
	if len(there) == 0 {
		there = w.ScimGroupsByName(s.Name)
	}
	for _, g := range there {
		s.Target = w.ScimGroups[g].ID
		for _, m := range w.ScimGroups[g].Members {
			people[facts.Fold(w.ScimUsers[m].ID)] = true
		}
	}
	return people
}

func userNames(w *facts.World) []string {
	var names []string
	add := func(all ...string) {
		for _, n := range all {
			if n != "" {
				names = append(names, n)
			}
		}
	}
	for i := range w.Users {
		add(w.Users[i].UserPrincipalName, w.Users[i].DisplayName)
	}
	for i := range w.ScimUsers {
		add(w.ScimUsers[i].UserName)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
