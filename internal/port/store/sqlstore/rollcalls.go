package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/store"
)

// PutRollCall keeps a roll call; one of the same connection and moment is replaced.
func (s *Store) PutRollCall(ctx context.Context, r store.RollCall) error {
	if r.Connection == "" || r.At.IsZero() {
		return errors.New("a roll call needs a connection and a moment")
	}
	return s.change(ctx, nil, func(t *tx) error {
		_, err := t.exec(`INSERT INTO roll_calls (connection, at, counts, findings) VALUES ($1, $2, $3, $4)
			ON CONFLICT (connection, at) DO UPDATE SET counts = excluded.counts, findings = excluded.findings`,
			r.Connection, nanos(r.At), string(r.Counts), string(r.Findings))
		return err
	})
}

// RollCalls gives the roll calls since a moment, oldest first.
func (s *Store) RollCalls(ctx context.Context, connection string, since time.Time) iter.Seq2[store.RollCall, error] {
	return func(yield func(store.RollCall, error) bool) {
		after := int64(-1 << 62)
		if !since.IsZero() {
			after = nanos(since) - 1
		}
		for { // one at a time: the findings of a large tenant are many
			r := store.RollCall{Connection: connection}
			var counts, findings string
			err := s.read.QueryRowContext(ctx, `SELECT at, counts, findings FROM roll_calls WHERE connection = $1 AND at > $2 ORDER BY at LIMIT 1`, connection, after).
				Scan(&after, &counts, &findings)
			if noRows(err) {
				return
			}
			if err != nil {
				yield(store.RollCall{}, fmt.Errorf("reading the roll calls of %s: %w", connection, err))
				return
			}
			r.At, r.Counts, r.Findings = moment(after), value(counts), value(findings)
			if !yield(r, nil) {
				return
			}
		}
	}
}

func value(text string) jsontext.Value {
	if text == "" {
		return nil
	}
	return jsontext.Value(text)
}
