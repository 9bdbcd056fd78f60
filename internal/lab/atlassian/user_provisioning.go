package atlassian

import "net/http"

// userProvisioning answers the calls about links between SCIM records and accounts. They take the organization's key.
func (c *call) userProvisioning() answer {
	if a, in := c.orgDoor(""); !in {
		return a
	}
	if len(c.path) == 0 || c.path[0] != c.w.org.ID {
		return orgNotFound()
	}
	c.path = c.path[1:]
	switch {
	case c.is("GET", "user", "*", "get-scim-links"):
		return c.linksOfAccount(c.path[1])
	case c.is("POST", "get-scim-links-for-email"):
		return c.linksOfEmail()
	case c.is("PATCH", "scimDirectoryId", "*", "scimUserId", "*", "unlink"):
		return c.unlinkRecord(c.path[1], c.path[3])
	case c.is("DELETE", "user", "*", "onlyDeleteUserInDB"):
		return c.deleteRecords(c.path[1])
	}
	return gatewayError(http.StatusNotFound, "Not Found")
}

// linkView is one link; without an account the record is unlinked.
func (w *world) linkView(r *record) object {
	o := object{"scimUserId": r.id, "atlassianAccountId": nil, "orgId": w.org.ID, "directoryId": r.dir.ID}
	if r.account != nil {
		o["atlassianAccountId"] = r.account.id
	}
	return o
}

func (c *call) linksOf(records []*record) answer {
	links := []object{}
	for _, r := range visible(records) {
		if r.dir.graph && c.w.readings.ConnectorLinksHidden {
			continue
		}
		links = append(links, c.w.linkView(r))
	}
	return ok(object{"scimLinks": links})
}

func (c *call) linksOfAccount(id string) answer {
	a := c.w.byID[id]
	if a == nil {
		return orgError(http.StatusNotFound, "ADMIN-404-8", "Not Found", "The user does not exist")
	}
	return c.linksOf(a.records)
}

func (c *call) linksOfEmail() answer {
	body, err := c.read()
	if err != nil || str(body["email"]) == "" {
		return orgError(http.StatusBadRequest, "ADMIN-400-24", "Bad Request", "The body must have an email")
	}
	return c.linksOf(c.w.holders[c.w.fold(str(body["email"]))])
}

// unlinkRecord breaks a link and keeps both sides. What it answers besides success is not documented.
func (c *call) unlinkRecord(dir, id string) answer {
	d := c.w.directory(dir)
	if d == nil || d.userByID[id] == nil {
		return orgError(http.StatusNotFound, "ADMIN-404-8", "Not Found", "The SCIM user does not exist")
	}
	r := d.userByID[id]
	if a := r.account; a != nil {
		c.w.unlink(r)
		c.w.happened(c.actor(), "scim_user_unlinked", []subject{a.subject()}, "Unlinked %s", a.name)
	}
	return noContent()
}

// deleteRecords removes an account's records from all directories. Only managed accounts; memberships must be
// provisioned again afterwards.
func (c *call) deleteRecords(id string) answer {
	a := c.w.byID[id]
	switch {
	case a == nil:
		return orgError(http.StatusNotFound, "ADMIN-404-8", "Not Found", "The user does not exist")
	case !c.w.managed(a):
		return orgError(http.StatusForbidden, "ADMIN-403-3", "Forbidden", "The account is not managed by the organization")
	}
	for _, r := range append([]*record(nil), a.records...) {
		c.w.erase(r)
	}
	a.heldBy = nil
	c.w.happened(c.actor(), "scim_user_unlinked", []subject{a.subject()}, "Deleted the SCIM records of %s", a.name)
	return noContent()
}

// actor is who does what an API key does.
func (c *call) actor() object {
	a := clone(administrator)
	a["auth"] = object{"authType": "container-token", "tokenId": "lab", "tokenLabel": "lab"}
	return a
}

func orgNotFound() answer {
	return orgError(http.StatusNotFound, "ADMIN-404-2", "Not Found", "The organization does not exist")
}
