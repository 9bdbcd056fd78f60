package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/compose"
)

// ApproveOptions are the flags of approve.
type ApproveOptions struct {
	*Globals
	Run   string
	Items []string
	All   bool
	Note  string
}

func newApprove(s Streams, g *Globals) *cobra.Command {
	o := ApproveOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "approve RUN [ITEM…]",
		Short: "Let go what a run held for a person",
		Long: `Without ITEM and --all: lists what waits since a run. ITEM is a step, or one member of a step (STEP/MEMBER), as
apply and the list name them. What was let go is done by the next apply, if it is still the same then: an approval counts
for nothing but what was shown.`,
		Example: `  rollcall approve 20261125-091500-ab3d
  rollcall approve 20261125-091500-ab3d delete:group:0f3c… --note "asked the team, nobody uses it"`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Run, o.Items = args[0], args[1:]
			if o.All && len(o.Items) > 0 {
				return errors.New("--all lets everything go: name items, or --all, not both")
			}
			return runApprove(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.All, "all", false, "let everything go that the run held")
	f.StringVar(&o.Note, "note", "", "why, for the record")
	return cmd
}

func runApprove(ctx context.Context, o ApproveOptions, s Streams) error {
	c, err := configured(o.Globals)
	if err != nil {
		return err
	}
	st, name, err := compose.Store(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close() //nolint:errcheck // an approval is on disk when Approve returns
	if _, err := st.Run(ctx, o.Run); err != nil {
		return fmt.Errorf("looking for the run %s: %w", o.Run, err)
	}
	if !o.All && len(o.Items) == 0 {
		holds, err := st.Holds(ctx, name)
		if err != nil {
			return fmt.Errorf("reading what waits: %w", err)
		}
		waits := waitingHolds(holds)
		if o.JSON {
			return writeJSON(s.Out, jsonHolds(waits))
		}
		p := s.page(o.Globals)
		if len(waits) == 0 {
			p.Para(0, plain("Nothing waits for a person."))
		}
		viewHolds(p, waits)
		if err := p.Flush(); err != nil || len(waits) == 0 {
			return err
		}
		return errFindings
	}
	let, err := st.Approve(ctx, name, o.Run, o.Items, whoami(s), o.Note, time.Now())
	if err != nil {
		return fmt.Errorf("letting go what run %s held: %w", o.Run, err)
	}
	if o.JSON {
		return writeJSON(s.Out, jsonHolds(let))
	}
	p := s.page(o.Globals)
	p.Para(0, plain(count(len(let), "item is", "items are")+" let go; the next apply does what is still the same then."))
	viewCommands(p, 0, [][2]string{{o.command("apply"), "do it now"}})
	return p.Flush()
}
