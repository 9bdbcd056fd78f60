package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Create keeps a new resource with its references.
func (b *Inbox) Create(_ context.Context, k inbox.Key, body *scim.Body, at time.Time) (*scim.Resource, error) {
	d := b.directory(k.Directory)
	if d == nil {
		return nil, fmt.Errorf("the directory %q: %w", k.Directory, inbox.ErrNone)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID[k.ID] != nil {
		return nil, k.Type.Taken(k.Type.Attr("id"))
	}
	t := d.table(k.Type)
	if err := t.free(body.Attrs, nil); err != nil {
		return nil, err
	}
	members := map[*scim.Attr][]*record{}
	for list, refs := range body.Refs {
		found, err := d.resolve(list, refs)
		if err != nil {
			return nil, err
		}
		members[list] = found
	}
	d.last++
	r := &record{id: k.ID, t: t, seq: d.last, revision: d.gone}
	r.become(body.Attrs, at)
	d.byID[r.id] = r
	t.order = append(t.order, r)
	t.put(r)
	t.touch(r, at)
	d.past.add(at, created, r, nil)
	for _, list := range k.Type.Apart() {
		r.members.items = slices.Grow(r.members.items, len(members[list]))
		d.past.events = slices.Grow(d.past.events, len(members[list]))
		for i, o := range members[list] { // each once, as the codec gives them
			d.join(r, list, o, body.Refs[list][i].Display, at)
		}
	}
	return r.now.Load(), nil
}

// Change makes of a resource what do says. do is asked outside of the lock; when somebody else was faster it is asked
// again, and after a few times within it, so that it comes to an end.
func (b *Inbox) Change(ctx context.Context, k inbox.Key, at time.Time, do func(*scim.Resource) (*scim.Change, error)) (*scim.Resource, bool, error) {
	for try := 0; ; try++ {
		d, r := b.find(k)
		if r == nil {
			return nil, false, inbox.ErrNone
		}
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		after, changed, err := d.attempt(r, at, do, try > 3)
		if !errors.Is(err, errSlower) {
			return after, changed, err
		}
	}
}

// errSlower says that somebody else changed the resource meanwhile.
var errSlower = errors.New("somebody else was faster")

func (d *directory) attempt(r *record, at time.Time, do func(*scim.Resource) (*scim.Change, error), within bool) (*scim.Resource, bool, error) {
	if within {
		d.mu.Lock()
		defer d.mu.Unlock()
	}
	before := r.now.Load()
	c, err := do(before)
	if err != nil {
		return nil, false, err
	}
	if !within {
		d.mu.Lock()
		defer d.mu.Unlock()
	}
	switch {
	case r.gone:
		return nil, false, inbox.ErrNone
	case r.now.Load() != before:
		return nil, false, errSlower
	}
	changed, err := d.change(r, c, at)
	if err != nil {
		return nil, false, err
	}
	return r.now.Load(), changed, nil
}

// change carries out a change, or finds why it cannot be and does nothing.
func (d *directory) change(r *record, c *scim.Change, at time.Time) (bool, error) {
	old := r.now.Load()
	if c.Changed {
		if err := r.t.free(c.Attrs, r); err != nil {
			return false, err
		}
	}
	var moves []move
	for i := range c.Refs {
		m, err := d.moves(r, &c.Refs[i])
		if err != nil {
			return false, err
		}
		moves = append(moves, m...)
	}
	if !c.Changed && len(moves) == 0 {
		return false, nil
	}
	if c.Changed {
		r.t.take(r)
		r.become(c.Attrs, at)
		r.t.put(r)
		d.past.add(at, changed, r, nil)
	} else {
		r.become(old.Attrs, at)
	}
	r.t.touch(r, r.now.Load().Meta.LastModified)
	for _, m := range moves {
		if m.in {
			d.join(r, m.list, m.who, m.name, at)
		} else {
			d.part(r, m.list, m.who, at)
		}
	}
	return true, nil
}

// become gives the record a new version.
func (r *record) become(attrs scim.Value, at time.Time) {
	meta := scim.Meta{Created: at, LastModified: at}
	if old := r.now.Load(); old != nil {
		meta.Created = old.Meta.Created
		if old.Meta.LastModified.After(at) {
			meta.LastModified = old.Meta.LastModified
		}
	}
	r.revision++
	meta.Version = `W/"` + strconv.FormatUint(r.revision, 10) + `"`
	r.now.Store(&scim.Resource{Type: r.t.of, ID: r.id, Attrs: attrs, Meta: meta})
}

// move is a record that comes into a list or goes out of it.
type move struct {
	list *scim.Attr
	who  *record
	in   bool
	name string // what the client calls it
}

// moves works out what a change of a list comes to. It looks at the whole list only where the change does.
func (d *directory) moves(r *record, c *scim.RefChange) ([]move, error) {
	found, err := d.resolve(c.List, c.Add)
	if err != nil {
		return nil, err
	}
	adds := make(map[*record]bool, len(found))
	for _, o := range found {
		adds[o] = true
	}
	var out []move
	leave := map[*record]bool{}
	goes := func(o *record) {
		if !adds[o] && !leave[o] {
			leave[o] = true
			out = append(out, move{list: c.List, who: o})
		}
	}
	for _, id := range c.Remove {
		if o := d.byID[id]; o != nil && r.members.has(edge{c.List, o}) {
			goes(o)
		}
	}
	if c.Replace || len(c.RemoveWhere) > 0 {
		for o := range r.members.all(c.List) {
			if c.Replace || fitsOne(c, o, r.members.names) {
				goes(o)
			}
		}
	}
	for i, o := range found {
		if !r.members.has(edge{c.List, o}) {
			out = append(out, move{c.List, o, true, c.Add[i].Display})
		}
	}
	return out, nil
}

func fitsOne(c *scim.RefChange, o *record, names map[edge]string) bool {
	for _, f := range c.RemoveWhere {
		if f.MatchRef(c.List, ref(c.List, o, names)) {
			return true
		}
	}
	return false
}

// resolve finds the records that references name, one for each.
func (d *directory) resolve(list *scim.Attr, refs []scim.Ref) ([]*record, error) {
	out := make([]*record, 0, len(refs))
	for _, ref := range refs {
		o := d.byID[ref.Value]
		if o == nil || !d.leadsTo(list, o) {
			return nil, scim.NoSuchMember(list, ref.Value)
		}
		out = append(out, o)
	}
	return out, nil
}

// leadsTo tells whether the schema lets a list name a record. Where it does not say, it may name any.
func (d *directory) leadsTo(list *scim.Attr, o *record) bool {
	for _, s := range list.Definition().SubAttributes {
		if s.Name != "$ref" || len(s.References) == 0 {
			continue
		}
		for _, name := range s.References {
			if name == o.t.of.Name() {
				return true
			}
		}
		return false
	}
	return true
}

// join makes a record a member, which it is not.
func (d *directory) join(r *record, list *scim.Attr, o *record, name string, at time.Time) {
	r.members.append(edge{list, o}, name)
	o.in.append(edge{list, r}, "")
	d.past.add(at, memberAdded, r, o)
}

func (d *directory) part(r *record, list *scim.Attr, o *record, at time.Time) {
	r.members.remove(edge{list, o})
	o.in.remove(edge{list, r})
	d.past.add(at, memberRemoved, r, o)
}

// Delete takes a resource away, out of every list that names it.
func (b *Inbox) Delete(_ context.Context, k inbox.Key, at time.Time, what func(*scim.Resource) error) error {
	d, r := b.find(k)
	if r == nil {
		return inbox.ErrNone
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.gone {
		return inbox.ErrNone
	}
	if what != nil {
		if err := what(r.now.Load()); err != nil {
			return err
		}
	}
	for _, e := range r.in.edges() {
		d.part(e.r, e.list, r, at)
		if e.r != r {
			e.r.become(e.r.now.Load().Attrs, at)
			e.r.t.touch(e.r, e.r.now.Load().Meta.LastModified)
		}
	}
	for _, e := range r.members.edges() {
		d.part(r, e.list, e.r, at)
	}
	delete(d.byID, r.id)
	r.t.take(r)
	r.t.leave(r)
	d.gone = max(d.gone, r.revision)
	d.past.add(at, deleted, r, nil)
	return nil
}
