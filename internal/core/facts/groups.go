package facts

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// maxUntold bounds how many users are kept whom groups name and of whom nothing is told.
const maxUntold = 100_000

// Group takes a group of Entra with its direct members. Members of other types than user and group (devices,
// contacts, service principals) and deleted users are counted only.
func (b *Builder) Group(g document.Group) {
	key := Fold(g.ID)
	if _, twice := b.groupOf[key]; twice && key != "" {
		b.Note(document.Groups, "id %s stands there more than once; the first is used", g.ID)
		return
	}
	b.groupOf[key] = uint32(len(b.w.Groups))
	if g.MembersNext != "" {
		b.Gap(document.Gap{
			File: string(document.Groups), Subject: g.ID, What: "members of " + g.DisplayName,
			Why: "the answer ends with a link to more members, which were not recorded", Call: "GET /groups/" + g.ID + "/members",
		})
	}
	all := b.people()
	users := make([]uint32, 0, len(g.Members.List))
	var nested []string
	unresolved, departed := 0, 0
	for _, m := range g.Members.List {
		if m.Type == "" || m.Type == "#microsoft.graph.user" {
			if u, ok := all.UserByID(m.ID); ok {
				users = append(users, u)
				continue
			}
			if all.IsDeleted(m.ID) { // groups tell late, or never, that somebody who was deleted left them
				departed++
				continue
			}
			if m.Type != "" {
				if unresolved++; len(b.w.untold) < maxUntold {
					b.w.untold = append(b.w.untold, strings.Clone(m.ID))
				}
				continue
			}
		}
		if m.Type == "" || m.Type == "#microsoft.graph.group" {
			id := strings.Clone(Fold(m.ID)) // a member's id shares its memory with its neighbours'
			nested = append(nested, id)
			if m.Type == "" {
				b.untyped[id] = true
			}
		}
	}
	count := max(len(g.Members.List), g.MembersCount)
	g.Members.List = nil
	b.w.Groups = append(b.w.Groups, Group{Group: g, Count: count, Unresolved: unresolved, Departed: departed})
	b.members = append(b.members, users)
	b.nested = append(b.nested, nested)
}

// twice tells whether a group of that id came before, and notes it.
func (b *Builder) twice(f document.File, seen map[string]bool, id string) bool {
	key := Fold(id)
	if key == "" {
		return false
	}
	if seen[key] {
		b.Note(f, "id %s stands there more than once; the first is used", id)
		return true
	}
	seen[key] = true
	return false
}

// ScimGroup takes a group of the Guard directory with its members.
func (b *Builder) ScimGroup(g document.ScimGroup) {
	if b.twice(document.ScimGroups, b.seenScimGroup, g.ID) {
		return
	}
	all := b.people()
	out := ScimGroup{ScimGroup: g, Count: len(g.Members.Value), Members: make([]uint32, 0, len(g.Members.Value))}
	for _, m := range g.Members.Value {
		if u, ok := all.ScimByID(m.Value); ok {
			out.Members = append(out.Members, u)
		} else if len(out.Unresolved) < 10 {
			out.Unresolved = append(out.Unresolved, strings.Clone(m.Value))
		}
	}
	slices.Sort(out.Members)
	out.Members = slices.Compact(out.Members)
	out.ScimGroup.Members.Value = nil
	b.w.ScimGroups = append(b.w.ScimGroups, out)
}

// OrgGroup takes a group of the organization with its members.
func (b *Builder) OrgGroup(g document.OrgGroup) {
	if b.twice(document.OrgGroups, b.seenOrgGroup, g.ID) {
		return
	}
	all := b.people()
	out := OrgGroup{OrgGroup: g, Count: max(len(g.Members.Value), g.Counts.Users), Members: make([]uint32, 0, len(g.Members.Value))}
	for _, m := range g.Members.Value {
		if u, ok := all.Account(m); ok {
			out.Members = append(out.Members, u)
		}
	}
	slices.Sort(out.Members)
	out.Members = slices.Compact(out.Members)
	out.OrgGroup.Members.Value = nil
	b.w.OrgGroups = append(b.w.OrgGroups, out)
}

// JiraGroup takes a group as a site sees it. Where pages are missing, who is listed is a member, but the list is not
// known to be complete.
func (b *Builder) JiraGroup(host string, g document.JiraGroup) {
	out := &JiraGroup{Known: g.Values.Known && !g.Values.Null && !g.Cut, Error: g.Error, Count: max(len(g.Values.Value), g.MaxSize), Some: g.Asked.Known}
	if g.Cut {
		b.Gap(document.Gap{
			File: string(document.ForSite(document.JiraGroups, host)), Subject: g.Name, What: "some members of " + g.Name,
			Why: "the answer announces more members than the file holds", Call: document.Of(document.JiraGroups).Call,
		})
	}
	if b.outline != nil {
		hashes := make([]uint64, 0, len(g.Values.Value))
		for _, u := range g.Values.Value {
			hashes = append(hashes, hash(u.AccountID))
		}
		b.jiraGroup(host, g.Name, out, hashes)
		return
	}
	out.Members = make([]string, 0, len(g.Values.Value))
	for _, u := range g.Values.Value {
		// Nearly everybody is an account of the organization, and then its id is in memory already.
		if at, ok := b.w.Account(u.AccountID); ok && b.w.OrgUsers[at].AccountID == u.AccountID {
			out.Members = append(out.Members, b.w.OrgUsers[at].AccountID)
		} else {
			out.Members = append(out.Members, strings.Clone(u.AccountID))
		}
	}
	out.sealed()
	b.jiraGroup(host, g.Name, out, nil)
}

func (b *Builder) jiraGroup(host, name string, g *JiraGroup, hashes []uint64) {
	b.mu.Lock()
	s := b.site(host)
	if s.Groups[name] != nil {
		b.mu.Unlock()
		b.Note(document.ForSite(document.JiraGroups, host), "the group %s stands there more than once; the first is used", name)
		return
	}
	defer b.mu.Unlock()
	s.Groups[name] = g
	if hashes != nil {
		b.jiraMembers[g] = hashes
	}
}

// ApplicationRole takes a product role of a site.
func (b *Builder) ApplicationRole(host string, r document.ApplicationRole) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.site(host)
	s.Roles = append(s.Roles, r)
}

func (b *Builder) site(host string) *Site {
	s := b.sites[host]
	if s == nil {
		s = &Site{Host: host, Groups: map[string]*JiraGroup{}}
		b.sites[host] = s
	}
	return s
}
