package plan_test

import (
	"testing"

	"pgregory.net/rapid"
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
			if still, there := now[r]; held && there && !still {
				t.Fatalf("%+v waited in the first run and is done in the second\n%s\n%s\n--- then\n%s", r, w, text(p), text(then))
			}
		}
	})
}
