package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// BeginRun writes a new run down.
func (s *Store) BeginRun(ctx context.Context, f store.Fence, r ledger.Run) error {
	if r.ID == "" || r.Connection != f.Connection {
		return fmt.Errorf("run %q of connection %q cannot begin under the lease of %q", r.ID, r.Connection, f.Connection)
	}
	return s.change(ctx, &f, func(t *tx) error {
		n, err := t.exec(`INSERT INTO runs (`+runColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (id) DO NOTHING`,
			r.ID, r.Connection, r.Command, r.Plan, r.By, nanos(r.Started), nanos(r.Ended), string(r.State), r.Text,
			r.Counts.Done, r.Counts.Failed, r.Counts.Stale, r.Counts.Blocked, r.Counts.Held)
		if err == nil && n == 0 {
			return fmt.Errorf("run %s has begun already", r.ID)
		}
		return err
	})
}

// EndRun writes down how a run ended: its moment, state, text and counts.
func (s *Store) EndRun(ctx context.Context, f store.Fence, r ledger.Run) error {
	return s.change(ctx, &f, func(t *tx) error {
		n, err := t.exec(`UPDATE runs SET ended = $3, state = $4, text = $5, done = $6, failed = $7, stale = $8, blocked = $9, held = $10
			WHERE id = $1 AND connection = $2`, r.ID, f.Connection, nanos(r.Ended), string(r.State), r.Text,
			r.Counts.Done, r.Counts.Failed, r.Counts.Stale, r.Counts.Blocked, r.Counts.Held)
		if err == nil && n == 0 {
			return fmt.Errorf("run %s of %s: %w", r.ID, f.Connection, store.ErrUnknown)
		}
		return err
	})
}

// Runs gives the runs of a connection, the newest first.
func (s *Store) Runs(ctx context.Context, connection string, limit int) ([]ledger.Run, error) {
	if limit <= 0 {
		limit = math.MaxInt32
	}
	rows, err := s.read.QueryContext(ctx, `SELECT `+runColumns+` FROM runs WHERE connection = $1 ORDER BY started DESC, id DESC LIMIT $2`, connection, limit)
	if err != nil {
		return nil, fmt.Errorf("reading the runs: %w", err)
	}
	var out []ledger.Run
	err = drain(rows, func(row scanner) error {
		r, err := scanRun(row)
		out = append(out, r)
		return err
	})
	return out, err
}

// Run gives one run.
func (s *Store) Run(ctx context.Context, id string) (ledger.Run, error) {
	r, err := scanRun(s.read.QueryRowContext(ctx, `SELECT `+runColumns+` FROM runs WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("run %s: %w", id, store.ErrUnknown)
	}
	return r, err
}

const runColumns = `id, connection, command, plan, starter, started, ended, state, text, done, failed, stale, blocked, held`

func scanRun(row scanner) (r ledger.Run, err error) {
	var started, ended int64
	err = row.Scan(&r.ID, &r.Connection, &r.Command, &r.Plan, &r.By, &started, &ended, &r.State, &r.Text,
		&r.Counts.Done, &r.Counts.Failed, &r.Counts.Stale, &r.Counts.Blocked, &r.Counts.Held)
	r.Started, r.Ended = moment(started), moment(ended)
	return r, err
}
