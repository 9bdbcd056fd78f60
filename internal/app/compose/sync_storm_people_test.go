package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

// person and team are what the storm knows of Entra's users and groups.
type person struct {
	id, name, upn    string
	enabled, deleted bool
}

type team struct {
	id, name           string
	assigned           string // id of the assignment; "": none
	deleted            bool
	members, subgroups map[string]bool
}

func alive(p *person) bool { return !p.deleted }

func stands(g *team) bool { return !g.deleted }

func (s *storm) hire(upn string) {
	n := len(s.people)
	p := &person{name: fmt.Sprint("p", n), upn: upn, enabled: true}
	if upn == "" {
		p.upn = p.name + "@shop.example"
	}
	var err error
	p.id, err = s.entra.AddUser(labentra.Props{"displayName": "Person " + p.name, "userPrincipalName": p.upn, "mail": p.upn})
	must(s.t, err)
	s.people[p.id] = p
	s.note("hire %s as %s", p.name, p.upn)
}

func (s *storm) found() {
	g := &team{name: fmt.Sprint("team-", len(s.teams)), members: map[string]bool{}, subgroups: map[string]bool{}}
	var err error
	g.id, err = s.entra.AddGroup(labentra.Props{"displayName": g.name})
	must(s.t, err)
	s.teams[g.id] = g
	s.note("found %s", g.name)
}

func (s *storm) join() {
	g, _ := pick(s, s.teams, stands)
	p, ok := pick(s, s.people, func(p *person) bool { return !p.deleted && g != nil && !g.members[p.id] })
	if g != nil && ok {
		must(s.t, s.entra.AddMember(g.id, p.id))
		g.members[p.id] = true
		s.note("%s joins %s", p.name, g.name)
	}
}

func (s *storm) part() {
	g, ok := pick(s, s.teams, func(g *team) bool { return !g.deleted && len(g.members) > 0 })
	if !ok {
		return
	}
	p, ok := pick(s, s.people, func(p *person) bool { return g.members[p.id] && !p.deleted })
	if ok {
		must(s.t, s.entra.RemoveMember(g.id, p.id))
		delete(g.members, p.id)
		s.note("%s leaves %s", p.name, g.name)
	}
}

func (s *storm) assign() {
	if g, ok := pick(s, s.teams, func(g *team) bool { return !g.deleted && g.assigned == "" }); ok {
		var err error
		g.assigned, err = s.entra.Assign(s.app, g.id, "")
		must(s.t, err)
		s.note("assign %s", g.name)
	}
}

// change is one thing that people do at Entra.
func (s *storm) change() {
	switch s.r.IntN(20) {
	case 0:
		s.hire("")
	case 1: // somebody who was deleted comes back as somebody new
		if p, ok := pick(s, s.people, func(p *person) bool { return p.deleted && !s.named(p.upn) }); ok {
			s.hire(p.upn)
		}
	case 2:
		if p, ok := pick(s, s.people, alive); ok {
			must(s.t, s.entra.DeleteUser(p.id))
			p.deleted = true
			for _, g := range s.teams {
				delete(g.members, p.id)
			}
			s.note("delete %s", p.name)
		}
	case 3:
		if p, ok := pick(s, s.people, alive); ok {
			p.enabled = !p.enabled
			must(s.t, s.entra.UpdateUser(p.id, labentra.Props{"accountEnabled": p.enabled}))
			s.note("%s enabled %t", p.name, p.enabled)
		}
	case 4:
		if p, ok := pick(s, s.people, alive); ok {
			must(s.t, s.entra.UpdateUser(p.id, labentra.Props{"displayName": fmt.Sprint("Person ", p.name, " ", s.r.IntN(1000))}))
			s.note("%s gets another display name", p.name)
		}
	case 5:
		if p, ok := pick(s, s.people, alive); ok {
			p.upn = fmt.Sprintf("%s.%d@shop.example", p.name, s.r.IntN(1000))
			must(s.t, s.entra.UpdateUser(p.id, labentra.Props{"userPrincipalName": p.upn, "mail": p.upn}))
			s.note("%s is now %s", p.name, p.upn)
		}
	case 6:
		if g, ok := pick(s, s.teams, stands); ok {
			g.name = fmt.Sprintf("%s-%d", strings.SplitN(g.name, "-r", 2)[0], s.r.IntN(4))
			g.name = strings.Replace(g.name, "-", "-r", 1)
			for _, other := range s.teams {
				if other != g && !other.deleted && other.name == g.name {
					g.name = fmt.Sprint("team-x", s.r.IntN(1_000_000))
				}
			}
			must(s.t, s.entra.RenameGroup(g.id, g.name))
			s.note("rename to %s", g.name)
		}
	case 7:
		if g, ok := pick(s, s.teams, stands); ok && s.r.IntN(3) == 0 {
			must(s.t, s.entra.DeleteGroup(g.id))
			g.deleted = true
			for _, up := range s.teams {
				delete(up.subgroups, g.id)
			}
			s.note("delete %s", g.name)
		}
	case 8:
		s.found()
	case 9:
		s.assign()
	case 10:
		if g, ok := pick(s, s.teams, func(g *team) bool { return !g.deleted && g.assigned != "" }); ok {
			must(s.t, s.entra.Unassign(g.assigned))
			g.assigned = ""
			s.note("unassign %s", g.name)
		}
	case 11:
		g, _ := pick(s, s.teams, stands)
		if sub, ok := pick(s, s.teams, func(x *team) bool { return x != g && !x.deleted && g != nil && !g.subgroups[x.id] }); ok {
			must(s.t, s.entra.AddMember(g.id, sub.id))
			g.subgroups[sub.id] = true
			s.note("%s goes into %s", sub.name, g.name)
		}
	case 12:
		if g, ok := pick(s, s.teams, func(g *team) bool { return !g.deleted && len(g.subgroups) > 0 }); ok {
			sub := slices.Sorted(maps.Keys(g.subgroups))[0]
			must(s.t, s.entra.RemoveMember(g.id, sub))
			delete(g.subgroups, sub)
			s.note("%s goes out of %s", s.teams[sub].name, g.name)
		}
	case 13, 14, 15:
		s.part()
	default:
		s.join()
	}
}

func (s *storm) named(upn string) bool {
	_, there := pick(s, s.people, func(p *person) bool { return !p.deleted && strings.EqualFold(p.upn, upn) })
	return there
}

// wanted are the people of each assigned group; see promise.Wanted.
func (s *storm) wanted() map[string]map[string]bool {
	var assigned []string
	for _, g := range s.teams {
		if !g.deleted && g.assigned != "" {
			assigned = append(assigned, g.id)
		}
	}
	return promise.Wanted(assigned,
		func(id string) promise.Team {
			return promise.Team{Members: s.teams[id].members, Subgroups: s.teams[id].subgroups}
		},
		func(id string) (there, enabled bool) { return !s.people[id].deleted, s.people[id].enabled })
}

func (s *storm) scope() map[string]bool { return promise.Scope(s.wanted()) }

// drift is what somebody else does in the directory.
func (s *storm) drift() {
	v := s.directory()
	switch s.r.IntN(4) {
	case 0: // somebody makes a group of the name that a new one will have
		g, ok := pick(s, s.teams, func(g *team) bool { return !g.deleted })
		if ok {
			s.note("a stranger makes the group %s: %d", g.name, s.stranger("POST", "/Groups", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":%q}`, g.name)))
		}
	case 1:
		p, ok := pick(s, s.people, alive)
		if ok {
			s.note("a stranger makes the user %s: %d", p.upn, s.stranger("POST", "/Users", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q,"emails":[{"value":%q,"type":"work","primary":true}],"displayName":"x","name":{"familyName":"x","givenName":"y"},"active":true}`, p.upn, p.upn)))
		}
	case 2:
		if g, ok := pick(s, v.Groups, func(g promise.Group) bool { return len(g.Members) > 0 }); ok {
			s.note("a stranger takes somebody out of %s: %d", g.DisplayName, s.stranger("PATCH", "/Groups/"+g.ID, fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members","value":[{"value":%q}]}]}`, g.Members[0].Value)))
		}
	case 3:
		if g, ok := pick(s, v.Groups, func(promise.Group) bool { return true }); ok {
			if u, ok := pick(s, v.Users, func(promise.User) bool { return true }); ok {
				s.note("a stranger puts %s into %s: %d", u.UserName, g.DisplayName, s.stranger("PATCH", "/Groups/"+g.ID, fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":%q}]}]}`, u.ID)))
			}
		}
	}
	s.drifted = true
}
