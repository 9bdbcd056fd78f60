package main

import "strings"

// Atlassian's half: the Guard directory, the organization, and the two sites.

func scimUsers() any {
	resources := []obj{}
	for _, p := range people {
		if !p.hasRecord() {
			continue
		}
		in := []obj{}
		for _, g := range groups {
			for _, m := range g.pushed() {
				if g.provisioned() && m.nick() == p.nick() {
					in = append(in, obj{"type", "Direct", "value", g.recordID(), "display", g.name, "$ref", scimURL("Groups", g.recordID())})
				}
			}
		}
		account := any(p.account())
		if !p.linked() {
			account = nil
		}
		resources = append(resources, obj{
			"schemas",
			[]string{"urn:scim:schemas:extension:atlassian-external:1.0", "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"},
			"id", p.recordID(), "externalId", p.id(), "userName", p.address(), "name",
			obj{"givenName", p.given, "familyName", p.family},
			"displayName", p.name(), "title", p.title, "emails",
			[]obj{{"value", p.address(), "type", "work", "primary", true}},
			"groups", in,
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
			obj{"department", p.dept},
			"urn:scim:schemas:extension:atlassian-external:1.0",
			obj{"atlassianAccountId", account},
			"meta",
			obj{"resourceType", "User", "location", scimURL("Users", p.recordID()), "created", recordCreated(p), "lastModified", recordModified(p)},
			"active", p.trouble != disabled,
		})
	}
	return obj{"Resources", resources}
}

func scimURL(kind, id string) string {
	return "https://api.atlassian.com/scim/directory/" + directory + "/" + kind + "/" + id
}

func recordCreated(p person) string {
	if p.since < "2023" {
		return "2023-01-09T10:00:00.000000Z" // when the directory was set up
	}
	return p.since + "T09:02:33.000000Z"
}

func recordModified(p person) string {
	switch p.trouble {
	case unverified:
		return "2026-11-12T09:22:38.114202Z"
	case disabled:
		return "2026-10-30T14:42:19.520118Z"
	}
	return recordCreated(p)
}

func scimGroups() any {
	resources := []obj{}
	for _, g := range groups {
		if !g.provisioned() {
			continue
		}
		members := []obj{}
		for _, p := range g.pushed() {
			members = append(members, obj{"type", "User", "value", p.recordID(), "display", p.address(), "$ref", scimURL("Users", p.recordID())})
		}
		resources = append(resources, obj{
			"schemas",
			[]string{"urn:ietf:params:scim:schemas:core:2.0:Group"},
			"id", g.recordID(), "externalId", g.id(), "displayName", g.name, "members", members,
			"meta",
			obj{"resourceType", "Group", "location", scimURL("Groups", g.recordID()), "created", "2023-01-09T10:05:00.000000Z", "lastModified", "2026-10-26T09:02:44.000000Z"},
		})
	}
	return obj{"Resources", resources}
}

func scimLinks() any {
	links := []obj{}
	for _, p := range people {
		if p.hasRecord() {
			account := any(p.account())
			if !p.linked() {
				account = nil
			}
			links = append(links, obj{"scimUserId", p.recordID(), "atlassianAccountId", account, "orgId", org, "directoryId", directory})
		}
	}
	return obj{"scimLinks", links}
}

func orgUsers() any {
	data := []obj{}
	account := func(p person, id, source, claim string, added string) obj {
		state, status, membership := "active", "active", "active"
		var off any
		if p.trouble == disabled {
			state, status, off = "inactive", "deactivated", "2026-10-30T14:42:19Z"
		}
		in := []obj{}
		for _, g := range groups {
			for _, m := range g.reached() {
				if g.provisioned() && m.nick() == p.nick() && id == p.account() {
					in = append(in, obj{"id", g.orgID(), "name", g.name})
				}
			}
		}
		key, name, host := "jira-software", "Jira", mainSite
		if p.dept == "Support" || p.dept == "IT" {
			key, name, host = "jira-servicedesk", "Jira Service Management", deskSite
		}
		access := []obj{{"key", key, "name", name, "url", "https://" + host, "resourceId", resource(key)}}
		if p.trouble == disabled || claim == "unmanaged" {
			access = []obj{}
		}
		return obj{
			"accountId", id, "accountType", "atlassian", "status", status, "accountStatus", state, "membershipStatus", membership,
			"addedToOrg", added, "name", p.name(), "nickname", p.given, "email", p.address(), "emailVerified", true, "claimStatus", claim,
			"managementSource", source, "mfaEnabled", false, "jobTitle", p.title, "deactivatedOn", off, "productAccess", access, "groups", in,
		}
	}
	for _, p := range people {
		switch {
		case p.linked():
			data = append(data, account(p, p.account(), "synced", "managed", recordCreated(p)))
		case p.trouble == duplicate:
			data = append(data, account(p, oldAccount, "invited", "managed", "2021-03-15T13:20:08Z"))
		case p.trouble == unverified:
			data = append(data, account(p, p.account(), "invited", "unmanaged", recordCreated(p)))
		}
	}
	return obj{"data", data}
}

func resource(product string) string {
	kind := strings.TrimPrefix(product, "jira-")
	if kind == product {
		return "ari:cloud:" + product + "::site/" + id("site", mainSite)
	}
	host := mainSite
	if product == "jira-servicedesk" {
		host = deskSite
	}
	return "ari:cloud:jira-" + kind + "::site/" + id("site", host)
}

// products says which product each group opens.
func products(g group) []string {
	switch g.name {
	case "service-desk-agents":
		return []string{"jira-servicedesk"}
	case "confluence-users":
		return []string{"confluence"}
	}
	return []string{"jira-software"}
}

func orgGroups() any {
	data := []obj{}
	for _, g := range groups {
		if !g.provisioned() {
			continue
		}
		members := []string{}
		for _, p := range g.reached() {
			members = append(members, p.account())
		}
		managed, grants := "external", []obj{}
		for _, p := range products(g) {
			byDefault := any(nil)
			if g.local() {
				byDefault = "atlassian/user"
			}
			grants = append(grants, obj{"resourceId", resource(p), "resourceOwner", p, "defaultRole", byDefault, "roles", []string{"atlassian/user"}})
		}
		if g.local() {
			managed = "admins"
		}
		data = append(data, obj{
			"id", g.orgID(), "name", g.name, "description", g.about, "directoryId", id("user-directory", "fabrikam"), "externalSynced", !g.local(), "managedBy", managed,
			"members", members, "roleAssignments", grants,
		})
	}
	return obj{"data", data}
}

func domains() any {
	item := func(name, status string) obj {
		return obj{"id", id("domain", name), "type", "domains", "attributes", obj{"name", name, "claim", obj{"type", "dns", "status", status}}}
	}
	return obj{"data", []obj{item(domain, "verified"), item(labsDomain, "unverified")}}
}

func manage() any {
	answers := obj{}
	held := obj{"allowed", false, "reason", obj{"key", "externalDirectory.scim"}}
	free := obj{"allowed", true}
	for _, p := range people {
		switch {
		case p.linked():
			answers = append(answers, p.account(), obj{"email.set", held, "lifecycle.enablement", held, "lifecycle.delete", free, "apiToken.read", free, "apiToken.delete", free})
		case p.trouble == duplicate:
			answers = append(answers, oldAccount, obj{"email.set", free, "lifecycle.enablement", free, "lifecycle.delete", free, "apiToken.read", free, "apiToken.delete", free})
		case p.trouble == unverified:
			answers = append(answers, p.account(), obj{"key", "forbidden", "context", obj{}, "message", "The account is not managed by this organization."})
		}
	}
	return answers
}

func policies() any {
	answers := obj{}
	for _, p := range people {
		if !p.linked() {
			continue
		}
		policy, name := ssoPolicy, "SSO required"
		if p.trouble == wrongPolicy {
			policy, name = basePolicy, "Default policy"
		}
		answers = append(answers, p.account(), obj{"policyId", policy, "name", name})
	}
	return answers
}

func events() any {
	olga := find("olga.sanz")
	event := func(at, action, text string, about ...obj) obj {
		return obj{"id", id("event", at), "type", "events", "attributes", obj{
			"time", at, "action", action, "actor",
			obj{"id", olga.account(), "name", olga.name(), "email", olga.address()},
			"context", about, "container",
			[]obj{{"id", org, "type", "orgs", "attributes", obj{"orgName", "Fabrikam"}}},
		}, "message", obj{"format", "simple", "content", text}}
	}
	anna, g := find("anna.fabri"), groupNamed("confluence-users")
	return obj{"data", []obj{
		event("2026-09-01T09:12:20Z", "user_added_to_group", "Added Anna Fabri to the group confluence-users",
			obj{"id", anna.account(), "type", "users", "attributes", obj{"accountType", "atlassian", "email", anna.address(), "name", anna.name()}},
			obj{"id", g.orgID(), "type", "groups", "attributes", obj{"name", g.name}}),
		event("2026-06-15T07:44:02Z", "user_added_to_group", "Added Olga Sanz to the group org-admins",
			obj{"id", olga.account(), "type", "users", "attributes", obj{"accountType", "atlassian", "email", olga.address(), "name", olga.name()}}),
	}}
}

func troubleshooting() string {
	tom, grace := find("tom.baker"), find("grace.okafor")
	return `2026-11-20 04:02:31 UTC  409  {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [USER]: with email[` + tom.address() + `] already exists."}
2026-11-12 09:22:38 UTC  Email update to unmanaged user with ID ` + grace.recordID() + `, primary email ` + grace.address() + `, unlinked any associated atlassian account.
`
}

func jiraGroups() any {
	site := obj{}
	for _, g := range groups {
		if !g.provisioned() {
			continue
		}
		values := []obj{}
		for _, p := range g.reached() {
			values = append(values, obj{"accountId", p.account(), "displayName", p.name(), "active", p.trouble != disabled})
		}
		site = append(site, g.name, obj{"values", values})
	}
	return site
}

func role(key, name, fallback string, seats, used int) obj {
	in := []string{fallback}
	for _, g := range groups {
		for _, p := range products(g) {
			if p == key && g.provisioned() {
				in = append(in, g.name)
			}
		}
	}
	return obj{
		"key", key, "name", name, "groups", in, "defaultGroups",
		[]string{fallback},
		"selectedByDefault", key == "jira-software",
		"defined", true, "numberOfSeats", seats, "remainingSeats", seats - used, "userCount", used, "userCountDescription", "users",
		"hasUnlimitedSeats", false, "platform", false,
	}
}
