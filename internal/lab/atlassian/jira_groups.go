package atlassian

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// memberCache remembers who a site lists in a group, so that paging through a large group does not count it again
// for each page. Any change of the world empties it.
type memberCache struct {
	version, filled int
	lists           map[memberKey][]*account
}

type memberKey struct {
	group    *group
	inactive bool
}

// members are those whom a site lists in a group.
func (s *site) members(g *group, withInactive bool) []*account {
	k := memberKey{g, withInactive}
	s.freshen()
	if list, known := s.cache.lists[k]; known {
		return list
	}
	list := []*account{}
	take := func(a *account) {
		if a.listed && !s.lost[g][a] && (withInactive || s.lets(a)) {
			list = append(list, a)
		}
	}
	g.members.each(take)
	if extra := s.extra[g]; extra != nil {
		extra.each(func(a *account) {
			if !g.members.has(a) {
				take(a)
			}
		})
	}
	s.cache.lists[k] = list
	return list
}

// freshen forgets what a change made stale.
func (s *site) freshen() {
	if s.cache.lists == nil || s.cache.filled != s.cache.version {
		s.cache.lists, s.cache.filled = map[memberKey][]*account{}, s.cache.version
	}
}

// knows tells whether a site has a group.
func (s *site) knows(g *group) bool { return g != nil && !g.gone && !s.hidden[g] }

func (c *call) groupMembers(s *site) answer {
	name, id := c.query.Get("groupname"), c.query.Get("groupId")
	if name == "" == (id == "") {
		return jiraError(http.StatusBadRequest, "Specify either groupname or groupId.")
	}
	if s.NotAdministrator {
		return notAdministrator()
	}
	g := c.w.groupByID[id]
	if id == "" {
		g = c.w.groupNames[c.w.fold(name)]
	}
	if !s.knows(g) {
		return jiraError(http.StatusNotFound, fmt.Sprintf("The group '%s' does not exist.", name+id))
	}
	start, count, refused := c.window(min(50, c.w.limits.JiraMembers), c.w.limits.JiraMembers)
	if refused != nil {
		return *refused
	}
	all := s.members(g, c.query.Get("includeInactiveUsers") == "true")
	var values []object
	for _, a := range cut(all, start, count) {
		values = append(values, c.person(s, a))
	}
	return c.paged(values, start, count, len(all))
}

func (c *call) groupsInBulk(s *site) answer {
	if s.NotAdministrator {
		return jiraError(http.StatusForbidden, "Browse users and groups permission is required to view groups.")
	}
	start, count, refused := c.window(50, 1000)
	if refused != nil {
		return *refused
	}
	ids, names, app := c.query["groupId"], c.query["groupName"], c.query.Get("applicationKey")
	var found []*group
	for _, g := range c.w.groups {
		asked := len(ids)+len(names) == 0 || slices.Contains(ids, g.id) || slices.Contains(names, g.name)
		if s.knows(g) && asked && (app == "" || s.product(app) != nil && grants(g, nil, []string{s.product(app).resource})) {
			found = append(found, g)
		}
	}
	var values []object
	for _, g := range cut(found, start, count) {
		values = append(values, object{"name": g.name, "groupId": g.id})
	}
	return c.paged(values, start, count, len(found))
}

// pickGroups finds groups by a part of their name. Case counts unless told otherwise; without the permission the
// list is empty, which is no error.
func (c *call) pickGroups(s *site) answer {
	query := c.query.Get("query")
	has := strings.Contains
	if c.query.Get("caseInsensitive") == "true" {
		query = strings.ToLower(query)
		has = func(name, part string) bool { return strings.Contains(strings.ToLower(name), part) }
	}
	_, count, refused := c.window(20, 1000)
	if refused != nil {
		return *refused
	}
	var found []object
	for _, g := range c.w.groups {
		excluded := slices.Contains(c.query["excludeId"], g.id) || slices.Contains(c.query["exclude"], g.name)
		if s.NotAdministrator || !s.knows(g) || !has(g.name, query) || excluded {
			continue
		}
		found = append(found, object{"name": g.name, "groupId": g.id, "html": g.name, "labels": []object{}})
	}
	part := cut(found, 0, count)
	if part == nil || c.fault.LosePage {
		part = []object{}
	}
	return ok(object{
		"header": fmt.Sprintf("Showing %d of %d matching groups", len(part), len(found)), "total": len(found), "groups": part,
	})
}

func (c *call) groupsOfPerson(s *site) answer {
	a, refused := c.asked(s)
	if refused != nil {
		return *refused
	}
	var values []object
	for _, g := range s.groupsOf(a) {
		values = append(values, c.groupName(g))
	}
	return c.bare(values)
}

func (s *site) groupsOf(a *account) []*group {
	var out []*group
	a.groups.each(func(g *group) {
		if s.knows(g) && !s.lost[g][a] {
			out = append(out, g)
		}
	})
	return append(out, s.alsoIn(a)...)
}

// alsoIn are the groups in which only the site has somebody.
func (s *site) alsoIn(a *account) []*group {
	var out []*group
	for g, list := range s.extra {
		if list.has(a) && s.knows(g) && !a.groups.has(g) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(x, y *group) int { return strings.Compare(x.id, y.id) })
	return out
}

func (c *call) groupName(g *group) object {
	return object{"name": g.name, "groupId": g.id, "self": c.base + "/group?groupId=" + g.id}
}
