package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"

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
	var own []history.Event
	if past != nil {
		entries, err := entriesOf(ctx, past, connection, moments)
		if err != nil {
			return history.History{}, err
		}
		own = history.FromLedger(entries)
	}
	return history.Of(moments, own), nil
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
