package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Create keeps a new resource.
func (x *Inbox) Create(ctx context.Context, key inbox.Key, b *scim.Body, at time.Time) (*scim.Resource, error) {
	k, err := x.kind(ctx, key.Directory, key.Type)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, fmt.Errorf("creating a %s: there is no directory %q", key.Type.Name(), key.Directory)
	}
	r := &scim.Resource{Type: key.Type, ID: key.ID, Attrs: b.Attrs}
	text, keys, name := string(r.AppendStored(nil)), k.keys(r), k.name(r)
	var refs []scim.RefChange
	for list, all := range b.Refs {
		refs = append(refs, scim.RefChange{List: list, Add: all})
	}
	err = x.s.together(ctx, func(t *tx) error {
		// Everything is looked at before anything is written: see attempt.
		version, err := t.number()
		if err != nil {
			return err
		}
		num, err := t.free(k, key.ID, version)
		if err != nil {
			return err
		}
		if err := t.untaken(k, keys); err != nil {
			return err
		}
		lists, err := t.planLists(k, num, refs)
		if err != nil {
			return err
		}
		if err := t.place(k, num, version, key.ID, name, at); err != nil {
			return err
		}
		if err := t.putKeys(num, keys); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO inbox_texts (resource, text) VALUES ($1, $2)`, num, text); err != nil {
			return err
		}
		if err := t.putEvent(k, version, at, created, num, 0, ""); err != nil {
			return err
		}
		r.Meta = meta(nanos(at), nanos(at), version)
		_, err = t.changeLists(k, num, lists, at)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// free gives the number that a new resource is to have: the one that was given to it, or, where its id was used and
// deleted, that of then.
func (t *tx) free(k *kind, id string, fresh int64) (num int64, err error) {
	gone := false
	err = t.row(`SELECT num, gone FROM inbox_resources WHERE directory = $1 AND id = $2`, k.directory, id).Scan(&num, &gone)
	switch {
	case noRows(err):
		return fresh, nil
	case err == nil && !gone:
		return 0, k.of.Taken(k.id)
	}
	return num, err
}

// place gives a new resource its row.
func (t *tx) place(k *kind, num, version int64, id, name string, at time.Time) error {
	if num != version {
		if _, err := t.exec(`DELETE FROM inbox_resources WHERE num = $1`, num); err != nil {
			return err
		}
		t.inbox.add(k, 0, 1) // it stands in front of others again
	}
	t.inbox.add(k, 1, 0)
	_, err := t.exec(`INSERT INTO inbox_resources (num, directory, type, id, name, version, created, modified, gone) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0)`,
		num, k.directory, k.num, id, name, version, nanos(at))
	return err
}

// Change makes of a resource what do says, which has the writer to itself: nobody can be faster.
func (x *Inbox) Change(ctx context.Context, key inbox.Key, at time.Time, do func(*scim.Resource) (*scim.Change, error)) (r *scim.Resource, changed bool, err error) {
	k, err := x.kind(ctx, key.Directory, key.Type)
	if err != nil {
		return nil, false, err
	}
	if k == nil {
		return nil, false, inbox.ErrNone
	}
	err = x.s.together(ctx, func(t *tx) error {
		f, text, err := t.resource(k, key.ID)
		if err != nil {
			return orNone(err)
		}
		c, err := do(f.Resource)
		if err != nil {
			return err
		}
		lists, err := t.planLists(k, f.num, c.Refs)
		if err != nil {
			return err
		}
		r = &scim.Resource{Type: k.of, ID: f.ID, Attrs: f.Attrs, Meta: f.Meta}
		version := int64(0)
		if c.Changed {
			r.Attrs = c.Attrs
			if version, err = t.rewrite(k, f, r, text, at); err != nil {
				return err
			}
		}
		last, err := t.changeLists(k, f.num, lists, at)
		if err != nil {
			return err
		}
		version = max(version, last)
		if changed = version > 0; !changed {
			return nil
		}
		modified := later(nanos(f.Meta.LastModified), at)
		r.Meta = meta(nanos(f.Meta.Created), modified, version)
		_, err = t.exec(`UPDATE inbox_resources SET version = $2, modified = $3, name = $4 WHERE num = $1`, f.num, version, modified, k.name(r))
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return r, changed, nil
}

// rewrite puts other attributes in the place of those that are there, and gives the number of the event.
func (t *tx) rewrite(k *kind, before found, now *scim.Resource, text string, at time.Time) (int64, error) {
	had, has := k.keys(before.Resource), k.keys(now)
	without := func(all, these []key) []key {
		return slices.DeleteFunc(slices.Clone(all), func(one key) bool { return slices.Contains(these, one) })
	}
	more := without(has, had)
	if err := t.untaken(k, more); err != nil {
		return 0, err
	}
	if err := t.dropKeys(before.num, without(had, has)); err != nil {
		return 0, err
	}
	if err := t.putKeys(before.num, more); err != nil {
		return 0, err
	}
	if _, err := t.exec(`UPDATE inbox_texts SET text = $2 WHERE resource = $1`, before.num, string(now.AppendStored(nil))); err != nil {
		return 0, err
	}
	return t.event(k, at, changed, before.num, 0, text)
}

// Delete takes a resource away.
func (x *Inbox) Delete(ctx context.Context, key inbox.Key, at time.Time, what func(*scim.Resource) error) error {
	k, err := x.kind(ctx, key.Directory, key.Type)
	if err != nil {
		return err
	}
	if k == nil {
		return inbox.ErrNone
	}
	return x.s.together(ctx, func(t *tx) error {
		f, text, err := t.resource(k, key.ID)
		if err != nil {
			return orNone(err)
		}
		if what != nil {
			if err := what(f.Resource); err != nil {
				return err
			}
		}
		if err := t.leave(k, f.num, at); err != nil {
			return err
		}
		if err := t.dropKeys(f.num, k.keys(f.Resource)); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM inbox_texts WHERE resource = $1`, f.num); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE inbox_resources SET gone = 1, name = '' WHERE num = $1`, f.num); err != nil {
			return err
		}
		t.inbox.add(k, -1, 1)
		_, err = t.event(k, at, deleted, f.num, 0, text)
		return err
	})
}
