package plan_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// What waits for a person goes on waiting: no run does it merely because the one before was carried out.
func TestWhatWaitsGoesOnWaiting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := compute(t, w)
		next, done := apply(w, p, false)
		sound(t, p, done)
		then := compute(t, next)
		now := removals(then)
		for r, held := range removals(p) {
			if still, there := now[r]; held && there && !still && !empties(p, r) {
				t.Fatalf("%+v waited in the first run and is done in the second\n%s\n%s\n--- then\n%s", r, w, text(p), text(then))
			}
		}
	})
}

// empties tells whether something waits only because nobody would be left: somebody new may come in the meantime.
func empties(p *plan.Plan, r removal) bool {
	for s := range p.Steps() {
		for _, item := range s.Items {
			if s.Subject.Target == r.group && item.Target == r.what && item.Held != nil && item.Held.Code == plan.HeldEmptied.String() {
				return true
			}
		}
	}
	return false
}
