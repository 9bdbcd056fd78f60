package history

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// way is what lies between Entra and Jira for one subject, by the texts with which logs name it.
type way struct {
	w       *facts.World
	subject trace.Subject
	person  map[string]bool   // folded ids and addresses of the person, at both sides
	groups  map[string]string // folded ids and names of groups on the way -> their name
	scoped  map[string]bool   // folded ids of groups in scope; nil: every group is, or which are is not known
	domains []string          // of the person's addresses
	walk    *directory.Walker
}

// wayOf finds what lies on the way of a subject. Of a membership that is the one group, with those inside it that hold
// the person; of a group itself, with those inside it and around it.
func wayOf(w *facts.World, s trace.Subject) *way {
	y := &way{w: w, subject: s, person: map[string]bool{}, groups: map[string]string{}, walk: w.Graph.Walk()}
	y.scope()
	if s.Kind == "group" {
		y.group(s.ID, s.Name)
		if g, ok := w.GroupByID(s.ID); ok {
			y.around(g)
		}
		return y
	}
	y.identify()
	y.holders()
	return y
}

func (y *way) is(texts ...string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return t != "" && y.person[facts.Fold(t)] })
}

// identify gathers the ids and addresses of a person.
func (y *way) identify() {
	add := func(all ...string) {
		for _, k := range all {
			if k != "" {
				y.person[facts.Fold(k)] = true
			}
		}
	}
	w, s := y.w, y.subject
	add(s.ID)
	var users []document.User
	if u, ok := w.UserByID(s.ID); ok {
		users = append(users, w.Users[u])
	}
	for _, d := range w.DeletedByKey(s.ID) {
		users = append(users, w.Deleted[d])
	}
	if len(users) == 0 { // the log may still know how Entra called them
		add(s.Name)
		u := document.User{UserPrincipalName: s.Name}
		for _, a := range w.AuditsOf(cmp.Or(s.ID, s.Name)) {
			for _, t := range a.TargetResources {
				if y.is(t.ID) && t.UserPrincipalName != "" {
					u.UserPrincipalName = t.UserPrincipalName
				}
			}
		}
		users = append(users, u)
	}
	for i := range users {
		u := &users[i]
		add(u.UserPrincipalName, u.Mail.Value)
		for _, a := range []string{u.UserPrincipalName, u.Mail.Value} {
			if d := facts.Domain(a); d != "" && !slices.Contains(y.domains, d) {
				y.domains = append(y.domains, d)
			}
			for _, o := range w.AccountsByEmail(a) {
				add(w.OrgUsers[o].AccountID)
			}
		}
	}
	for _, r := range y.records() {
		add(r.ID, r.UserName, r.Email(), r.Atlassian.Value.AtlassianAccountID.Value)
	}
}

// records are those of the Guard directory that carry the person's id, or whose id is asked about.
func (y *way) records() (out []*document.ScimUser) {
	for _, r := range y.w.ScimByExternal(y.subject.ID) {
		out = append(out, &y.w.ScimUsers[r])
	}
	if r, ok := y.w.ScimByID(y.subject.ID); ok {
		out = append(out, &y.w.ScimUsers[r])
	}
	return out
}

// accounts are those of the person's ids and addresses.
func (y *way) accounts() (out []*document.OrgUser) {
	seen := map[uint32]bool{}
	for _, key := range slices.Sorted(maps.Keys(y.person)) {
		found := y.w.AccountsByEmail(key)
		if a, ok := y.w.Account(key); ok {
			found = append(found, a)
		}
		for _, a := range found {
			if !seen[a] {
				seen[a] = true
				out = append(out, &y.w.OrgUsers[a])
			}
		}
	}
	return out
}

// scope finds the groups whose members the method takes, where that can be told by a list.
func (y *way) scope() {
	c := y.w.Bundle.Connection
	switch {
	case y.w.Method() == document.GuardNested:
		if c.Selected == nil || !strings.EqualFold(c.Selected.Users, "groups") {
			return
		}
		y.scoped = map[string]bool{}
		for _, id := range c.Selected.Groups {
			y.scoped[facts.Fold(id)] = true
		}
	case y.w.Has(document.AppRoleAssignments) && !strings.EqualFold(y.w.Settings["SyncAll"], "true") && (y.w.OwnRules == nil || y.w.OwnRules.Assigned):
		y.scoped = map[string]bool{}
		for i := range y.w.Assignments {
			y.scoped[facts.Fold(y.w.Assignments[i].PrincipalID)] = true
		}
		for i := range y.w.Audits { // what was assigned once
			if kindOf(&y.w.Audits[i]) == Unassigned {
				for _, id := range named(&y.w.Audits[i], "Group.ObjectID") {
					y.scoped[facts.Fold(id)] = true
				}
			}
		}
	}
}

// holders finds the groups that hold the person or held them, with those around them; of a membership only those that
// lead to its group.
func (y *way) holders() {
	var list []uint32
	if u, ok := y.w.UserByID(y.subject.ID); ok {
		list = append(list, y.walk.Up(u)...)
	}
	for i := range y.w.Audits {
		a := &y.w.Audits[i]
		if k := kindOf(a); k != MemberAdded && k != MemberRemoved && k != MemberExpired || !y.concerns(a) {
			continue
		}
		for _, id := range append(named(a, "Group.ObjectID"), targets(a, "Group")...) {
			y.group(id, "")
			if g, ok := y.w.GroupByID(id); ok {
				list = append(append(list, g), y.walk.UpFrom(g)...)
			}
		}
	}
	for _, g := range list {
		y.group(y.w.Groups[g].ID, y.w.Groups[g].DisplayName)
	}
	if y.subject.Group == "" {
		return
	}
	only := y.w.GroupsByName(y.subject.Group)
	kept := map[string]string{}
	y.groups, list = kept, slices.DeleteFunc(list, func(g uint32) bool {
		return !slices.Contains(only, g) && !slices.ContainsFunc(only, func(o uint32) bool { return slices.Contains(y.walk.UpFrom(g), o) })
	})
	for _, g := range append(only, list...) {
		y.group(y.w.Groups[g].ID, y.w.Groups[g].DisplayName)
	}
	y.group("", y.subject.Group)
}

// around adds the groups inside a group and around it.
func (y *way) around(g uint32) {
	seen := map[uint32]bool{g: true}
	for todo := []uint32{g}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		for _, c := range y.w.Graph.Children(next) {
			if !seen[c] {
				seen[c] = true
				todo = append(todo, c)
			}
		}
	}
	for _, up := range y.walk.UpFrom(g) {
		seen[up] = true
	}
	for o := range seen {
		y.group(y.w.Groups[o].ID, y.w.Groups[o].DisplayName)
	}
}

// group notes a group by its id and by the ids that Atlassian gives groups of its name.
func (y *way) group(id, name string) {
	if g, ok := y.w.GroupByID(id); ok && name == "" {
		name = y.w.Groups[g].DisplayName
	}
	if name == "" {
		name = y.groups[facts.Fold(id)]
	}
	note := func(key string) {
		if key != "" {
			y.groups[facts.Fold(key)] = name
		}
	}
	note(id)
	for _, g := range y.w.ScimGroupsByExternal(id) {
		note(y.w.ScimGroups[g].ID)
		note(y.w.ScimGroups[g].DisplayName)
	}
	if name == "" {
		return
	}
	note(name)
	for _, g := range y.w.ScimGroupsByName(name) {
		note(y.w.ScimGroups[g].ID)
	}
	for _, g := range y.w.OrgGroupsByName(name) {
		note(y.w.OrgGroups[g].ID)
	}
}

// on gives the key and name of the first of the texts that is a group on the way.
func (y *way) on(texts ...string) (key, name string, ok bool) {
	for _, t := range texts {
		if t == "" {
			continue
		}
		if name, ok := y.groups[facts.Fold(t)]; ok {
			return facts.Fold(t), name, true
		}
	}
	return "", "", false
}

// of gives an event the group that it is about, and whether that leads anybody into scope: it does if it is in scope or
// a group around it is. Of a group that the documents do not hold the latter is not known.
func (y *way) of(e *Event, id string) {
	e.group, e.astray, e.doubt = facts.Fold(id), false, false
	if id == "" || y.scoped == nil || y.scoped[e.group] {
		return
	}
	g, ok := y.w.GroupByID(id)
	if !ok {
		e.doubt = true
		return
	}
	e.astray = !slices.ContainsFunc(y.walk.UpFrom(g), func(up uint32) bool { return y.scoped[facts.Fold(y.w.Groups[up].ID)] })
}

// application is the id of the application's service principal.
func (y *way) application() string {
	if y.w.Principal != nil && y.w.Principal.ID != "" {
		return y.w.Principal.ID
	}
	return y.w.Bundle.Connection.Application
}
