package plan

func (p *planner) count(s *step) {
	n := 1
	held := 0
	if s.items != nil {
		n = len(s.items)
		for i := range s.notes {
			if s.notes[i].hold != NotHeld {
				held++
			}
		}
	}
	if s.hold != NotHeld {
		held = n
	}
	c := &p.Counts
	c.Held += held
	switch {
	case s.kind == kindPolicy:
		c.Policies += n
	case s.op == opCreate && s.kind == kindGroup:
		c.Groups++
	case s.op == opCreate:
		c.Creates++
	case s.op == opAdopt:
		c.Adopts++
	case s.op == opUpdate:
		c.Updates++
	case s.op == opReactivate:
		c.Reactivates++
	case s.op == opDeactivate:
		c.Deactivates++
	case s.op == opDelete:
		c.GroupDeletes++
	case s.op == opAdd:
		c.Adds += n
	case s.op == opRemove:
		c.Removes += n
	}
}
