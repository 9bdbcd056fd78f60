package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/store"
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
		Long: `Without ITEM and --all: lists what waits since a run. ITEM is the name of a user or a group, for everything
that waits on it; or a step, or one member of a step (STEP/MEMBER), as --json names them. What was let go is done by the
next apply, if it is still the same then: an approval counts for nothing but what was shown.`,
		Example: `  rollcall approve 20261125-091500-ab3d
  rollcall approve 20261125-091500-ab3d old-team --note "asked the team, nobody uses it"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("approve what of which run? `rollcall apply` names the run that holds something, `rollcall log --runs` lists all")
			}
			return nil
		},
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
	defer st.Close() // an approval is on disk when Approve returns
	run, err := st.Run(ctx, o.Run)
	if errors.Is(err, store.ErrUnknown) || err == nil && run.Connection != name {
		return fmt.Errorf("%s has no run %s; %s lists them", name, o.Run, o.command("log", "--runs"))
	}
	if err != nil {
		return err
	}
	holds, err := st.Holds(ctx, name)
	if err != nil {
		return fmt.Errorf("reading what waits: %w", err)
	}
	mends := run.Command == "repair" // a plan may want of the same person's record what a repair does not
	waits := slices.DeleteFunc(waitingHolds(holds), func(h store.Hold) bool {
		return (h.Command == "repair") != mends || h.Run != run.ID && h.Found.After(run.Started)
	})
	if !o.All && len(o.Items) == 0 {
		return s.listHolds(waits, o)
	}
	let, err := letGo(ctx, st, name, waits, o, whoami(s))
	if err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(s.Out, jsonHolds(let))
	}
	p := s.page(o.Globals)
	if mends {
		p.Para(0, plain(count(len(let), "repair is", "repairs are")+" let go; the next rollcall repair of the person does what is still the same then."))
		if len(let) > 0 {
			viewCommands(p, 7, [][2]string{{o.command("repair", orWords(let[0].Subject.Name, let[0].Subject.ID)), "do it now"}})
		}
		return p.Flush()
	}
	p.Para(0, plain(count(len(let), "item is", "items are")+" let go; the next apply does what is still the same then."))
	viewCommands(p, 7, [][2]string{{o.command("apply"), "do it now"}})
	return p.Flush()
}

func (s Streams) listHolds(waits []store.Hold, o ApproveOptions) error {
	if o.JSON {
		if err := writeJSON(s.Out, jsonHolds(waits)); err != nil || len(waits) == 0 {
			return err
		}
		return errFindings
	}
	p := s.page(o.Globals)
	if len(waits) == 0 {
		p.Para(0, plain("Nothing waits for a person since that run."))
		return p.Flush()
	}
	p.Para(0, ink(count(len(waits), "change waits", "changes wait")+" for a person since run "+o.Run+".", text.Bold))
	viewHolds(p, waits, true)
	viewCommands(p, 7, [][2]string{{o.command("approve", o.Run, orWords(waits[0].Subject.Name, waits[0].Step), "--note", "why"), "let one go"}})
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return errFindings
}

// letGo approves what was named: a step, a member of a step, or everything that waits on a user or a group. What waits
// since an earlier run is approved as of that one.
func letGo(ctx context.Context, st store.Holds, connection string, waits []store.Hold, o ApproveOptions, by string) ([]store.Hold, error) {
	chosen := map[string][]string{} // run -> items
	if o.All {
		for _, h := range waits {
			chosen[h.Run] = append(chosen[h.Run], h.Name())
		}
	}
	for _, item := range o.Items {
		ids := map[string]bool{}
		found := false
		for _, h := range waits {
			byName := document.Fold(h.Subject.Name) == document.Fold(item) || h.Subject.ID == item
			if byName {
				ids[h.Kind+h.Subject.ID] = true
			}
			if byName || h.Step == item || h.Name() == item {
				chosen[h.Run], found = append(chosen[h.Run], h.Name()), true
			}
		}
		switch {
		case !found:
			return nil, fmt.Errorf("nothing that is called %q waits since run %s; %s lists what does", item, o.Run, o.command("approve", o.Run))
		case len(ids) > 1:
			return nil, fmt.Errorf("%d users or groups that wait are called %q; name the step (--json lists the steps)", len(ids), item)
		}
	}
	var out []store.Hold
	for _, run := range slices.Sorted(maps.Keys(chosen)) {
		let, err := st.Approve(ctx, connection, run, chosen[run], by, o.Note, time.Now())
		if err != nil {
			return out, fmt.Errorf("letting go what waits: %w", err)
		}
		out = append(out, let...)
	}
	return out, nil
}
