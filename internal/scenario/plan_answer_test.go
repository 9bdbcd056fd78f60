package scenario_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/scenario"
)

// compute plans for a world by the method and rules of a section.
func compute(t *testing.T, w *facts.World, a scenario.PlanAsk, method string, history []scenario.Removed) *plan.Plan {
	t.Helper()
	in := plan.From(w, rules(t, w, a, method))
	for _, r := range history {
		at, err := time.Parse(time.RFC3339, r.At)
		if err != nil {
			t.Fatal(err)
		}
		class := map[string]plan.Class{"deactivated": plan.Deactivations, "removed": plan.MemberRemovals, "deleted": plan.GroupDeletions}[r.Verb]
		in.History = append(in.History, plan.Removal{At: at, Class: class, Count: r.Count})
	}
	p, err := plan.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// planned computes what a section asks for and writes it as a scenario file does.
func planned(t *testing.T, w *facts.World, a scenario.PlanAsk, history []scenario.Removed) []string {
	t.Helper()
	p := compute(t, w, a, a.Method, history)
	if a.Other != "" {
		return switchLines(plan.Compare(p, compute(t, w, a, a.Other, history)))
	}
	return planLines(p, a)
}

// short is a name without the domain of the tenant.
func short(name string) string {
	if strings.TrimSpace(name) == "" || strings.ContainsFunc(name, unicode.IsControl) {
		return strconv.Quote(name)
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, "@fabrikam.example"), "@k8s.example")
}

// planLines are the steps, the verdicts that no step tells, the limits that were touched, and the gaps.
func planLines(p *plan.Plan, a scenario.PlanAsk) []string {
	lines, told := stepLines(p, a)
	for j := range p.Verdicts(a.Everybody) {
		if told[said{j.Subject.Kind, j.Subject.ID, j.Reason}] || told[said{j.Subject.Kind, j.Subject.Target, j.Reason}] {
			continue
		}
		line := "verdict " + j.Subject.Kind + " " + short(j.Subject.Name)
		if j.Subject.Group != "" {
			line += " in " + j.Subject.Group
		}
		line += fmt.Sprintf(": %s %s", j.Verdict, j.Reason)
		if a.Full {
			line += "\n  " + j.Text
		}
		lines = append(lines, line)
	}
	lines = inRuns(lines)
	for _, g := range p.Guards {
		if g.Count == 0 {
			continue
		}
		line := fmt.Sprintf("guard %s %s: %d of at most %d", g.Name, g.Window, g.Count, g.Most)
		if g.Held {
			line += ", held"
		}
		lines = append(lines, line)
	}
	for _, gap := range p.Gaps {
		lines = append(lines, "gap: "+gap)
	}
	if len(lines) == 0 {
		lines = []string{"nothing to do"}
	}
	return strings.Split(strings.Join(lines, "\n"), "\n")
}

// said is a subject and a reason that some step gives of it.
type said struct{ kind, id, reason string }

func stepLines(p *plan.Plan, a scenario.PlanAsk) ([]string, map[said]bool) {
	told := map[said]bool{}
	var lines []string
	adopts := map[string]int{}
	for s := range p.Steps() {
		told[said{s.Kind, s.Subject.ID, s.Reason}] = true
		told[said{s.Kind, s.Subject.Target, s.Reason}] = s.Subject.Target != ""
		if s.Op == plan.Adopt && s.Held == nil {
			adopts[s.Kind]++
		}
	}
	var summed []string
	for _, kind := range []string{plan.KindUser, plan.KindGroup} {
		if adopts[kind] > few {
			summed = append(summed, fmt.Sprintf("%d %ss", adopts[kind], kind))
		}
	}
	if len(summed) > 0 {
		lines = append(lines, "adopt "+strings.Join(summed, ", "))
	}
	for s := range p.Steps() {
		if s.Op == plan.Adopt && s.Held == nil && adopts[s.Kind] > few {
			continue
		}
		lines = append(lines, stepText(&s, a)...)
	}
	return lines, told
}

// few adoptions are told one by one.
const few = 3
