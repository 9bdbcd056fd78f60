package scenario_test

import (
	"cmp"
	"testing"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/scenario"
)

// rules are those of a section, or of the method alone.
func rules(t *testing.T, w *facts.World, a scenario.PlanAsk, method string) plan.Rules {
	t.Helper()
	r, faults := plan.Of(w, cmp.Or(method, w.Method()))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if a.Rules != nil {
		t.Fatal("no rules yet")
	}
	return r
}
