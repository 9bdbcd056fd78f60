package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/port/store"
)

// PutHolds replaces what waits for a command. What waited before, and still waits for the same, keeps its run, its moment and its
// approval.
func (s *Store) PutHolds(ctx context.Context, f store.Fence, command string, holds []store.Hold) error {
	return s.change(ctx, &f, func(t *tx) error {
		type key struct{ step, item, detail string }
		before := map[key]store.Hold{}
		if err := t.each(`SELECT `+holdColumns+` FROM holds WHERE connection = $1 AND command = $2`, func(row scanner) error {
			h, err := scanHold(row)
			before[key{h.Step, h.Item, h.Detail}] = h
			return err
		}, f.Connection, command); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM holds WHERE connection = $1 AND command = $2`, f.Connection, command); err != nil {
			return err
		}
		b := t.bulk(`INSERT INTO holds (connection, `+holdColumns+`)`, 16, ``)
		for _, h := range holds {
			h.Approved, h.Note, h.When = "", "", time.Time{}
			if was, ok := before[key{h.Step, h.Item, h.Detail}]; ok {
				h.Run, h.Found, h.Approved, h.Note, h.When = was.Run, was.Found, was.Approved, was.Note, was.When
			}
			subject, err := json.Marshal(h.Subject)
			if err != nil {
				return err
			}
			member, err := json.Marshal(h.Member)
			if err != nil {
				return err
			}
			if err := b.add(f.Connection, h.Step, h.Item, h.Run, h.Op, h.Kind, string(subject), string(member), h.Code, h.Text, h.Detail,
				nanos(h.Found), h.Approved, h.Note, nanos(h.When), command); err != nil {
				return err
			}
		}
		if err := b.flush(); err != nil {
			return fmt.Errorf("writing down what waits on %s: %w", f.Connection, err)
		}
		return nil
	})
}

// Holds gives what waits, and what was approved and is not carried out yet.
func (s *Store) Holds(ctx context.Context, connection string) ([]store.Hold, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+holdColumns+` FROM holds WHERE connection = $1 ORDER BY step, item`, connection)
	if err != nil {
		return nil, fmt.Errorf("reading what waits on %s: %w", connection, err)
	}
	var out []store.Hold
	err = drain(rows, func(row scanner) error {
		h, err := scanHold(row)
		out = append(out, h)
		return err
	})
	return out, err
}

// Approve lets holds of a run go.
func (s *Store) Approve(ctx context.Context, connection, run string, items []string, by, note string, at time.Time) ([]store.Hold, error) {
	if by == "" {
		return nil, errors.New("an approval needs the name of who gives it")
	}
	var out []store.Hold
	err := s.change(ctx, nil, func(t *tx) error {
		out = nil
		var all []store.Hold
		if err := t.each(`SELECT `+holdColumns+` FROM holds WHERE connection = $1 AND run = $2 ORDER BY step, item`, func(row scanner) error {
			h, err := scanHold(row)
			all = append(all, h)
			return err
		}, connection, run); err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("nothing of run %s waits on %s: %w", run, connection, store.ErrUnknown)
		}
		var err error
		if out, err = chosen(all, items); err != nil {
			return fmt.Errorf("run %s of %s: %w", run, connection, err)
		}
		for i := range out {
			h := &out[i]
			h.Approved, h.Note, h.When = by, note, moment(nanos(at))
			if _, err := t.exec(`UPDATE holds SET approved = $4, note = $5, approved_at = $6 WHERE connection = $1 AND step = $2 AND item = $3`,
				connection, h.Step, h.Item, by, note, nanos(at)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// chosen are the holds that wait and that were named, a step standing for its items too; with no names, all that wait.
func chosen(all []store.Hold, names []string) ([]store.Hold, error) {
	found := map[string]bool{}
	for _, n := range names {
		found[n] = false
	}
	var out []store.Hold
	for _, h := range all {
		if h.Approved != "" {
			continue
		}
		_, step := found[h.Step]
		_, item := found[h.Step+"/"+h.Item]
		if step {
			found[h.Step] = true
		}
		if item = item && h.Item != ""; item {
			found[h.Step+"/"+h.Item] = true
		}
		if step || item || len(names) == 0 {
			out = append(out, h)
		}
	}
	for _, n := range names {
		if !found[n] {
			return nil, fmt.Errorf("%s does not wait for anybody: %w", n, store.ErrUnknown)
		}
	}
	return out, nil
}

const holdColumns = `step, item, run, op, kind, subject, member, code, text, detail, found, approved, note, approved_at, command`

func scanHold(row scanner) (h store.Hold, err error) {
	var subject, member []byte
	var found, when int64
	err = row.Scan(&h.Step, &h.Item, &h.Run, &h.Op, &h.Kind, &subject, &member, &h.Code, &h.Text, &h.Detail, &found, &h.Approved, &h.Note, &when, &h.Command)
	if err == nil {
		err = errors.Join(json.Unmarshal(subject, &h.Subject), json.Unmarshal(member, &h.Member))
	}
	h.Found, h.When = moment(found), moment(when)
	return h, err
}
