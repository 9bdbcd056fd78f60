package cli

import (
	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// next says how to go on, with names from the plan.
func (l *lister) next(o PlanOptions) {
	var next [][2]string
	add := func(command, about string) { next = append(next, [2]string{command, about}) }
	if l.out.cut {
		add(o.again("--full"), "everything, line by line")
	}
	subject := func(s *plan.Subject) string { return typed(trace.Subject{ID: s.ID, Name: s.Name}) }
	if s := l.out.example; s != nil && o.User == "" && o.Bundle != "" {
		add(o.command("why", subject(s)), "one of them, step by step, as it is today")
	}
	if s := l.out.group; s != nil && o.User == "" && o.Group == "" && o.Saved == "" {
		add(o.narrowed(plan.KindGroup, subject(s)), "one group and its people alone")
	}
	if l.out.steps > 0 && o.Out == "" && o.Saved == "" {
		add(o.again("--out", "plan.json"), "save the plan")
	}
	switch {
	case o.Out != "":
		add(o.command("plan", o.Out), "later: whether it still fits")
	case o.Saved != "" && o.Bundle == "":
		add("rollcall plan "+text.Shell(o.Saved)+" --bundle …", "whether it still fits the world")
	}
	if len(next) > 0 {
		viewCommands(l.p, section, next)
	}
}
