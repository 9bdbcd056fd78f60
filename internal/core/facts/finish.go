package facts

import (
	"cmp"
	"slices"
	"sync"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// World finishes: groups are sorted, the nesting is resolved, logs are put in order.
func (b *Builder) World() *World {
	w := b.w
	if !b.sealed {
		b.SealPeople()
	}
	if b.outline != nil {
		b.narrow()
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		b.buildGraph()
		w.ScimGroups = arranged(w.ScimGroups, func(x, y *ScimGroup) int { return cmp.Compare(Fold(x.ID), Fold(y.ID)) })
		w.OrgGroups = arranged(w.OrgGroups, func(x, y *OrgGroup) int {
			return cmp.Or(cmp.Compare(Fold(x.Name), Fold(y.Name)), cmp.Compare(x.ID, y.ID))
		})
		w.Assignments = arranged(w.Assignments, func(x, y *document.AppRoleAssignment) int {
			return cmp.Or(cmp.Compare(x.PrincipalID, y.PrincipalID), cmp.Compare(x.ID, y.ID))
		})
		w.indexGroups()
	})
	wg.Go(func() {
		b.sortLogs()
		w.indexLinks()
		w.indexLogs()
	})
	w.told = document.Told(w.Users)
	wg.Wait()
	b.finishSites()
	w.Notes = b.allNotes()
	slices.SortFunc(b.gaps, func(x, y document.Gap) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Subject, y.Subject), cmp.Compare(x.What, y.What))
	})
	w.Bundle.Gaps = slices.Concat(w.Bundle.Gaps, b.gaps)
	for _, g := range w.Bundle.Gaps {
		if g.Subject == "" {
			delete(w.have, document.File(g.File))
		}
	}
	return w
}

// sortLogs puts what happened in order. An entry that two files tell, a recording and an export of the same log, is
// one entry.
func (b *Builder) sortLogs() {
	w := b.w
	w.Links = arranged(w.Links, func(x, y *document.ScimLink) int {
		return cmp.Or(cmp.Compare(x.ScimUserID, y.ScimUserID), cmp.Compare(x.DirectoryID, y.DirectoryID), cmp.Compare(x.AtlassianAccountID.Value, y.AtlassianAccountID.Value))
	})
	w.Jobs = arranged(w.Jobs, func(x, y *document.Job) int { return cmp.Compare(x.ID, y.ID) })
	w.Records = arranged(w.Records, func(x, y *document.ProvisioningRecord) int {
		return cmp.Or(x.ActivityDateTime.Compare(y.ActivityDateTime.Time), cmp.Compare(x.ID, y.ID))
	})
	w.Audits = arranged(w.Audits, func(x, y *document.DirectoryAudit) int {
		return cmp.Or(x.ActivityDateTime.Compare(y.ActivityDateTime.Time), cmp.Compare(x.ID, y.ID))
	})
	w.Events = arranged(w.Events, func(x, y *document.Event) int {
		return cmp.Or(x.Attributes.Time.Compare(y.Attributes.Time.Time), cmp.Compare(x.ID, y.ID))
	})
	w.Records = slices.CompactFunc(w.Records, func(x, y document.ProvisioningRecord) bool { return x.ID != "" && x.ID == y.ID })
	w.Audits = slices.CompactFunc(w.Audits, func(x, y document.DirectoryAudit) bool { return x.ID != "" && x.ID == y.ID })
	w.Events = slices.CompactFunc(w.Events, func(x, y document.Event) bool { return x.ID != "" && x.ID == y.ID })
}

func (b *Builder) finishSites() {
	w := b.w
	for _, s := range b.sites {
		slices.SortFunc(s.Roles, func(x, y document.ApplicationRole) int { return cmp.Compare(x.Key, y.Key) })
		w.Sites = append(w.Sites, *s)
	}
	slices.SortFunc(w.Sites, func(x, y Site) int { return cmp.Compare(x.Host, y.Host) })
}

// buildGraph sorts the groups by id and turns member ids into ordinals. A member group that is not in the
// document is a gap in the nesting.
func (b *Builder) buildGraph() {
	w := b.w
	order := make([]int, len(w.Groups))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(Fold(w.Groups[x].ID), Fold(w.Groups[y].ID)) })
	place := make([]uint32, len(order))
	for to, from := range order {
		place[from] = uint32(to)
	}
	groups := make([]Group, len(order))
	users, children := make([][]uint32, len(order)), make([][]uint32, len(order))
	for from := range w.Groups {
		to := place[from]
		for _, id := range b.nested[from] {
			if g, ok := b.groupOf[id]; ok {
				children[to] = append(children[to], place[g])
			} else if !b.untyped[id] {
				w.Groups[from].MissingGroups++
			} else {
				w.Groups[from].Unresolved++
			}
		}
		groups[to], users[to] = w.Groups[from], b.members[from]
	}
	for i := range groups {
		n := groups[i].MissingGroups
		if w.have[document.Users] {
			n += groups[i].Unresolved
		}
		if n > 0 {
			b.Note(document.Groups, "group %s has %d member(s) that are in none of the documents", groups[i].DisplayName, n)
		}
	}
	w.Groups, b.nested, b.members = groups, nil, nil
	w.Graph = directory.NewGraph(len(w.Users), users, children)
}
