package demo

import (
	"slices"
	"strings"
	"time"
)

// The Guard directory: what Entra pushed.

func scimURL(kind, id string) string {
	return "https://api.atlassian.com/scim/directory/" + directory + "/" + kind + "/" + id
}

// made is when the record of a person was made: with the directory, or when they came.
func (c *company) made(p *person) time.Time {
	return c.ago(time.Duration(min(p.days, setUp)) * 24 * time.Hour).Add(33 * time.Minute)
}

func (c *company) scimUsers() obj {
	resources := []obj{}
	for _, p := range c.people {
		switch {
		case p.recorded():
			account := any(p.account())
			if !p.linked() {
				account = nil
			}
			resources = append(resources, c.scimUser(p, p.recordID(), p.id(), account))
		case p.trouble == staleRecord: // of the former life
			resources = append(resources, c.scimUser(p, p.recordID(), id("former-user", p.nick), p.account()))
		}
	}
	return obj{"Resources": append(resources, c.scimUser(stranger(), stranger().recordID(), id("purged-user", stranger().nick), stranger().account()))}
}

// stranger has a record, and Entra has forgotten that there ever was such a person.
func stranger() *person {
	return &person{
		given: "Frank", family: "Rowe", display: "Frank Rowe", nick: "frank.rowe", upn: "frank.rowe@" + domain, mail: "frank.rowe@" + domain,
		title: "Account Manager", department: "Sales", days: 1000,
	}
}

func (c *company) scimUser(p *person, record, external string, account any) obj {
	in := []obj{}
	for i := range groups {
		g := &groups[i]
		if g.provisioned() && slices.Contains(c.pushed(g), p) {
			in = append(in, obj{"type": "Direct", "value": g.recordID(), "display": g.there(), "$ref": scimURL("Groups", g.recordID())})
		}
	}
	at := stamp(c.made(p))
	return obj{
		"schemas": []string{"urn:scim:schemas:extension:atlassian-external:1.0", "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"},
		"id":      record, "externalId": external, "userName": p.upn, "name": obj{"givenName": p.given, "familyName": p.family}, "displayName": p.display, "title": p.title,
		"emails": []obj{{"value": p.mail, "type": "work", "primary": true}}, "groups": in, "active": p.active(),
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": obj{"department": p.department},
		"urn:scim:schemas:extension:atlassian-external:1.0":          obj{"atlassianAccountId": account},
		"meta": obj{"resourceType": "User", "location": scimURL("Users", record), "created": at, "lastModified": at},
	}
}

func (c *company) scimGroups() obj {
	resources := []obj{}
	for i := range groups {
		g := &groups[i]
		if !g.provisioned() {
			continue
		}
		members := []obj{}
		for _, p := range c.pushed(g) {
			members = append(members, obj{"type": "User", "value": p.recordID(), "display": p.upn, "$ref": scimURL("Users", p.recordID())})
		}
		resources = append(resources, obj{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "id": g.recordID(), "externalId": g.id(), "displayName": g.there(), "members": members,
			"meta": obj{
				"resourceType": "Group", "location": scimURL("Groups", g.recordID()), "created": stamp(c.made(&person{days: g.days})),
				"lastModified": stamp(c.ago(12 * 24 * time.Hour)),
			},
		})
	}
	return obj{"Resources": resources}
}

func (c *company) scimLinks() obj {
	links := []obj{}
	link := func(p *person, account any) {
		links = append(links, obj{"scimUserId": p.recordID(), "atlassianAccountId": account, "orgId": org, "directoryId": directory})
	}
	for _, p := range c.people {
		switch {
		case p.linked() || p.trouble == staleRecord:
			link(p, p.account())
		case p.recorded():
			link(p, nil)
		}
	}
	link(stranger(), stranger().account())
	return obj{"scimLinks": links}
}

// troubleshooting is the log that Guard shows to administrators.
func (c *company) troubleshooting() string {
	var b strings.Builder
	at := c.ago(8 * time.Hour).Format("2006-01-02 15:04:05")
	for _, p := range c.people {
		if p.trouble == duplicate || p.trouble == staleRecord {
			b.WriteString(at + " UTC  409  " + taken(p) + "\n")
		}
	}
	b.WriteString(at + " UTC  Failed to create group of name design-guild: a group of that name exists\n")
	return b.String()
}
