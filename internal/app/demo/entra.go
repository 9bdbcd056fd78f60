package demo

import "time"

// Entra's half, as Microsoft Graph answers it.

func (c *company) users() obj {
	value := []obj{}
	for _, p := range c.people {
		kind := "Member"
		if p.trouble == guest {
			kind = "Guest"
		}
		value = append(value, obj{
			"id": p.id(), "userPrincipalName": p.upn, "mail": p.mail, "displayName": p.display, "givenName": p.given, "surname": p.family,
			"mailNickname": p.nick, "accountEnabled": p.enabled(), "userType": kind, "employeeType": p.kind, "department": p.department, "jobTitle": p.title,
			"proxyAddresses": []string{"SMTP:" + p.mail}, "otherMails": []string{}, "createdDateTime": stamp(c.since(p)), "onPremisesSyncEnabled": nil,
		})
	}
	return obj{"value": value}
}

func (c *company) entraGroups() obj {
	value := []obj{}
	for i := range groups {
		g := &groups[i]
		members := []obj{}
		for _, p := range c.members(g) {
			members = append(members, obj{"@odata.type": "#microsoft.graph.user", "id": p.id()})
		}
		for _, name := range g.inside {
			members = append(members, obj{"@odata.type": "#microsoft.graph.group", "id": named(name).id()})
		}
		value = append(value, obj{
			"id": g.id(), "displayName": g.name, "description": g.about, "mailEnabled": false, "mailNickname": g.name, "securityEnabled": true,
			"groupTypes": []string{}, "visibility": nil, "onPremisesSyncEnabled": nil, "createdDateTime": stamp(c.since(&person{days: g.days})), "members": members,
		})
	}
	return obj{"value": value}
}

func (c *company) deletedUsers() obj {
	return obj{"value": []obj{{
		"id": id("user", "greta.holm"), "userPrincipalName": "greta.holm@" + domain, "mail": "greta.holm@" + domain, "displayName": "Greta Holm",
		"givenName": "Greta", "surname": "Holm", "mailNickname": "greta.holm", "accountEnabled": true, "userType": "Member",
		"deletedDateTime": stamp(c.ago(18 * 24 * time.Hour)),
	}}}
}

func servicePrincipal() obj {
	role := func(id, name string) obj {
		return obj{"id": id, "displayName": name, "description": name, "value": nil, "isEnabled": true, "origin": "Application", "allowedMemberTypes": []string{"User"}}
	}
	return obj{
		"id": application, "appId": id("application", "Atlassian Cloud"), "displayName": "Atlassian Cloud", "accountEnabled": true,
		"appRoles": []obj{role(id("app-role", "msiam_access"), "msiam_access"), role(userRole, "User")}, "passwordCredentials": []obj{},
	}
}

func (c *company) assignments() obj {
	value := []obj{}
	for i := range groups {
		if g := &groups[i]; g.assigned {
			value = append(value, obj{
				"id": id("assignment", g.name), "appRoleId": userRole, "createdDateTime": stamp(c.since(&person{days: g.days}).Add(5 * time.Minute)), "deletedDateTime": nil,
				"principalDisplayName": g.name, "principalId": g.id(), "principalType": "Group", "resourceDisplayName": "Atlassian Cloud", "resourceId": application,
			})
		}
	}
	return obj{"value": value}
}

// audits tell what administrators changed of late.
func (c *company) audits() obj {
	olga := c.byNick["olga.sanz"]
	value := []obj{}
	entry := func(at time.Time, activity, category, kind string, targets ...obj) {
		value = append(value, obj{
			"id": "Directory_" + id("audit", stamp(at)+activity), "activityDateTime": stamp(at), "activityDisplayName": activity, "category": category,
			"loggedByService": "Core Directory", "operationType": kind, "result": "success", "resultReason": "",
			"initiatedBy":     obj{"user": obj{"id": olga.id(), "userPrincipalName": olga.upn, "displayName": olga.display}, "app": nil},
			"targetResources": targets, "additionalDetails": []obj{},
		})
	}
	user := func(p *person, changed ...obj) obj {
		return obj{"id": p.id(), "type": "User", "displayName": nil, "userPrincipalName": p.upn, "modifiedProperties": append([]obj{}, changed...)}
	}
	added := func(at time.Time, p *person) {
		g := named(p.groups[0])
		entry(at, "Add member to group", "GroupManagement", "Assign",
			user(p, obj{"displayName": "Group.ObjectID", "oldValue": nil, "newValue": `"` + g.id() + `"`}, obj{"displayName": "Group.DisplayName", "oldValue": nil, "newValue": `"` + g.name + `"`}),
			obj{"id": g.id(), "type": "Group", "displayName": nil, "modifiedProperties": []obj{}})
	}
	for _, nick := range []string{"emeka.obi", "clara.voss"} {
		p := c.byNick[nick]
		added(c.ago(justNow), p)
		entry(c.since(p), "Add user", "UserManagement", "Add", user(p))
	}
	added(c.ago(6*24*time.Hour), c.byNick["ingrid.solberg"])
	disabled := obj{"displayName": "AccountEnabled", "oldValue": `["true"]`, "newValue": `["false"]`}
	for i, nick := range []string{"viktor.hale", "bram.dewit", "ruth.alder"} {
		entry(c.ago(time.Duration(7+10*i)*24*time.Hour), "Disable account", "UserManagement", "Update", user(c.byNick[nick], disabled))
	}
	return obj{"value": value}
}
