package sqlstore

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// keep writes down what was told. Only what differs from what is there is written: a full reading of a tenant in which
// little happened writes little, and is over before anybody else has to wait.
func (t *tx) keep(mirror int64, told *telling) error {
	if _, err := t.exec(`UPDATE mirrors SET version = version + 1 WHERE num = $1`, mirror); err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(told.files)) {
		f := told.files[file]
		if err := t.keepState(mirror, file, f); err != nil {
			return err
		}
		if err := t.keepObjects(mirror, file, f); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := t.keepMembers(mirror, file, f, told); err != nil {
			return fmt.Errorf("members of %s: %w", file, err)
		}
	}
	return nil
}

// keepState writes down whether the document is whole, and its gaps.
func (t *tx) keepState(mirror int64, file document.File, f *told) error {
	text, whole := `INSERT INTO files (mirror, file, whole) VALUES ($1, $2, $3) ON CONFLICT (mirror, file) DO NOTHING`, 0
	if f.whole != nil {
		text = `INSERT INTO files (mirror, file, whole) VALUES ($1, $2, $3) ON CONFLICT (mirror, file) DO UPDATE SET whole = excluded.whole`
		if *f.whole {
			whole = 1
		}
	}
	if _, err := t.exec(text, mirror, string(file), whole); err != nil {
		return err
	}
	if f.healed {
		if _, err := t.exec(`DELETE FROM gaps WHERE mirror = $1 AND file = $2`, mirror, string(file)); err != nil {
			return err
		}
	}
	if len(f.gaps) == 0 {
		return nil
	}
	// The same gap told by every reading is one gap.
	known := map[document.Gap]bool{}
	pos := 0
	if err := t.each(`SELECT pos, subject, what, why, call FROM gaps WHERE mirror = $1 AND file = $2`, func(row scanner) error {
		g := document.Gap{File: string(file)}
		var at int
		err := row.Scan(&at, &g.Subject, &g.What, &g.Why, &g.Call)
		known[g] = true
		pos = max(pos, at+1)
		return err
	}, mirror, string(file)); err != nil {
		return err
	}
	b := t.bulk(`INSERT INTO gaps (mirror, file, pos, subject, what, why, call)`, 7, ``)
	for _, g := range f.gaps {
		if known[g] {
			continue
		}
		known[g] = true
		if err := b.add(mirror, string(file), pos, g.Subject, g.What, g.Why, g.Call); err != nil {
			return err
		}
		pos++
	}
	return b.flush()
}

func (t *tx) keepObjects(mirror int64, file document.File, f *told) error {
	var gone []string
	same := map[string]bool{}
	if f.full {
		if err := t.each(`SELECT id, object FROM objects WHERE mirror = $1 AND file = $2 ORDER BY id`, func(row scanner) error {
			var id string
			var text []byte
			err := row.Scan(&id, &text)
			switch now, told := f.objects[id]; {
			case !told:
				gone = append(gone, id)
			case now.how == put && bytes.Equal(now.text, text):
				same[id] = true
			}
			return err
		}, mirror, string(file)); err != nil {
			return err
		}
	}
	b := t.bulk(`INSERT INTO objects (mirror, file, id, object)`, 4, `ON CONFLICT (mirror, file, id) DO UPDATE SET object = excluded.object`)
	for _, id := range slices.Sorted(maps.Keys(f.objects)) {
		if same[id] {
			continue
		}
		o := f.objects[id]
		switch o.how {
		case drop:
			gone = append(gone, id)
			continue
		case merge:
			var err error
			if o.text, err = t.over(mirror, file, id, o.text); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
		}
		if err := b.add(mirror, string(file), id, string(o.text)); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	for _, id := range gone {
		if _, err := t.exec(`DELETE FROM objects WHERE mirror = $1 AND file = $2 AND id = $3`, mirror, string(file), id); err != nil {
			return err
		}
	}
	return nil
}

// over puts changed properties over the object that is there.
func (t *tx) over(mirror int64, file document.File, id string, changes jsontext.Value) (jsontext.Value, error) {
	var object []byte
	err := t.row(`SELECT object FROM objects WHERE mirror = $1 AND file = $2 AND id = $3`, mirror, string(file), id).Scan(&object)
	if noRows(err) {
		return changes, nil
	}
	if err != nil {
		return nil, err
	}
	return merged(object, changes)
}
