package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/history"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// HistoryOptions are the flags of history.
type HistoryOptions struct {
	*Globals
	Query trace.Query
	All   bool
}

func newHistory(s Streams, g *Globals) *cobra.Command {
	o := HistoryOptions{Globals: g}
	cmd := &cobra.Command{
		Use:   "history USER|GROUP",
		Short: "What changed for somebody, and when and why it broke",
		Long: `Puts together what the audit logs, the provisioning log and rollcall's own log say of one user or group and of what lies
on the way (groups, the assignment, the application and its job, the account, the domain), in the order of time. It names
the moment in which they were no longer where they should be, and the event that did it; where no log has that, the two
moments between which it was, and what would tell. --bundle may be given several times: recordings of different days are
held against one another.`,
		Example: `  rollcall history lena.vogel@fabrikam.example --bundle monday --bundle friday
  rollcall history jira-developers --bundle examples/fabrikam`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || slices.ContainsFunc(args, blank) {
				return fmt.Errorf("whose history? Name a person or a group: %s lena.vogel@fabrikam.example", cmd.CommandPath())
			}
			if len(args) > 1 {
				return errors.New("history tells of one person or group at a time; a name of several words needs quotes")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Query.Subject = norm.NFC.String(args[0])
			return runHistory(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Query.Group, "group", "", "of the membership in the group `NAME`")
	f.BoolVar(&o.All, "all", false, "everything that the logs say, however long")
	return cmd
}

func runHistory(ctx context.Context, o HistoryOptions, s Streams) error {
	b := newBar(s)
	recordings, err := o.recordings()
	if err != nil {
		return err
	}
	past, connection, done, err := o.past(ctx)
	if err != nil {
		return err
	}
	defer done()
	h, err := engine.History(ctx, recordings, o.Query, connection, past, b.draw)
	b.wipe()
	if err != nil {
		if ambiguous, ok := errors.AsType[*trace.Ambiguous](err); ok {
			if err := s.ambiguous(ambiguous, o.Globals, func(id string) string { return o.command("history", id) }); err != nil {
				return err
			}
			return errSaid
		}
		return err
	}
	if o.JSON {
		err = writeJSON(s.Out, h)
	} else {
		p := s.page(o.Globals)
		viewHistory(p, &h, o)
		err = p.Flush()
	}
	switch {
	case err != nil:
		return fmt.Errorf("writing the answer: %w", err)
	case h.Verdict != trace.Present:
		return errFindings
	}
	return nil
}

// recordings are the bundles in the order in which they were named, or the services as they are now.
func (o *HistoryOptions) recordings() ([]engine.Recording, error) {
	if len(o.Bundles) == 0 {
		e, _, err := o.open(nil)
		if err != nil {
			return nil, err
		}
		return []engine.Recording{{From: "now", Worlds: e.Worlds}}, nil
	}
	var out []engine.Recording
	for _, path := range o.Bundles {
		worlds, err := compose.Bundle(path, o.With)
		if err != nil {
			return nil, err
		}
		out = append(out, engine.Recording{From: path, Worlds: worlds})
	}
	return out, nil
}

// past is what rollcall remembers itself, where a configuration names a store that is there.
func (o *HistoryOptions) past(ctx context.Context) (past engine.Past, connection string, done func(), err error) {
	done = func() {}
	c, err := compose.Configured(o.Config, o.Connection)
	if err != nil || c == nil || !c.Remembers() {
		return nil, "", done, err
	}
	st, connection, err := compose.Store(ctx, c)
	if err != nil {
		if len(o.Bundles) > 0 && o.Connection == "" { // the file is for other connections
			err = nil
		}
		return nil, "", done, err
	}
	return st, connection, func() { _ = st.Close() }, nil // it was only read
}

func viewHistory(p *text.Page, h *history.History, o HistoryOptions) {
	p.Para(0, ink(h.Summary, text.Bold))
	if b := h.Broke; b != nil {
		viewBreak(p, b)
	} else if h.Verdict == trace.Present {
		p.Para(0, ink("All is as it should be in the newest recording.", text.Good))
	}
	if len(h.Moments) > 1 {
		p.Blank()
		p.Para(0, ink("Recordings", text.Bold))
		var table [][]text.Cell
		for _, m := range h.Moments {
			table = append(table, []text.Cell{plain(text.Date(m.At)), ink(string(m.Trace.Verdict), tint(m.Trace.Verdict)), ink(string(m.Trace.Cause), text.Code), ink(m.From, text.Dim)})
		}
		p.Table(2, 2, table)
	}
	if len(h.Events) > 0 {
		p.Blank()
		p.Para(0, ink("What the logs say", text.Bold))
		events := h.Events
		const most = 40
		if more := len(events) - most; more > 0 && !o.All {
			p.Para(2, ink(text.Number(more)+" older entries are left out; --all shows them", text.Dim))
			events = events[more:]
		}
		var table [][]text.Cell
		for i := range events {
			e := &events[i]
			shade := text.Plain
			if e.Bad {
				shade = text.Doubt
			}
			table = append(table, []text.Cell{ink(text.Date(e.At), text.Dim), ink(e.Log, text.Dim), ink(eventWords(e), shade)})
		}
		p.Table(2, 2, table)
	}
	viewList(p, "Unread", h.Notes)
	viewCommands(p, 9, [][2]string{{o.command("why", orWords(h.Subject.Name, h.Subject.ID)), "step by step, as it is in the newest recording"}})
}

// viewBreak says when it broke and what did it, and what was different.
func viewBreak(p *text.Page, b *history.Break) {
	for _, sentence := range breakWords(b) {
		p.Para(0, plain(sentence))
	}
	if b.Hop == "" {
		return
	}
	p.Blank()
	head := "What is different"
	if len(b.Was) == 0 { // there is nothing to hold it against
		head = "What is wrong"
	}
	p.Flow(0, 1, ink(head, text.Bold), plain("at the station "+string(b.Hop)), ink("["+string(b.Cause)+"]", text.Code))
	viewFacts(p, "was", b.Was)
	viewFacts(p, "is", b.Is)
}

// breakWords are the sentences that answer when it broke, and what did it.
func breakWords(b *history.Break) (out []string) {
	switch {
	case !b.At.IsZero() && b.Change != nil:
		out = append(out, fmt.Sprintf("It broke on %s, with: %s.", instant(b.At), eventWords(b.Change)))
		if b.Event != nil {
			out = append(out, fmt.Sprintf("That was not carried over, because on %s: %s.", instant(b.Event.At), eventWords(b.Event)))
		}
	case !b.At.IsZero() && b.Event != nil:
		out = append(out, fmt.Sprintf("It broke on %s, because: %s.", instant(b.At), eventWords(b.Event)))
	case b.After.IsZero():
		out = append(out, "It was so already on "+instant(b.Before)+", and nothing before that was looked at.")
	default:
		out = append(out, fmt.Sprintf("It broke between %s and %s.", instant(b.After), instant(b.Before)))
	}
	if b.Checked && b.At.IsZero() && !b.After.IsZero() {
		out = append(out, "Between these two moments lie rollcall's own roll calls: the first found nothing, the second did.")
	}
	if b.At.IsZero() && b.Event != nil {
		out = append(out, fmt.Sprintf("On %s: %s.", instant(b.Event.At), eventWords(b.Event)))
	}
	switch {
	case b.Untold != "" && b.Change != nil:
		out = append(out, "What keeps that from being carried over is not known. "+b.Untold+".")
	case b.Untold != "":
		out = append(out, b.Untold+".")
	}
	if b.Now != "" {
		out = append(out, "By now the cause is another one: "+string(b.Now)+".")
	}
	return out
}

func instant(t time.Time) string { return t.UTC().Format("2 Jan 2006 at 15:04") + " UTC" }

func eventWords(e *history.Event) string {
	words := strings.TrimRight(e.Text, ".")
	if e.By != "" {
		words += ", by " + e.By
	}
	return words
}

// viewFacts says what the station said, and below it what was seen and where.
func viewFacts(p *text.Page, head string, facts []history.Fact) {
	var proofs []trace.Evidence
	for _, f := range facts {
		if f.Seen != "" {
			proofs = append(proofs, trace.Evidence{Seen: f.Seen, Fact: f.Fact})
			continue
		}
		p.Table(2, 2, [][]text.Cell{{ink(fmt.Sprintf("%-3s", head), text.Bold), plain(f.Fact)}})
		head = ""
	}
	if head != "" && len(proofs) > 0 { // no station says it in words of its own
		p.Table(2, 2, [][]text.Cell{{ink(head, text.Bold)}})
	}
	viewEvidence(p, 7, proofs)
}

// bundles is the flag --bundle. Recordings of several moments are for history alone.
type bundles struct{ g *Globals }

func (b *bundles) String() string {
	if b.g == nil {
		return ""
	}
	return b.g.Bundle
}

// Set takes the next recording.
func (b *bundles) Set(path string) error {
	b.g.Bundle = path
	b.g.Bundles = append(b.g.Bundles, path)
	return nil
}

// Type names the value in help texts.
func (*bundles) Type() string { return "string" }
