package atlassian

import (
	"fmt"
	"slices"
	"time"
)

// scimGroup is a group of a SCIM directory. Its members are records of the same directory.
type scimGroup struct {
	dir      *directory
	id       string
	name     string
	external string
	created  time.Time
	modified time.Time
	members  set[record]
	org      *group // what it became outside the directory; nil: it did not get there (yet)
	held     hold
	deleted  bool
	extra    object // fields that were loaded and are not known here
	meta     object
}

// hold is why a group does not leave its directory.
type hold int

const (
	free hold = iota
	heldDefault
	heldBuiltIn
	heldConflict
)

// standing judges the name of a new group. A default access group or one of Atlassian's own gets a success that
// changes nothing outside; any other group of the organization is in the way until an administrator reviews it.
func (w *world) standing(name string) hold {
	g := w.groupNames[w.fold(name)]
	switch {
	case w.builtIn[w.fold(name)]:
		return heldBuiltIn
	case g == nil:
		return free
	case g.isDefault():
		return heldDefault
	case w.released[w.fold(name)] && g.source == nil:
		return free
	}
	return heldConflict
}

// createGroup makes a group in a directory and, if nothing holds it, in the organization.
func (w *world) createGroup(dir *directory, name, external string, held hold) *scimGroup {
	sg := &scimGroup{dir: dir, id: w.newID("96"), name: name, external: external, created: w.at, modified: w.at, held: held}
	dir.groups.add(sg)
	dir.groupByID[sg.id] = sg
	dir.byName[w.fold(name)] = sg
	switch held {
	case free:
		w.propagate(func() { w.publish(sg) })
	case heldConflict:
		w.conflict(name)
	case heldDefault, heldBuiltIn:
		if w.readings.UnsyncedGroupIsAnEvent {
			w.happened(provisioning, "group_not_synced", []subject{{"groups", sg.id, name, ""}}, "The group %s could not be synced to sites", name)
		}
	}
	return sg
}

// publish makes the group of the organization that a SCIM group stands for, or takes over the one that was reviewed:
// its members become those of the identity provider.
func (w *world) publish(sg *scimGroup) {
	if sg.deleted || sg.org != nil {
		return
	}
	g := w.groupNames[w.fold(sg.name)]
	if g == nil {
		g = w.addGroup("", sg.name, sg.dir.ID)
		w.happened(provisioning, "group_created", []subject{g.subject()}, "Created group %s", g.name)
	}
	delete(w.released, w.fold(sg.name))
	g.source, g.directory, sg.org = sg, sg.dir.ID, g
	wanted := map[*account]bool{}
	sg.members.each(func(r *record) {
		if r.account != nil {
			wanted[r.account] = true
		}
	})
	for _, a := range slices.Clone(g.members.all()) {
		if !wanted[a] {
			w.leave(g, a)
		}
	}
	sg.members.each(func(r *record) {
		if r.account != nil {
			w.join(g, r.account)
		}
	})
	w.touch()
}

// conflict notes a group that waits for a review.
func (w *world) conflict(name string) {
	if !slices.Contains(w.conflicts, name) {
		w.conflicts = append(w.conflicts, name)
	}
	w.trouble("%s", w.conflictLine(name))
}

func (w *world) conflictLine(name string) string {
	return fmt.Sprintf("Failed to create group of name %s for OrgId %s due to existing group with same name in organization", name, w.org.ID)
}

// addMember and removeMember change a group in the directory and, later, in the organization.
func (w *world) addMember(sg *scimGroup, r *record) {
	if !sg.members.add(r) {
		return
	}
	r.groups.add(sg)
	sg.dir.memberships++
	if a := r.account; a != nil {
		w.propagate(func() {
			if w.reaches(sg) && a.status != closed && w.join(sg.org, a) {
				w.happened(provisioning, "user_added_to_group", []subject{a.subject(), sg.org.subject()}, "Added %s to %s", a.name, sg.name)
			}
		})
	}
}

// reaches tells whether changes of a group arrive outside its directory.
func (w *world) reaches(sg *scimGroup) bool {
	return sg.org != nil && !(w.readings.DefaultStopsSync && sg.org.isDefault())
}

func (w *world) removeMember(sg *scimGroup, r *record) {
	if !sg.members.remove(r) {
		return
	}
	r.groups.remove(sg)
	sg.dir.memberships--
	if a := r.account; a != nil {
		w.propagate(func() {
			if w.reaches(sg) && sg.org.members.has(a) {
				w.leave(sg.org, a)
				w.happened(provisioning, "user_removed_from_group", []subject{a.subject(), sg.org.subject()}, "Removed %s from %s", a.name, sg.name)
			}
		})
	}
}

// deleteGroup removes a group from the directory, the organization and all sites, with its permissions.
func (w *world) deleteGroup(sg *scimGroup) {
	for _, r := range sg.members.all() {
		r.groups.remove(sg)
		sg.dir.memberships--
	}
	sg.members = set[record]{}
	sg.deleted = true
	sg.dir.groups.remove(sg)
	delete(sg.dir.groupByID, sg.id)
	delete(sg.dir.byName, w.fold(sg.name))
	w.conflicts = slices.DeleteFunc(w.conflicts, func(n string) bool { return n == sg.name })
	w.propagate(func() {
		if g := sg.org; g != nil && g.source == sg {
			about := []subject{g.subject()}
			w.dropGroup(g)
			w.happened(provisioning, "group_deleted", about, "Deleted group %s", g.name)
		}
	})
}
