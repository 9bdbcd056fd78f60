package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

const (
	newestRuns    = 20
	newestEntries = 20_000 // entries of the ledger that are looked through for what was not done; of the newest run, all
	mostEntries   = 2_000_000
)

// RecordLog writes down the newest runs, and of each subject and member what the ledger says last where it was not
// done, with everything that waits for a person. The newest entries are looked through: whatever is still to be done is
// planned by every run anew, so that what failed longer ago failed again since.
func RecordLog(ctx context.Context, s interface {
	Runs
	Ledger
	Holds
}, connection string, to evidence.Recorder,
) error {
	runs, err := s.Runs(ctx, connection, newestRuns)
	if err != nil {
		return fmt.Errorf("reading the newest runs: %w", err)
	}
	for _, r := range runs {
		if err := record(to, document.OwnRuns, document.OwnRun{ID: r.ID, Command: r.Command, Started: document.At(r.Started), Ended: document.At(r.Ended), State: string(r.State), Text: r.Text}); err != nil {
			return err
		}
	}
	undone, err := undone(ctx, s, connection)
	if err != nil {
		return err
	}
	waits, err := s.Holds(ctx, connection)
	if err != nil {
		return fmt.Errorf("reading what waits for a person: %w", err)
	}
	for _, h := range waits {
		if h.Approved == "" {
			undone = append(undone, document.OwnEntry{
				At: document.At(h.Found), Run: h.Run, Step: h.Step, Op: h.Op, Kind: h.Kind, Subject: party(h.Subject.ID, h.Subject.Name, h.Subject.Target),
				Member: party(h.Member.ID, h.Member.Name, h.Member.Target), Outcome: string(ledger.Held), Code: h.Code, Text: h.Text,
			})
		}
	}
	for _, e := range undone {
		if err := record(to, document.OwnLog, e); err != nil {
			return err
		}
	}
	if err := to.Whole(document.OwnRuns); err != nil {
		return err
	}
	return to.Whole(document.OwnLog)
}

// undone are the last words about everybody of whom they are not that it was done, oldest first.
func undone(ctx context.Context, s Ledger, connection string) ([]document.OwnEntry, error) {
	type about struct{ kind, subject, member string }
	seen, out := map[about]bool{}, []document.OwnEntry{}
	newest, looked := "", 0
	for e, err := range s.Entries(ctx, Query{Connection: connection, Newest: true, Limit: mostEntries}) {
		if err != nil {
			return nil, fmt.Errorf("reading the newest entries of the ledger: %w", err)
		}
		if newest == "" {
			newest = e.Run
		}
		if looked++; looked > newestEntries && e.Run != newest {
			break
		}
		members := slices.Concat(e.Add, e.Remove)
		if op := plan.Op(e.Op); op != plan.AddMembers && op != plan.RemoveMembers || len(members) == 0 {
			members = append(members, ledger.Member{}) // the subject itself: a new group comes with its first members
		}
		for _, m := range members {
			of := about{e.Kind, e.Subject.ID, m.ID}
			if seen[of] {
				continue
			}
			seen[of] = true
			if e.Outcome != ledger.Done {
				out = append(out, document.OwnEntry{
					At: document.At(e.At), Run: e.Run, Step: e.Step, Op: e.Op, Kind: e.Kind, Subject: party(e.Subject.ID, e.Subject.Name, e.Subject.Target),
					Member: party(m.ID, m.Name, m.Target), Outcome: string(e.Outcome), Text: e.Text, Status: e.Status,
				})
			}
		}
	}
	slices.Reverse(out)
	return out, nil
}

func party(id, name, target string) document.OwnParty {
	return document.OwnParty{ID: id, Name: name, Target: target}
}

func record(to evidence.Recorder, f document.File, v any) error {
	object, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing down %s: %w", f, err)
	}
	return to.Add(f, "", object)
}
