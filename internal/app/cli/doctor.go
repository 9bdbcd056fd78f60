package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

func newDoctor(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "What a connection needs, line by line: keys and their ends, permissions, limits, clock, a second writer",
		Long: `Asks every service that a connection of rollcall.yaml names whether it lets rollcall in, which permissions are missing
and what is lost without each, when secrets end, how near the directory is to its limits, whether something else writes
it, and whether this machine's clock and store are sound. It sends nothing but reads.

What cannot be told is "unknown", with the place to look at; that alone is no finding.`,
		Example: `  rollcall doctor
  rollcall doctor --config prod.yaml --connection acme
  rollcall doctor --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), g, s) },
	}
}

func runDoctor(ctx context.Context, g *Globals, s Streams) error {
	c, err := configured(g)
	if err != nil {
		return err
	}
	if g.Bundle != "" {
		return errors.New("a recorded world has no keys and no limits: doctor asks the services that the configuration names")
	}
	b := newBar(s)
	d, name, method, err := compose.Doctor(c)
	if err != nil {
		return err
	}
	d.Progress = b.draw
	parts, err := d.Examine(ctx)
	b.wipe()
	if err != nil {
		return err
	}
	if g.JSON {
		var all []engine.Check
		for _, p := range parts {
			all = append(all, p.Checks...)
		}
		err = writeJSON(s.Out, struct {
			Checks []engine.Check `json:"checks"`
		}{all})
	} else {
		p := s.page(g)
		viewExamined(p, name, method, parts)
		err = p.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if n := tallied(parts); n[evidence.Bad]+n[evidence.Warning] > 0 {
		return errFindings
	}
	return nil
}

// tallied counts checks by state.
func tallied(parts []engine.Examined) map[evidence.State]int {
	n := map[evidence.State]int{}
	for _, p := range parts {
		for _, c := range p.Checks {
			n[c.State]++
		}
	}
	return n
}
