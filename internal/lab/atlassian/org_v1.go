package atlassian

import (
	"net/http"
	"slices"
	"strings"
)

// orgV1 answers /admin/v1/orgs/…
func (c *call) orgV1() answer {
	scope := ""
	if len(c.path) > 1 {
		switch {
		case c.path[1] == "users":
			scope = "read:accounts:admin"
		case strings.HasPrefix(c.path[1], "event"):
			scope = "read:events:admin"
		}
	}
	if a, in := c.orgDoor(scope); !in {
		return a
	}
	c.base += "/admin/v1/orgs"
	if c.is("GET") {
		return c.listV1([]any{c.orgView()}, "orgs", -1)
	}
	if c.path[0] != c.w.org.ID {
		return orgNotFound()
	}
	switch {
	case c.is("GET", "*"):
		return ok(object{"data": c.orgView()})
	case c.is("GET", "*", "users"):
		return c.managedAccounts()
	case c.is("GET", "*", "domains"):
		return c.listDomains()
	case c.is("GET", "*", "domains", "*"):
		return c.oneDomain(c.path[2])
	case c.is("GET", "*", "events"), c.is("GET", "*", "events-stream"):
		return c.listEvents()
	case c.is("GET", "*", "events", "*"):
		return c.oneEvent(c.path[2])
	case c.is("GET", "*", "event-actions"):
		return c.listActions()
	case c.is("GET", "*", "policies"):
		return c.listV1(nil, "policies", -1) // authentication policies cannot be read here
	case c.is("GET", "*", "directory", "users", "*", "last-active-dates"):
		return c.lastActive(c.path[3])
	}
	return gatewayError(http.StatusNotFound, "Not Found")
}

func (c *call) orgView() object {
	self := c.base + "/" + c.w.org.ID
	related := func(what string) object { return object{"links": object{"related": self + "/" + what}} }
	return object{
		"id": c.w.org.ID, "type": "orgs", "attributes": object{"name": c.w.org.Name},
		"relationships": object{"domains": related("domains"), "users": related("users")},
		"links":         object{"self": self},
	}
}

// managedAccounts lists the accounts of claimed domains.
func (c *call) managedAccounts() answer {
	from, good := c.start("users", c.query.Get("cursor"))
	if !good {
		return badCursor()
	}
	var data []any
	next := page(from, len(c.w.accounts), c.w.limits.OrgPage, func(i int) bool {
		a := c.w.accounts[i]
		if !shown(a, "-") || !c.w.managed(a) {
			return false
		}
		data = append(data, c.accountV1(a))
		return true
	})
	return c.listV1(data, "users", next)
}

func (c *call) accountV1(a *account) object {
	access := []object{}
	for _, p := range a.access {
		access = append(access, object{"key": keyV1(str(p["key"])), "name": p["name"], "url": p["url"]})
	}
	return object{
		"account_id": a.id, "account_type": "atlassian", "account_status": a.status, "name": a.name, "picture": pictureOf(a),
		"email": a.email, "access_billable": a.status == active && len(a.access) > 0, "product_access": access,
		"links": object{"self": "https://" + apiHost + "/users/" + a.id + "/manage/profile"},
	}
}

// keyV1 is how version 1 spells a product.
func keyV1(key string) string {
	if key == "jira-servicedesk" {
		return "jira-service-desk"
	}
	return key
}

func pictureOf(a *account) string {
	if p := str(a.raw["picture"]); p != "" {
		return p
	}
	return "https://avatar-management.example/initials/" + a.id
}

// lastActive says since when an account is known and which products it has. When one was used is not simulated.
func (c *call) lastActive(id string) answer {
	a := c.w.byID[id]
	if a == nil || !a.listed {
		return orgError(http.StatusNotFound, "ADMIN-404-8", "Not Found", "The user does not exist")
	}
	used := []object{}
	for _, p := range a.access {
		used = append(used, object{"id": str(p["resourceId"]), "key": keyV1(str(p["key"]))})
	}
	return ok(object{"data": object{
		"product_access": used, "added_to_org": a.added.Format("2006-01-02"), "added_to_org_timestamp": stamp(a.added),
	}, "links": object{}})
}

func (c *call) listDomains() answer {
	var data []any
	for _, d := range c.w.domains {
		data = append(data, c.domainView(d))
	}
	return c.listV1(data, "domains", -1)
}

func (c *call) oneDomain(id string) answer {
	i := slices.IndexFunc(c.w.domains, func(d *domain) bool { return d.id == id })
	if i < 0 {
		return orgError(http.StatusNotFound, "ADMIN-404-3", "Not Found", "The domain does not exist")
	}
	return ok(object{"data": c.domainView(c.w.domains[i])})
}

// domainView is a domain as the API tells it. The public list of states has none for verified but not claimed: which
// word it gets is not known; here it is verified.
func (c *call) domainView(d *domain) object {
	out := clone(d.raw)
	if out["links"] == nil {
		out["links"] = object{"self": c.base + "/" + c.w.org.ID + "/domains/" + d.id}
	}
	if d.raw != nil {
		return out
	}
	out["id"], out["type"] = d.id, "domains"
	out["attributes"] = object{"name": d.Name, "claim": object{"type": "dns", "status": d.State.word()}}
	return out
}

func (s DomainState) word() string {
	return map[DomainState]string{
		Claimed: "verified", VerifiedUnclaimed: "verified", Unverified: "unverified", MissingToken: "missing_token",
		Superseded: "superseded", Deleted: "deleted",
	}[s]
}
