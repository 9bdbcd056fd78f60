package atlassian

import "net/http"

// orgV2 answers /admin/v2/orgs/{org}/…
func (c *call) orgV2() answer {
	scope := ""
	if len(c.path) > 3 && c.path[3] == "groups" {
		scope = "read:groups:admin"
	} else if len(c.path) > 1 && c.path[1] == "directories" {
		scope = "read:directories:admin"
	}
	if a, in := c.orgDoor(scope); !in {
		return a
	}
	if len(c.path) == 0 || c.path[0] != c.w.org.ID {
		return orgNotFound()
	}
	c.base += "/admin/v2/orgs"
	switch {
	case c.is("GET", "*", "directories"):
		return c.listDirectories()
	case c.is("POST", "*", "workspaces"):
		return c.workspaces()
	case len(c.path) < 4 || c.path[1] != "directories":
		return gatewayError(http.StatusNotFound, "Not Found")
	}
	in := c.path[2]
	switch {
	case c.is("POST", "*", "directories", "*", "users", "search"):
		return c.searchUsers(in)
	case c.is("GET", "*", "directories", "*", "users", "*"):
		return c.oneAccount(in, c.path[4])
	case c.is("GET", "*", "directories", "*", "users", "*", "role-assignments"):
		return c.rolesOfAccount(in, c.path[4])
	case c.is("POST", "*", "directories", "*", "groups", "search"):
		return c.searchGroups(in)
	case c.is("GET", "*", "directories", "*", "groups", "stats"):
		return c.groupStats(in)
	case c.is("GET", "*", "directories", "*", "groups", "*"):
		return c.oneOrgGroup(in, c.path[4])
	case c.is("GET", "*", "directories", "*", "groups", "*", "role-assignments"):
		return c.rolesOfGroup(in, c.path[4])
	}
	return gatewayError(http.StatusNotFound, "Not Found")
}

func (c *call) listDirectories() answer {
	data := []any{object{"directoryId": LocalDirectory, "name": "Local directory", "icon": ""}}
	for _, d := range c.w.directories {
		data = append(data, object{"directoryId": d.ID, "name": d.Name, "icon": ""})
	}
	return c.listV2(data, "directories", -1)
}

// workspaces are the products with their seats.
func (c *call) workspaces() answer {
	var data []any
	for _, s := range c.w.sites {
		for _, p := range s.products {
			var capacity any
			if p.Seats > 0 {
				capacity = p.Seats
			}
			data = append(data, object{
				"id": p.resource, "type": "workspace",
				"attributes": object{
					"name": s.Host, "typeKey": p.Key, "type": p.Name, "status": "online", "hostUrl": "https://" + s.Host,
					"usage": p.used + p.uncounted, "capacity": capacity,
				},
				"links": object{"self": c.base + "/" + c.w.org.ID + "/workspaces/" + p.resource},
			})
		}
	}
	out := c.pageOf(data, "workspaces", -1, true)
	out["meta"] = object{"pageSize": len(data), "startIndex": 1, "endIndex": len(data), "total": len(data)}
	return ok(out)
}
