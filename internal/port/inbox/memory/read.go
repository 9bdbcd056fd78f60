package memory

import (
	"context"
	"slices"
	"sort"
	"sync"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Get gives a resource with the lists that show tells; inbox.ErrNone if there is none.
func (b *Inbox) Get(_ context.Context, k inbox.Key, show func(*scim.Attr) bool) (*scim.Resource, error) {
	d, r := b.find(k)
	if r == nil {
		return nil, inbox.ErrNone
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return r.give(show), nil
}

// find finds a record; nil if there is none.
func (b *Inbox) find(k inbox.Key) (*directory, *record) {
	d := b.directory(k.Directory)
	if d == nil {
		return nil, nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	r := d.byID[k.ID]
	if r == nil || r.t.of != k.Type {
		return d, nil
	}
	return d, r
}

// table is that of a type, made if there is none. Under the lock for writing.
func (d *directory) table(t *scim.ResourceType) *table {
	out := d.tables[t]
	if out == nil {
		out = newTable(t)
		d.tables[t] = out
	}
	return out
}

// List answers a query.
func (b *Inbox) List(_ context.Context, directory string, t *scim.ResourceType, q *scim.Query) (*inbox.Listing, error) {
	d := b.directory(directory)
	if d == nil {
		return &inbox.Listing{}, nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	from := d.tables[t]
	if from == nil {
		from = newTable(t)
	}
	hits := d.hits(from, q)
	out := &inbox.Listing{Total: len(hits)}
	start := min(max(q.Page.Start-1, 0), len(hits))
	if q.Page.ByCursor {
		var err error
		if start, err = d.behind(from, q, hits); err != nil {
			return nil, err
		}
	}
	page := hits[start:min(start+q.Page.Count, len(hits))]
	for _, r := range page {
		out.Resources = append(out.Resources, r.give(q.Projection.Shows))
	}
	if q.Page.ByCursor && len(page) > 0 && start+len(page) < len(hits) {
		out.Next = cursorAt(q, page[len(page)-1])
	}
	return out, nil
}

// hits are all records that fit the filter, in the order that is asked for.
func (d *directory) hits(t *table, q *scim.Query) []*record {
	if q.Filter == nil {
		return t.ordered(q.Sort)
	}
	some, ok := d.candidates(t, q.Filter)
	if !ok {
		some = t.order
	}
	lists := false // whether the filter asks for any
	q.Filter.Walk(func(f *scim.Filter) bool {
		lists = lists || f.Attr != nil && f.Attr.Apart() != nil
		return !lists
	})
	var hits []*record
	for _, r := range some {
		if r.gone || r.t != t {
			continue
		}
		seen := r.now.Load()
		if lists {
			seen = r.seen()
		}
		if q.Filter.Match(seen) {
			hits = append(hits, r)
		}
	}
	arrange(hits, q.Sort)
	return hits
}

// candidates are records among which are all that fit a filter; ok is false where no index tells, and all of them are.
func (d *directory) candidates(t *table, f *scim.Filter) (found []*record, ok bool) {
	questions, ok := f.Lookups(func(a *scim.Attr) bool {
		return a == t.id || t.index(a) != nil || a.Apart() != nil && a.Name() == "value"
	})
	switch {
	case ok && len(questions) == 1:
		return d.answer(t, questions[0]), true
	case ok:
		seen := map[*record]bool{}
		for _, q := range questions {
			for _, r := range d.answer(t, q) {
				if !seen[r] {
					seen[r] = true
					found = append(found, r)
				}
			}
		}
		return found, true
	case f.Op == scim.And:
		for _, term := range f.Terms {
			if t.isChanged(term) {
				return t.changedAround(term), true
			}
		}
	case t.isChanged(f):
		return t.changedAround(f), true
	}
	return nil, false
}

// answer asks one index.
func (d *directory) answer(t *table, q scim.Lookup) []*record {
	list := q.Attr.Apart()
	if list == nil && q.Attr != t.id {
		return t.index(q.Attr)[q.Key].all()
	}
	o := d.byID[q.Key]
	switch {
	case o == nil:
		return nil
	case list == nil:
		return []*record{o}
	case isView(list):
		return slices.Collect(o.members.all(nil))
	}
	return slices.Collect(o.in.all(list))
}

// sorted is the whole table in the order that was asked for last: whoever walks through it page by page sorts it once.
type sorted struct {
	mu   sync.Mutex
	by   scim.Sort
	list []*record
}

func (s *sorted) forget() { s.list = nil } // with the lock of the directory for writing, which no reader has then

// ordered are all records in an order. They must not be changed.
func (t *table) ordered(by *scim.Sort) []*record {
	if by == nil && t.holes == 0 {
		return t.order
	}
	var key scim.Sort
	if by != nil {
		key = *by
	}
	t.sorted.mu.Lock()
	defer t.sorted.mu.Unlock()
	if t.sorted.list == nil || t.sorted.by != key {
		t.sorted.by = key
		t.sorted.list = slices.DeleteFunc(slices.Clone(t.order), func(r *record) bool { return r.gone })
		arrange(t.sorted.list, by)
	}
	return t.sorted.list
}

// arrange sorts records; those that are equal, and all without an order, by their age.
func arrange(all []*record, by *scim.Sort) {
	slices.SortFunc(all, func(x, y *record) int {
		if by != nil {
			if c := by.Compare(x.now.Load(), y.now.Load()); c != 0 {
				return c
			}
		}
		return int(int64(x.seq) - int64(y.seq))
	})
}

// behind is the place among the hits at which the page of a cursor begins.
func (d *directory) behind(t *table, q *scim.Query, hits []*record) (int, error) {
	if q.Page.Cursor == "" {
		return 0, nil
	}
	at, err := readCursor(t.of, q)
	if err != nil {
		return 0, err
	}
	if q.Sort == nil {
		return sort.Search(len(hits), func(i int) bool { return hits[i].seq > at.seq }), nil
	}
	i := sort.Search(len(t.order), func(i int) bool { return t.order[i].seq >= at.seq })
	if i == len(t.order) || t.order[i].seq != at.seq || t.order[i].gone || at.value != valueHash(q, t.order[i]) {
		return 0, scim.OldCursor() // the place is not known any more
	}
	if place := slices.Index(hits, t.order[i]); place >= 0 {
		return place + 1, nil
	}
	return 0, scim.OldCursor()
}
