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

	members set // whom its lists name
	in      set // who names it
	gone    bool
}

// isView tells whether a list shows who names the resource, such as a user's groups, and is not written itself.
func isView(list *scim.Attr) bool { return list.Definition().Mutability == scim.ReadOnly }

// others are the records in a list, under the lock.
func (r *record) others(list *scim.Attr) iter.Seq[*record] {
	if isView(list) {
		return r.in.all(nil)
	}
	return r.members.all(list)
}

// ref is how a list shows another record: as the client called the member, of which names are those that have one, or else
// by the record's own name.
func ref(list *scim.Attr, o *record, names map[edge]string) scim.Ref {
	if isView(list) {
		return scim.Ref{Value: o.id, Type: "direct", Display: o.t.display(o.now.Load())}
	}
	name := names[edge{list, o}]
	if name == "" {
		name = o.t.display(o.now.Load())
	}
	return scim.Ref{Value: o.id, Type: o.t.of.Name(), Display: name}
}

// seen is the resource with lists that are read while they are asked for, under the lock.
func (r *record) seen() *scim.Resource {
	c := *r.now.Load()
	c.Refs = func(list *scim.Attr) iter.Seq[scim.Ref] { return refs(list, r.others(list), r.members.names) }
	return &c
}

// give is the resource to give away: its lists are those of this moment. Under the lock.
func (r *record) give(show func(*scim.Attr) bool) *scim.Resource {
	c := *r.now.Load()
	var lists map[*scim.Attr][]*record
	for _, a := range r.t.of.Apart() {
		if show == nil || !show(a) {
			continue
		}
		all := make([]*record, 0, len(r.members.items))
		if all = slices.AppendSeq(all, r.others(a)); len(all) > 0 {
			if lists == nil {
				lists = map[*scim.Attr][]*record{}
			}
			lists[a] = all
		}
	}
	if lists != nil {
		names := maps.Clone(r.members.names)
		c.Refs = func(list *scim.Attr) iter.Seq[scim.Ref] { return refs(list, slices.Values(lists[list]), names) }
	}
	return &c
}

func refs(list *scim.Attr, all iter.Seq[*record], names map[edge]string) iter.Seq[scim.Ref] {
	return func(yield func(scim.Ref) bool) {
		for o := range all {
			if !yield(ref(list, o, names)) {
				return
			}
		}
	}
}
