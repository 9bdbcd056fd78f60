package atlassian

import (
	"net/http"
	"slices"
)

// applicationRoles tells for each product its groups, which of them new users get, and the seats.
func (c *call) applicationRoles(s *site) answer {
	if s.NotAdministrator {
		return notAdministrator()
	}
	var out []object
	for _, p := range s.products {
		out = append(out, c.roleView(s, p))
	}
	return c.bare(out)
}

func (c *call) applicationRole(s *site, key string) answer {
	p := s.product(key)
	switch {
	case s.NotAdministrator:
		return notAdministrator()
	case p == nil:
		return jiraError(http.StatusNotFound, "The application role was not found.")
	}
	return ok(c.roleView(s, p))
}

func (c *call) roleView(s *site, p *product) object {
	names, defaults := []string{}, []string{}
	details, defaultDetails := []object{}, []object{}
	for _, g := range p.listed(s) {
		names = append(names, g.name)
		details = append(details, c.groupName(g))
		if slices.ContainsFunc(g.grants, func(gr *grant) bool { return gr.product == p && gr.byDefault }) {
			defaults = append(defaults, g.name)
			defaultDetails = append(defaultDetails, c.groupName(g))
		}
	}
	used := p.used + p.uncounted
	o := clone(p.raw)
	o["key"], o["name"] = p.Key, p.Name
	o["groups"], o["groupDetails"], o["defaultGroups"], o["defaultGroupsDetails"] = names, details, defaults, defaultDetails
	o["userCount"], o["hasUnlimitedSeats"] = used, p.Seats == 0
	if p.Seats > 0 {
		o["numberOfSeats"], o["remainingSeats"] = p.Seats, max(0, p.Seats-used)
	} else {
		o["numberOfSeats"], o["remainingSeats"] = -1, -1
	}
	usual := object{"userCountDescription": "users", "defined": true, "selectedByDefault": false, "platform": false}
	for k, v := range usual {
		if o[k] == nil {
			o[k] = v
		}
	}
	return o
}

// listed are the groups of a product, in the order in which they were loaded or granted.
func (p *product) listed(s *site) []*group {
	var out []*group
	for _, g := range p.groups {
		if s.knows(g) && slices.ContainsFunc(g.grants, func(gr *grant) bool { return gr.product == p }) {
			out = append(out, g)
		}
	}
	return out
}
