package scenario_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/scenario"
)

// stepText is a step in one line, or in one for each kind of member, and in full with why.
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
