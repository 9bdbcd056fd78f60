package entra

import (
	"slices"
	"sort"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// read finds what a cycle has to evaluate: everything, or what changed since the watermark and what is to be retried.
// It gives the new watermark and who is assigned now.
func (c *cycle) read() (mark int, seen map[string][]string, err error) {
	c.l.mu.Lock()
	defer c.l.mu.Unlock()
	d := &c.l.dir
	s := d.sync(c.app)
	if err := c.compile(s.schemas[c.Job.id]); err != nil {
		return 0, nil, err
	}
	c.secrets = s.secretPairs()
	c.id = guid(0x5f, d.next())
	c.to = c.client(c.secrets, s.hidden)
	sc := c.scope(c.secrets.is("SyncAll"))
	touched := map[*object]bool{}
	if c.full {
		for _, list := range []*collection{&d.users, &d.groups, &d.goneUsers, &d.goneGroups} {
			for _, slot := range list.list {
				if slot.o != nil {
					touched[slot.o] = true
				}
			}
		}
	} else {
		c.since(d.changes[c.watermark:], &sc, touched)
		c.assignments(&sc, touched)
	}
	c.retries(touched)
	c.evaluate(touched, &sc)
	return len(d.changes), sc.direct, nil
}

// since reads the feed of changes.
func (c *cycle) since(changes []change, s *scope, touched map[*object]bool) {
	members := map[*object]map[*object]bool{}
	for _, ch := range changes {
		c.run.Deltas++
		switch {
		case ch.member != nil:
			c.run.ReferenceDeltas++
			if members[ch.o] == nil {
				members[ch.o] = map[*object]bool{}
			}
			members[ch.o][ch.member] = true
			_, is := s.groups[ch.o]
			if _, was := c.seen[fold(ch.o.id)]; (is || was) && ch.member.kind == "user" {
				touched[ch.member] = true
			}
		case ch.props == nil:
			touched[ch.o] = true
			if ch.o.kind == "group" { // it went or returned: what its assignment gives does, too
				c.everyMember(ch.o, touched)
			}
		case c.concerns(ch):
			touched[ch.o] = true
			if slices.Contains(ch.props, "manager") {
				c.bosses[ch.o.id] = true
			}
			if ch.o.kind == "group" && slices.Contains(ch.props, "securityEnabled") {
				c.everyMember(ch.o, touched)
			}
		}
	}
	for _, g := range sortedObjects(members) {
		is := map[*object]bool{}
		for _, slot := range g.members.all() {
			is[slot.o] = true
		}
		for _, m := range sortedObjects(members[g]) {
			c.changed[g.id] = append(c.changed[g.id], delta{m.id, is[m]})
		}
	}
}

// concerns tells whether a changed property is one that mappings or filters read: the service selects no others.
func (c *cycle) concerns(ch change) bool {
	k := &c.plan.Users
	if ch.o.kind == "group" {
		k = &c.plan.Groups
	}
	for _, a := range k.Attributes() {
		if slices.ContainsFunc(ch.props, func(p string) bool { return strings.EqualFold(p, graphName(a)) }) {
			return true
		}
	}
	return slices.Contains(ch.props, "accountEnabled") || slices.Contains(ch.props, "securityEnabled")
}

func (c *cycle) everyMember(g *object, touched map[*object]bool) {
	for _, slot := range g.members.all() {
		if slot.o.kind == "user" {
			touched[slot.o] = true
		}
	}
}

// assignments compares who is assigned with what the last cycle saw.
func (c *cycle) assignments(s *scope, touched map[*object]bool) {
	if s.all {
		return
	}
	for _, pair := range [][2]map[string][]string{{c.seen, s.direct}, {s.direct, c.seen}} {
		for id, roles := range pair[0] {
			if slices.Equal(roles, pair[1][id]) {
				continue
			}
			if o := c.l.dir.anywhere(id); o != nil {
				touched[o] = true
				if o.kind == "group" {
					c.everyMember(o, touched)
				}
			}
		}
	}
}

// retries adds what failed earlier and is due again.
func (c *cycle) retries(touched map[*object]bool) {
	for _, key := range sortedKeys(keysOf(c.escrow)) {
		e := c.escrow[key]
		if e.next.After(c.began) {
			continue
		}
		o := c.l.dir.anywhere(e.id)
		switch {
		case o == nil && e.action == "delete": // gone for good meanwhile
			touched[&object{kind: strings.ToLower(e.kind), id: e.id, purged: true}] = true
		case o == nil:
			delete(c.escrow, key)
		case e.members == nil:
			touched[o] = true
		case e.kind == "User":
			touched[o], c.bosses[e.id] = true, true
		default:
			for _, m := range sortedKeys(keysOf(e.members)) {
				in := slices.ContainsFunc(o.members.all(), func(s slot) bool { return s.o.id == m })
				c.changed[e.id] = append(c.changed[e.id], delta{m, in})
			}
		}
	}
}

func keysOf[V any](m map[string]V) map[string]string {
	out := map[string]string{}
	for k := range m {
		out[k] = ""
	}
	return out
}

// evaluate reads the objects, in the directory's order, users apart from groups.
func (c *cycle) evaluate(touched map[*object]bool, s *scope) {
	for _, o := range sortedObjects(touched) {
		switch {
		case o.kind == "user" && c.plan.Users.On:
			c.users = append(c.users, c.entry(o, s))
		case o.kind == "group" && c.plan.Groups.On:
			c.groups = append(c.groups, c.entry(o, s))
		}
	}
	c.run.Imported = len(c.users) + len(c.groups)
}

func sortedObjects[V any](m map[*object]V) []*object {
	out := make([]*object, 0, len(m))
	for o := range m {
		out = append(out, o)
	}
	sort.Slice(out, func(i, k int) bool {
		if out[i].seq != out[k].seq {
			return out[i].seq < out[k].seq
		}
		return out[i].id < out[k].id
	})
	return out
}

func first(rows []rules.Row) string {
	if len(rows) == 0 {
		return ""
	}
	return rows[0].Target
}
