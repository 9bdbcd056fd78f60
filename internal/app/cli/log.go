package cli

import (
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// LogOptions are the flags of log.
type LogOptions struct {
	*Globals
	Query   store.Query
	Outcome string
	Since   string
	Until   string
	CSV     bool
	Runs    bool
}

func newLog(s Streams, g *Globals) *cobra.Command {
	o := LogOptions{Globals: g, Query: store.Query{Newest: true}}
	cmd := &cobra.Command{
		Use:   "log [SUBJECT]",
		Short: "Search and export the provisioning log: every change, why, and what came of it",
		Long: `Shows what rollcall did, the newest first: each change with its reason, the values, who approved it, and what the
target answered. SUBJECT is a name or an id, at either side, of a user, a group or a member.`,
		Example: `  rollcall log lena.vogel@fabrikam.example
  rollcall log --outcome failed --since 24h
  rollcall log --runs
  rollcall log --csv --since 2026-11-01 > november.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Query.Subject = args[0]
			}
			return runLog(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Query.Run, "run", "", "only of the run `RUN`")
	f.StringVar(&o.Outcome, "outcome", "", "only what came to `OUTCOME`: done, failed, stale, blocked, undone, unsure, intended")
	f.StringVar(&o.Query.Op, "op", "", "only the operation `OP`: create, update, add-members, …")
	f.StringVar(&o.Since, "since", "", "only since `WHEN`: 24h, 2026-11-01, or a moment as RFC 3339")
	f.StringVar(&o.Until, "until", "", "only before `WHEN`")
	f.IntVar(&o.Query.Limit, "limit", 100, "at most so many; 0: all")
	f.BoolVar(&o.Runs, "runs", false, "list runs instead of changes")
	f.BoolVar(&o.CSV, "csv", false, "print CSV")
	return cmd
}

func runLog(ctx context.Context, o LogOptions, s Streams) (err error) {
	c, err := configured(o.Globals)
	if err != nil {
		return err
	}
	if o.Query.Since, err = moment(o.Since, time.Now()); err != nil {
		return fmt.Errorf("--since: %w", err)
	}
	if o.Query.Until, err = moment(o.Until, time.Now()); err != nil {
		return fmt.Errorf("--until: %w", err)
	}
	if o.Query.Outcome, err = outcomeNamed(o.Outcome); err != nil {
		return err
	}
	st, name, err := compose.Store(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close() // it was only read
	o.Query.Connection = name
	if o.Runs {
		return listRuns(ctx, st, o, s)
	}
	waits, err := waitsFor(ctx, st, o)
	if err != nil {
		return err
	}
	return listEntries(st.Entries(ctx, o.Query), waits, o, s)
}

// waitsFor counts what is held of the subject, or of everybody where none was named: a held change was not begun, so
// the log does not have it.
func waitsFor(ctx context.Context, st store.Store, o LogOptions) (map[string]int, error) {
	all, err := st.Holds(ctx, o.Query.Connection)
	if err != nil {
		return nil, fmt.Errorf("reading what waits: %w", err)
	}
	waits := map[string]int{} // by run
	for _, h := range waitingHolds(all) {
		named := []string{"", h.Subject.Name, h.Subject.ID, h.Subject.Target, h.Member.Name, h.Member.ID}
		if slices.ContainsFunc(named, func(name string) bool { return document.Fold(name) == document.Fold(o.Query.Subject) }) {
			waits[h.Run]++
		}
	}
	return waits, nil
}

var outcomes = []string{string(ledger.Done), string(ledger.Failed), string(ledger.Stale), string(ledger.Blocked), string(ledger.Undone), string(ledger.Unsure), string(ledger.Intended)}

func outcomeNamed(word string) (ledger.Outcome, error) {
	for _, o := range outcomes {
		if word == o || word == "" {
			return ledger.Outcome(word), nil
		}
	}
	return "", fmt.Errorf("no outcome is called %q%s", word, suggestion(word, outcomes, ""))
}

// moment reads a time as people type it; "" is none.
func moment(word string, now time.Time) (time.Time, error) {
	if word == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(word); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, word); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no moment: say 24h, 2026-11-01 or 2026-11-01T09:00:00Z", word)
}

func listRuns(ctx context.Context, st store.Store, o LogOptions, s Streams) error {
	runs, err := st.Runs(ctx, o.Query.Connection, o.Query.Limit)
	if err != nil {
		return fmt.Errorf("reading the runs: %w", err)
	}
	for i := range runs {
		r := &runs[i]
		if r.Counts == (ledger.Counts{}) && (r.State == ledger.Running || r.State == ledger.Interrupted) {
			if r.Counts, err = countedSoFar(ctx, st, r); err != nil {
				return err
			}
		}
	}
	if o.JSON {
		if runs == nil {
			runs = []ledger.Run{}
		}
		return writeJSON(s.Out, runs)
	}
	p := s.page(o.Globals)
	if len(runs) == 0 {
		p.Para(0, plain("There was no run yet."))
	}
	var table [][]text.Cell
	for i := range runs {
		r := &runs[i]
		row := []text.Cell{ink(r.ID, text.Code), plain(r.Command), plain("by " + r.By), plain(string(r.State))}
		var parts []string
		for _, cell := range runCounts(r.Counts) {
			parts = append(parts, cell.Text)
		}
		words := strings.Join(parts, ", ")
		if r.Text != "" {
			words += "; " + r.Text
		}
		table = append(table, append(row, plain(words)))
	}
	p.Table(0, 2, table)
	return p.Flush()
}

// countedSoFar counts what a run did that had no time to say so itself: it is under way, or it was killed.
func countedSoFar(ctx context.Context, st store.Store, r *ledger.Run) (c ledger.Counts, err error) {
	for e, err := range st.Entries(ctx, store.Query{Connection: r.Connection, Run: r.ID}) {
		if err != nil {
			return c, fmt.Errorf("counting what run %s did: %w", r.ID, err)
		}
		switch e.Outcome {
		case ledger.Done:
			c.Done++
		case ledger.Failed:
			c.Failed++
		case ledger.Blocked:
			c.Blocked++
		case ledger.Stale:
			c.Stale++
		}
	}
	return c, nil
}

func listEntries(entries iter.Seq2[ledger.Entry, error], waits map[string]int, o LogOptions, s Streams) error {
	switch {
	case o.CSV:
		return csvEntries(entries, s)
	case o.JSON: // one document a line: it streams
		for e, err := range entries {
			if err != nil {
				return fmt.Errorf("reading the log: %w", err)
			}
			if err := writeJSON(s.Out, e); err != nil {
				return err
			}
		}
		return nil
	}
	p := s.page(o.Globals)
	none := true
	for e, err := range entries {
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		none = false
		shade := text.Bad
		switch e.Outcome {
		case ledger.Done:
			shade = text.Good
		case ledger.Stale, ledger.Undone, ledger.Held:
			shade = text.Plain
		case ledger.Intended, ledger.Unsure:
			shade = text.Doubt
		}
		p.Flow(0, 2, ink(text.Date(e.At), text.Dim), ink(string(e.Outcome), shade), plain(entryWords(&e)))
		if e.Why != "" {
			p.Para(4, ink(e.Why, text.Dim))
		}
		if e.Text != "" {
			p.Para(4, plain(e.Text))
		}
		if o.Verbose {
			p.Para(4, ink(fmt.Sprintf("run %s, step %s, request %s, status %d, %s", e.Run, e.Step, orWords(e.Request, "none"), e.Status, e.Took.Round(time.Millisecond)), text.Dim))
			if e.Fields != nil {
				p.Para(4, ink(string(e.Fields), text.Dim))
			}
		}
	}
	if none {
		p.Para(0, plain("Nothing in the log fits."))
		for _, run := range slices.Sorted(maps.Keys(waits)) {
			p.Para(0, plain(count(waits[run], "change waits", "changes wait")+" for a person, and the log has only what was begun: "+o.command("approve", run)+" shows what waits."))
		}
	}
	return p.Flush()
}

func csvEntries(entries iter.Seq2[ledger.Entry, error], s Streams) error {
	w := csv.NewWriter(s.Out)
	if err := w.Write([]string{"seq", "at", "run", "outcome", "op", "kind", "subject", "subject_id", "target_id", "member", "member_id", "added", "reason", "why", "text", "status", "request_id", "approved", "fields"}); err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	for e, err := range entries {
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		row := func(member ledger.Member, added string) []string {
			return []string{
				strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), e.Run, string(e.Outcome), e.Op, e.Kind, cell(e.Subject.Name), e.Subject.ID, e.Subject.Target,
				cell(member.Name), member.ID, added, e.Reason, e.Why, cell(e.Text), strconv.Itoa(e.Status), e.Request, cell(e.Approved), cell(string(e.Fields)),
			}
		}
		var lines [][]string
		for _, m := range e.Add {
			lines = append(lines, row(m, "true"))
		}
		for _, m := range e.Remove {
			lines = append(lines, row(m, "false"))
		}
		if lines == nil {
			lines = [][]string{row(ledger.Member{}, "")}
		}
		if err := w.WriteAll(lines); err != nil {
			return fmt.Errorf("writing the log: %w", err)
		}
	}
	w.Flush()
	return w.Error()
}

// cell keeps a spreadsheet from taking foreign text for a formula.
func cell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
