package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/core/document"
)

// InitOptions are the flags of init.
type InitOptions struct {
	*Globals
	Cloud, LoginURL, GraphURL, APIURL, CA string
}

func newInit(s Streams, g *Globals) *cobra.Command {
	o := InitOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Asks, tests each answer against the services, and writes rollcall.yaml",
		Long: `Asks which tenant and which Atlassian organization to look at and where the keys are, tests each answer against the
service as soon as it can be tested, and writes rollcall.yaml, which only you can read. An existing file is never
overwritten.

It asks for no secret: keys are read from the environment or from files, whose names stand in the configuration. Nothing
but reads is sent.`,
		Example: `  rollcall init
  rollcall init --config prod.yaml
  rollcall init --cloud usgov`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), o, s) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Cloud, "cloud", "", "Microsoft's `CLOUD`: public, usgov, dod or china (default public)")
	f.StringVar(&o.LoginURL, "login-url", "", "sign in at this `ADDRESS` instead of the cloud's")
	f.StringVar(&o.GraphURL, "graph-url", "", "Microsoft Graph at this `ADDRESS`, with its version, instead of the cloud's")
	f.StringVar(&o.APIURL, "api-url", "", "Atlassian at this `ADDRESS` instead of api.atlassian.com")
	f.StringVar(&o.CA, "ca", "", "trust the authorities in this PEM `FILE` instead of the machine's")
	return cmd
}

// interview is an init under way.
type interview struct {
	*asker
	draft *compose.Draft
	of    *config.Connection
}

func runInit(ctx context.Context, o InitOptions, s Streams) error {
	if o.JSON {
		return errors.New("init asks a person and has no --json")
	}
	path := cmp.Or(o.Config, compose.ConfigName)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already, and init overwrites nothing: edit it, or name another file with --config FILE", path)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	page := text.NewPage(s.Err, s.width(o.Globals), s.colorOn(s.Err, o.Globals))
	i := interview{asker: newAsker(ctx, s.In, page), draft: &compose.Draft{Path: path, Store: config.Store{SQLite: "rollcall.db"}}}
	i.of = &i.draft.Connection
	i.of.Scope.Assigned = true
	i.of.Source.Entra = &config.Entra{Cloud: o.Cloud, LoginURL: o.LoginURL, GraphURL: o.GraphURL, CA: o.CA}
	i.of.Target.Atlassian = &config.Atlassian{APIURL: o.APIURL, CA: o.CA}

	page.Para(0, plain("This asks for what rollcall needs and tests each answer. Nothing but reads is sent, and no secret is asked for or kept. Ctrl-C stops; then nothing is written."))
	for _, step := range []func() error{i.method, i.tenant, i.application, i.directory, i.organization, i.sites} {
		if err := step(); err != nil {
			page.Blank()
			return errors.Join(err, page.Flush())
		}
	}
	page.Blank()
	if err := page.Flush(); err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	if err := i.draft.Write(); err != nil {
		return err
	}
	out := s.page(o.Globals)
	out.Para(0, plain("Wrote "+path+", which only you can read. It holds no secret."))
	o.Bundle, o.With = "", nil
	next := [][2]string{
		{o.command("doctor"), "whether everything that it needs is well"},
		{o.command("check"), "who should be there, who is, who is missing, and why"},
	}
	if i.of.Method == document.Rollcall {
		next = append(next, [2]string{o.command("plan"), "what rollcall would change; nothing is written"})
	}
	viewCommands(out, section, next)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

func (i *interview) method() error {
	words := []string{document.EntraSCIM, document.GuardNested, document.Rollcall}
	method, err := i.choose("Who provisions people into Atlassian?", words, []string{
		"Entra's SCIM app does: rollcall looks and explains",
		"Guard's own connector does (the one that knows nested groups): rollcall looks and explains",
		"rollcall does, or shall: it looks, explains, plans and, when told, writes",
	}, document.EntraSCIM)
	if err != nil {
		return err
	}
	i.of.Method = method
	i.of.Name, err = i.ask(question{name: "A name for this connection", help: "It stands in commands and reports, such as the company's.", usual: "main", take: fits(nameText, "Letters, digits, - and _, at most 50 of them.")})
	return err
}

// errLeftOut says that there is nothing to test.
var errLeftOut = errors.New("left out")

// repeat does a step until its test passes or a person goes on all the same.
func (i *interview) repeat(do func() error, part string, names ...string) error {
	for {
		switch err := do(); {
		case errors.Is(err, errLeftOut):
			return nil
		case err != nil:
			return err
		}
		switch next, err := i.test(part, names...); {
		case err != nil:
			return err
		case next != retry:
			return nil
		}
	}
}
