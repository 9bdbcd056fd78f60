package plan

import (
	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/match"
)

// findContradictions looks for links that their records contradict: linked to one user or group, and carrying the
// externalId of another that is there. One of the two is wrong, and whatever was done by the link could be done to the
// other: nothing is.
func (p *planner) findContradictions() {
	s := p.in.Source
	if c := p.column("externalid"); c >= 0 {
		p.contradicted = contradictions(p.users, p.want.State.Users, p.have.Users, c, s.Gaps.Users != "", func() *directory.Keys { _, want := p.holdersOf(c); return want })
		for u, other := range p.contradicted {
			p.notes[subject{kindUser, u}] = "record " + p.have.Users.Text(p.users.Present[u], 0) + " is linked to this person and carries the externalId of " + named(s.Users, other)
		}
	}
	c := directory.GroupExternalID
	p.contradictedGroups = contradictions(p.groups, p.want.State.Groups, p.have.Groups, c, s.Gaps.Groups != "", func() *directory.Keys { return p.want.State.Groups.Keys(c) })
	for g, other := range p.contradictedGroups {
		p.notes[subject{kindGroup, g}] = "the synced group " + p.have.Groups.Text(p.groups.Present[g], 0) + " is linked to this group and carries the externalId of " + named(s.Groups, other)
	}
}

func named(t *directory.Table, other uint32) string {
	if other == match.None {
		return "somebody who may be among those that were not told"
	}
	return t.Text(other, 1)
}

// contradictions gives, of each wanted one whose linked row carries another's id, that other; None where nobody has the
// id and some were not told.
func contradictions(pairs *match.Pairs, want, have *directory.Table, column int, hidden bool, keys func() *directory.Keys) map[uint32]uint32 {
	found := map[uint32]uint32{}
	var index *directory.Keys
	for w, h := range pairs.Present {
		if h == match.None || pairs.How[w] != match.ByLink {
			continue
		}
		has := have.Text(h, column)
		if has == "" || has == want.Text(uint32(w), column) {
			continue
		}
		if index == nil {
			index = keys()
		}
		if hidden {
			found[uint32(w)] = match.None
		}
		index.All(has, func(other uint32) bool {
			if other != uint32(w) && want.Text(other, column) == has {
				found[uint32(w)] = other
				return false
			}
			return true
		})
	}
	return found
}

// contradicts tells whether the link of a user is contradicted.
func (p *planner) contradicts(u uint32) bool {
	_, bad := p.contradicted[u]
	return bad
}

// contradictsGroup tells whether the link of a group is contradicted.
func (p *planner) contradictsGroup(g uint32) bool {
	_, bad := p.contradictedGroups[g]
	return bad
}
