package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/stories"
	"github.com/rollcall/rollcall/internal/core/cause"
)

func newLabStory(s Streams, g *Globals) *cobra.Command {
	var table bool
	cmd := &cobra.Command{
		Use:   "story [NAME]",
		Short: "Play a story: how somebody comes to be missing, what rollcall says, and what mends it",
		Long: `Plays a story in Entra and Atlassian in miniature, within this program: what people and services do happens, then rollcall
is asked from the outside, then somebody does what it tells them to. Without a name the stories are listed. No service is
asked, no configuration is read, and nothing stays on this machine.

--table plays them all and prints what rollcall said of each, as docs/diagnosis.md has it.`,
		Example: `  rollcall lab story
  rollcall lab story nested-group
  rollcall lab story --table`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || table && len(args) > 0 {
				return errors.New("one story at a time; --table takes none")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case g.JSON:
				return errors.New("a story is for people; check and why have --json")
			case table:
				return tableStories(cmd.Context(), s)
			case len(args) == 0:
				return listStories(s, g)
			}
			return playStory(cmd.Context(), s, g, args[0])
		},
	}
	cmd.Flags().BoolVar(&table, "table", false, "play all of them and print a table of what rollcall said")
	return cmd
}

func listStories(s Streams, g *Globals) error {
	all, err := stories.All()
	if err != nil {
		return err
	}
	p := s.page(g)
	var rows [][]text.Cell
	for _, one := range all {
		rows = append(rows, []text.Cell{ink(one.Name, text.Code), plain(one.Title)})
	}
	p.Table(0, 2, rows)
	p.Blank()
	p.Para(0, ink("rollcall lab story NAME plays one.", text.Dim))
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

func tableStories(ctx context.Context, s Streams) error {
	all, err := stories.All()
	if err != nil {
		return err
	}
	b := newBar(s)
	rows, err := stories.JudgeAll(ctx, all, min(runtime.NumCPU(), 8), func(done int) { b.draw("playing", int64(done), int64(len(all))) })
	b.wipe()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(s.Out, stories.Markdown(rows)); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	for _, r := range rows {
		if !r.Right() {
			return errFindings
		}
	}
	return nil
}

func playStory(ctx context.Context, s Streams, g *Globals, name string) error {
	story, err := stories.Named(name)
	if err != nil {
		return err
	}
	p := s.page(g)
	p.Para(0, ink(story.Title, text.Bold))
	p.Para(0, ink(methodName(story.Method), text.Dim))
	wrong, acting := false, false
	err = stories.Play(ctx, story, func(l stories.Line) {
		if !acting {
			p.Blank()
		}
		acting = true
		p.Para(2, plain("· "+l.Text))
	}, func(a stories.Answer) {
		acting = false
		viewStoryAnswer(p, a)
		wrong = wrong || !a.Right()
	})
	if err != nil {
		return err
	}
	p.Blank()
	p.Para(0, ink("What the cause means and how it is mended: rollcall causes "+string(story.Cause), text.Dim))
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if wrong {
		return errFindings
	}
	return nil
}

// viewStoryAnswer shows an answer as the command would, without what comes after the fix.
func viewStoryAnswer(p *text.Page, a stories.Answer) {
	p.Blank()
	switch {
	case a.Trace != nil:
		p.Para(0, ink("$ rollcall why "+a.Trace.Subject.Name, text.Code))
		p.Para(2, ink(a.Trace.Summary, text.Bold))
		if a.Trace.Cause == "" {
			break
		}
		var seen [][]text.Cell
		for _, h := range a.Trace.Hops {
			if h.Cause != a.Trace.Cause {
				continue
			}
			for _, e := range h.Evidence {
				seen = append(seen, []text.Cell{ink("seen", text.Dim), plain(e.Seen + ": " + e.Fact)})
			}
		}
		rows := seen[:min(len(seen), 4)]
		if c, ok := cause.Get(a.Trace.Cause); ok {
			rows = append(rows, []text.Cell{ink("cause", text.Dim), plain(string(a.Trace.Cause) + ": " + c.Title)})
		}
		if a.Since != nil {
			since := "· " + a.Since.Sentence
			if a.Since.Unknown != "" {
				since = "not known: " + a.Since.Unknown
			}
			rows = append(rows, []text.Cell{ink("since", text.Dim), plain(since)})
		}
		if len(a.Trace.Fix) > 0 {
			rows = append(rows, []text.Cell{ink("fix", text.Dim), plain(a.Trace.Fix[0])})
		}
		p.Table(2, 2, rows)
	case a.Roll != nil:
		c := a.Roll.Counts
		p.Para(0, ink("$ rollcall check", text.Code))
		p.Para(2, plain(fmt.Sprintf("%d expected, %d present, %d missing, %d wrong, %d extra, %d unknown", c.Expected, c.Present, c.Missing, c.Wrong, c.Extra, c.Unknown)))
	}
	if a.Since != nil && !a.Since.Right() {
		p.Para(2, ink(fmt.Sprintf("It broke with %q; history: %s", a.Since.Sentence, cmp.Or(a.Since.Captures, a.Since.Alone, a.Since.Live, a.Since.Redacted)), text.Bad))
	} else if !a.Right() {
		p.Para(2, ink(fmt.Sprintf("The story says %q; live %q, from a recording %q, from a redacted one %q.", a.Want, a.Live, a.Recorded, a.Redacted), text.Bad))
	}
}
