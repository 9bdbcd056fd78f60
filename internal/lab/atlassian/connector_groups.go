package atlassian

import (
	"fmt"
	"slices"
)

// syncGroups creates the groups, each flattened, brings their members to what Graph says, and lets go of those that
// are no longer there or no longer chosen. It counts the groups of the directory.
func (w *world) syncGroups(c *connector, groups []graphGroup, records map[string]*record, say func(string)) int {
	byExternal := map[string]*scimGroup{}
	c.dir.groups.each(func(sg *scimGroup) { byExternal[sg.external] = sg })
	here := map[string]bool{}
	for _, g := range groups {
		here[g.ID] = true
	}
	for _, sg := range slices.Clone(c.dir.groups.all()) {
		switch {
		case here[sg.external]:
		case w.readings.DroppedGroupsStay:
			w.release(sg)
		default:
			w.deleteGroup(sg)
		}
	}
	for _, g := range groups {
		sg := byExternal[g.ID]
		if sg == nil {
			if sg = w.syncGroup(c, g); sg == nil {
				say(w.conflictLine(g.Name)) // two groups of Entra have the name
				continue
			}
		}
		if sg.name != g.Name && w.readings.SyncRenames {
			w.rename(sg, g.Name)
		}
		if g.blind {
			continue
		}
		w.syncMembers(sg, g, records, say)
	}
	return c.dir.groups.len()
}

// syncGroup makes a group of the directory. One of the organization that bears the name holds it back, as it does
// with SCIM, until it is reviewed; one that was loaded as synced is its own.
func (w *world) syncGroup(c *connector, g graphGroup) *scimGroup {
	if c.dir.byName[w.fold(g.Name)] != nil {
		return nil
	}
	held := w.standing(g.Name)
	if local := w.groupNames[w.fold(g.Name)]; held == heldConflict && local.syncedAway && local.source == nil {
		local.syncedAway, held = false, free
	}
	return w.createGroup(c.dir, g.Name, g.ID, held)
}

// syncMembers makes the users of a group its members: at most so many as the connector puts into one.
func (w *world) syncMembers(sg *scimGroup, g graphGroup, records map[string]*record, say func(string)) {
	var wanted []*record
	for _, id := range g.users {
		if r := records[id]; r != nil {
			wanted = append(wanted, r)
		}
	}
	if most := w.limits.ConnectorGroup; len(wanted) > most {
		say(fmt.Sprintf("Group %s has %d users: %d can be synced.", g.Name, len(wanted), most))
		if w.readings.LargeGroupsAreSkipped {
			return
		}
		wanted = wanted[:most]
	}
	w.replaceMembers(sg, wanted)
}

// release ends the syncing of a group: outside the directory it becomes a local one and keeps its members.
func (w *world) release(sg *scimGroup) {
	if g := sg.org; g != nil {
		g.source, g.directory, g.raw = nil, LocalDirectory, nil
	}
	sg.org = nil
	w.deleteGroup(sg)
}

// rename gives a synced group another name, unless one of the organization has it.
func (w *world) rename(sg *scimGroup, name string) {
	if w.groupNames[w.fold(name)] != nil || sg.dir.byName[w.fold(name)] != nil {
		w.conflict(name)
		return
	}
	delete(sg.dir.byName, w.fold(sg.name))
	sg.name, sg.modified = name, w.at
	sg.dir.byName[w.fold(name)] = sg
	w.propagate(func() {
		if g := sg.org; g != nil {
			delete(w.groupNames, w.fold(g.name))
			g.name = name
			w.groupNames[w.fold(name)] = g
			w.touch()
		}
	})
}
