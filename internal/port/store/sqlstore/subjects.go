package sqlstore

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
)

// subject is whom entries are about, users and groups alike.
type subject = ledger.Subject

// subjectNumbers gives the numbers of subjects, new ones to those that have none.
func (t *tx) subjectNumbers(all []subject) error {
	var missing []subject
	for _, s := range all {
		if _, ok := t.subjects.get(s); ok {
			continue
		}
		var num int64
		switch err := t.row(`SELECT num FROM subjects WHERE id = $1 AND name = $2 AND target = $3`, s.ID, s.Name, s.Target).Scan(&num); {
		case err == nil:
			t.subjects.put(s, num)
		case noRows(err):
			missing = append(missing, s)
		default:
			return err
		}
	}
	if len(missing) == 0 {
		return nil
	}
	num, err := t.next("subjects", len(missing))
	if err != nil {
		return err
	}
	b := t.bulk(`INSERT INTO subjects (num, id, name, target, id_key, name_key, target_key)`, 7, ``)
	for _, s := range missing {
		if _, ok := t.subjects.get(s); ok { // named twice
			continue
		}
		if err := b.add(num, s.ID, s.Name, s.Target, document.Fold(s.ID), document.Fold(s.Name), document.Fold(s.Target)); err != nil {
			return err
		}
		t.subjects.put(s, num)
		num++
	}
	return b.flush()
}

// subjectNumber is the number of a subject that subjectNumbers has seen.
func (t *tx) subjectNumber(s subject) int64 {
	n, _ := t.subjects.get(s)
	return n
}
