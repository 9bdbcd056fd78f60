package atlassian

import (
	"cmp"
	"net/http"
	"slices"
)

func userNotFound() answer {
	return orgError(http.StatusNotFound, "ADMIN-404-8", "Not Found", "The user does not exist")
}

// within tells whether an account is in a user directory; "-" is all of them.
func within(a *account, directory string) bool {
	if directory == "-" || directory == a.directoryID() {
		return true
	}
	return slices.ContainsFunc(a.groups.all(), func(g *group) bool { return g.directory == directory })
}

// shown tells whether the organization lists an account.
func shown(a *account, directory string) bool {
	return a.listed && !a.outside && a.status != closed && within(a, directory)
}

func (c *call) oneAccount(directory, id string) answer {
	a := c.w.byID[id]
	if a == nil || !shown(a, directory) {
		return userNotFound()
	}
	return ok(object{"data": c.accountView(a, directory, map[string]bool{"productAccess": true})})
}

// accountView is an account in the shape of version 2. What was loaded stays, as far as it is not the lab's business.
func (c *call) accountView(a *account, directory string, expand map[string]bool) object {
	o := clone(a.raw)
	text := func(name, value string) {
		if value != "" {
			o[name] = value
		} else if was, told := o[name]; told && was != "" {
			o[name] = nil
		}
	}
	o["accountId"], o["accountType"], o["name"] = a.id, cmp.Or(str(o["accountType"]), "atlassian"), a.name
	o["status"], o["accountStatus"], o["membershipStatus"] = a.wholeStatus(), a.status, a.membership
	text("email", a.email)
	text("nickname", a.nickname)
	o["emailVerified"] = a.verified
	o["claimStatus"] = "unmanaged"
	if c.w.managed(a) {
		o["claimStatus"] = "managed"
	}
	text("managementSource", a.source)
	text("jobTitle", a.profile.JobTitle)
	text("department", a.profile.Department)
	text("organization", a.profile.Organization)
	text("location", a.profile.Location)
	text("timeZone", a.profile.TimeZone)
	if o["addedToOrg"] == nil && !a.added.IsZero() {
		o["addedToOrg"] = stamp(a.added)
	}
	if !a.deactivated.IsZero() {
		o["deactivatedOn"] = stamp(a.deactivated)
	} else if a.status == active || a.raw == nil {
		o["deactivatedOn"] = nil
	}
	if !a.deleteOn.IsZero() || o["forDeletion"] != nil {
		o["forDeletion"] = !a.deleteOn.IsZero()
	}
	delete(o, "productAccess")
	if expand["productAccess"] {
		access := []object{}
		o["productAccess"] = append(access, a.access...)
	}
	if expand["counts.resources"] {
		o["counts"] = object{"resources": len(a.access)}
	}
	if expand["platformRoles"] && o["platformRoles"] == nil {
		o["platformRoles"] = []string{}
	}
	if expand["groups"] {
		groups := []object{}
		a.groups.each(func(g *group) {
			if directory == "-" || g.directory == directory {
				groups = append(groups, object{"id": g.id, "name": g.name, "description": g.description})
			}
		})
		o["groups"] = groups
	}
	return o
}

// rolesOfAccount lists what an account may use, each resource once, and how it came to it.
func (c *call) rolesOfAccount(directory, id string) answer {
	a := c.w.byID[id]
	if a == nil || !shown(a, directory) {
		return userNotFound()
	}
	byResource := map[string]object{}
	var data []any
	a.groups.each(func(g *group) {
		for _, gr := range g.grants {
			o := byResource[gr.resource]
			if o == nil {
				o = object{
					"resourceId": gr.resource, "resourceOwner": gr.owner, "roles": []string{}, "roleAssignments": []object{},
					"directoryId": a.directoryID(), "userDirectoryStatus": a.status,
				}
				byResource[gr.resource] = o
				data = append(data, o)
			}
			roles, _ := o["roles"].([]string)
			if slices.Contains(roles, gr.role) {
				continue
			}
			list, _ := o["roleAssignments"].([]object)
			o["roles"] = append(roles, gr.role)
			o["roleAssignments"] = append(list, object{"role": gr.role, "roleAssignmentMethods": []string{"group_direct"}})
		}
	})
	return c.listV2(data, "roles", -1)
}
