package atlassian

import (
	"errors"
	"fmt"
	"slices"
)

// Conflicts are the names of the groups that wait for a review.
func (l *Lab) Conflicts() []string {
	w := l.lock()
	defer l.mu.Unlock()
	return slices.Clone(w.conflicts)
}

// ReviewGroup is Sync group on the page of group conflicts: the identity provider's group takes over the local one,
// its members replace the others. A default access group or one of Atlassian's own cannot be taken over. Where the
// directory refused the group, the next attempt to create it succeeds.
func (l *Lab) ReviewGroup(name string) error {
	return l.change(func(w *world) error {
		g := w.groupNames[w.fold(name)]
		switch {
		case w.builtIn[w.fold(name)]:
			return fmt.Errorf("the group %s is Atlassian's own", name)
		case g != nil && g.isDefault():
			return fmt.Errorf("the group %s is a default access group: give that to another group first", name)
		case g != nil && g.isSynced():
			return fmt.Errorf("the group %s is synced already", name)
		}
		var held *scimGroup
		for _, d := range w.directories {
			if sg := d.byName[w.fold(name)]; sg != nil && sg.org == nil && sg.held != heldBuiltIn {
				held = sg
			}
		}
		if held == nil && !slices.Contains(w.conflicts, name) {
			return errors.New("there is no conflict about the group " + name)
		}
		w.conflicts = slices.DeleteFunc(w.conflicts, func(n string) bool { return w.fold(n) == w.fold(name) })
		if held == nil {
			w.released[w.fold(name)] = true
		} else {
			held.held = free
			w.propagate(func() { w.publish(held) })
		}
		if g != nil {
			w.happened(administrator, "group_conflict_resolved", []subject{g.subject()}, "Synced group %s", g.name)
		}
		return nil
	})
}

// LoseMembership takes an account out of a synced group outside the directory, without a word: the directory still
// says that it is in it. It stands for propagation that got stuck.
func (l *Lab) LoseMembership(name, who string) error {
	return l.onGroup(name, func(w *world, g *group) error {
		a, err := w.account(who)
		if err != nil {
			return err
		}
		w.leave(g, a)
		return nil
	})
}
