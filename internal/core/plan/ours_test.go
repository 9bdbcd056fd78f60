package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// Whatever a plan would do without asking is done to what is ours, and only to that.
func TestOnlyWhatIsOursIsTouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := compute(t, w)
		for r, held := range removals(p) {
			if !held {
				w.mayBeTaken(saying{t, w, p}, r)
			}
		}
		for s := range p.Steps() {
			switch s.Op {
			case plan.Delete:
				if s.Kind != plan.KindGroup || s.Held == nil {
					t.Fatalf("%s %s is deleted without a person", s.Kind, s.Subject.Name)
				}
			case plan.Update, plan.Reactivate:
				if s.Held == nil && !w.ours(s.Subject.Target, s.Subject.ID) {
					t.Fatalf("%s touches %s, which nothing says is %s's", s.ID, s.Subject.Target, s.Subject.ID)
				}
			case plan.Adopt:
				if s.Kind == plan.KindUser && s.Held == nil && !w.ours(s.Subject.Target, s.Subject.ID) {
					t.Fatalf("%s takes over %s, which nothing says is %s's", s.ID, s.Subject.Target, s.Subject.ID)
				}
			case plan.Create, plan.Deactivate, plan.AddMembers, plan.RemoveMembers:
			}
		}
	})
}

// saying adds the world and the plan to what a failed test says.
type saying struct {
	failer
	w *world
	p *plan.Plan
}

func (s saying) Fatalf(format string, args ...any) {
	s.failer.Helper()
	s.failer.Fatalf(format+"\n%s\n%s", append(args, s.w, text(s.p))...)
}

// ours tells whether a record is certainly a user's: by a link, by the id that it carries, or, where it carries none,
// by a userName that nobody else has.
func (w *world) ours(id, user string) bool {
	r, p := w.record(id), w.person(user)
	if r == nil || p == nil {
		return false
	}
	if owners := w.linkedTo(id); len(owners) > 0 {
		return slices.Contains(owners, user)
	}
	if external := r.values["externalId"]; external != "" {
		return external == user
	}
	return equalFold(r.values["userName"], p.upn)
}
