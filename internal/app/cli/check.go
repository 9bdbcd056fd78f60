package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// CheckOptions are the flags of check.
type CheckOptions struct {
	*Globals
	Expect string
	Causes []string
	Group  string
	All    bool
}

func newCheck(s Streams, g *Globals) *cobra.Command {
	o := CheckOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "The roll call: who should be there, who is, who is missing, by cause",
		Long: `The roll call of a connection: who should be in Atlassian, who is, who is missing or wrong, grouped by cause.

Expected are the enabled users who are assigned to the application, directly or through any nesting of groups,
and everybody whom --expect names. With --cause, --group or --all the people are listed one by one.`,
		Example: `  rollcall check --bundle examples/fabrikam
  rollcall check --bundle examples/fabrikam --cause nested-group
  rollcall check --bundle examples/fabrikam --expect examples/expected.txt --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("group") && blank(o.Group) {
				return errNoGroup
			}
			return runCheck(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Expect, "expect", "", "also expect the people in `FILE`: a user principal name or an address a line")
	f.StringArrayVar(&o.Causes, "cause", nil, "only findings with the cause `CODE`; repeatable")
	f.StringVar(&o.Group, "group", "", "only findings that concern the group `NAME` or its people")
	f.BoolVar(&o.All, "all", false, "list everybody, also those who are as they should be")
	_ = cmd.RegisterFlagCompletionFunc("cause", completeCauses)
	return cmd
}

func runCheck(ctx context.Context, o CheckOptions, s Streams) error {
	request := engine.CheckRequest{All: o.All, Group: o.Group}
	for _, word := range o.Causes {
		c, err := causeNamed(word)
		if err != nil {
			return err
		}
		request.Causes = append(request.Causes, c.Code)
	}
	if o.Expect != "" {
		people, err := readExpected(o.Expect, s.In)
		if err != nil {
			return err
		}
		request.Expect = people
	}
	b := newBar(s)
	e, c, err := o.open(b)
	if err != nil {
		return err
	}
	roll, err := e.Check(ctx, request)
	b.wipe()
	if err != nil {
		return explainGroup(err)
	}
	if o.Bundle == "" && len(o.With) == 0 && o.Expect == "" && len(o.Causes) == 0 && o.Group == "" {
		s.remember(ctx, c, roll)
	}
	if o.JSON {
		err = writeRollCall(s.Out, roll)
	} else {
		p := s.page(o.Globals)
		viewRollCall(p, roll, o)
		err = p.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if slices.ContainsFunc(roll.Findings, func(f trace.Finding) bool { return f.Verdict != trace.Present }) {
		return errFindings
	}
	if roll.Counts.Expected == 0 && roll.Unscoped != "" {
		// The answer is written already; a second document would break its readers.
		fmt.Fprintf(s.Err, "rollcall: who should be at Atlassian cannot be told: %s\n", roll.Unscoped)
		return errSaid
	}
	return nil
}

// remember keeps a roll call of the services, so that history and pages can show how it went. The answer does not
// depend on it.
func (s Streams) remember(ctx context.Context, c *compose.Configuration, roll trace.RollCall) {
	st, name, err := compose.Store(ctx, c)
	if err == nil {
		err = errors.Join(engine.Remember(ctx, st, name, roll), st.Close())
	}
	if err != nil {
		fmt.Fprintf(s.Err, "rollcall: the roll call is not kept: %v\n", err)
	}
}

// causeNamed finds a cause of the catalogue by its code, or says which one was probably meant.
func causeNamed(word string) (cause.Cause, error) {
	c, ok := cause.Get(cause.Code(word))
	if !ok {
		return c, fmt.Errorf("no cause is called %q%s", word, suggestion(word, causeCodes(), "; rollcall causes lists them"))
	}
	return c, nil
}

func explainGroup(err error) error {
	if none, ok := errors.AsType[*engine.NoGroupError](err); ok {
		return fmt.Errorf("%w%s", err, suggestion(none.Name, none.Known, ""))
	}
	return err
}
