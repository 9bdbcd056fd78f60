package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/demo"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
)

func newDemo(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "A made-up company inside the program: its roll call, one of its people, a plan",
		Long: `Shows what rollcall does with a company that is made up and lives inside this program: who is missing from Atlassian
and why, one person step by step, and what would change if rollcall did the provisioning. Nothing is asked of any
service, nothing is read from this machine and nothing is written to it.`,
		Example: `  rollcall demo`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if g.JSON {
				return errors.New("the demo is a story for people; check, why and plan have --json")
			}
			has := func(command string) bool {
				found, _, err := cmd.Root().Find([]string{command})
				return err == nil && found != cmd.Root()
			}
			return runDemo(cmd.Context(), g, s, has)
		},
	}
}

// tale is what the demo tells: the answers of the engine's verbs about one company.
type tale struct {
	roll trace.RollCall
	why  engine.Answers
	plan *engine.PlanResult
	has  func(command string) bool // whether the program has a command
}

func runDemo(ctx context.Context, g *Globals, s Streams, has func(string) bool) error {
	files, err := demo.Documents(demo.At)
	if err != nil {
		return err
	}
	worlds, err := compose.Documents(files, "the made-up company")
	if err != nil {
		return err
	}
	e := &engine.Engine{Worlds: worlds}
	t := tale{has: has}
	if t.roll, err = e.Check(ctx, engine.CheckRequest{}); err != nil {
		return fmt.Errorf("calling the roll of the made-up company: %w", err)
	}
	if t.why, err = e.Why(ctx, []trace.Query{{Subject: demo.Person}}); err == nil {
		err = t.why.Answers[0].Err
	}
	if err != nil {
		return fmt.Errorf("asking about one of them: %w", err)
	}
	if t.plan, err = e.Plan(ctx, engine.PlanRequest{Method: document.Rollcall}); err != nil {
		return fmt.Errorf("planning the switch to rollcall: %w", err)
	}
	p := s.page(g)
	viewTale(p, t, s.width(g))
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
