package entra

import (
	"slices"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// references writes members and managers, after all objects exist. A reference to an object that is not at the target
// is left out and not looked for again: should that object come into scope later, only a restart or a change of the
// membership brings it (known-issues.md).
func (c *cycle) references() error {
	if row := c.plan.Groups.References(); row != nil && c.plan.Groups.On {
		for _, g := range c.groupsToFill() {
			if err := c.fill(g); err != nil {
				return err
			}
		}
	}
	if row := c.plan.Users.References(); row != nil {
		for _, e := range c.users {
			if err := c.boss(e, row.Target); err != nil {
				return err
			}
		}
	}
	return nil
}

// groupsToFill are the groups whose members are to be written: all that were evaluated in a full cycle or linked in
// this one, otherwise those whose members changed.
func (c *cycle) groupsToFill() []*sourceObject {
	var out []*sourceObject
	for _, e := range c.groups {
		if ln := c.links[e.id]; ln != nil && ln.managed && e.inScope() && (c.full || ln.members == nil || ln.stale || c.changed[e.id] != nil) {
			out = append(out, e)
		}
	}
	return append(out, c.onlyMembers()...)
}

// onlyMembers are the groups of which nothing but members changed.
func (c *cycle) onlyMembers() []*sourceObject {
	c.l.mu.RLock()
	defer c.l.mu.RUnlock()
	s := c.scope(c.secrets.is("SyncAll"))
	var out []*sourceObject
	for _, id := range sortedKeys(keysOf(c.changed)) {
		ln, o := c.links[id], c.l.dir.groups.find(id)
		if ln == nil || o == nil || slices.ContainsFunc(c.groups, func(e *sourceObject) bool { return e.id == id }) {
			continue
		}
		e := c.entry(o, &s)
		if ln.stale = !e.inScope(); !ln.stale {
			out = append(out, e)
		}
	}
	return out
}

// fill brings a group's members to the target: who joined is added, who left is removed. Members at the target are
// never read. A full cycle adds all of them once more; whether the service does that is not documented, but without
// it a restart would not bring back what somebody removed at the target.
func (c *cycle) fill(e *sourceObject) error {
	ln := c.links[e.id]
	todo := c.changed[e.id]
	if c.full || ln.members == nil || ln.stale {
		todo, ln.stale = nil, false
		for _, m := range e.members {
			todo = append(todo, delta{m, true})
		}
		for _, m := range sortedKeys(ln.members) {
			if _, still := e.kinds[m]; !still {
				todo = append(todo, delta{m, false})
			}
		}
	}
	if ln.members == nil {
		ln.members = map[string]string{}
	}
	w := &filling{cycle: c, group: e, link: ln}
	for _, d := range todo {
		if err := w.sort(d); err != nil {
			return err
		}
	}
	return w.send()
}

// boss writes a user's manager if that changed, or if the user is new. A manager who is not at the target is looked
// for once.
func (c *cycle) boss(e *sourceObject, target string) error {
	ln := c.links[e.id]
	manager := one(e.get("manager"))
	if ln != nil && manager == "" && ln.boss != "" && c.set.Readings.ManagerRemoved && e.inScope() {
		return c.unboss(e, ln)
	}
	if ln == nil || ln.inactive || manager == "" || !e.inScope() || ln.boss == manager && !c.full {
		return nil
	}
	m := c.links[manager]
	if m == nil {
		if ln.asked != manager || c.full || c.bosses[e.id] {
			c.logUnresolved(e, ln, []string{manager})
		}
		ln.asked = manager
		return nil
	}
	if ln.asked == manager && !c.full && !c.bosses[e.id] {
		return nil
	}
	if c.set.Readings.ProbesReferences {
		is, err := c.to.Refers(c.ctx, "User", ln.id, "manager", m.id)
		if err == nil && is {
			ln.boss = manager
			return nil
		}
	}
	c.run.Exports++
	err := c.patiently(func() error {
		return c.to.Patch(c.ctx, "User", ln.id, outbound.SetManager(target, c.to.Base, m.id, c.set.Readings.ManagerAsDocumented))
	})
	if err != nil {
		return c.broke(e, err, map[string]bool{manager: true})
	}
	c.run.Exported++
	ln.boss, ln.asked = manager, ""
	delete(c.escrow, referencesOf+e.id)
	c.logMembers(e, ln, []ref{{manager, m.id}})
	return nil
}

// unboss takes the manager away who was written before.
func (c *cycle) unboss(e *sourceObject, ln *link) error {
	m := c.links[ln.boss]
	if m == nil {
		ln.boss = ""
		return nil
	}
	c.run.Exports++
	err := c.patiently(func() error { return c.to.Patch(c.ctx, "User", ln.id, outbound.RemoveManager(m.id)) })
	if err != nil {
		return c.broke(e, err, map[string]bool{ln.boss: true})
	}
	c.run.Exported++
	c.logMembers(e, ln, []ref{{ln.boss, m.id}})
	ln.boss = ""
	return nil
}

func one(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}
