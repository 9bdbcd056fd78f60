package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// RepairOptions are the flags of repair.
type RepairOptions struct {
	*Globals
	User  string
	Alone bool
}

func newRepair(s Streams, g *Globals) *cobra.Command {
	o := RepairOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "repair USER",
		Short: "Mend a broken SCIM record: an old one, one without account, an account that another directory holds",
		Long: `Finds out what is broken about a person's SCIM records and what the catalogue's fix consists of. Every step waits for
a person: rollcall approve lets it go, and rollcall repair USER then carries it out, if everything is still as it was. Right
before a request the record is read once more. rollcall apply makes anew what is missing afterwards.

Where rollcall only looks, as with a recorded world or with Entra's own provisioning, it shows the calls and writes nothing.`,
		Example: `  rollcall repair lena.vogel@fabrikam.example
  rollcall repair --bundle examples/fabrikam tom.baker@fabrikam.example`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || blank(args[0]) {
				return fmt.Errorf("repair whose record? Name one person: %s lena.vogel@fabrikam.example", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.User = norm.NFC.String(args[0])
			return runRepair(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.Alone, "alone", false, "nothing else writes the directory: you made sure of it, where rollcall may not look")
	return cmd
}

func runRepair(ctx context.Context, o RepairOptions, s Streams) error {
	b := newBar(s)
	got, looks, err := o.repair(ctx, s, b)
	b.wipe()
	if ambiguous, ok := errors.AsType[*trace.Ambiguous](err); ok {
		if err := s.ambiguous(ambiguous, o.Globals, func(id string) string { return o.command("repair", id) }); err != nil {
			return err
		}
		return errSaid
	}
	if err != nil {
		return err
	}
	if o.JSON {
		err = writeJSON(s.Out, jsonRepair(got))
	} else {
		p := s.page(o.Globals)
		viewRepair(p, got, o, looks)
		err = p.Flush()
	}
	switch n := got.Run.Counts; {
	case err != nil:
		return fmt.Errorf("writing the answer: %w", err)
	case got.Stopped != nil:
		return errSaid
	case n.Failed+n.Stale+n.Blocked > 0, len(got.Holds)+len(got.Rest) > 0, n.Done == 0 && got.Trace.Verdict != trace.Present:
		return errFindings
	}
	return nil
}

// repair asks, and does what was let go where rollcall does the work; looks says that it only looks.
func (o RepairOptions) repair(ctx context.Context, s Streams, b *bar) (got *engine.RepairResult, looks bool, err error) {
	if o.Bundle == "" {
		c, err := configured(o.Globals)
		if err != nil {
			return nil, false, err
		}
		method, err := c.Method()
		if err != nil {
			return nil, false, err
		}
		if method == document.Rollcall && len(o.With) > 0 {
			return nil, false, errors.New("--with adds exported files to what is looked at: a repair goes by what the services say alone")
		}
		if method == document.Rollcall {
			sync, err := compose.Sync(ctx, c, whoami(s))
			if err != nil {
				return nil, false, err
			}
			defer sync.Store.Close()
			sync.Alone, sync.Progress = o.Alone, b.draw
			got, err := sync.Repair(ctx, o.User)
			return got, false, err
		}
	}
	e, _, err := o.open(b)
	if err != nil {
		return nil, true, err
	}
	got, err = e.Repairs(ctx, o.User, o.Bundle != "")
	return got, true, err
}

// carried tells whether an entry was carried out.
func carried(e *ledger.Entry) bool { return e.Outcome == ledger.Done }
