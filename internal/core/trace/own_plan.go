package trace

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// ownPlan is what rollcall would do now, by whom it is about.
type ownPlan struct {
	steps   map[string]intent // by kind and folded id of a subject
	members map[string]intent // by folded id of a group and of a member
}

// intent is one change that a plan holds.
type intent struct {
	op, why, held string
}

// newOwnPlan plans for a world of which perhaps only a part was read, so that no limit counts: whatever waits because
// of one is in rollcall's log.
func newOwnPlan(w *facts.World, rules plan.Rules) *ownPlan {
	out := &ownPlan{steps: map[string]intent{}, members: map[string]intent{}}
	rules.Limits = plan.Limits{}
	in := plan.From(w, rules)
	if (w.Focused() || w.Bundle.Part) && w.Has(document.AppRoleAssignments) {
		// Only what touches a few people was read, and all of their groups: a group that was not leads none of them in.
		in.Source.Gaps.Assignments = ""
	}
	p, err := plan.Compute(in)
	if err != nil { // too many memberships for any target: nothing is planned then
		return out
	}
	for s := range p.Steps() {
		one := intent{op: string(s.Op), why: s.Why}
		if s.Held != nil {
			one.held = s.Held.Text
		}
		if s.Kind == plan.KindPolicy {
			continue
		}
		if len(s.Items) == 0 {
			if s.Op != plan.Adopt { // adopting writes nothing at the target
				out.steps[s.Kind+" "+facts.Fold(s.Subject.ID)] = one
			}
			continue
		}
		for _, item := range s.Items {
			of := one
			if item.Held != nil {
				of.held = item.Held.Text
			}
			out.members[facts.Fold(s.Subject.ID)+" "+facts.Fold(item.ID)] = of
		}
	}
	return out
}
