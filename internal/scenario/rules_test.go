package scenario_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/scenario"
)

// rules are those of the "== rules" above a section, read as rollcall.yaml is, or of the method alone.
func rules(t *testing.T, w *facts.World, a scenario.PlanAsk, method string) plan.Rules {
	t.Helper()
	method = cmp.Or(method, w.Method())
	if a.Rules == nil {
		r, faults := plan.Of(w, method)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return r
	}
	file := filepath.Join(t.TempDir(), "rollcall.yaml")
	text := fmt.Sprintf("connections:\n  - name: %s\n    method: %s\n", w.Bundle.Connection.Name, method)
	for _, line := range a.Rules {
		text += "    " + line + "\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := compose.Configured(file, "")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	from, err := c.Rules()(w)
	if err != nil {
		t.Fatal(err)
	}
	r, faults, err := from.Of(w, method)
	if err != nil || len(faults) > 0 {
		t.Fatalf("%s: %v, %v", strings.TrimSpace(text), err, faults)
	}
	return r
}
