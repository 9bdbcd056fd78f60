package plan

import (
	"runtime"
	"slices"
	"sync"

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
	n := len(p.groupReason)
	workers := max(1, min(runtime.GOMAXPROCS(0), 8, n/256))
	found := make([]map[uint32]groupDiff, workers)
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			found[k] = map[uint32]groupDiff{}
			d := &differ{planner: p, ready: ready, stamp: make([]uint32, p.have.Users.Len())}
			for g := n * k / workers; g < n*(k+1)/workers; g++ {
				if diff, some := d.group(uint32(g)); some {
					found[k][uint32(g)] = diff
				}
			}
		})
	}
	wg.Wait()
	for k := range found {
		for g := n * k / workers; g < n*(k+1)/workers; g++ {
			if diff, some := found[k][uint32(g)]; some {
				p.memberSteps(uint32(g), diff)
			}
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

// differ compares the members of one group after the other.
type differ struct {
	*planner
	ready []readiness
	stamp []uint32 // record -> 2 × round: a member; + 1: and a wanted one
	round uint32
}

func (d *differ) group(g uint32) (groupDiff, bool) {
	var out groupDiff
	h := d.groups.Present[g]
	switch {
	case d.sel.Groups[g] != scope.In, h == match.None && d.madeFor[g] == 0, h != match.None && !d.in.Rules.Mapping.Group.Update:
		return out, false
	case h == match.None && d.madeFor[g] == opAdopt+1: // taking over waits for a person; then the members are compared
		return out, false
	case h == match.None:
		d.fill(g, &out)
		return out, true
	case d.groupReason[g] == DefaultGroup, d.groupReason[g] == BuiltInGroup, d.groupReason[g] == GroupNameInvalid:
		return out, false
	case !d.have.Told[h]:
		out.waiting = append(out.waiting, membership{g, none, MembersNotTold, false})
		return out, true
	}
	d.round++
	for _, m := range d.have.Member[h] {
		d.stamp[m] = 2 * d.round
	}
	for _, u := range d.want.State.Member[g] {
		r := d.users.Present[u]
		if r != match.None && d.stamp[r] == 2*d.round {
			d.stamp[r]++
			continue
		}
		if claimed, waits := d.claimed[u]; waits && r == match.None && d.stamp[claimed] == 2*d.round {
			d.stamp[claimed]++ // whoever gets the record gets its place in the group
			out.waiting = append(out.waiting, membership{g, claimed, MemberKept, true})
			continue
		}
		d.add(g, u, &out)
	}
	for _, m := range d.have.Member[h] {
		if d.stamp[m] == 2*d.round {
			d.remove(g, m, &out)
		}
	}
	d.guardGroup(g, h, &out)
	if _, renamed := d.renamed[g]; renamed {
		for _, u := range d.want.State.Member[g] {
			if d.ready[u] == isReady {
				out.fill = append(out.fill, u)
			}
		}
	}
	return out, len(out.fill)+len(out.adds)+len(out.removes)+len(out.waiting) > 0
}

// fill puts everybody into a new group. Where everybody can be, the list is the wanted one itself.
func (d *differ) fill(g uint32, out *groupDiff) {
	all := d.want.State.Member[g]
	for _, u := range all {
		if d.ready[u] != isReady {
			for _, u := range all {
				d.add(g, u, out)
			}
			d.tooMany(g, out)
			return
		}
	}
	out.adds = all
	d.tooMany(g, out)
}

// add puts somebody into the group, if there is a record to put there.
func (d *differ) add(g, u uint32, out *groupDiff) {
	switch d.ready[u] {
	case isReady:
		out.adds = append(out.adds, u)
		if out.addNotes != nil {
			out.addNotes = append(out.addNotes, note{})
		}
	case isHeld:
		out.addNotes = append(grown(out.addNotes, len(out.adds)), note{hold: d.heldUsers[u]})
		out.adds = append(out.adds, u)
	case isWaiting:
		out.waiting = append(out.waiting, membership{g, u, MemberWaits, false})
	case isNobody, isKept:
	}
}

func grown(notes []note, n int) []note {
	for len(notes) < n {
		notes = append(notes, note{})
	}
	return notes
}

// remove takes a member out, unless something that was not told could say that the member belongs there.
func (d *differ) remove(g, m uint32, out *groupDiff) {
	u := d.users.Wanted[m]
	n := note{}
	switch {
	case u == match.None && d.users.Contested[m], u == match.None && d.adopted[m] != NoReason:
		out.waiting = append(out.waiting, membership{g, m, MemberKept, true})
		return
	case u == match.None && (d.recordReason[m] == SourceNotRead || d.recordReason[m] == NotSettled),
		u != match.None && d.userReason[u] == NotSettled,
		u != match.None && d.users.How[u] == match.ByValue && d.heldUsers[u] != NotHeld,
		d.sel.Incomplete[g] != "":
		out.waiting = append(out.waiting, membership{g, m, MemberKept, true})
		return
	case u == match.None && d.in.Target.Users.Wanted[m] != match.Gone:
		n = note{MemberStranger, HeldStranger}
	case u == match.None:
		n.reason = MemberLeft
	}
	if n.hold == NotHeld && d.groups.How[g] != match.ByLink {
		n.hold = HeldAdoption
	}
	if n != (note{}) || out.removeNotes != nil {
		out.removeNotes = append(grown(out.removeNotes, len(out.removes)), n)
	}
	out.removes = append(out.removes, m)
}

// leastEmptied is the size from which on a group that would lose everybody is looked at by a person first: a rule or a
// query at the source that yields nobody for a moment is a usual accident.
const leastEmptied = 3

func (d *differ) guardGroup(g, h uint32, out *groupDiff) {
	before := len(d.have.Member[h])
	if len(out.removes) == before && before >= leastEmptied && len(out.adds) == 0 {
		out.removeNotes = grown(out.removeNotes, len(out.removes))
		for i := range out.removeNotes {
			if out.removeNotes[i].hold == NotHeld {
				out.removeNotes[i].hold = HeldEmptied
			}
		}
	}
	d.tooMany(g, out)
}

func (d *differ) tooMany(g uint32, out *groupDiff) {
	if limit := d.in.Target.GroupMembers; limit > 0 && len(d.want.State.Member[g]) > limit && len(out.adds) > 0 {
		switch d.groupReason[g] {
		case AsWanted, ToLink, InScope, RecordGone: // anything else is said rather
			d.groupReason[g] = TooManyMembers
		}
		out.addNotes = grown(out.addNotes, len(out.adds))
		for i := range out.addNotes {
			if out.addNotes[i].hold == NotHeld {
				out.addNotes[i].hold = HeldTooMany
			}
		}
	}
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
