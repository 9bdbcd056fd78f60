package plan

import "github.com/rollcall/rollcall/internal/core/match"

// rival says who else could be meant by a record that was found by its name, among those of whom not everything was told.
func (p *planner) rival(u, h uint32) (why string) {
	switch {
	case p.users.How[u] != match.ByValue:
	case p.in.Source.Gaps.Users != "":
		return "somebody else may have the name of record " + p.have.Users.Text(h, 0) + ": " + p.in.Source.Gaps.Users
	case p.sel.UnsettledUsers != "":
		for _, c := range p.holders.columns {
			if other := p.sharers(c, p.have.Users.Text(h, c), unassigned).but(u); other != match.None {
				return p.in.Source.Users.Text(other, 1) + " could be meant by record " + p.have.Users.Text(h, 0) + ", too: " + p.sel.UnsettledUsers
			}
		}
	}
	return why
}

// trouble says why somebody in scope has no record although something carries the values. Taking over an old record is
// a step that waits for a person.
func (p *planner) trouble(u uint32, t match.Trouble) Reason {
	p.notes[subject{kindUser, u}] = p.troubleText(t, p.have.Users, p.in.Source.Users, p.columnName(t.Column))
	switch t.Kind {
	case match.Stale:
		p.takeOver(u, t.Present, StaleRecord, HeldStale)
		return StaleRecord
	case byAddress:
		p.takeOver(u, t.Present, SameAddress, HeldByAddress)
		return SameAddress
	case match.OtherCase:
		p.otherCase[t.Present] = true
		return CaseDifference
	}
	return Ambiguous
}

// takeOver offers a record to somebody, with the values that would then be written. Those that another record has are
// left out: the target would refuse them.
func (p *planner) takeOver(u, h uint32, why Reason, hold Hold) {
	if p.users.Wanted[h] != match.None || p.adopted[h] != NoReason {
		return
	}
	p.adopted[h] = why
	p.adopt(kindUser, u, h, why, hold)
	note := p.notes[subject{kindUser, u}]
	fields := p.differences(u, h)
	refused, _ := p.refused(u, h, fields)
	p.notes[subject{kindUser, u}] = note
	if fields &^= refused; fields != 0 {
		p.others[opUpdate] = append(p.others[opUpdate], step{op: opUpdate, reason: why, hold: hold, source: u, target: h, fields: fields})
	}
}

func (p *planner) columnName(column int) string {
	if column <= 0 || column > len(p.columns) {
		return "id"
	}
	return p.columns[column-1].Target
}

func (p *planner) adopt(kind uint8, source, target uint32, why Reason, hold Hold) {
	if kind == kindUser {
		p.made[source] = opAdopt + 1
		if hold != NotHeld {
			p.heldUsers[source], p.claimed[source] = hold, target
		}
	} else {
		p.madeFor[source], p.adoptAt[source] = opAdopt+1, len(p.adopts)
	}
	p.adopts = append(p.adopts, step{op: opAdopt, kind: kind, reason: why, hold: hold, source: source, target: target})
}
