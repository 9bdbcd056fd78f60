package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/core/cause"
)

// CausesOptions are the flags of causes.
type CausesOptions struct {
	*Globals
	Code   string
	Family string
}

func newCauses(s Streams, g *Globals) *cobra.Command {
	o := CausesOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "causes [CODE]",
		Short: "The catalogue: every cause, what proves it and how it is mended",
		Long: `The closed catalogue of causes: what each means, which facts prove it, which causes it outranks and how it is mended.
It needs no bundle.`,
		Example: `  rollcall causes
  rollcall causes --family group-conflict
  rollcall causes nested-group`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("%s takes one code, and was given %d", cmd.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Code = args[0]
			}
			return runCauses(o, s)
		},
		ValidArgsFunction: completeCauses,
	}
	cmd.Flags().StringVar(&o.Family, "family", "", "only the causes of the family `NAME`")
	_ = cmd.RegisterFlagCompletionFunc("family", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var out []cobra.Completion
		for _, f := range cause.Families {
			out = append(out, cobra.CompletionWithDesc(string(f.Family), f.About))
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func runCauses(o CausesOptions, s Streams) error {
	if o.Code != "" {
		c, err := causeNamed(o.Code)
		if err != nil {
			return err
		}
		if o.JSON {
			return writeJSON(s.Out, causeDocument(c))
		}
		p := s.page(o.Globals)
		viewCause(p, c)
		return p.Flush()
	}
	families, err := familiesNamed(o.Family)
	if err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(s.Out, catalogueDocument(families))
	}
	p := s.page(o.Globals)
	viewCatalogue(p, families)
	return p.Flush()
}

// familiesNamed gives the family of that name, or all of them where no name is given.
func familiesNamed(name string) ([]cause.FamilyInfo, error) {
	if name == "" {
		return cause.Families, nil
	}
	var names []string
	for _, f := range cause.Families {
		if string(f.Family) == name {
			return []cause.FamilyInfo{f}, nil
		}
		names = append(names, string(f.Family))
	}
	return nil, fmt.Errorf("no family is called %q%s", name, suggestion(name, names, fmt.Sprintf("; there are %v", names)))
}

func causesOf(f cause.Family) []cause.Cause {
	var out []cause.Cause
	for _, c := range cause.All() {
		if c.Family == f {
			out = append(out, c)
		}
	}
	return out
}

func causeCodes() []string {
	var out []string
	for _, c := range cause.All() {
		out = append(out, string(c.Code))
	}
	return out
}

func completeCauses(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	if len(args) == 0 {
		for _, c := range cause.All() {
			out = append(out, cobra.CompletionWithDesc(string(c.Code), c.Title))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
