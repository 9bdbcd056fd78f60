package atlassian

import (
	"net/http"
	"slices"
	"strings"
)

// asked is the account that a request names.
func (c *call) asked(s *site) (*account, *answer) {
	refuse := func(status int, message string) (*account, *answer) {
		a := jiraError(status, message)
		return nil, &a
	}
	id := c.query.Get("accountId")
	a := c.w.byID[id]
	if a == nil || !c.onSite(s, a) {
		return refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return a, nil
}

// onSite tells whether a site has heard of an account: it is in one of its groups or has one of its products.
func (c *call) onSite(s *site, a *account) bool {
	if !a.listed || a.status == closed {
		return false
	}
	return slices.ContainsFunc(a.groups.all(), s.knows) || len(s.alsoIn(a)) > 0 || slices.ContainsFunc(s.products, func(p *product) bool {
		return slices.ContainsFunc(a.access, p.names)
	})
}

func (c *call) onePerson(s *site) answer {
	a, refused := c.asked(s)
	if refused != nil {
		return *refused
	}
	o := c.person(s, a)
	expand := strings.Split(c.query.Get("expand"), ",")
	list := func(items []object) object {
		if items == nil {
			items = []object{}
		}
		return object{"size": len(items), "items": items}
	}
	if slices.Contains(expand, "groups") {
		var items []object
		for _, g := range s.groupsOf(a) {
			items = append(items, c.groupName(g))
		}
		o["groups"] = list(items)
	}
	if slices.Contains(expand, "applicationRoles") {
		var items []object
		for _, p := range s.products {
			if slices.ContainsFunc(a.access, p.names) {
				items = append(items, object{"key": p.Key, "name": p.Name})
			}
		}
		o["applicationRoles"] = list(items)
	}
	return ok(o)
}

// searchPeople finds people by the beginning of a word of their name or of their address. Only the first thousand
// are looked at; without the permission the list is empty, which is no error.
func (c *call) searchPeople(s *site) answer {
	query, id := strings.ToLower(c.query.Get("query")), c.query.Get("accountId")
	if query == "" == (id == "") {
		return jiraError(http.StatusBadRequest, "Specify either query or accountId.")
	}
	start, count, refused := c.window(50, 1000)
	if refused != nil {
		return *refused
	}
	const first = 1000
	var found []object
	seen := 0
	for _, a := range c.w.accounts {
		if s.NotAdministrator || seen == first {
			break
		}
		if !c.onSite(s, a) || id != "" && a.id != id || !s.lets(a) {
			continue
		}
		if id == "" && !s.finds(a, query) {
			continue
		}
		seen++
		found = append(found, c.person(s, a))
	}
	return c.bare(cut(found, start, count))
}

func (s *site) finds(a *account, query string) bool {
	words := strings.Fields(strings.ToLower(a.name))
	begins := func(w string) bool { return strings.HasPrefix(w, query) }
	return begins(strings.ToLower(a.name)) || slices.ContainsFunc(words, begins) || !s.HidesEmail && begins(strings.ToLower(a.email))
}

// allPeople lists everybody, also those who are not active.
func (c *call) allPeople(s *site) answer {
	if s.NotAdministrator {
		return notAdministrator()
	}
	start, count, refused := c.window(min(50, c.w.limits.JiraUsers), c.w.limits.JiraUsers)
	if refused != nil {
		return *refused
	}
	var values []object
	for _, a := range cut(s.people(c), start, count) {
		values = append(values, c.person(s, a))
	}
	return c.bare(values)
}

// people are all of a site, remembered like the members of a group.
func (s *site) people(c *call) []*account {
	s.freshen()
	if list, known := s.cache.lists[memberKey{nil, true}]; known {
		return list
	}
	list := []*account{}
	for _, a := range c.w.accounts {
		if c.onSite(s, a) {
			list = append(list, a)
		}
	}
	s.cache.lists[memberKey{nil, true}] = list
	return list
}

func (c *call) peopleInBulk(s *site) answer {
	ids := c.query["accountId"]
	if len(ids) == 0 {
		return jiraError(http.StatusBadRequest, "The accountId must be given.")
	}
	start, count, refused := c.window(10, 200)
	if refused != nil {
		return *refused
	}
	var found []*account
	for _, id := range ids {
		if a := c.w.byID[id]; a != nil && c.onSite(s, a) {
			found = append(found, a)
		}
	}
	var values []object
	for _, a := range cut(found, start, count) {
		values = append(values, c.person(s, a))
	}
	return c.paged(values, start, count, len(found))
}

// myself is the owner of the token.
func (c *call) myself(s *site) answer {
	if a := c.w.byEmail[c.w.fold(s.Email)]; a != nil {
		return ok(c.person(s, a))
	}
	return ok(object{
		"self": c.base + "/user?accountId=token-owner", "accountId": "token-owner", "accountType": "atlassian",
		"emailAddress": s.Email, "displayName": s.Email, "active": true,
	})
}
