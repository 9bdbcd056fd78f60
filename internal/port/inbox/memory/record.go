package memory

import (
	"iter"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// record is a resource in its table. What it is now can be read without the lock; the rest is the directory's.
type record struct {
	id  string
	t   *table
	seq uint64 // order of creation within the directory

	now      atomic.Pointer[scim.Resource] // without Refs
	revision uint64                        // number in the version
	stamp    uint64                        // of its entry in table.modified

	lists sets // its members, by the list
	in    sets // who names it, by the list that does
	gone  bool
}

// sets are sets by the list that they belong to. There is one list, or two.
type sets []*listed

type listed struct {
	list *scim.Attr
	set
}

// of is the set of a list; nil if there is none yet.
func (s sets) of(list *scim.Attr) *set {
	for _, have := range s {
		if have.list == list {
			return &have.set
		}
	}
	return nil
}

// made is the set of a list, made if there is none.
func (s *sets) made(list *scim.Attr) *set {
	if have := s.of(list); have != nil {
		return have
	}
	*s = append(*s, &listed{list: list})
	return &(*s)[len(*s)-1].set
}

// isView tells whether a list shows who names the resource, such as a user's groups, and is not written itself.
func isView(list *scim.Attr) bool { return list.Definition().Mutability == scim.ReadOnly }

// others are the records in a list, under the lock.
func (r *record) others(list *scim.Attr) iter.Seq[*record] {
	if !isView(list) {
		return r.lists.of(list).all()
	}
	return func(yield func(*record) bool) {
		for _, s := range r.in {
			for o := range s.all() {
				if !yield(o) {
					return
				}
			}
		}
	}
}

// ref is how a list shows another record. calls are the names that clients gave the members.
func ref(list *scim.Attr, o *record, calls map[*record]string) scim.Ref {
	if isView(list) {
		return scim.Ref{Value: o.id, Type: "direct", Display: o.t.display(o.now.Load())}
	}
	return scim.Ref{Value: o.id, Type: o.t.of.Name(), Display: calls[o]}
}

// under the lock, seen is the resource with lists that are read while they are asked for.
func (r *record) seen() *scim.Resource {
	c := *r.now.Load()
	c.Refs = func(list *scim.Attr) iter.Seq[scim.Ref] {
		return func(yield func(scim.Ref) bool) {
			for o := range r.others(list) {
				if !yield(ref(list, o, r.lists.of(list).calls())) {
					return
				}
			}
		}
	}
	return &c
}

// taken is a list as it was at a moment.
type taken struct {
	all   []*record
	calls map[*record]string
}

// give is the resource to give away: its lists are those of this moment. Under the lock.
func (r *record) give(show func(*scim.Attr) bool) *scim.Resource {
	c := *r.now.Load()
	var lists map[*scim.Attr]taken
	for _, a := range r.t.of.Apart() {
		if show == nil || !show(a) {
			continue
		}
		var l taken
		if s := r.lists.of(a); s != nil {
			l = taken{s.copied(), maps.Clone(s.names)}
		} else {
			l.all = slices.Collect(r.others(a))
		}
		if len(l.all) > 0 {
			if lists == nil {
				lists = map[*scim.Attr]taken{}
			}
			lists[a] = l
		}
	}
	if lists != nil {
		c.Refs = func(list *scim.Attr) iter.Seq[scim.Ref] {
			return func(yield func(scim.Ref) bool) {
				l := lists[list]
				for _, o := range l.all {
					if !yield(ref(list, o, l.calls)) {
						return
					}
				}
			}
		}
	}
	return &c
}
