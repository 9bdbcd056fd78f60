package scenario_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/scenario"
)

// lower applies a scenario's limits to a world.
func lower(w *facts.World, limits map[string]int) error {
	fields := map[string]*int{"UsersPerDirectory": &w.Limits.UsersPerDirectory, "UsersPerGroup": &w.Limits.UsersPerGroup, "ConnectorGroup": &w.Limits.ConnectorGroup}
	for name, n := range limits {
		if fields[name] == nil {
			return fmt.Errorf("facts.Limits has no number %s", name)
		}
		*fields[name] = n
	}
	return nil
}

// why asks the program and writes its answer as a scenario file does.
func why(w *facts.World, a scenario.Ask) ([]string, trace.Trace) {
	tr, err := trace.New(w).Why(trace.Query{Subject: scenario.ID(a.Subject), Group: scenario.ID(a.Group)})
	if several, ok := errors.AsType[*trace.Ambiguous](err); ok {
		var names []string
		for _, c := range several.Candidates {
			names = append(names, c.Name)
		}
		return []string{"ambiguous: " + strings.Join(names, " ")}, tr
	} else if err != nil {
		return []string{"error: " + err.Error()}, tr
	}
	lines := []string{"verdict: " + string(tr.Verdict)}
	if tr.Cause != "" {
		lines = append(lines, "cause: "+string(tr.Cause))
	}
	if len(tr.Also) > 0 {
		lines = append(lines, "also: "+joined(tr.Also))
	}
	var failing []cause.Hop
	for _, h := range tr.Hops {
		if h.Status == trace.Fail {
			failing = append(failing, h.Hop)
		}
	}
	if len(failing) > 0 {
		lines = append(lines, "fail: "+joined(failing))
	}
	return lines, tr
}

func joined[S ~string](list []S) string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return strings.Join(out, " ")
}

// check calls the roll and writes the answer as a scenario file does: the counts, then the findings, sorted.
func check(w *facts.World, expect []string) ([]string, trace.RollCall) {
	rc := trace.New(w).Check(trace.CheckOptions{Expect: expect})
	counts := fmt.Sprintf("counts: %d expected", rc.Counts.Expected)
	for _, c := range []struct {
		n    int
		word string
	}{{rc.Counts.Present, "present"}, {rc.Counts.Missing, "missing"}, {rc.Counts.Wrong, "wrong"}, {rc.Counts.Unknown, "unknown"}, {rc.Counts.Extra, "extra"}} {
		if c.n > 0 {
			counts += fmt.Sprintf(", %d %s", c.n, c.word)
		}
	}
	var lines []string
	for _, f := range rc.Findings {
		name := f.Subject.Name
		if f.Subject.Kind == "membership" {
			name += " in " + f.Subject.Group
		}
		of := string(f.Cause)
		if of == "" {
			of = "?"
		}
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", f.Verdict, f.Subject.Kind, name, of))
	}
	slices.Sort(lines)
	return append([]string{counts}, lines...), rc
}

// sortedCheck puts the lines of a "== check" section in the order in which check writes them.
func sortedCheck(want []string) []string {
	out := slices.Clone(want)
	if len(out) > 1 {
		slices.Sort(out[1:])
	}
	return out
}
