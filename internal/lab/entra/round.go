package entra

import "slices"

// round is one answer of a delta query, spread over pages. It is planned when it begins, since a large group has to
// be split, and remembered until newer rounds push it out; what its pages show is the state of the moment in which
// they are read, so a change can come in this round and again in the next.
type round struct {
	id      string
	kind    string
	q       deltaQuery
	until   int // changes that the next round will begin with
	first   bool
	entries []entry
	pages   [][]part
}

// deltaQuery is what a delta token carries of the first request.
type deltaQuery struct {
	Select []string `json:"s,omitempty"`
	IDs    []string `json:"f,omitempty"`
}

// entry is what a round tells of one object.
type entry struct {
	o       *object
	whole   bool // it came or went: everything about it is new
	props   []string
	members []membership
}

type membership struct {
	o       *object
	removed bool
}

// part is a piece of an entry on a page: a stretch of its members.
type part struct {
	entry    int
	from, to int
}

// wants tells whether changes of a property are tracked.
func (q deltaQuery) wants(prop string) bool {
	return q.Select == nil || slices.Contains(q.Select, prop)
}

// initial plans a first round: everything that is there. The caller holds the lock.
func (l *Lab) initial(kind string, q deltaQuery) *round {
	d := &l.dir
	from, gone := &d.users, &d.goneUsers
	if kind == "group" {
		from, gone = &d.groups, &d.goneGroups
	}
	r := &round{kind: kind, q: q, first: true, until: l.visible(kind)}
	take := func(o *object) {
		if o == nil || o.born > r.until || q.IDs != nil && !slices.Contains(q.IDs, fold(o.id)) {
			return
		}
		e := entry{o: o, whole: true}
		if kind == "group" && q.wants("members") {
			e.members = present(o)
		}
		r.entries = append(r.entries, e)
	}
	for _, s := range from.list {
		take(s.o)
	}
	if l.Delta.Removed {
		for _, s := range gone.list {
			take(s.o)
		}
	}
	return r
}

// present are the members that a group has.
func present(g *object) []membership {
	all := g.members.all()
	out := make([]membership, len(all))
	for i, s := range all {
		out[i] = membership{o: s.o}
	}
	return out
}

// visible is how many changes a delta query of that kind sees by now.
func (l *Lab) visible(kind string) int {
	lag := l.Delta.UsersLag
	if kind == "group" {
		lag = l.Delta.GroupsLag
	}
	n := len(l.dir.changes)
	limit := l.now().Add(-lag)
	for lag > 0 && n > 0 && l.dir.changes[n-1].at.After(limit) {
		n--
	}
	return n
}

// incremental plans a round of what changed since a token was given out. The caller holds the lock.
func (l *Lab) incremental(kind string, q deltaQuery, since int) *round {
	r := &round{kind: kind, q: q, until: max(since, l.visible(kind))}
	from := max(0, min(since, r.until)-l.Delta.Replay)
	at := map[*object]int{}
	seen := map[[2]*object]bool{}
	for _, c := range l.dir.changes[from:r.until] {
		if c.o.kind != kind || q.IDs != nil && !slices.Contains(q.IDs, fold(c.o.id)) {
			continue
		}
		whole := c.props == nil && c.member == nil
		if !whole && c.member == nil && !slices.ContainsFunc(c.props, q.wants) || c.member != nil && !q.wants("members") {
			continue
		}
		i, known := at[c.o]
		if !known {
			i = len(r.entries)
			at[c.o] = i
			r.entries = append(r.entries, entry{o: c.o})
		}
		e := &r.entries[i]
		if whole && !e.whole {
			e.whole = true
			if kind == "group" && q.wants("members") && c.o.alive() {
				for _, m := range present(c.o) {
					if pair := [2]*object{c.o, m.o}; !seen[pair] {
						seen[pair] = true
						e.members = append(e.members, m)
					}
				}
			}
		}
		e.props = append(e.props, c.props...)
		if pair := [2]*object{c.o, c.member}; c.member != nil && !seen[pair] {
			seen[pair] = true
			e.members = append(e.members, membership{c.member, !c.o.members.has(c.member)})
		}
	}
	return r
}

// has tells whether somebody is a member that lists show.
func (l *links) has(o *object) bool {
	if l.index == nil {
		l.reindex()
	}
	_, is := l.index[o]
	return is && o.alive()
}

// paginate cuts the round into pages. A group whose members do not fit is split, and goes on where the next page
// begins, or, if the round is to be scattered, behind everything else.
func (r *round) paginate(objects, members int, scatter bool) {
	var queue, later []part
	for i, e := range r.entries {
		rest := part{i, 0, len(e.members)}
		for first := true; first || rest.from < rest.to; first = false {
			p := rest
			p.to = min(p.to, p.from+members)
			rest.from = p.to
			if scatter && !first {
				later = append(later, p)
			} else {
				queue = append(queue, p)
			}
		}
	}
	var page []part
	room := members
	for _, p := range append(queue, later...) {
		n := p.to - p.from
		if len(page) == objects || len(page) > 0 && n > room {
			r.pages, page, room = append(r.pages, page), nil, members
		}
		page = append(page, p)
		room -= n
	}
	r.pages = append(r.pages, page)
}
