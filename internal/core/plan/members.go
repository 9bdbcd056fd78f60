package plan

import (
	"maps"
	"slices"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// groupDiff is what is to be done with the members of one group.
type groupDiff struct {
	adds, removes         []uint32
	addNotes, removeNotes []note
	waiting               []membership
	fill                  []uint32 // of the group that replaces it
}

// judgeMembers compares the members of every group that is there or will be. Groups do not touch one another, so that
// workers share them out; what they find is put together in order.
func (p *planner) judgeMembers() {
	ready := p.readiness()
	shares := directory.Share(len(p.groupReason), 256)
	found := make([]map[uint32]groupDiff, len(shares))
	shares.Work(func(k, from, to int) {
		found[k] = map[uint32]groupDiff{}
		d := &differ{planner: p, ready: ready, stamp: make([]uint32, p.have.Users.Len())}
		for g := from; g < to; g++ {
			if diff, some := d.group(uint32(g)); some {
				found[k][uint32(g)] = diff
			}
		}
	})
	for _, part := range found {
		for _, g := range slices.Sorted(maps.Keys(part)) {
			p.memberSteps(g, part[g])
		}
	}
	for g, why := range p.sel.Incomplete {
		if r := p.groupReason[g]; p.sel.Groups[g] == scope.In && (r == AsWanted || r == ToLink) {
			p.groupReason[g], p.notes[subject{kindGroup, g}] = MembersIncomplete, why
		}
	}
}

// How a user of the source can be a member.
type readiness uint8

const (
	isNobody  readiness = iota
	isReady             // has a record, or gets one in this plan
	isHeld              // gets one when a person says so
	isKept              // stays where it is, and is put nowhere
	isWaiting           // should be a member, and has no record to be one
)

func (p *planner) readiness() []readiness {
	ready := make([]readiness, len(p.userReason))
	for u := range ready {
		there := p.users.Present[u] != match.None
		switch {
		case p.contradicts(uint32(u)) && p.sel.Users[u] == scope.In:
			ready[u] = isWaiting
		case p.contradicts(uint32(u)):
			ready[u] = isKept
		case p.sel.Users[u] == scope.In && p.heldUsers[uint32(u)] != NotHeld:
			ready[u] = isHeld
		case p.userReason[u] == MappedInactive: // as somebody disabled: nobody becomes a member to be inactive
			if there {
				ready[u] = isKept
			}
		case p.sel.Users[u] == scope.In && (there || p.made[u] != 0):
			ready[u] = isReady
		case p.sel.Users[u] == scope.In:
			ready[u] = isWaiting
		case there:
			ready[u] = isKept
		}
	}
	return ready
}

// memberSteps makes the steps of one group.
func (p *planner) memberSteps(g uint32, d groupDiff) {
	h := p.groups.Present[g]
	hold := NotHeld
	switch {
	case p.groupReason[g] == GroupConflict:
		hold = HeldConflict
	case slices.ContainsFunc(d.removeNotes, func(n note) bool { return n.hold == HeldAdoption }):
		p.holdAdoption(g)
		hold = HeldAdoption // nobody is put into a group that is not linked
	}
	if len(d.adds) > 0 {
		s := step{op: opAdd, kind: kindGroup, reason: MemberInSource, hold: hold, source: g, target: h, items: d.adds, notes: d.addNotes}
		p.others[opAdd] = append(p.others[opAdd], s)
		if _, replaces := p.replaces[g]; replaces {
			p.replaces[g] = true
		}
	}
	if len(d.removes) > 0 {
		p.others[opRemove] = append(p.others[opRemove], step{op: opRemove, kind: kindGroup, reason: MemberNotInSource, source: g, target: h, items: d.removes, notes: d.removeNotes})
	}
	if len(d.fill) > 0 {
		p.filled[g] = true
		p.fills = append(p.fills, step{op: opAdd, kind: kindFill, reason: GroupRenamed, hold: p.renamed[g], source: g, target: none, items: d.fill})
	}
	for _, m := range d.waiting {
		if m.reason == MembersNotTold {
			p.notTold(g)
			continue
		}
		p.memberships = append(p.memberships, m)
	}
}

// notTold says of a group that its members are not known, unless something else is wrong with it: then both.
func (p *planner) notTold(g uint32) {
	p.gap(p.groupName(g) + ": " + MembersNotTold.Text())
	if r := p.groupReason[g]; r == AsWanted || r == ToLink {
		p.groupReason[g] = MembersNotTold
		return
	}
	key := subject{kindGroup, g}
	p.notes[key] = sentence(p.notes[key], MembersNotTold.Text())
}

// holdAdoption lets a group wait, too, of which members wait because it is not linked: once linked, the next run would take
// them out unseen.
func (p *planner) holdAdoption(g uint32) {
	if i, adopted := p.adoptAt[g]; adopted {
		p.adopts[i].hold = HeldAdoption
	}
}
