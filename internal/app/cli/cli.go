// Package cli is the command line: one file per command that turns words into a request, and views that show the
// answer as text or as JSON. Both views are of the same value; neither decides anything. What the program can do is
// in package engine, which concrete sources it reads is in package compose.
package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/config"
)

// Exit codes, the same for every command.
const (
	exitClean    = 0 // nothing to report
	exitFindings = 1
	exitFailed   = 2 // could not do it
)

const exitHelp = `Exit codes:
  0  nothing to report
  1  findings, or changes to make
  2  could not do it
`

// errFindings and errSaid end a command whose output is written already.
var (
	errFindings = errors.New("there are findings")
	errSaid     = errors.New("said already")

	errInterrupted = errors.New("interrupted")
)

// Streams are the program's connections to the world outside.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	Env func(string) string // nil: no variable is set
}

// Globals are the flags that every command takes.
type Globals struct {
	Bundle     string
	Bundles    []string // where several were named: history alone takes them
	With       []string // FILE or GROUP=FILE
	Config     string   // "": rollcall.yaml, where there is one
	Connection string   // "": the bundle's
	JSON       bool
	NoColor    bool
	Verbose    bool
	Width      int // 0: as wide as the terminal
}

// Main runs the program and gives its exit code. Args do not contain the program's name.
func Main(ctx context.Context, args []string, in io.Reader, out, errs io.Writer, env func(string) string) int {
	s := Streams{In: in, Out: out, Err: errs, Env: env}
	if s.Env == nil {
		s.Env = func(string) string { return "" }
	}
	root := newRoot(s)
	root.SetArgs(args)
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errSaid):
		return exitFailed
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		s.sentences(errInterrupted)
		return exitFailed
	default:
		s.complain(err, slices.Contains(args, "--json"))
		return exitFailed
	}
}

// complain says on standard error what went wrong; with --json, on standard output too, as a document.
func (s Streams) complain(err error, asJSON bool) {
	if faults, ok := errors.AsType[*config.Faults](err); ok {
		p := text.NewPage(s.Err, 0, false)
		viewFaults(p, faults)
		_ = p.Flush()
	} else {
		s.sentences(err)
	}
	if asJSON {
		_ = writeJSON(s.Out, struct {
			Error string `json:"error"`
		}{err.Error()})
	}
}

func (s Streams) sentences(err error) {
	for i, line := range strings.Split(strings.TrimRight(err.Error(), "\n"), "\n") {
		prefix := "rollcall: "
		if i > 0 {
			prefix = "  "
		}
		_, _ = io.WriteString(s.Err, prefix+text.Clean(line)+"\n")
	}
}

func newRoot(s Streams) *cobra.Command {
	g := &Globals{}
	root := &cobra.Command{
		Use:   "rollcall",
		Short: "Tells who is missing from Atlassian, and why",
		Long: `rollcall looks at Microsoft Entra ID and Atlassian Cloud, the services themselves or a recording of them, and tells
who should be in Atlassian, who is, who is missing, and why; what would change if it did the provisioning; and does it.

check, why, plan, history and capture only look. apply alone writes, to Atlassian alone: what plan shows, and what
could do harm not before a person lets it go with approve.`,
		Example: `  rollcall check --bundle examples/fabrikam
  rollcall why --bundle examples/fabrikam lena.vogel@fabrikam.example
  rollcall plan --bundle examples/fabrikam --method rollcall`,
		Args:              unknownCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetUsageTemplate(root.UsageTemplate() + "\n" + exitHelp)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), args)
			}
			return about.Help()
		},
	})

	f := root.PersistentFlags()
	f.SortFlags = false
	f.Var(&bundles{g}, "bundle", "the recorded world: a `folder` or a .zip of one")
	f.StringArrayVar(&g.With, "with", nil, "add one exported `FILE` (CSV, JSON or a pasted log), or GROUP=FILE for a group's members; repeatable")
	f.StringVar(&g.Config, "config", "", "the rules: a `FILE` (default rollcall.yaml, where there is one)")
	f.StringVar(&g.Connection, "connection", "", "the connection `NAME` of that file (default the bundle's)")
	f.BoolVar(&g.JSON, "json", false, "print JSON")
	f.BoolVar(&g.NoColor, "no-color", false, "no colour, also not on a terminal (NO_COLOR does the same)")
	f.BoolVarP(&g.Verbose, "verbose", "v", false, "show all evidence and every note")
	f.IntVar(&g.Width, "width", 0, "columns to wrap at")
	_ = f.MarkHidden("width")
	f.BoolP("help", "h", false, "show this help")

	root.AddCommand(newInit(s, g), newDoctor(s, g), newCheck(s, g), newWhy(s, g), newHistory(s, g), newPlan(s, g), newApply(s, g), newApprove(s, g), newRepair(s, g), newLog(s, g), newServe(s, g), newToken(s, g), newRequests(s, g), newCapture(s, g), newDemo(s, g), newLab(s, g), newCauses(s, g), newVersion(s, g), newCompletion(s))
	return root
}
