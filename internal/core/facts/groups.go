package facts

import (
	"cmp"
	"slices"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// Group takes a group of Entra with its direct members. Members of other types than user and group (devices,
// contacts, service principals) are counted only.
func (b *Builder) Group(g document.Group) {
	key := Fold(g.ID)
	if _, twice := b.groupOf[key]; twice && key != "" {
		b.Note(document.Groups, "id %s stands there more than once; the first is used", g.ID)
		return
	}
	b.groupOf[key] = uint32(len(b.w.Groups))
	var users []uint32
	var nested []string
	count, unresolved := 0, 0
	for _, m := range g.Members.List {
		count++
		if m.Type == "" || m.Type == "#microsoft.graph.user" {
			if u, ok := b.w.UserByID(m.ID); ok {
				users = append(users, u)
				continue
			}
			if m.Type != "" {
				unresolved++
				continue
			}
		}
		if m.Type == "" || m.Type == "#microsoft.graph.group" {
			nested = append(nested, Fold(m.ID))
			if m.Type == "" {
				b.untyped[Fold(m.ID)] = true
			}
		}
	}
	g.Members.List = nil
	b.w.Groups = append(b.w.Groups, Group{Group: g, Count: count, Unresolved: unresolved})
	b.users = append(b.users, users)
	b.nested = append(b.nested, nested)
}

// ScimGroup takes a group of the Guard directory with its members.
func (b *Builder) ScimGroup(g document.ScimGroup) {
	if key := Fold(g.ID); key != "" {
		if b.seenScimGroup[key] {
			b.Note(document.ScimGroups, "id %s stands there more than once; the first is used", g.ID)
			return
		}
		b.seenScimGroup[key] = true
	}
	out := ScimGroup{ScimGroup: g, Count: len(g.Members.Value)}
	for _, m := range g.Members.Value {
		if u, ok := b.w.ScimByID(m.Value); ok {
			out.Members = append(out.Members, u)
		} else if len(out.Unresolved) < 10 && !b.w.focused {
			out.Unresolved = append(out.Unresolved, m.Value)
		}
	}
	slices.Sort(out.Members)
	out.Members = slices.Compact(out.Members)
	out.ScimGroup.Members.Value = nil
	b.w.ScimGroups = append(b.w.ScimGroups, out)
}

// OrgGroup takes a group of the organization with its members.
func (b *Builder) OrgGroup(g document.OrgGroup) {
	if key := Fold(g.ID); key != "" {
		if b.seenOrgGroup[key] {
			b.Note(document.OrgGroups, "id %s stands there more than once; the first is used", g.ID)
			return
		}
		b.seenOrgGroup[key] = true
	}
	out := OrgGroup{OrgGroup: g, Count: len(g.Members.Value)}
	for _, m := range g.Members.Value {
		if u, ok := b.w.Account(m); ok {
			out.Members = append(out.Members, u)
		}
	}
	slices.Sort(out.Members)
	out.Members = slices.Compact(out.Members)
	out.OrgGroup.Members.Value = nil
	b.w.OrgGroups = append(b.w.OrgGroups, out)
}

func (b *Builder) site(host string) *Site {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.jiraByHost[host]
	if s == nil {
		s = &Site{Host: host, Groups: map[string]*JiraGroup{}}
		b.jiraByHost[host] = s
	}
	return s
}

// JiraGroup takes a group as a site sees it.
func (b *Builder) JiraGroup(host string, g document.JiraGroup) {
	out := &JiraGroup{Known: g.Values.Known && !g.Values.Null, Error: g.Error, Count: len(g.Values.Value)}
	for _, u := range g.Values.Value {
		if b.keep.Any(u.AccountID) {
			out.Members = append(out.Members, u.AccountID)
		}
	}
	slices.Sort(out.Members)
	b.site(host).Groups[g.Name] = out
}

// ApplicationRole takes a product role of a site.
func (b *Builder) ApplicationRole(host string, r document.ApplicationRole) {
	s := b.site(host)
	s.Roles = append(s.Roles, r)
}

// World finishes: groups are sorted, the nesting is resolved, logs are put in order.
func (b *Builder) World() *World {
	w := b.w
	b.buildGraph()
	slices.SortFunc(w.ScimGroups, func(x, y ScimGroup) int { return cmp.Compare(Fold(x.ID), Fold(y.ID)) })
	slices.SortFunc(w.OrgGroups, func(x, y OrgGroup) int {
		return cmp.Or(cmp.Compare(Fold(x.Name), Fold(y.Name)), cmp.Compare(x.ID, y.ID))
	})
	for _, s := range b.jiraByHost {
		slices.SortFunc(s.Roles, func(x, y document.ApplicationRole) int { return cmp.Compare(x.Key, y.Key) })
		w.Sites = append(w.Sites, *s)
	}
	slices.SortFunc(w.Sites, func(x, y Site) int { return cmp.Compare(x.Host, y.Host) })
	slices.SortFunc(w.Assignments, func(x, y document.AppRoleAssignment) int {
		return cmp.Or(cmp.Compare(x.PrincipalID, y.PrincipalID), cmp.Compare(x.ID, y.ID))
	})
	slices.SortFunc(w.Links, func(x, y document.ScimLink) int {
		return cmp.Or(cmp.Compare(x.ScimUserID, y.ScimUserID), cmp.Compare(x.DirectoryID, y.DirectoryID), cmp.Compare(x.AtlassianAccountID.Value, y.AtlassianAccountID.Value))
	})
	slices.SortFunc(w.Jobs, func(x, y document.Job) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(w.Records, func(x, y document.ProvisioningRecord) int {
		return cmp.Or(x.ActivityDateTime.Compare(y.ActivityDateTime.Time), cmp.Compare(x.ID, y.ID))
	})
	slices.SortFunc(w.Audits, func(x, y document.DirectoryAudit) int {
		return cmp.Or(x.ActivityDateTime.Compare(y.ActivityDateTime.Time), cmp.Compare(x.ID, y.ID))
	})
	slices.SortFunc(w.Events, func(x, y document.Event) int {
		return cmp.Or(x.Attributes.Time.Compare(y.Attributes.Time.Time), cmp.Compare(x.ID, y.ID))
	})
	w.Notes = b.notes
	slices.SortFunc(w.Notes, func(x, y Note) int { return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Text, y.Text)) })
	for _, g := range w.Bundle.Gaps {
		if g.Subject == "" {
			delete(w.have, document.File(g.File))
		}
	}
	w.indexGroups()
	return w
}

// buildGraph sorts the groups by id and turns member ids into ordinals. A member group that is not in the
// document counts as unresolved: it is a gap in the nesting.
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
			} else if !w.focused {
				w.Groups[from].Unresolved++
			}
		}
		groups[to], users[to] = w.Groups[from], b.users[from]
	}
	for i := range groups {
		if n := groups[i].Unresolved + groups[i].MissingGroups; n > 0 && !w.focused {
			b.Note(document.Groups, "group %s has %d member(s) that are in none of the documents", groups[i].DisplayName, n)
		}
	}
	w.Groups, b.nested, b.users = groups, nil, nil
	w.Graph = directory.NewGraph(len(w.Users), users, children)
}
