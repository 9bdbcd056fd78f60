package demo

import (
	"slices"
	"time"
)

// The organization: accounts, groups, domains, policies and events.

// holder is an account of the organization, and whose it is.
type holder struct {
	*person
	account, email, source, claim string
}

// accounts are all of the organization.
func (c *company) accounts() []holder {
	var all []holder
	for _, p := range c.people {
		switch {
		case p.trouble == duplicate:
			all = append(all, holder{p, p.elder(), p.mail, "invited", "managed"})
		case p.trouble == unverified:
			all = append(all, holder{p, p.account(), p.mail, "invited", "unmanaged"})
		case p.linked(), p.trouble == staleRecord:
			all = append(all, holder{p, p.account(), p.mail, "synced", "managed"})
		}
		if p.trouble == otherName {
			all = append(all, holder{p, p.elder(), p.upn, "invited", "managed"})
		}
	}
	return append(all, holder{stranger(), stranger().account(), stranger().mail, "synced", "managed"})
}

func (c *company) orgUsers() obj {
	data := []obj{}
	for _, h := range c.accounts() {
		synced := h.account == h.person.account()
		state, status, off := "active", "active", any(nil)
		if !h.active() || h.trouble == deactivated {
			state, status, off = "inactive", "deactivated", stamp(c.ago(9*24*time.Hour))
		}
		in, access := []obj{}, []obj{}
		for i := range groups {
			g := &groups[i]
			if !synced || !slices.Contains(c.reached(g), h.person) {
				continue
			}
			in = append(in, obj{"id": g.orgID(), "name": g.there()})
			for _, key := range g.products {
				if p := products[key]; h.trouble != noSeat && state == "active" && !slices.ContainsFunc(access, func(o obj) bool { return o["key"] == key }) {
					access = append(access, obj{"key": key, "name": p, "url": "https://" + site, "resourceId": resource(key)})
				}
			}
		}
		added := c.made(h.person)
		if h.source == "invited" {
			added = c.ago(2000 * 24 * time.Hour)
		}
		data = append(data, obj{
			"accountId": h.account, "accountType": "atlassian", "status": status, "accountStatus": state, "membershipStatus": "active", "addedToOrg": stamp(added),
			"name": h.display, "nickname": h.given, "email": h.email, "emailVerified": true, "claimStatus": h.claim, "managementSource": h.source, "mfaEnabled": false,
			"jobTitle": h.title, "deactivatedOn": off, "productAccess": access, "groups": in,
		})
	}
	return obj{"data": data}
}

var products = map[string]string{"jira-software": "Jira", "jira-servicedesk": "Jira Service Management", "confluence": "Confluence"}

func resource(product string) string { return "ari:cloud:" + product + "::site/" + id("site", product) }

func (c *company) orgGroups() obj {
	data := []obj{}
	for i := range groups {
		g := &groups[i]
		if !g.assigned {
			continue
		}
		members := []string{}
		for _, p := range c.reached(g) {
			members = append(members, p.account())
		}
		byDefault, managed, grants := any(nil), "external", []obj{}
		if g.local == defaultAccess {
			byDefault = "atlassian/user"
		}
		if g.local != noLocal {
			managed = "admins"
		}
		for _, key := range g.products {
			grants = append(grants, obj{"resourceId": resource(key), "resourceOwner": key, "defaultRole": byDefault, "roles": []string{"atlassian/user"}})
		}
		data = append(data, obj{
			"id": g.orgID(), "name": g.there(), "description": g.about, "directoryId": id("user-directory", "kestrel"), "externalSynced": g.local == noLocal,
			"managedBy": managed, "members": members, "roleAssignments": grants,
		})
	}
	return obj{"data": data}
}

func domains() obj {
	item := func(name, status string) obj {
		return obj{"id": id("domain", name), "type": "domains", "attributes": obj{"name": name, "claim": obj{"type": "dns", "status": status}}}
	}
	return obj{"data": []obj{item(domain, "verified"), item(opticsDomain, "unverified")}}
}

func (c *company) manage() obj {
	held, free := obj{"allowed": false, "reason": obj{"key": "externalDirectory.scim"}}, obj{"allowed": true}
	answers := obj{}
	for _, h := range c.accounts() {
		may := held
		if h.source == "invited" {
			may = free
		}
		if answers[h.account] = (obj{"email.set": may, "lifecycle.enablement": may, "lifecycle.delete": free, "apiToken.read": free, "apiToken.delete": free}); h.claim == "unmanaged" {
			answers[h.account] = obj{"key": "forbidden", "context": obj{}, "message": "The account is not managed by this organization."}
		}
	}
	return answers
}

func (c *company) policies() obj {
	answers := obj{}
	for _, h := range c.accounts() {
		if h.claim == "unmanaged" {
			continue
		}
		policy, name := ssoPolicy, "SSO required"
		if h.trouble == wrongPolicy || h.source == "invited" {
			policy, name = basePolicy, "Default policy"
		}
		answers[h.account] = obj{"policyId": policy, "name": name}
	}
	return answers
}

func (c *company) events() obj {
	olga, goran := c.byNick["olga.sanz"], c.byNick["goran.babic"]
	event := func(at time.Time, action, text string, about ...obj) obj {
		return obj{
			"id": id("event", stamp(at)), "type": "events", "message": obj{"format": "simple", "content": text},
			"attributes": obj{
				"time": stamp(at), "action": action, "actor": obj{"id": olga.account(), "name": olga.display, "email": olga.mail}, "context": about,
				"container": []obj{{"id": org, "type": "orgs", "attributes": obj{"orgName": "Kestrel Instruments"}}},
			},
		}
	}
	user := func(p *person) obj {
		return obj{"id": p.account(), "type": "users", "attributes": obj{"accountType": "atlassian", "email": p.mail, "name": p.display}}
	}
	team := func(name string) obj {
		return obj{"id": named(name).orgID(), "type": "groups", "attributes": obj{"name": name}}
	}
	return obj{"data": []obj{
		event(c.ago(9*24*time.Hour), "user_deactivated", "Deactivated the account of "+goran.display, user(goran)),
		event(c.ago(79*24*time.Hour), "user_added_to_group", "Added "+olga.display+" to the group confluence-users", user(olga), team("confluence-users")),
		event(c.ago(171*24*time.Hour), "user_added_to_group", "Added "+olga.display+" to the group design-guild", user(olga), team("design-guild")),
	}}
}
