package apply

import (
	"context"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// unit does everything to one object. It is finished unless something failed for the moment only and may be tried
// again; then what was done is not done once more.
func (x *runner) unit(ctx context.Context, u *unit, last bool) (finished bool) {
	if !x.goesOn(ctx) {
		for i := range u.steps {
			x.unreached(max(1, len(u.steps[i].Items)))
			x.mark(blocked, "", u.steps[i])
		}
		return true
	}
	u.steps = x.unblocked(u)
	if len(u.steps) == 0 {
		return true
	}
	switch first := &u.steps[0]; {
	case first.Op == plan.Adopt:
		x.adopt(u)
		return true
	case first.Kind == plan.KindUser, first.Op == plan.Delete:
		return x.object(ctx, u, last)
	}
	return x.members(ctx, u, last)
}

// unblocked are the steps whose needs are carried out; of the others the ledger says why they are not sent. A need
// within the unit is one that the unit itself takes care of.
func (x *runner) unblocked(u *unit) []plan.Step {
	var goes []plan.Step
	own := map[string]bool{}
	for _, s := range u.steps {
		rest := s
		rest.Needs = nil
		for _, need := range s.Needs {
			if !own[need] {
				rest.Needs = append(rest.Needs, need)
			}
		}
		if why, wait := x.missing(&rest); why != "" {
			x.block(&s, s.Items, why, wait)
			x.mark(blocked, "", s)
			continue
		}
		own[s.ID] = true
		goes = append(goes, s)
	}
	return goes
}

// block writes down that a step, or some of its items, is not sent for want of something else. What waits for a person
// is counted as waiting.
func (x *runner) block(s *plan.Step, items []plan.Item, why string, wait bool) {
	n := max(1, len(items))
	x.mu.Lock()
	if x.halt != nil && !wait { // it was not reached, whatever it needs
		x.missed += n
		x.mu.Unlock()
		return
	}
	if wait {
		x.counts.Held += n
	} else {
		x.counts.Blocked += n
	}
	x.mu.Unlock()
	if wait {
		return // the plan says so, and so does the list of what waits
	}
	e := x.entry(s, "")
	e.Outcome, e.Text, e.Run, e.At = ledger.Blocked, why, x.ID, x.Now()
	if s.Op == plan.RemoveMembers {
		e.Remove = members(items)
	} else {
		e.Add = members(items)
	}
	x.journal.intend(e)
}

// adopt writes down that a record or group is ours. Nothing is sent.
func (x *runner) adopt(u *unit) {
	s := &u.steps[0]
	e := x.entry(s, u.approved)
	e.Run, e.At, e.Outcome = x.ID, x.Now(), ledger.Intended
	var ok bool
	if e.Seq, ok = x.journal.intend(e); !ok {
		x.mark(failed, "", *s)
		return
	}
	e.Outcome = ledger.Done
	x.journal.settle(store.Settlement{Entry: e, Link: &store.Link{Kind: s.Kind, Source: s.Subject.ID, Target: s.Subject.Target}})
	x.mark(carried, s.Subject.Target, *s)
	x.mu.Lock()
	x.counts.Done++
	x.mu.Unlock()
}

// object writes the values of one user, or deletes something, with one request.
func (x *runner) object(ctx context.Context, u *unit, last bool) bool {
	first := &u.steps[0]
	c := target.Change{Op: first.Op, Kind: first.Kind, ID: first.Subject.Target, SourceID: first.Subject.ID, Name: first.Subject.Name}
	if first.Op == plan.Create {
		c.ID = ""
	}
	e := x.entry(first, u.approved)
	for i := range u.steps {
		c.Fields = append(c.Fields, u.steps[i].Fields...)
	}
	e.Fields = fieldsText(c.Fields)
	if u.approved != "" && (first.Op == plan.Deactivate || first.Op == plan.Delete) {
		e.Allowed = 1
	}
	got, ok, again, _ := x.send(ctx, e, c, last)
	switch {
	case ok:
		x.mark(carried, got.ID, u.steps...)
	case again:
		return false
	default:
		x.mark(failed, "", u.steps...)
	}
	return true
}

// entry is what the ledger says of a step.
func (x *runner) entry(s *plan.Step, approved string) ledger.Entry {
	return ledger.Entry{
		Step: s.ID, Op: string(s.Op), Kind: s.Kind, Reason: s.Reason, Why: s.Why, Approved: approved,
		Subject: ledger.Subject{ID: s.Subject.ID, Name: s.Subject.Name, Target: s.Subject.Target},
	}
}

func members(items []plan.Item) []ledger.Member {
	out := make([]ledger.Member, len(items))
	for i, item := range items {
		out[i] = ledger.Member{ID: item.ID, Name: item.Name, Target: item.Target}
	}
	return out
}

// weight is how many changes an entry counts for.
func weight(e *ledger.Entry) int {
	n := len(e.Add) + len(e.Remove)
	if n == 0 || e.Op == string(plan.Create) {
		n++
	}
	return n
}
