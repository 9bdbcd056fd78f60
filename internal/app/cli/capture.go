package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
)

// CaptureOptions are the flags of capture.
type CaptureOptions struct {
	*Globals
	Path   string
	Redact bool
}

func newCapture(s Streams, g *Globals) *cobra.Command {
	o := CaptureOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "capture DIR|FILE.zip",
		Short: "Write down what the services say, to be looked at offline or by a colleague",
		Long: `Asks the services of a connection for everything that an answer may need and writes it down as a bundle: a folder, or a
zip where the name ends in .zip. Nothing is written over, and a capture that breaks off leaves nothing behind. With
--bundle the recorded world is written anew.

With --redact every word that the services did not define is replaced by a made-up one, the same one everywhere, so that
names, addresses, domains and groups are gone and check and why give the same causes. Ids, dates, the names of attributes
and the counts of things stay.`,
		Example: `  rollcall capture today
  rollcall capture case.zip --redact
  rollcall capture --bundle examples/fabrikam fabrikam.zip --redact`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || blank(args[0]) {
				return errors.New("capture where to? Name a new folder or a new .zip: rollcall capture case.zip")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Path = args[0]
			return runCapture(cmd.Context(), o, s)
		},
	}
	cmd.Flags().BoolVar(&o.Redact, "redact", false, "replace names, addresses and texts")
	return cmd
}

func runCapture(ctx context.Context, o CaptureOptions, s Streams) error {
	if len(o.With) > 0 {
		return errors.New("--with adds exported files to a question; a capture holds what the services say. Put the files into the bundle's folder exports/ afterwards")
	}
	c, err := compose.Configured(o.Config, o.Connection)
	if err != nil {
		return err
	}
	worlds, err := o.worlds(c)
	if err != nil {
		return err
	}
	b := newBar(s)
	e := engine.Engine{Worlds: worlds, Progress: b.draw}
	captured, err := e.Capture(ctx, engine.CaptureRequest{Path: o.Path, Redact: o.Redact})
	b.wipe()
	if err != nil {
		return err
	}
	if o.JSON {
		err = writeJSON(s.Out, captured)
	} else {
		p := s.page(o.Globals)
		viewCaptured(p, captured)
		err = p.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// viewCaptured says what a bundle holds and what it lacks.
func viewCaptured(p *text.Page, c engine.Captured) {
	p.Flow(0, 3, ink(c.Name, text.Bold), plain(methodName(c.Method)), plain(text.Date(c.At)+" UTC"))
	p.Blank()
	var table [][]text.Cell
	for _, d := range c.Documents {
		table = append(table, []text.Cell{plain(string(d.File)), plain(text.Number(d.Objects))})
	}
	p.Table(2, 3, table)
	if len(c.Gaps) > 0 {
		p.Blank()
		p.Line(2, 1, ink(text.Count(len(c.Gaps), "gap", "gaps"), text.Bold), plain("what could not be read stays unknown"))
		table = nil
		for i, g := range c.Gaps {
			if i == mostGapsShown {
				table = append(table, []text.Cell{plain("…"), plain(fmt.Sprintf("and %s more, in bundle.json", text.Number(len(c.Gaps)-i)))})
				break
			}
			subject := ""
			if g.Subject != "" {
				subject = " of " + g.Subject
			}
			table = append(table, []text.Cell{plain(g.File), plain(g.What + subject + ": " + g.Why)})
		}
		p.Table(5, 2, table)
	}
	p.Blank()
	if c.Redacted {
		p.Para(0, plain("Names, addresses and texts are replaced; ids, dates and attribute names are not. Look through it before you give it away."))
	} else {
		p.Para(0, plain("It holds names and addresses of people, and may be read by you alone; --redact makes one that can be given away."))
	}
	g := Globals{Bundle: c.Path}
	viewCommands(p, 7, [][2]string{{g.command("check"), "the roll call of it, offline"}})
}

// mostGapsShown is how many gaps are listed; all are in bundle.json.
const mostGapsShown = 20
