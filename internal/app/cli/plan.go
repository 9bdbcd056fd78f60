package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// PlanOptions are the flags of plan.
type PlanOptions struct {
	*Globals
	Saved  string // a plan that was written down
	Method string
	Group  string
	User   string
	Out    string
	All    bool
	Full   bool
	Count  bool
}

func newPlan(s Streams, g *Globals) *cobra.Command {
	o := PlanOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "plan [PLAN]",
		Short: "What would change at Atlassian, before anything does; also with another method",
		Long: `Computes what would change at Atlassian by the rules of a connection: who appears, what changes, who loses what, what
waits for a person, and what cannot be done. Nothing is written to either side.

With another --method than today's the plan also says what switching would change. For a method that is not rollcall's
the plan is a forecast of what that service does by its own rules. The rules are those of --config where they are for
the connection, else the method's defaults, with the mapping of the Entra job where it was read.

PLAN is a plan that --out wrote: it is shown again. Together with --bundle it is held against the world as it is now.`,
		Example: `  rollcall plan --bundle examples/fabrikam
  rollcall plan --method rollcall --bundle examples/fabrikam
  rollcall plan --method rollcall --bundle examples/fabrikam --group jira-developers
  rollcall plan --method rollcall --bundle examples/fabrikam --out plan.json
  rollcall plan plan.json --bundle examples/fabrikam`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && blank(args[0]) {
				return fmt.Errorf("%s shows one saved plan; a person is named with --user, a group with --group", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, value := range map[string]string{"group": o.Group, "user": o.User, "out": o.Out, "config": o.Config, "connection": o.Connection} {
				if cmd.Flags().Changed(name) && blank(value) {
					return fmt.Errorf("--%s names nothing: it is empty", name)
				}
			}
			if len(args) == 1 {
				o.Saved = args[0]
				return runSaved(cmd.Context(), o, s)
			}
			return runPlan(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(&once{to: &o.Method}, "method", "plan as if people were provisioned by `METHOD`: rollcall, entra-scim or guard-nested")
	f.Var(&once{to: &o.User}, "user", "only what concerns the person `WHO`")
	f.Var(&once{to: &o.Group}, "group", "only what concerns the group `NAME` and its people")
	f.Var(&once{to: &o.Out}, "out", "also save the plan to `FILE`")
	f.BoolVar(&o.All, "all", false, "in JSON, judge everybody, also those who are as they should be")
	f.BoolVar(&o.Count, "count", false, "with --group: ask Graph how many people are in the group through any nesting, and compare")
	f.BoolVar(&o.Full, "full", false, "list everything, however long")
	_ = cmd.RegisterFlagCompletionFunc("method", cobra.FixedCompletions(methods, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

var methods = []string{document.Rollcall, document.EntraSCIM, document.GuardNested}

func runPlan(ctx context.Context, o PlanOptions, s Streams) error {
	if o.Out != "" { // before the work
		if err := o.checkOut(); err != nil {
			return fmt.Errorf("saving the plan: %w", err)
		}
	}
	if o.Count && (o.Group == "" || o.Bundle != "") {
		return errors.New("--count asks Microsoft Graph about one group: it goes with --group, and with services instead of --bundle")
	}
	r, err := o.plan(ctx, s)
	if err != nil {
		return s.planError(err, o)
	}
	if o.Count {
		if err := s.recount(ctx, o, r); err != nil {
			return err
		}
	}
	if o.Out != "" {
		if err := savePlan(o.Out, r.Plan, r.Extract(o.All)); err != nil {
			return err
		}
	}
	if o.JSON {
		err = writePlan(s.Out, r.Plan, r.Extract(o.All))
	} else {
		p := s.page(o.Globals)
		viewPlan(p, livePage(r), o)
		err = p.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if r.Changes() {
		return errFindings
	}
	return nil
}

// recount compares how many people the nesting of a group leads to with what Graph counts itself.
func (s Streams) recount(ctx context.Context, o PlanOptions, r *engine.PlanResult) error {
	if r.Only == nil || r.Only.Group == nil {
		return nil
	}
	c, err := configured(o.Globals)
	if err != nil {
		return err
	}
	told, err := compose.CountMembers(ctx, c, r.Only.Group.ID)
	if err != nil {
		return fmt.Errorf("asking Graph how many people are in %s: %w", r.Only.Group.Name, err)
	}
	words := "as many as were read"
	if told != r.Nested {
		words = text.Number(r.Nested) + " were read: if it stays so for more than some minutes, members are hidden or a reading is incomplete (Graph's own number lags behind at times)"
	}
	fmt.Fprintf(s.Err, "Graph counts %s in %s through any nesting; %s.\n", count(told, "person", "people"), text.Clean(r.Only.Group.Name), words)
	return nil
}

// plan makes the plan that the flags ask for.
func (o *PlanOptions) plan(ctx context.Context, s Streams) (*engine.PlanResult, error) {
	// macOS types accents as letters of their own; directories keep them composed.
	request := engine.PlanRequest{Method: o.Method, User: norm.NFC.String(o.User), Group: norm.NFC.String(o.Group)}
	if o.Method != "" && methodName(o.Method) == o.Method {
		return nil, fmt.Errorf("no method is called %q%s", o.Method, suggestion(o.Method, methods, "; there are "+strings.Join(methods, ", ")))
	}
	b := newBar(s)
	e, configured, err := o.open(b)
	if err != nil {
		return nil, err
	}
	request.Rules = configured.Rules()
	r, err := e.Plan(ctx, request)
	b.wipe()
	return r, err
}

// planError says what was wrong so that it can be mended: candidates, and names that were probably meant.
func (s Streams) planError(err error, o PlanOptions) error {
	if ambiguous, ok := errors.AsType[*trace.Ambiguous](err); ok {
		if err := s.ambiguous(ambiguous, o.Globals, func(id string) string { return o.narrowed(ambiguous.Candidates[0].Kind, id) }); err != nil {
			return err
		}
		return errSaid
	}
	if none, ok := errors.AsType[*engine.NoUserError](err); ok {
		return fmt.Errorf("%w%s", err, suggestion(none.Name, none.Known, ""))
	}
	return explainGroup(err)
}

// narrowed is the command that makes the same plan for one person or group alone.
func (o *PlanOptions) narrowed(kind, id string) string {
	other := *o
	if other.Out = ""; kind == plan.KindGroup {
		other.Group = id
	} else {
		other.User = id
	}
	return other.again()
}

// again is the command that makes the same plan, with further words.
func (o *PlanOptions) again(more ...string) string {
	var words []string
	if o.Saved != "" {
		words = append(words, o.Saved)
	}
	for _, f := range [][2]string{{"--method", o.Method}, {"--user", o.User}, {"--group", o.Group}} {
		if f[1] != "" {
			words = append(words, f[0], f[1])
		}
	}
	return o.command("plan", append(words, more...)...)
}
