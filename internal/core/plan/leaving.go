package plan

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// What the object mapping of the rules may switch off.
const (
	neverCreated = "the rules create nobody"
	neverRemoved = "the rules take nobody away"
)

// leaves deactivates the record of somebody who should not be active. Where it is not linked, an earlier service made
// it, and a person says whether it is ours to take away.
func (p *planner) leaves(u, h uint32, why Reason) Reason {
	if p.contradicts(u) {
		return Ambiguous
	}
	if h == match.None || !p.have.Active[h] {
		return why
	}
	if !p.in.Rules.Mapping.User.Delete {
		p.notes[subject{kindUser, u}] = neverRemoved
		return why
	}
	hold := NotHeld
	if p.users.How[u] != match.ByLink {
		hold = HeldAdoption
		if p.made[u] == 0 {
			p.adopt(kindUser, u, h, why, HeldAdoption)
		}
	}
	p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: why, hold: hold, source: u, target: h})
	return why
}

// record judges a record that belongs to nobody of the source. unsettled: of some users it is not known whether they are in
// scope.
func (p *planner) record(h uint32, unsettled bool) Reason {
	switch why := p.adopted[h]; {
	case p.otherCase[h]:
		return CaseDifference
	case p.users.Contested[h]:
		return Ambiguous
	case why != NoReason:
		return why // as of the user who may get it
	}
	id, linked := p.in.Target.Users.Source[h]
	if !linked {
		if c := p.column("externalid"); c >= 0 && p.in.Source.SoftDeleted(p.have.Users.Text(h, c)) {
			if p.have.Active[h] && p.in.Rules.Mapping.User.Delete {
				p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: SourceDeleted, hold: HeldAdoption, source: none, target: h})
			}
			return SourceDeleted
		}
		if why := p.secondOf(h); why != NoReason {
			return why
		}
		switch { // whose it is could be among what was not told
		case p.in.Source.Gaps.Users != "":
			return SourceNotRead
		case p.sel.UnsettledUsers != "":
			return NotSettled
		}
		return NotOurs
	}
	why := NotInSource
	switch {
	case p.in.Source.SoftDeleted(id):
		why = SourceDeleted
	case p.in.Source.Gaps.Users != "", p.in.Source.IsNamed(id): // who is in a group has not left
		return SourceNotRead
	}
	if unsettled && p.heirNotSettled(h) {
		return NotSettled
	}
	if p.have.Active[h] && p.in.Rules.Mapping.User.Delete {
		p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: why, source: none, target: h})
	}
	return why
}

// secondOf judges a record that nobody linked and that carries the externalId of somebody who should not be active and
// has another record, or none that is theirs: it is the same person's access, and a person says whether it ends.
func (p *planner) secondOf(h uint32) Reason {
	c := p.column("externalid")
	if c < 0 || !p.have.Active[h] || !p.in.Rules.Mapping.User.Delete {
		return NoReason
	}
	id, whose := p.have.Users.Text(h, c), match.None
	if id == "" {
		return NoReason
	}
	_, want := p.holdersOf(c)
	several := false
	want.All(id, func(u uint32) bool {
		if p.want.State.Users.Text(u, c) == id {
			several = whose != match.None
			whose = u
		}
		return !several
	})
	if several || whose == match.None || p.contradicts(whose) || !slices.Contains([]Reason{NotAssigned, GroupNotSelected, ScopingFilter, SourceDisabled, ForeignDomain}, p.userReason[whose]) {
		return NoReason
	}
	p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: p.userReason[whose], hold: HeldAdoption, source: none, target: h})
	return p.userReason[whose]
}

// heirNotSettled tells whether somebody with the name, the address or the id of a record may be in scope: an account that was made
// anew takes the old one's record over, when a person says so, and must not lose it to a gap.
func (p *planner) heirNotSettled(h uint32) bool {
	columns := p.holders.columns
	if c := p.column("externalid"); c >= 0 {
		columns = append(slices.Clone(columns), c)
	}
	for _, c := range columns {
		if p.sharers(c, p.have.Users.Text(h, c), unsettled)[0] != match.None {
			return true
		}
	}
	return false
}

// groupLeaves deletes a group that is ours and no longer in scope, when a person has said so.
func (p *planner) groupLeaves(g, h uint32, why Reason) Reason {
	if p.contradictsGroup(g) {
		return Ambiguous
	}
	if h != match.None && p.groups.How[g] == match.ByLink && p.in.Rules.Mapping.Group.Delete {
		p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: why, hold: HeldDelete, source: g, target: h})
	}
	return why
}

// leftover judges a group of the target that belongs to no group of the source.
func (p *planner) leftover(h uint32) Reason {
	linked := p.in.Target.Groups.Wanted[h]
	switch {
	case linked < match.Gone: // a second one of the same group: the one before a rename
		if p.groups.Present[linked] == match.None || p.sel.Groups[linked] != scope.In {
			return Ambiguous
		}
		if p.untold(linked) != "" {
			return GroupReplaced // who is in it alone would be nowhere
		}
		p.replaces[linked] = false
		p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: GroupReplaced, hold: HeldDelete, source: linked, target: h})
		return GroupReplaced
	case p.groups.Contested[h]:
		return Ambiguous
	case p.adoptedGroups[h]:
		return StaleRecord
	case linked != match.Gone:
		return NotOurs
	case p.in.Source.Gaps.Groups != "":
		return SourceNotRead
	case p.sel.UnsettledGroups != "": // it may be the one that is assigned and was not told
		return NotSettled
	case !p.in.Rules.Mapping.Group.Delete:
		return NotInSource
	}
	p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: NotInSource, hold: HeldDelete, source: none, target: h})
	return NotInSource
}
