package entra

import (
	"slices"
)

// relation is a list that hangs on an object: members, transitiveMembers, memberOf, transitiveMemberOf, with an
// OData cast or as a number.
type relation struct {
	kind, id, name string
	cast           string // "" or a type such as "user"
	counted        bool   // …/$count
}

func (rel relation) serve(l *Lab) func(*call) answer {
	return func(c *call) answer {
		if err := rel.refused(c); err != nil {
			return err.answer(c)
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		o := l.dir.lookup(rel.kind, rel.id)
		if o == nil {
			return notFound(rel.id).answer(c)
		}
		slots := rel.slots(l, o)
		if rel.below() && c.hides(o) {
			if l.HiddenDenied {
				return denied().answer(c)
			}
			slots = nil
		}
		keep := func(m *object) bool {
			switch {
			case !m.alive() || rel.cast != "" && fold(m.kind) != rel.cast:
				return false
			case !rel.below() && c.hides(m):
				return false // what checkMemberGroups is documented to do: only groups that the caller may evaluate
			case rel.name == "members" && rel.cast == "" && m.kind == "servicePrincipal":
				return false // v1.0 does not list them, a documented known issue; $expand=members does
			}
			return matcher{}.object(c.opts.filter, m)
		}
		if rel.counted {
			return number(tally(slots, keep))
		}
		set := "directoryObjects"
		if s := shapes[rel.cast]; s != nil {
			set = s.set
		}
		return c.cut(listing{
			slots: func(seq uint64) []slot { return after(slots, seq) }, keep: keep, context: c.context(set),
			write: c.writer(view{fields: c.opts.sel, typed: rel.cast == "", blind: c.blind}),
			total: func() int { return tally(slots, keep) },
		})
	}
}

func (rel relation) below() bool { return rel.name == "members" || rel.name == "transitivemembers" }

// slots are the objects in an order in which a page can begin after any of them.
func (rel relation) slots(l *Lab, o *object) []slot {
	switch rel.name {
	case "members":
		return o.members.list
	case "transitivemembers":
		return l.dir.reach.below(o)
	case "transitivememberof":
		return l.dir.reach.above(o)
	}
	out := make([]slot, len(o.parents))
	for i, g := range o.parents {
		out[i] = slot{g.seq, g}
	}
	slices.SortFunc(out, func(a, b slot) int { return int(a.seq) - int(b.seq) })
	return out
}

// refused tells why the list is not given: casts and filters need the advanced query's header and $count, and only
// some types can be members.
func (rel relation) refused(c *call) *graphError {
	advanced := c.advanced() || rel.counted && c.eventual() || c.opts.skip != ""
	switch {
	case rel.counted && !c.eventual():
		return noCount()
	case rel.cast != "" && !slices.Contains([]string{"user", "group", "device", "orgcontact", "serviceprincipal"}, rel.cast):
		return unsupported("Unsupported Query.")
	case (rel.cast != "" || c.opts.filter != nil) && !advanced:
		return unsupported("Unsupported Query.")
	}
	if err := selectable(c.opts.sel, "user", "group", "servicePrincipal"); err != nil {
		return err
	}
	rules := userFilter
	if rel.cast == "group" || !rel.below() {
		rules = groupFilter
	}
	if c.opts.filter != nil {
		return rules.check(c.opts.filter, true)
	}
	return nil
}
