package bundle

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// canFocus tells whether a part of the bundle can give the answers of the whole. Guard's own connector is limited by
// how many people are in a group over any nesting, so it needs them all; exports are joined as a whole.
func (b *Bundle) canFocus() bool {
	return b.Manifest.Connection.Method != document.GuardNested && len(b.exports) == 0
}

// focused loads what touches the subjects. It reads the people for their outline, then the groups, then the few rows
// of people that are needed, then what hangs on these people. A nil world without an error means that everything is
// needed.
func (l *loader) focused(texts []string) (*facts.World, error) {
	mapped, err := l.ownMapping()
	if err != nil {
		return nil, err
	}
	o := facts.NewOutline(l.b.Manifest.Connection, mapped)
	l.start(o)
	var lost atomic.Bool // a document in which rows cannot be found again
	outline := func(e entry) (document.Extent, error) {
		if kindOf(e.file) != people {
			return l.build(e)
		}
		r, err := l.open(e)
		if err != nil {
			return document.Extent{}, err
		}
		defer r.Close()
		return sketch(o, e.file, r, &lost)
	}
	if err := l.run(l.b.only(settings, people), outline); err != nil {
		return nil, err
	}
	if lost.Load() || !o.Everyone(texts) {
		return nil, nil
	}
	if err := l.run(l.b.only(groups), l.build); err != nil {
		return nil, err
	}
	rows, ok := l.to.Select(texts)
	if !ok {
		return nil, nil
	}
	for _, e := range l.b.only(people) {
		if err := l.again(e, rows[e.file]); err != nil {
			return nil, l.b.wrap(e.file, err)
		}
	}
	l.to.SealPeople()
	if err := l.run(l.b.only(logs, perAccount), l.build); err != nil {
		return nil, err
	}
	return l.to.World(), nil
}

// sketch reads a document of people into the outline.
func sketch(o *facts.Outline, f document.File, r io.Reader, lost *atomic.Bool) (document.Extent, error) {
	switch f {
	case document.Users:
		return document.EachAt(f, r, placed(o.User, lost))
	case document.DeletedUsers:
		return document.EachAt(f, r, placed(o.DeletedUser, lost))
	case document.ScimUsers:
		return document.EachAt(f, r, placed(o.ScimUser, lost))
	case document.OrgUsers:
		return document.EachAt(f, r, placed(o.OrgUser, lost))
	}
	return document.EachAt(f, r, placed(o.ScimLink, lost))
}

func placed[T any](take func(int64, *T), lost *atomic.Bool) func(int64, *T) error {
	return func(at int64, v *T) error {
		if at < 0 {
			lost.Store(true)
		}
		take(at, v)
		return nil
	}
}

// again reads rows of a document that begin at the places given.
func (l *loader) again(e entry, places []int64) error {
	if len(places) == 0 {
		return nil
	}
	f, err := l.b.tree.open(e.name)
	if err != nil {
		return err
	}
	defer f.Close()
	at := int64(0)
	for i, place := range places {
		if err := l.ctx.Err(); err != nil {
			return fmt.Errorf("reading %s: %w", e.name, err)
		}
		if s, ok := f.(io.Seeker); ok {
			if _, err := s.Seek(place, io.SeekStart); err != nil {
				return err
			}
		} else if _, err := io.CopyN(io.Discard, f, place-at); err != nil {
			return err
		}
		// A row ends before the next one begins, so what the decoder reads ahead is never wanted again.
		row := &io.LimitedReader{R: f, N: document.MaxElement}
		if i+1 < len(places) {
			row.N = places[i+1] - place
		}
		before := row.N
		if err := one(l.to, e.file, row); err != nil {
			return err
		}
		at = place + before - row.N
	}
	return nil
}

func one(to *facts.Builder, f document.File, r io.Reader) error {
	switch f {
	case document.Users:
		return row(f, r, to.User)
	case document.DeletedUsers:
		return row(f, r, to.DeletedUser)
	case document.ScimUsers:
		return row(f, r, to.ScimUser)
	case document.OrgUsers:
		return row(f, r, to.OrgUser)
	}
	return row(f, r, to.ScimLink)
}

func row[T any](f document.File, r io.Reader, take func(T)) error {
	v, err := document.One[T](f, r)
	if err != nil {
		return err
	}
	take(*v)
	return nil
}
