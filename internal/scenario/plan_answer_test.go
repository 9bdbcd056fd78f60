package scenario_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/document"
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

func stepText(s *plan.Step, a scenario.PlanAsk) []string {
	if len(s.Items) > 0 {
		return memberLines(s)
	}
	line := fmt.Sprintf("%s %s %s: ", s.Op, s.Kind, short(s.Subject.Name))
	switch {
	case s.Op == plan.Update && s.Reason == plan.ValuesDiffer.String():
		line += changes(s.Fields)
	case s.Op == plan.Update:
		line += s.Reason + ", " + changes(s.Fields)
	case s.Op == plan.Adopt:
		line += s.Subject.Target + ", " + s.Reason
	default:
		line += s.Reason
	}
	if s.Held != nil {
		line += ", held " + s.Held.Code
	}
	if c := s.Conflict; c != nil {
		line += fmt.Sprintf("; takes over %s: adds %d, removes [%s]", c.Name, c.Adds, strings.Join(c.Removes, ", "))
		if !c.Told {
			line += " (members not told)"
		}
	}
	if a.Full {
		line += "\n  " + s.Why
		if s.Op == plan.Create {
			line += "\n  " + changes(s.Fields)
		}
	}
	return []string{line}
}

// memberLines are one line for all members of whom the same is to be said.
func memberLines(s *plan.Step) []string {
	verb := "add to"
	switch {
	case strings.HasSuffix(s.ID, ":new"):
		verb = "fill new"
	case s.Kind == plan.KindPolicy:
		verb = "policy"
	case s.Op == plan.RemoveMembers:
		verb = "remove from"
	}
	var tails []string
	names := map[string][]string{}
	for _, item := range s.Items {
		tail, held := "", s.Held
		if item.Held != nil {
			held = item.Held
		}
		if s.Op == plan.RemoveMembers {
			tail = " (" + s.Reason + ")"
			if item.Reason != "" {
				tail = " (" + item.Reason + ")"
			}
		}
		if held != nil {
			tail += ", held " + held.Code
		}
		if len(names[tail]) == 0 {
			tails = append(tails, tail)
		}
		names[tail] = append(names[tail], short(item.Name))
	}
	var lines []string
	for _, tail := range tails {
		slices.Sort(names[tail])
		lines = append(lines, verb+" "+s.Subject.Name+": "+strings.Join(names[tail], ", ")+tail)
	}
	return lines
}

func changes(fields []plan.Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, fmt.Sprintf("%s %s -> %s", f.Path, value(f.Old), value(f.New)))
	}
	return strings.Join(out, "; ")
}

func value(v document.AttributeValue) string {
	if v.Multi() {
		return fmt.Sprintf("%q", v.Values)
	}
	if !v.Known || v.Null {
		return "null"
	}
	return fmt.Sprintf("%q", v.Text)
}

// inRuns sorts the lines that do the same to the same kind; the plan has them in the order of ids, which say nothing.
func inRuns(lines []string) []string {
	verb := func(line string) string {
		words := strings.SplitN(line, " ", 3)
		return strings.Join(words[:min(2, len(words))], " ")
	}
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && verb(lines[to]) == verb(lines[from]) {
			to++
		}
		slices.Sort(lines[from:to])
		from = to
	}
	return lines
}

func switchLines(s plan.Switch) []string {
	var lines []string
	list := func(verb string, gains []plan.Gain) {
		for _, g := range gains {
			line := verb + " " + g.Subject.Kind + " " + short(g.Subject.Name)
			if g.Subject.Group != "" {
				line += " in " + g.Subject.Group
			}
			if g.Why != "" {
				line += ": " + g.Why
			}
			lines = append(lines, line)
		}
	}
	list("gain", slices.Concat(s.Users.Gained, s.Groups.Gained, s.Memberships.Gained))
	list("lose", slices.Concat(s.Users.Lost, s.Groups.Lost, s.Memberships.Lost))
	if len(lines) == 0 {
		lines = []string{"nothing changes"}
	}
	return inRuns(lines)
}
