package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/rollcall/rollcall/internal/core/trace"
)

// WhyOptions are the flags of why.
type WhyOptions struct {
	*Globals
	Subjects []string
	Group    string
	Handoff  bool
}

func newWhy(s Streams, g *Globals) *cobra.Command {
	o := WhyOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "why SUBJECT…",
		Short: "One person or group, step by step from Entra to Jira: what is wrong, the proof, the fix",
		Long: `Follows a person or a group through ten stations from Entra to Jira and names the cause that the facts prove.

A subject is looked up on both sides by user principal name, address, id or display name. With --group the question is
whether the person is in that group at Atlassian. With --handoff the answer is a message to the team that can mend it.
With --verbose every station shows what it rests on, and the scoping filter and the attribute mapping are evaluated step
by step, beside what Atlassian has.`,
		Example: `  rollcall why --bundle examples/fabrikam lena.vogel@fabrikam.example
  rollcall why --bundle examples/fabrikam selin.kaya@fabrikam.example --group confluence-users
  rollcall why --bundle examples/fabrikam tom.baker@fabrikam.example --handoff`,
		Args: func(cmd *cobra.Command, args []string) error {
			if slices.ContainsFunc(args, blank) || len(args) == 0 {
				return fmt.Errorf("why whom? Name a person or a group: %s lena.vogel@fabrikam.example", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("group") && blank(o.Group) {
				return errNoGroup
			}
			o.Subjects = args
			return runWhy(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Group, "group", "", "ask about the membership in the group `NAME`")
	f.BoolVar(&o.Handoff, "handoff", false, "print a message for the team on the other side")
	return cmd
}

func runWhy(ctx context.Context, o WhyOptions, s Streams) error {
	if o.Handoff && o.JSON {
		return errors.New("--handoff is a message for people and --json is for programs; choose one")
	}
	var queries []trace.Query
	for _, subject := range o.Subjects {
		// macOS types accents as letters of their own; directories keep them composed.
		queries = append(queries, trace.Query{Subject: norm.NFC.String(subject), Group: norm.NFC.String(o.Group)})
	}
	b := newBar(s)
	e, _, err := o.open(b)
	if err != nil {
		return err
	}
	answers, err := e.Why(ctx, queries)
	b.wipe()
	if err != nil {
		return err
	}
	result, p := error(nil), s.page(o.Globals)
	for i, a := range answers.Answers {
		if err := p.Flush(); err != nil { // an ambiguity goes to another stream: keep the order
			return fmt.Errorf("writing the answer: %w", err)
		}
		var ambiguous *trace.Ambiguous
		switch {
		case errors.As(a.Err, &ambiguous):
			result = errSaid
			err = s.ambiguous(ambiguous, o.Globals, func(id string) string { return o.command("why", id) })
		case a.Err != nil:
			result = errSaid
			s.complain(a.Err, o.JSON)
		case o.JSON:
			doc := whyDocument{Trace: &a.Trace}
			if o.Verbose {
				doc.Evaluation = a.Evaluation
			}
			err = writeJSON(s.Out, doc)
		default:
			if i > 0 {
				p.Blank()
			}
			if o.Handoff {
				viewHandoff(p, a, answers)
			} else {
				viewTrace(p, a, o)
			}
		}
		if err != nil {
			return fmt.Errorf("writing the answer: %w", err)
		}
		if result == nil && a.Err == nil && a.Trace.Verdict != trace.Present {
			result = errFindings
		}
	}
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return result
}

// ambiguous lists whom a subject could mean, each with the command that asks about that one.
func (s Streams) ambiguous(a *trace.Ambiguous, g *Globals, ask func(id string) string) error {
	if g.JSON {
		fmt.Fprintf(s.Err, "rollcall: %s\n", clean(a.Error()))
		return writeJSON(s.Out, struct {
			Error      string          `json:"error"`
			Candidates []trace.Subject `json:"candidates"`
		}{a.Error(), a.Candidates})
	}
	viewAmbiguous(s, a, g, ask)
	return nil
}
