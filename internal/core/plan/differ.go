package plan

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

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
	case d.contradictsGroup(g):
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
	case isReady, isHeld:
		out.addNotes = noted(out.addNotes, len(out.adds), note{hold: d.heldUsers[u]})
		out.adds = append(out.adds, u)
	case isWaiting:
		out.waiting = append(out.waiting, membership{g, u, MemberWaits, false})
	case isNobody, isKept:
	}
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
		u != match.None && (d.userReason[u] == NotSettled || d.contradicts(u)),
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
	out.removeNotes = noted(out.removeNotes, len(out.removes), n)
	out.removes = append(out.removes, m)
}

// leastEmptied is the size from which on a group that would lose everybody is looked at by a person first: a rule or a
// query at the source that yields nobody for a moment is a usual accident.
const leastEmptied = 3

func (d *differ) guardGroup(g, h uint32, out *groupDiff) {
	before := len(d.have.Member[h])
	coming := slices.ContainsFunc(out.addNotes, func(n note) bool { return n.hold == NotHeld }) || len(out.addNotes) == 0 && len(out.adds) > 0
	if len(out.removes) == before && before >= leastEmptied && !coming {
		out.removeNotes = holdRest(out.removeNotes, len(out.removes), HeldEmptied)
	}
	d.tooMany(g, out)
}

func (d *differ) tooMany(g uint32, out *groupDiff) {
	if limit := d.in.Target.GroupMembers; limit > 0 && len(d.want.State.Member[g]) > limit && len(out.adds) > 0 {
		switch d.groupReason[g] {
		case AsWanted, ToLink, InScope, RecordGone: // anything else is said rather
			d.groupReason[g] = TooManyMembers
		}
		out.addNotes = holdRest(out.addNotes, len(out.adds), HeldTooMany)
	}
}
