package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/history"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Recording is a world of some moment, and where it lies.
type Recording struct {
	From   string
	Worlds Worlds
}

// Past is what rollcall itself remembers of a connection.
type Past interface {
	Entries(ctx context.Context, q store.Query) iter.Seq2[ledger.Entry, error]
	RollCalls(ctx context.Context, connection string, since time.Time) iter.Seq2[store.RollCall, error]
}

// ErrNoRecording says that there is nothing to look at.
var ErrNoRecording = errors.New("no recording to look at")

// History tells what changed for one subject over time, and when and why it broke. The recordings may be of any
// moments, in any order; past may be nil.
func History(ctx context.Context, recordings []Recording, q trace.Query, connection string, past Past, progress Progress) (history.History, error) {
	if len(recordings) == 0 {
		return history.History{}, ErrNoRecording
	}
	var moments []history.Moment
	for _, r := range recordings {
		focus := focusOn(q)
		focus.History = true
		w, err := r.Worlds.Load(ctx, focus, progress)
		if err != nil {
			return history.History{}, fmt.Errorf("%s: %w", r.From, err)
		}
		t, err := trace.New(w).Why(q)
		if err != nil {
			return history.History{}, fmt.Errorf("%s: %w", r.From, err)
		}
		moments = append(moments, history.MomentOf(w, r.From, t))
	}
	if past == nil {
		return history.Of(moments, nil, nil), nil
	}
	entries, err := entriesOf(ctx, past, connection, moments)
	if err != nil {
		return history.History{}, err
	}
	checks, err := checksOf(ctx, past, connection, moments)
	if err != nil {
		return history.History{}, err
	}
	return history.Of(moments, history.FromLedger(entries), checks), nil
}

// checksOf are the roll calls that the store has, by what they found of the subject.
func checksOf(ctx context.Context, past Past, connection string, moments []history.Moment) (out []history.Check, err error) {
	subject := moments[len(moments)-1].Trace.Subject
	for r, err := range past.RollCalls(ctx, connection, time.Time{}) {
		if err != nil {
			return nil, fmt.Errorf("reading the roll calls: %w", err)
		}
		var findings []trace.Finding
		if err := json.Unmarshal(r.Findings, &findings); err != nil {
			return nil, fmt.Errorf("reading the roll call of %s: %w", r.At.Format(time.RFC3339), err)
		}
		out = append(out, history.Check{At: r.At, Found: slices.ContainsFunc(findings, func(f trace.Finding) bool {
			return f.Subject.ID == subject.ID && (subject.Group == "" || f.Subject.Group == subject.Group || f.Subject.Group == "")
		})})
	}
	return out, nil
}

func entriesOf(ctx context.Context, past Past, connection string, moments []history.Moment) ([]ledger.Entry, error) {
	var out []ledger.Entry
	seen := map[string]bool{}
	for _, m := range moments {
		id := m.Trace.Subject.ID
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		for e, err := range past.Entries(ctx, store.Query{Connection: connection, Subject: id}) {
			if err != nil {
				return nil, fmt.Errorf("reading the ledger: %w", err)
			}
			out = append(out, e)
		}
	}
	return out, nil
}
