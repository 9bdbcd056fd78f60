package entra

import (
	"fmt"
	"time"
)

// DeleteUser moves a user to the deleted items, where it stays restorable. Its memberships are hidden, not
// forgotten: they return with it.
func (l *Lab) DeleteUser(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, err := l.dir.user(id)
	if err != nil {
		return fmt.Errorf("deleting: %w", err)
	}
	l.bury(o, deleteUser)
	return nil
}

// DeleteGroup moves a group to the deleted items. Newer tenants keep security groups there too, as the lab does.
func (l *Lab) DeleteGroup(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, err := l.dir.group(id)
	if err != nil {
		return fmt.Errorf("deleting: %w", err)
	}
	l.bury(o, deleteGroup)
	return nil
}

func (l *Lab) bury(o *object, a act) {
	at := l.now()
	live, gone := l.dir.live(o)
	live.remove(o)
	o.deleted, o.seq = at, l.dir.next()
	o.put("deletedDateTime", quote(nil, stamp(at)))
	if o.kind == "user" {
		delete(l.dir.upn, fold(o.text("userPrincipalName")))
	}
	gone.add(o)
	l.dir.changed(at, change{o: o})
	l.leave(at, o)
	l.audit(at, a, about(o))
}

// leave tells the groups of an object that it is gone, or back: their members@delta say so.
func (l *Lab) leave(at time.Time, o *object) {
	if o.kind == "user" && l.Delta.KeepsDeletedMembers && !o.alive() {
		return
	}
	for _, g := range o.parents { // deleted ones too: should they come back, it counts
		l.dir.changed(at, change{o: g, member: o})
	}
}

// Restore brings a user or group back from the deleted items, with its memberships.
func (l *Lab) Restore(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, gone := l.dir.waiting(id)
	if o == nil {
		return fmt.Errorf("restoring %q: %w", id, ErrUnknown)
	}
	name := fold(o.text("userPrincipalName"))
	if other := l.dir.upn[name]; name != "" && other != nil {
		return fmt.Errorf("restoring user %q: %s took the userPrincipalName %s meanwhile", id, other.id, name)
	}
	at := l.now()
	gone.remove(o)
	o.deleted, o.seq = time.Time{}, l.dir.next()
	o.put("deletedDateTime", []byte("null"))
	live, _ := l.dir.live(o)
	live.add(o)
	a := restoreGroup
	if o.kind == "user" {
		a = restoreUser
		l.dir.named(name, o)
	}
	l.dir.changed(at, change{o: o})
	l.leave(at, o)
	l.audit(at, a, about(o))
	return nil
}

// HardDelete deletes a user or group for good, as happens thirty days after the deletion or by hand.
func (l *Lab) HardDelete(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, gone := l.dir.waiting(id)
	if o == nil {
		return fmt.Errorf("deleting %q for good: it is not in the deleted items: %w", id, ErrUnknown)
	}
	at := l.now()
	gone.remove(o)
	o.purged = true
	for _, g := range o.parents {
		g.members.remove(o)
	}
	o.parents = nil
	if o.members != nil {
		for _, s := range o.members.list {
			if s.o != nil {
				s.o.parents = without(s.o.parents, o)
			}
		}
		o.members = &links{}
	}
	l.dir.unassignAll(o)
	a := purgeGroup
	if o.kind == "user" {
		a = purgeUser
	}
	l.dir.changed(at, change{o: o})
	l.audit(at, a, about(o))
	return nil
}

// ExpireDeleted deletes for good what has been in the deleted items for thirty days, and tells how many objects
// that were.
func (l *Lab) ExpireDeleted() (int, error) {
	l.mu.RLock()
	limit := l.now().AddDate(0, 0, -30)
	var due []string
	for _, c := range []*collection{&l.dir.goneUsers, &l.dir.goneGroups} {
		for _, s := range c.list {
			if s.o != nil && !s.o.deleted.After(limit) {
				due = append(due, s.o.id)
			}
		}
	}
	l.mu.RUnlock()
	for _, id := range due {
		if err := l.HardDelete(id); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// waiting finds an object in the deleted items.
func (d *directory) waiting(id string) (*object, *collection) {
	for _, c := range []*collection{&d.goneUsers, &d.goneGroups} {
		if o := c.find(id); o != nil {
			return o, c
		}
	}
	return nil, nil
}

func without(list []*object, o *object) []*object {
	for i := range list {
		if list[i] == o {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}
