package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"golang.org/x/text/unicode/norm"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
)

// ApplyOptions are the flags of apply.
type ApplyOptions struct {
	*Globals
	Saved string
	User  string
	Group string
	Yes   bool
	Alone bool
}

func newApply(s Streams, g *Globals) *cobra.Command {
	o := ApplyOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Carry the plan out at Atlassian, with a receipt for every change",
		Long: `Brings the Guard directory to what Entra and the rules of a connection say, where the connection's method is
rollcall. It reads what changed at Entra, plans, looks again at everything that it is about to change, and carries the
plan out: what it intends is in the ledger before a request is sent, what came of it after. It can be stopped or killed
at any moment and started again: what was done is not done twice.

What the plan holds for a person is not done: rollcall approve lets it go. While Entra's provisioning job is on, or
another rollcall syncs the same connection, nothing is written.

PLAN is a plan that rollcall plan --out wrote. It is refused if the world moved since.`,
		Example: `  rollcall apply
  rollcall apply plan.json
  rollcall apply --user lena.vogel@fabrikam.example`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Saved = args[0]
			}
			if o.Bundle != "" {
				return errors.New("a recorded world cannot be changed: apply works on the services that the configuration names")
			}
			return runApply(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(&once{to: &o.User}, "user", "only what concerns the person `WHO`")
	f.Var(&once{to: &o.Group}, "group", "only what concerns the group `NAME` and its people")
	f.BoolVar(&o.Yes, "yes", false, "do not ask on a terminal")
	f.BoolVar(&o.Alone, "alone", false, "nothing else writes the directory: you made sure of it, where rollcall may not look")
	return cmd
}

func runApply(ctx context.Context, o ApplyOptions, s Streams) error {
	c, err := configured(o.Globals)
	if err != nil {
		return err
	}
	request := engine.ApplyRequest{User: norm.NFC.String(o.User), Group: norm.NFC.String(o.Group)}
	if o.Saved != "" {
		if request.Saved, err = readPlan(o.Saved); err != nil {
			return err
		}
	}
	sync, err := compose.Sync(ctx, c, whoami(s))
	if err != nil {
		return err
	}
	defer sync.Store.Close() // everything that counts is written down by then
	b := newBar(s)
	sync.Alone = o.Alone
	sync.Progress = b.draw
	request.Before = func(r *engine.PlanResult) error {
		b.wipe()
		return s.agree(o, r)
	}
	request.Done = func(p apply.Progress) { b.draw("applying: "+p.Stage, int64(p.Done), int64(p.Total)) }
	got, err := sync.Apply(ctx, request)
	b.wipe()
	if err != nil {
		if errors.Is(err, errDeclined) {
			fmt.Fprintln(s.Err, "Nothing was changed.")
			return errFindings
		}
		return s.planError(err, PlanOptions{Globals: o.Globals, User: o.User, Group: o.Group})
	}
	if o.JSON {
		err = writeJSON(s.Out, jsonApplied(got))
	} else {
		p := s.page(o.Globals)
		viewApplied(p, got, o.Globals)
		err = p.Flush()
	}
	switch n := got.Run.Counts; {
	case err != nil:
		return fmt.Errorf("writing the answer: %w", err)
	case got.Stopped != nil:
		return errSaid
	case n.Failed+n.Blocked+n.Held+n.Stale > 0:
		return errFindings
	}
	return nil
}

// errDeclined says that a person looked at the plan and said no.
var errDeclined = errors.New("declined")

// agree shows what is about to be done, and asks on a terminal.
func (s Streams) agree(o ApplyOptions, r *engine.PlanResult) error {
	if !interactive(s.In) || o.Yes || o.JSON {
		return nil
	}
	if !goes(r) {
		return nil
	}
	p := s.page(o.Globals)
	viewPlan(p, livePage(r), PlanOptions{Globals: o.Globals})
	if err := p.Flush(); err != nil {
		return fmt.Errorf("showing the plan: %w", err)
	}
	fmt.Fprint(s.Err, "\nCarry it out? [y/N] ")
	var answer string
	if _, err := fmt.Fscanln(s.In, &answer); err != nil || !strings.EqualFold(answer, "y") && !strings.EqualFold(answer, "yes") {
		return errDeclined
	}
	return nil
}

// goes tells whether any step of a plan waits for nobody.
func goes(r *engine.PlanResult) bool {
	for st := range r.Steps() {
		if st.Held == nil {
			return true
		}
	}
	return false
}

// interactive tells whether a person sits at the other end.
func interactive(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// configured is the configuration, which the command cannot do without.
func configured(g *Globals) (*compose.Configuration, error) {
	c, err := compose.Configured(g.Config, g.Connection)
	if err == nil && c == nil {
		err = errors.New("there is no " + compose.ConfigName + " here: name one with --config, or make one with rollcall init")
	}
	return c, err
}

// whoami is who starts a run, for the record.
func whoami(s Streams) string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return orWords(s.Env("USER"), "unknown")
}
