package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

// pruneStep is how many entries go in one transaction: a run that is under way waits no longer than for that.
const pruneStep = 2000

// Prune forgets what is old, and the oldest of what is too much, and gives how many entries, runs and roll calls went.
// What was taken away within the window of the limits stays, whatever k says: a limit that forgot would not hold.
func (s *Store) Prune(ctx context.Context, now time.Time, k store.Keep) (removed int, err error) {
	// Every statement names one of its rows once; $1 is how many at most.
	const settled = `SELECT seq FROM entries WHERE outcome <> 'intended' AND NOT (at > $2 AND outcome IN ('done', 'unsure') AND (op IN ('deactivate', 'delete') OR removes > 0))`
	window := nanos(now.Add(-plan.Window))
	if k.Age > 0 {
		old := nanos(now.Add(-k.Age))
		n, err := s.forget(ctx, settled+` AND at < $3 ORDER BY at LIMIT $1`, 0, window, old)
		removed += n
		if err != nil {
			return removed, fmt.Errorf("forgetting old entries: %w", err)
		}
		if n, err = s.forgetRest(ctx, old); err != nil {
			return removed, fmt.Errorf("forgetting old runs and roll calls: %w", err)
		}
		removed += n
	}
	if k.Entries > 0 {
		var have int
		if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM entries`).Scan(&have); err != nil {
			return removed, err
		}
		if have > k.Entries {
			n, err := s.forget(ctx, settled+` ORDER BY seq LIMIT $1`, have-k.Entries, window)
			removed += n
			if err != nil {
				return removed, fmt.Errorf("forgetting the oldest entries: %w", err)
			}
		}
	}
	return removed, s.sweep(ctx)
}

// forget deletes the entries that a query finds, step by step; at most so many, 0: all.
func (s *Store) forget(ctx context.Context, query string, atMost int, args ...any) (removed int, err error) {
	for {
		step := pruneStep
		if atMost > 0 {
			step = min(step, atMost-removed)
		}
		n := 0
		err := s.change(ctx, nil, func(t *tx) error {
			var seqs []int64
			if err := t.each(query, func(row scanner) error {
				var seq int64
				err := row.Scan(&seq)
				seqs = append(seqs, seq)
				return err
			}, append([]any{step}, args...)...); err != nil {
				return err
			}
			for _, seq := range seqs {
				if _, err := t.exec(`DELETE FROM entry_members WHERE seq = $1`, seq); err != nil {
					return err
				}
				if _, err := t.exec(`DELETE FROM entries WHERE seq = $1`, seq); err != nil {
					return err
				}
			}
			n = len(seqs)
			return nil
		})
		if err != nil {
			return removed, err
		}
		if removed += n; n < step || removed == atMost {
			return removed, nil
		}
	}
}

// forgetRest deletes ended runs of which no entry is left, and roll calls.
func (s *Store) forgetRest(ctx context.Context, before int64) (removed int, err error) {
	err = s.change(ctx, nil, func(t *tx) error {
		removed = 0
		for _, text := range []string{
			`DELETE FROM runs WHERE state <> 'running' AND ended < $1 AND NOT EXISTS (SELECT 1 FROM entries WHERE run = runs.id)`,
			`DELETE FROM roll_calls WHERE at < $1`,
		} {
			n, err := t.exec(text, before)
			if err != nil {
				return err
			}
			removed += int(n)
		}
		return nil
	})
	return removed, err
}

// sweep deletes numbers that nothing refers to any more. Whoever remembers numbers is told by the counter "pruned".
func (s *Store) sweep(ctx context.Context) error {
	return s.change(ctx, nil, func(t *tx) error {
		var gone int64
		for _, text := range []string{
			`DELETE FROM subjects WHERE NOT EXISTS (SELECT 1 FROM entries WHERE subject = subjects.num) AND NOT EXISTS (SELECT 1 FROM entry_members WHERE subject = subjects.num)`,
			`DELETE FROM names WHERE num NOT IN (SELECT grp FROM members) AND num NOT IN (SELECT member FROM members)`,
		} {
			n, err := t.exec(text)
			if err != nil {
				return fmt.Errorf("sweeping the store: %w", err)
			}
			gone += n
		}
		if gone == 0 {
			return nil
		}
		_, err := t.next("pruned", 1)
		return err
	})
}
