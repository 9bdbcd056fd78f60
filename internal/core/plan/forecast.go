package plan

import (
	"github.com/rollcall/rollcall/internal/core/document"
)

// forecast turns what rollcall would do into what another service would: Entra's provisioning service and Guard's
// connector link records by themselves, ask nobody, know no limits of ours, pass no renaming on, take nobody out whom
// they did not put in, and are refused where a value is somebody else's.
func (p *planner) forecast() {
	if p.Method == document.Rollcall {
		return
	}
	p.policies = nil
	p.adopts = nil
	for i := range p.others {
		p.others[i] = foreseen(p.others[i])
	}
	p.fills, p.deactivates = foreseen(p.fills), foreseen(p.deactivates)
	clear(p.made)
	clear(p.madeFor)
	for i := range p.others[opCreate] {
		if s := &p.others[opCreate][i]; s.kind == kindUser {
			p.made[s.source] = opCreate + 1
		} else {
			p.madeFor[s.source] = opCreate + 1
		}
	}
}

func foreseen(steps []step) []step {
	out := steps[:0]
	for _, s := range steps {
		if s.reason == GroupRenamed || s.reason == GroupReplaced || s.hold == HeldStale || s.hold == HeldByAddress {
			continue
		}
		if s.foresee() {
			out = append(out, s)
		}
	}
	return out
}

// foresee lets go what would wait for a person with rollcall, and leaves out what the other service never does. A
// group conflict waits there too: Guard keeps the group back until somebody reviews it.
func (s *step) foresee() bool {
	if s.hold != HeldConflict {
		s.hold = NotHeld
	}
	if s.notes == nil {
		return true
	}
	kept, notes := []uint32{}, []note{}
	for i, n := range s.notes {
		switch n.hold {
		case HeldStranger, HeldStale, HeldByAddress:
			continue
		case NotHeld, HeldAdoption, HeldRename, HeldConflict, HeldDelete, HeldEmptied, HeldTooMany, HeldLimit:
		}
		n.hold = NotHeld
		kept, notes = append(kept, s.items[i]), append(notes, n)
	}
	s.items, s.notes = kept, notes
	return len(kept) > 0
}
