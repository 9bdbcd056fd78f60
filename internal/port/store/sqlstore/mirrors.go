package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Reading starts a reading of one side.
func (s *Store) Reading(ctx context.Context, f store.Fence, side store.Side) (store.Reading, error) {
	if side != store.Source && side != store.Target {
		return nil, fmt.Errorf("there is no side %q", side)
	}
	r := &reading{telling: newTelling(), store: s, fence: f, side: side}
	err := s.change(ctx, &f, func(t *tx) (err error) {
		_, r.version, err = t.mirror(f.Connection, side)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// reading is a reading under way.
type reading struct {
	*telling
	store   *Store
	fence   store.Fence
	side    store.Side
	version int64
	over    bool
}

// Keep makes what was told the mirror, all of it or nothing. A mirror that was changed meanwhile is left as it is: what
// was read before is no longer what is there.
func (r *reading) Keep(ctx context.Context, c source.Cursor, at time.Time) error {
	if r.over {
		return errors.New("this reading is over")
	}
	err := r.store.change(ctx, &r.fence, func(t *tx) error {
		num, version, err := t.mirror(r.fence.Connection, r.side)
		if err != nil {
			return err
		}
		if version != r.version {
			return fmt.Errorf("the mirror of the %s of %s was changed while it was read: read it again", r.side, r.fence.Connection)
		}
		if err := t.keep(num, r.telling); err != nil {
			return err
		}
		full, err := t.allFull(num, r.telling)
		if err != nil {
			return err
		}
		_, err = t.exec(`UPDATE mirrors SET cursor = $2, at = $3, full_at = CASE WHEN $4 = 1 THEN $3 ELSE full_at END WHERE num = $1`,
			num, string(c), nanos(at), full)
		return err
	})
	if err != nil {
		return err
	}
	return r.Forget()
}

// Forget throws away what was told. After Keep there is nothing left to throw away.
func (r *reading) Forget() error {
	r.over = true
	r.telling = newTelling()
	return nil
}

// Cursor is where the last kept reading ended.
func (s *Store) Cursor(ctx context.Context, connection string, side store.Side) (c source.Cursor, at, full time.Time, err error) {
	var when, fullAt int64
	err = s.read.QueryRowContext(ctx, `SELECT cursor, at, full_at FROM mirrors WHERE connection = $1 AND side = $2`, connection, string(side)).
		Scan(&c, &when, &fullAt)
	if noRows(err) {
		err = nil
	}
	return c, moment(when), moment(fullAt), err
}

// mirror gives the number of a mirror, which is made where there is none, and how often it was changed.
func (t *tx) mirror(connection string, side store.Side) (num, version int64, err error) {
	find := func() error {
		return t.row(`SELECT num, version FROM mirrors WHERE connection = $1 AND side = $2`, connection, string(side)).Scan(&num, &version)
	}
	if err := find(); !noRows(err) {
		return num, version, err
	}
	if num, err = t.next("mirrors", 1); err != nil {
		return 0, 0, err
	}
	_, err = t.exec(`INSERT INTO mirrors (num, connection, side, version, cursor, at, full_at) VALUES ($1, $2, $3, 0, '', 0, 0)`, num, connection, string(side))
	return num, 0, err
}

// allFull tells whether every document of the mirror was told in full: 1, or 0.
func (t *tx) allFull(mirror int64, told *telling) (int, error) {
	all := 1
	err := t.each(`SELECT file FROM files WHERE mirror = $1`, func(row scanner) error {
		var file string
		err := row.Scan(&file)
		if f := told.files[document.File(file)]; f == nil || !f.full {
			all = 0
		}
		return err
	}, mirror)
	if len(told.files) == 0 {
		all = 0
	}
	return all, err
}

// edit changes the mirror of the target as outcomes of requests say.
func (t *tx) edit(connection string, edits []store.Edit) error {
	if len(edits) == 0 {
		return nil
	}
	num, _, err := t.mirror(connection, store.Target)
	if err != nil {
		return err
	}
	told := newTelling()
	for i := range edits {
		if err := tell(told, &edits[i]); err != nil {
			return err
		}
	}
	return t.keep(num, told)
}

func tell(to *telling, e *store.Edit) error {
	switch {
	case e.Drop:
		return to.Drop(e.File, e.ID)
	case e.Object != nil:
		if err := to.Put(e.File, e.ID, e.Object); err != nil {
			return err
		}
	}
	for _, m := range e.Add {
		if err := to.Member(e.File, e.ID, m, "", true); err != nil {
			return err
		}
	}
	for _, m := range e.Remove {
		if err := to.Member(e.File, e.ID, m, "", false); err != nil {
			return err
		}
	}
	return nil
}
