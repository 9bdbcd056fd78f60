package entra

import (
	"errors"
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
		if ln := c.links[e.id]; ln != nil && ln.managed && e.inScope() && (c.full || ln.members == nil || c.changed[e.id] != nil) {
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
		if e := c.entry(o, &s); e.inScope() {
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
	if c.full || ln.members == nil {
		todo = nil
		for _, m := range e.members {
			todo = append(todo, delta{m, true})
		}
		for _, m := range sortedKeys(ln.members) {
			if !slices.Contains(e.members, m) {
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

// filling is a group's members on their way.
type filling struct {
	*cycle
	group       *sourceObject
	link        *link
	add, remove []ref
	nested      []ref    // groups: sent apart, since a target without nested groups refuses them
	lost        []string // not at the target, and not to come
	waiting     []string // in scope, but could not be provisioned
	written     []ref
	err         error
}

type ref struct{ source, target string }

func (w *filling) sort(d delta) error {
	at, there := w.link.members[d.member]
	m := w.links[d.member]
	switch {
	case !d.in && there:
		w.remove = append(w.remove, ref{d.member, at})
	case !d.in:
	case m != nil && there && !w.full:
	case m != nil && m.returned == w.cycles && !w.full: // restored: the service does not restore memberships
	case m != nil && m.kind == "Group":
		w.nested = append(w.nested, ref{d.member, m.id})
	case m != nil:
		return w.probeMember(ref{d.member, m.id})
	case w.escrow[d.member] != nil:
		w.waiting = append(w.waiting, d.member)
	case w.group.kinds[d.member] == "user":
		w.lost = append(w.lost, d.member)
	}
	return nil
}

// probeMember asks whether the group has the member already, where that reading is on.
func (w *filling) probeMember(r ref) error {
	if w.set.Readings.ProbesReferences {
		list, err := w.find("Group", outbound.Equals("id", w.link.id)+" and "+outbound.Equals("members", r.target))
		if err == nil && len(list) > 0 {
			w.link.members[r.source] = r.target
			return nil
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
	}
	w.add = append(w.add, r)
	return nil
}

// send writes the requests and the log.
func (w *filling) send() error {
	w.batches(w.remove, outbound.RemoveMembers)
	w.batches(w.add, outbound.AddMembers)
	for _, r := range w.nested {
		w.batches([]ref{r}, outbound.AddMembers)
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if len(w.written) > 0 {
		w.logMembers(w.group, w.link, w.written)
	}
	w.logUnresolved(w.group, w.link, slices.Concat(w.lost, w.waiting))
	return w.settle()
}

// settle remembers which references are to be tried again: those that were refused, and those whose member waits
// itself, which are tried when that is.
func (w *filling) settle() error {
	missing := map[string]bool{}
	for _, r := range slices.Concat(w.add, w.nested) {
		if w.link.members[r.source] == "" {
			missing[r.source] = true
		}
	}
	for _, r := range w.remove {
		if w.link.members[r.source] != "" {
			missing[r.source] = true
		}
	}
	for _, m := range w.waiting {
		missing[m] = true
	}
	key := referencesOf + w.group.id
	if len(missing) == 0 {
		delete(w.escrow, key)
		return nil
	}
	if w.err != nil {
		return w.broke(w.group, w.err, missing)
	}
	h := w.hold(key, w.group, "reference", false, missing)
	for _, m := range w.waiting {
		if e := w.escrow[m]; e != nil && e.next.Before(h.next) {
			h.next = e.next
		}
	}
	return nil
}

func (w *filling) batches(refs []ref, ops func([]string, bool) []outbound.Operation) {
	most := or(w.set.Readings.MembersPerPatch, 100)
	for part := range slices.Chunk(refs, most) {
		var ids []string
		for _, r := range part {
			ids = append(ids, r.target)
		}
		w.run.Exports++
		err := w.patiently(func() error { return w.to.Patch(w.ctx, "Group", w.link.id, ops(ids, w.to.Strict)) })
		if err != nil {
			w.err = errors.Join(w.err, err)
			continue
		}
		w.run.Exported++
		for _, r := range part {
			if _, had := w.link.members[r.source]; had && len(w.remove) > 0 && slices.Contains(w.remove, r) {
				delete(w.link.members, r.source)
			} else {
				w.link.members[r.source] = r.target
			}
		}
		w.written = append(w.written, part...)
	}
}

// boss writes a user's manager if that changed, or if the user is new. A manager who is not at the target is looked
// for once.
func (c *cycle) boss(e *sourceObject, target string) error {
	ln := c.links[e.id]
	manager := one(e.get("manager"))
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
		list, err := c.find("User", outbound.Equals("id", ln.id)+" and "+outbound.Equals("manager", m.id))
		if err == nil && len(list) > 0 {
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

func one(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}
