package atlassian

import (
	"net/http"
	"slices"
	"strings"
)

func groupNotFound() answer {
	return orgError(http.StatusNotFound, "ADMIN-404-10", "Not Found", "The group does not exist")
}

func (c *call) searchGroups(directory string) answer {
	body := object{}
	if len(c.body) > 0 {
		var err error
		if body, err = c.read(); err != nil {
			return orgError(http.StatusBadRequest, "ADMIN-400-24", "Bad Request", "The body cannot be read")
		}
	}
	from, good := c.start("groups", str(body["cursor"]))
	if !good {
		return badCursor()
	}
	ids, names, accounts := texts(body["groupIds"]), texts(body["groupNames"]), texts(body["accountIds"])
	roles, resources, owners := texts(body["roleIds"]), texts(body["resourceIds"]), texts(body["resourceOwners"])
	term := strings.ToLower(str(body["searchTerm"]))
	wanted := func(g *group) bool {
		switch {
		case len(ids) > 0 && !slices.Contains(ids, g.id),
			len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return c.w.fold(n) == c.w.fold(g.name) }),
			len(roles)+len(resources) > 0 && !grants(g, roles, resources),
			len(owners) > 0 && !slices.ContainsFunc(g.grants, func(gr *grant) bool { return slices.Contains(owners, gr.owner) }),
			term != "" && !strings.Contains(strings.ToLower(g.name), term):
			return false
		}
		return len(accounts) == 0 || slices.ContainsFunc(accounts, func(id string) bool {
			a := c.w.byID[id]
			return a != nil && a.groups.has(g)
		})
	}
	counts := slices.Contains(texts(body["expand"]), "counts.users") || slices.Contains(texts(body["expand"]), "counts.resources")
	var data []any
	next := page(from, len(c.w.groups), c.limit(body["limit"], min(50, c.w.limits.OrgPage), c.w.limits.OrgPage), func(i int) bool {
		g := c.w.groups[i]
		if g.gone || directory != "-" && g.directory != directory || !wanted(g) {
			return false
		}
		data = append(data, groupView(g, counts))
		return true
	})
	return c.listV2(data, "groups", next)
}

// groupView is a group of the organization in the shape of version 2.
func groupView(g *group, counts bool) object {
	o := clone(g.raw)
	o["id"], o["name"], o["directoryId"] = g.id, g.name, g.directory
	if g.description != "" || o["description"] == nil {
		o["description"] = g.description
	}
	if is, told := o["externalSynced"].(bool); !told || is != g.isSynced() || o["managedBy"] == nil {
		o["managedBy"] = "admins"
		if g.isSynced() {
			o["managedBy"] = "external"
		}
	}
	o["externalSynced"] = g.isSynced()
	if o["managementAccess"] == nil {
		o["managementAccess"] = object{"deletable": !g.isSynced() && !g.isDefault(), "modifiable": !g.isSynced(), "readable": true}
	}
	if counts {
		o["counts"] = object{"users": g.members.len(), "resources": len(g.grants)}
	}
	return o
}

func (c *call) orgGroup(directory, id string) *group {
	g := c.w.groupByID[id]
	if g == nil || directory != "-" && g.directory != directory {
		return nil
	}
	return g
}

func (c *call) oneOrgGroup(directory, id string) answer {
	g := c.orgGroup(directory, id)
	if g == nil {
		return groupNotFound()
	}
	return ok(object{"data": groupView(g, true)})
}

// rolesOfGroup lists what a group grants. defaultRole is set where a product gives the group to its new users.
func (c *call) rolesOfGroup(directory, id string) answer {
	g := c.orgGroup(directory, id)
	if g == nil {
		return groupNotFound()
	}
	return c.listV2(roleViews(g), "roles", -1)
}

func roleViews(g *group) []any {
	var data []any
	for i, gr := range g.grants {
		if slices.ContainsFunc(g.grants[:i], func(x *grant) bool { return x.resource == gr.resource }) {
			continue
		}
		o := clone(gr.raw)
		roles := []string{}
		o["defaultRole"] = nil
		for _, x := range g.grants[i:] {
			if x.resource != gr.resource {
				continue
			}
			roles = append(roles, x.role)
			if x.byDefault {
				o["defaultRole"] = x.role
			}
		}
		o["resourceId"], o["resourceOwner"], o["roles"] = gr.resource, gr.owner, roles
		data = append(data, o)
	}
	return data
}

// groupStats counts groups by who edits them.
func (c *call) groupStats(directory string) answer {
	all, synced := 0, 0
	for _, g := range c.w.groups {
		if g.gone || directory != "-" && g.directory != directory {
			continue
		}
		all++
		if g.isSynced() {
			synced++
		}
	}
	return ok(object{"totals": object{"all": all, "managed": all - synced, "synced": synced}})
}
