package sqlstore

import (
	"context"
	"fmt"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Settle writes outcomes of intents and what follows from them.
func (s *Store) Settle(ctx context.Context, f store.Fence, done []store.Settlement) error {
	if len(done) == 0 {
		return nil
	}
	return s.change(ctx, &f, func(t *tx) error {
		var edits []store.Edit
		for i := range done {
			d := &done[i]
			if err := t.outcome(f.Connection, &d.Entry); err != nil {
				return err
			}
			if d.Unlink != nil {
				if err := t.unlink(f.Connection, d.Unlink); err != nil {
					return err
				}
			}
			if d.Link != nil {
				if err := t.link(f.Connection, d.Link); err != nil {
					return err
				}
			}
			edits = append(edits, d.Mirror...)
		}
		return t.edit(f.Connection, edits)
	})
}

// outcome writes what came of one intent. Of whom the entry is about only the id at the target may be new: that of a
// record that was made.
func (t *tx) outcome(connection string, e *ledger.Entry) error {
	if e.Outcome == ledger.Intended || !known(e.Outcome) {
		return fmt.Errorf("entry %d cannot be settled as %q", e.Seq, e.Outcome)
	}
	n, err := t.exec(`UPDATE entries SET took = $3, outcome = $4, class = $5, text = $6, status = $7, request = $8
		WHERE seq = $1 AND connection = $2 AND outcome = 'intended'`,
		e.Seq, connection, int64(e.Took), string(e.Outcome), e.Class, e.Text, e.Status, e.Request)
	if err != nil {
		return err
	}
	if n == 0 {
		return t.notOpen(connection, e.Seq)
	}
	if e.Subject.Target == "" {
		return nil
	}
	var was subject
	if err := t.row(`SELECT s.id, s.name, s.target FROM entries e JOIN subjects s ON s.num = e.subject WHERE e.seq = $1`, e.Seq).
		Scan(&was.ID, &was.Name, &was.Target); err != nil || was.Target == e.Subject.Target {
		return err
	}
	was.Target = e.Subject.Target
	if err := t.subjectNumbers([]subject{was}); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE entries SET subject = $2 WHERE seq = $1`, e.Seq, t.subjectNumber(was))
	return err
}

func (t *tx) notOpen(connection string, seq int64) error {
	var outcome string
	switch err := t.row(`SELECT outcome FROM entries WHERE seq = $1 AND connection = $2`, seq, connection).Scan(&outcome); {
	case noRows(err):
		return fmt.Errorf("entry %d of %s: %w", seq, connection, store.ErrUnknown)
	case err != nil:
		return err
	}
	return fmt.Errorf("entry %d of %s was settled already, as %s", seq, connection, outcome)
}
