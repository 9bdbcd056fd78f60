package memory

import (
	"slices"
	"sort"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// table holds the resources of one type of one directory, and the indexes over them.
type table struct {
	of       *scim.ResourceType
	order    []*record // by seq; those that are gone stay until there are many
	holes    int
	indexed  []indexed
	modified []stamp // by time; an entry that its record left behind stays until there are many
	stamps   uint64
	stale    int
	names    []*scim.Attr // what a reference shows of a resource: the first one that has a value
	id       *scim.Attr
	changed  *scim.Attr // meta.lastModified
	sorted   sorted
}

type indexed struct {
	attr   *scim.Attr
	unique bool
	by     index
}

// index finds records by the key of a value. Most values belong to one record.
type index map[string]bucket

type bucket struct {
	one  *record
	more map[*record]bool // with one in it, where there are several
}

type stamp struct {
	at time.Time
	r  *record
	n  uint64
}

// newTable makes a table with indexes of what must be unique and of what clients look for.
func newTable(t *scim.ResourceType) *table {
	out := &table{of: t, id: t.Attr("id"), changed: t.Attr("meta.lastModified")}
	for _, a := range t.Unique() {
		out.indexed = append(out.indexed, indexed{a, true, index{}})
	}
	for _, name := range []string{"userName", "externalId", "displayName", "emails.value"} {
		if a := t.Attr(name); a != nil && out.index(a) == nil {
			unique := name == "displayName" && t.Name() == "Group" // Entra finds groups by their name
			out.indexed = append(out.indexed, indexed{a, unique, index{}})
		}
	}
	for _, name := range []string{"displayName", "userName"} {
		if a := t.Attr(name); a != nil {
			out.names = append(out.names, a)
		}
	}
	return out
}

// index is that of an attribute; nil if it has none.
func (t *table) index(a *scim.Attr) index {
	for i := range t.indexed {
		if t.indexed[i].attr == a {
			return t.indexed[i].by
		}
	}
	return nil
}

// display is the name of a resource.
func (t *table) display(r *scim.Resource) string {
	for _, a := range t.names {
		if v := r.Attrs.Get(a); !v.IsZero() {
			return v.Text()
		}
	}
	return ""
}

// free tells whether every value that must be unique is nobody's, or the record's own; else an *scim.Error.
func (t *table) free(attrs scim.Value, own *record) error {
	would := scim.Resource{Type: t.of, Attrs: attrs}
	for _, in := range t.indexed {
		if !in.unique {
			continue
		}
		for text := range would.Values(in.attr) {
			if b := in.by[in.attr.Key(text)]; b.one != nil && b.one != own {
				return t.of.Taken(in.attr)
			}
		}
	}
	return nil
}

// put adds the values of a record to the indexes.
func (t *table) put(r *record) {
	now := r.now.Load()
	for _, in := range t.indexed {
		for text := range now.Values(in.attr) {
			in.by.put(in.attr.Key(text), r)
		}
	}
}

// take takes them out again.
func (t *table) take(r *record) {
	now := r.now.Load()
	for _, in := range t.indexed {
		for text := range now.Values(in.attr) {
			in.by.take(in.attr.Key(text), r)
		}
	}
}

func (in index) put(key string, r *record) {
	b := in[key]
	switch {
	case b.one == nil:
		b.one = r
	case b.one == r || b.more[r]:
		return
	case b.more == nil:
		b.more = map[*record]bool{b.one: true, r: true}
	default:
		b.more[r] = true
	}
	in[key] = b
}

func (in index) take(key string, r *record) {
	b := in[key]
	delete(b.more, r)
	if b.one == r {
		b.one = nil
		for o := range b.more {
			b.one = o
			break
		}
	}
	if b.one == nil {
		delete(in, key)
	} else {
		in[key] = b
	}
}

// all are the records of a bucket.
func (b bucket) all() []*record {
	switch {
	case len(b.more) > 0:
		out := make([]*record, 0, len(b.more))
		for r := range b.more {
			out = append(out, r)
		}
		return out
	case b.one != nil:
		return []*record{b.one}
	}
	return nil
}

// touch notes that a record has changed. Moments come nearly in order, so its place is near the end.
func (t *table) touch(r *record, at time.Time) {
	if r.stamp != 0 {
		t.stale++
	}
	t.stamps++
	r.stamp = t.stamps
	i := len(t.modified)
	for i > 0 && t.modified[i-1].at.After(at) {
		i--
	}
	t.modified = slices.Insert(t.modified, i, stamp{at, r, r.stamp})
	t.sorted.forget()
	if t.stale > 1000 && t.stale > len(t.modified)/2 {
		t.modified = slices.DeleteFunc(t.modified, func(s stamp) bool { return s.n != s.r.stamp })
		t.stale = 0
	}
}

// isChanged tells whether a filter asks for what changed before or after a moment, as clients do that poll.
func (t *table) isChanged(f *scim.Filter) bool {
	return f.Attr == t.changed && f.Op >= scim.Greater && f.Op <= scim.LessOrEqual
}

// changedAround are the records on the side of that moment that the filter asks for, the moment included.
func (t *table) changedAround(f *scim.Filter) []*record {
	from, to := sort.Search(len(t.modified), func(i int) bool { return !t.modified[i].at.Before(f.When) }), len(t.modified)
	if f.Op == scim.Less || f.Op == scim.LessOrEqual {
		from, to = 0, sort.Search(len(t.modified), func(i int) bool { return t.modified[i].at.After(f.When) })
	}
	var out []*record
	for _, s := range t.modified[from:to] {
		if s.n == s.r.stamp {
			out = append(out, s.r)
		}
	}
	return out
}

// leave takes a record out of the table.
func (t *table) leave(r *record) {
	r.gone = true
	r.stamp = 0
	t.stale++
	t.holes++
	t.sorted.forget()
	if t.holes > 1000 && t.holes > len(t.order)/2 {
		t.order = slices.DeleteFunc(t.order, func(r *record) bool { return r.gone })
		t.holes = 0
	}
}
