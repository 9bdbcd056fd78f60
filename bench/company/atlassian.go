package company

import "fmt"

func scimUsers(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		record, external := p.record, p.id
		switch {
		case p.trouble == staleRecord: // an old record of the same address, of an account that is gone from Entra
			external = c.uuid()
		case !p.recorded():
			continue
		}
		link := `"` + p.account + `"`
		if p.trouble == unlinked {
			link = "null"
		}
		s.item(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","urn:scim:schemas:extension:atlassian-external:1.0"],"id":%q,"externalId":%q,"meta":{"resourceType":"User","location":"https://api.atlassian.com/scim/directory/%s/Users/%s","created":%q,"lastModified":"2026-11-01T10:00:00Z"},"userName":%q,"emails":[{"value":%q,"type":"work","primary":true}],"name":{"formatted":%q,"familyName":%q,"givenName":%q},"displayName":%q,"title":%q,"preferredLanguage":"de-DE","active":%t,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"organization":"Fabrikam","department":%q},"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":%s}}`,
			record, external, c.dir, record, moment(p.created), p.upn, p.mail, p.given+" "+p.family, p.family, p.given, p.given+" "+p.family, p.title, p.trouble != disabled, p.department, link)
	}
}

// synced tells whether the person is in the group at the target.
func synced(p *person, g *group) bool { return g.assigned && p.recorded() && p.trouble != disabled }

func scimGroups(c *company, s *sheet) {
	for i := range c.groups {
		g := &c.groups[i]
		if !g.assigned {
			continue
		}
		w := s.next()
		fmt.Fprintf(w, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":%q,"externalId":%q,"displayName":%q,"meta":{"resourceType":"Group","created":%q,"lastModified":"2026-11-01T10:00:00Z"},"members":[`, g.scim, g.id, g.name, moment(g.created))
		sep := ""
		for _, n := range g.people {
			if p := &c.people[n]; synced(p, g) {
				fmt.Fprintf(w, `%s{"type":"User","value":%q,"display":%q,"$ref":"https://api.atlassian.com/scim/directory/%s/Users/%s"}`, sep, p.record, p.given+" "+p.family, c.dir, p.record)
				sep = ","
			}
		}
		w.WriteString("]}")
	}
}

func scimLinks(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		dir, account := c.dir, p.account
		switch {
		case p.trouble == heldElsewhere:
			dir = "ffffffff-0000-4000-8000-00000000d1e2"
		case p.trouble == unlinked:
			s.item(`{"scimUserId":%q,"atlassianAccountId":null,"orgId":%q,"directoryId":%q,"email":%q}`, p.record, c.org, dir, p.mail)
			continue
		case !p.recorded():
			continue
		}
		s.item(`{"scimUserId":%q,"atlassianAccountId":%q,"orgId":%q,"directoryId":%q,"email":%q}`, p.record, account, c.org, dir, p.mail)
	}
}

func orgUsers(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		source, claim, status := "synced", "managed", "active"
		switch p.trouble {
		case duplicateAccount, guest:
			source = "invited"
		case deactivated, disabled:
			status = "inactive"
		case unlinked:
			claim = "unmanaged"
		case deleted, notAssigned, nestedOnly:
			continue
		}
		products := `[{"key":"jira-software","name":"Jira","url":"https://fabrikam.atlassian.net","id":"ari:jira"}]`
		if p.trouble == noProduct {
			products = "[]"
		}
		state := "active"
		if status == "inactive" {
			state = "deactivated"
		}
		s.item(`{"accountId":%q,"accountType":"atlassian","status":%q,"accountStatus":%q,"membershipStatus":"active","name":%q,"nickname":%q,"email":%q,"emailVerified":true,"claimStatus":%q,"managementSource":%q,"mfaEnabled":false,"jobTitle":%q,"department":%q,"addedToOrg":%q,"counts":{"resources":1},"productAccess":%s}`,
			p.account, state, status, p.given+" "+p.family, p.given, p.mail, claim, source, p.title, p.department, moment(p.created), products)
	}
}

func orgGroups(c *company, s *sheet) {
	for i := range c.groups {
		g := &c.groups[i]
		if !g.assigned {
			continue
		}
		w := s.next()
		fmt.Fprintf(w, `{"id":%q,"name":%q,"description":"","directoryId":%q,"externalSynced":true,"managedBy":"external","members":[`, g.org, g.name, c.dir)
		sep := ""
		for _, n := range g.people {
			if p := &c.people[n]; synced(p, g) && p.trouble != unlinked {
				fmt.Fprintf(w, `%s%q`, sep, p.account)
				sep = ","
			}
		}
		w.WriteString(`],"roleAssignments":[`)
		if i == 0 {
			w.WriteString(`{"resourceId":"ari:cloud:jira-software::site/fabrikam","resourceOwner":"jira-software","defaultRole":null,"roles":["atlassian/user"]}`)
		}
		w.WriteString(`]}`)
	}
}

func domains(c *company, s *sheet) {
	fmt.Fprintf(s.w, `{"data":[{"id":"d1","type":"domains","attributes":{"name":%q,"claim":{"type":"dns","status":"verified"}}},{"id":"d2","type":"domains","attributes":{"name":%q,"claim":{"type":"dns","status":"verified"}}}]}`, domain, "brand."+domain)
}

func manage(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		switch {
		case p.trouble == unlinked:
			s.item(`%q:{"key":"forbidden","context":{}}`, p.account)
		case p.recorded():
			s.item(`%q:{"email.set":{"allowed":false,"reason":{"key":"externalDirectory.scim"}},"lifecycle.enablement":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}}`, p.account)
		}
	}
}

func policies(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		if !p.recorded() || p.trouble == unlinked {
			continue
		}
		id, name := "policy-sso", "SSO required"
		if p.trouble == wrongPolicy {
			id, name = "policy-default", "Default policy"
		}
		s.item(`%q:{"policyId":%q,"name":%q}`, p.account, id, name)
	}
}

func events(c *company, s *sheet) {
	for i := 0; i < len(c.people); i += 20 {
		s.item(`{"id":"e%06d","type":"events","attributes":{"time":"2026-11-%02dT10:00:00Z","action":"user_added_to_group","actor":{"id":"scim","name":"SCIM","email":""},"context":[{"id":%q,"type":"users","attributes":{"name":%q}}],"container":[]}}`, i, 1+i%19, c.people[i].account, c.people[i].given)
	}
}

func jiraGroups(c *company, s *sheet) {
	for i := range c.groups {
		g := &c.groups[i]
		if !g.assigned {
			continue
		}
		w := s.next()
		fmt.Fprintf(w, `%q:{"values":[`, g.name)
		sep := ""
		for _, n := range g.people {
			if p := &c.people[n]; synced(p, g) && p.trouble != unlinked && p.trouble != deactivated && p.trouble != notPropagated {
				fmt.Fprintf(w, `%s{"accountId":%q,"displayName":%q,"active":true}`, sep, p.account, p.given+" "+p.family)
				sep = ","
			}
		}
		w.WriteString(`]}`)
	}
}

func roles(c *company, s *sheet) {
	s.w.WriteString(`[{"key":"jira-software","name":"Jira","groups":["all-staff","jira-users-fabrikam"],"groupDetails":[{"name":"all-staff","groupId":"g1"}],"defaultGroups":["jira-users-fabrikam"],"numberOfSeats":200000,"remainingSeats":90000,"userCount":110000,"hasUnlimitedSeats":false}]`)
}
