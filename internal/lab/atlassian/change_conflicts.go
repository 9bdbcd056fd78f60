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

// GroupReview is a row of the page of group conflicts: what taking the group over would do.
type GroupReview struct {
	Name     string
	Products []string // that the group grants, as product on site
	Sites    []string
	Add      int // members of the identity provider's group who are not in the local one
	Remove   int // members of the local group whom the identity provider's has not
}

// Reviews are the rows of that page: the groups that wait for a review, also those whose local group is a default
// access group no longer. Where the directory refused a group, its members are not known and nobody would be added.
func (l *Lab) Reviews() []GroupReview {
	w := l.lock()
	defer l.mu.Unlock()
	var out []GroupReview
	for _, name := range w.reviewed() {
		r := GroupReview{Name: name}
		g, sg := w.groupNames[w.fold(name)], w.heldBack(name)
		if g == nil {
			continue
		}
		for _, gr := range g.grants {
			if gr.product != nil {
				r.Products = append(r.Products, gr.product.Key+" on "+gr.product.site.Host)
			}
		}
		for _, s := range w.sites {
			if s.knows(g) {
				r.Sites = append(r.Sites, s.Host)
			}
		}
		wanted := map[*account]bool{}
		if sg != nil {
			sg.members.each(func(x *record) {
				if a := x.account; a != nil {
					wanted[a] = true
					if !g.members.has(a) {
						r.Add++
					}
				}
			})
		}
		g.members.each(func(a *account) {
			if !wanted[a] {
				r.Remove++
			}
		})
		out = append(out, r)
	}
	return out
}

// reviewed are the names of the groups on the page.
func (w *world) reviewed() []string {
	names := slices.Clone(w.conflicts)
	for _, d := range w.directories {
		d.groups.each(func(sg *scimGroup) {
			if sg.held == heldDefault && w.standing(sg.name) != heldDefault && !slices.Contains(names, sg.name) {
				names = append(names, sg.name)
			}
		})
	}
	return names
}

// heldBack is the group of a directory that waits for its name, nil if there is none.
func (w *world) heldBack(name string) *scimGroup {
	for _, d := range w.directories {
		if sg := d.byName[w.fold(name)]; sg != nil && sg.org == nil && sg.held != free && sg.held != heldBuiltIn {
			return sg
		}
	}
	return nil
}

// ReviewAllGroups is Sync all groups on that page.
func (l *Lab) ReviewAllGroups() error {
	for _, r := range l.Reviews() {
		if err := l.ReviewGroup(r.Name); err != nil {
			return err
		}
	}
	return nil
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
		held := w.heldBack(name)
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
