package sqlstore

import (
	"context"
	"fmt"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Intend writes intents before their requests.
func (s *Store) Intend(ctx context.Context, f store.Fence, entries []ledger.Entry) ([]int64, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	for i := range entries {
		if e := &entries[i]; !known(e.Outcome) {
			return nil, fmt.Errorf("entry of step %s: there is no outcome %q", e.Step, e.Outcome)
		}
	}
	var out []int64
	err := s.change(ctx, &f, func(t *tx) error {
		if err := t.runsOf(f.Connection, entries); err != nil {
			return err
		}
		first, err := t.next("entries", len(entries))
		if err != nil {
			return err
		}
		out = make([]int64, len(entries))
		for i := range out {
			out[i] = first + int64(i)
		}
		return t.entries(f.Connection, first, entries)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func known(o ledger.Outcome) bool {
	switch o {
	case ledger.Intended, ledger.Done, ledger.Failed, ledger.Stale, ledger.Blocked, ledger.Held, ledger.Undone, ledger.Unsure:
		return true
	}
	return false
}

// runsOf makes sure that every entry belongs to a run of the connection.
func (t *tx) runsOf(connection string, entries []ledger.Entry) error {
	seen := ""
	for i := range entries {
		run := entries[i].Run
		if i > 0 && run == seen {
			continue
		}
		var n int
		if err := t.row(`SELECT count(*) FROM runs WHERE id = $1 AND connection = $2`, run, connection).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("an entry for run %q of %s: %w", run, connection, store.ErrUnknown)
		}
		seen = run
	}
	return nil
}

func (t *tx) entries(connection string, seq int64, entries []ledger.Entry) error {
	var about []subject
	for i := range entries {
		e := &entries[i]
		about = append(about, e.Subject)
		for _, m := range e.Add {
			about = append(about, subject(m))
		}
		for _, m := range e.Remove {
			about = append(about, subject(m))
		}
	}
	if err := t.subjectNumbers(about); err != nil {
		return err
	}
	rows := t.bulk(`INSERT INTO entries (`+entryColumns+`)`, 21, ``)
	members := t.bulk(`INSERT INTO entry_members (seq, pos, subject, adds)`, 4, ``)
	for i := range entries {
		e, seq := &entries[i], seq+int64(i)
		if err := rows.add(seq, connection, e.Run, e.Step, e.Op, e.Kind, t.subjectNumber(e.Subject), string(e.Fields),
			len(e.Add), len(e.Remove), e.Reason, e.Why, nanos(e.At), int64(e.Took), string(e.Outcome), e.Class, e.Text, e.Status, e.Request, e.Approved, e.Allowed); err != nil {
			return err
		}
		for p, m := range e.Add {
			if err := members.add(seq, p, t.subjectNumber(subject(m)), 1); err != nil {
				return err
			}
		}
		for p, m := range e.Remove {
			if err := members.add(seq, len(e.Add)+p, t.subjectNumber(subject(m)), 0); err != nil {
				return err
			}
		}
	}
	if err := rows.flush(); err != nil {
		return err
	}
	return members.flush()
}

const entryColumns = `seq, connection, run, step, op, kind, subject, fields, adds, removes, reason, why, at, took, outcome, class, text, status, request, approved, allowed`
