package plan

func (p *planner) count(s *step) {
	n := 1
	if s.items != nil {
		n = len(s.items)
	}
	c := &p.Counts
	c.Held += n - s.free()
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
