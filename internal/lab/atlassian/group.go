package atlassian

import "slices"

// group is one of the organization, the same one that its sites show.
type group struct {
	n           int // place in world.groups
	id, name    string
	description string
	directory   string     // its user directory
	source      *scimGroup // nil: local, administrators edit it
	syncedAway  bool       // loaded as synced, the SCIM group is not known
	members     set[account]
	turnedAway  set[account] // members of the identity provider's group for whom no seat was free
	grants      []*grant
	gone        bool
	raw         object
}

// isSynced tells whether an identity provider edits the group.
func (g *group) isSynced() bool { return g.source != nil || g.syncedAway }

// isDefault tells whether a product gives its new users this group.
func (g *group) isDefault() bool {
	return slices.ContainsFunc(g.grants, func(gr *grant) bool { return gr.byDefault })
}

func (w *world) addGroup(id, name, directory string) *group {
	if id == "" {
		id = w.newID("9a")
	}
	g := &group{n: len(w.groups), id: id, name: name, directory: directory}
	w.groups = append(w.groups, g)
	w.groupByID[id] = g
	w.groupNames[w.fold(name)] = g
	return g
}

// dropGroup deletes a group from organization and sites, with the permissions it carried.
func (w *world) dropGroup(g *group) {
	for _, a := range slices.Clone(g.members.all()) {
		w.leave(g, a)
	}
	g.gone, g.grants = true, nil
	delete(w.groupByID, g.id)
	if w.groupNames[w.fold(g.name)] == g {
		delete(w.groupNames, w.fold(g.name))
	}
	w.touch()
}

// join puts a person into a group and gives what the group grants. It tells whether the person is in it now.
func (w *world) join(g *group, a *account) bool {
	if g.gone || g.members.has(a) {
		return !g.gone
	}
	for _, gr := range g.grants {
		if gr.product != nil && gr.product.full(a) && !w.readings.FullSeatKeepsMember {
			g.turnedAway.add(a)
			return false
		}
	}
	g.turnedAway.remove(a)
	g.members.add(a)
	a.groups.add(g)
	for _, s := range w.sites {
		delete(s.lost[g], a)
	}
	for _, gr := range g.grants {
		if gr.product != nil && !gr.product.full(a) {
			gr.product.give(a)
		}
	}
	w.touch()
	return true
}

// leave is the opposite of join.
func (w *world) leave(g *group, a *account) {
	if !g.members.remove(a) {
		return
	}
	a.groups.remove(g)
	for _, gr := range g.grants {
		if gr.product != nil {
			gr.product.take(a)
			w.fill(gr.product)
		}
	}
	w.touch()
}

// grant gives a product role to a group and so to its members, as far as there are seats.
func (w *world) grant(g *group, gr *grant) {
	g.grants = append(g.grants, gr)
	if gr.product == nil {
		return
	}
	if !slices.Contains(gr.product.groups, g) {
		gr.product.groups = append(gr.product.groups, g)
	}
	g.members.each(func(a *account) {
		if !gr.product.full(a) {
			gr.product.give(a)
		}
	})
}

// touch says that what the sites show may have changed.
func (w *world) touch() {
	for _, s := range w.sites {
		s.cache.version++
	}
}
