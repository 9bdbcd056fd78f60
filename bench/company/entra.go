package company

import (
	"fmt"
	"strings"
)

func manifest(c *company, s *sheet) {
	fmt.Fprintf(s.w, `{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"name":"fabrikam","method":"entra-scim","application":%q,"directory":%q,"org":%q,"sites":["https://fabrikam.atlassian.net"],"expected_policies":{"all-staff":"policy-sso"},"expected_products":{"all-staff":["jira-software"]}}}`, c.app, c.dir, c.org)
}

func users(c *company, s *sheet) {
	for i := range c.people {
		if p := &c.people[i]; p.inSource() {
			user(p, s, "")
		}
	}
}

func deletedUsers(c *company, s *sheet) {
	for i := range c.people {
		if p := &c.people[i]; p.trouble == deleted {
			user(p, s, `,"deletedDateTime":"2026-11-10T08:00:00Z"`)
		}
	}
}

func user(p *person, s *sheet, more string) {
	kind := "Member"
	if p.trouble == guest {
		kind = "Guest"
	}
	s.item(`{"id":%q,"userPrincipalName":%q,"mail":%q,"displayName":%q,"givenName":%q,"surname":%q,"mailNickname":%q,"jobTitle":%q,"department":%q,"companyName":"Fabrikam","officeLocation":"Building %d","employeeId":"%06d","employeeType":"Employee","userType":%q,"externalUserState":null,"accountEnabled":%t,"createdDateTime":%q,"onPremisesSyncEnabled":null,"onPremisesLastSyncDateTime":null,"onPremisesImmutableId":null,"usageLocation":"DE","preferredLanguage":"de-DE","businessPhones":["+49 30 %07d"],"mobilePhone":null,"proxyAddresses":["SMTP:%s","smtp:%s.%d@fabrikam.onmicrosoft.example"],"otherMails":[]%s}`,
		p.id, p.upn, p.mail, p.given+" "+p.family, p.given, p.family, ascii(p.family)+fmt.Sprint(p.number), p.title, p.department, p.number%40, p.number, kind, p.trouble != disabled, moment(p.created), p.number, p.mail, ascii(p.given), p.number, more)
}

func groups(c *company, s *sheet) {
	for i := range c.groups {
		g := &c.groups[i]
		w := s.next()
		fmt.Fprintf(w, `{"id":%q,"displayName":%q,"description":"Members of %s","mailEnabled":false,"mailNickname":%q,"securityEnabled":true,"groupTypes":[],"membershipRule":null,"visibility":null,"createdDateTime":%q,"members":[`, g.id, g.name, g.name, g.name, moment(g.created))
		sep := ""
		for _, n := range g.people {
			if p := &c.people[n]; p.inSource() {
				fmt.Fprintf(w, `%s{"@odata.type":"#microsoft.graph.user","id":%q}`, sep, p.id)
				sep = ","
			}
		}
		for _, n := range g.inside {
			fmt.Fprintf(w, `%s{"@odata.type":"#microsoft.graph.group","id":%q}`, sep, c.groups[n].id)
			sep = ","
		}
		w.WriteString("]}")
	}
}

const roleID = "0364dff9-6506-5a33-8423-e5cda1726770"

func principal(c *company, s *sheet) {
	fmt.Fprintf(s.w, `{"id":%q,"appId":"12ca7bbc-bbd1-4a1a-a2b9-2b8a9a2b8d6b","displayName":"Atlassian Cloud","accountEnabled":true,"appRoles":[{"id":%q,"displayName":"User","value":"","isEnabled":true,"allowedMemberTypes":["User"]}],"passwordCredentials":[]}`, c.app, roleID)
}

func assignments(c *company, s *sheet) {
	for i := range c.groups {
		if g := &c.groups[i]; g.assigned {
			s.item(`{"id":"a%06d","appRoleId":%q,"principalId":%q,"principalType":"Group","principalDisplayName":%q,"resourceId":%q,"resourceDisplayName":"Atlassian Cloud","createdDateTime":%q}`, i, roleID, g.id, g.name, c.app, moment(g.created))
		}
	}
}

func jobs(c *company, s *sheet) {
	fmt.Fprintf(s.w, `{"value":[{"id":"AtlassianCloud.%s","templateId":"AtlassianCloud","schedule":{"interval":"PT40M","state":"Active"},"status":{"code":"Active","countSuccessiveCompleteFailures":0,"escrowsPruned":false,"lastExecution":{"activityIdentifier":"c1","state":"Succeeded","timeBegan":"2026-11-20T11:40:00Z","timeEnded":"2026-11-20T11:44:00Z"},"lastSuccessfulExecution":{"activityIdentifier":"c1","state":"Succeeded","timeBegan":"2026-11-20T11:40:00Z","timeEnded":"2026-11-20T11:44:00Z"},"quarantine":null}}]}`, c.app)
}

func secrets(c *company, s *sheet) {
	fmt.Fprintf(s.w, `{"value":[{"key":"SyncAll","value":"false"},{"key":"BaseAddress","value":"https://api.atlassian.com/scim/directory/%s"}]}`, c.dir)
}

// provisioning logs a failure for everybody whom the target refused, and updates for one in ten of the others.
func provisioning(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		switch {
		case p.trouble == duplicateAccount || p.trouble == heldElsewhere || p.trouble == staleRecord:
			logged(p, s, "create", "failure", `{"errorCode":"SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering","errorCategory":"Failure","reason":"StatusCode: Conflict Web Response: {\"status\":\"409\",\"scimType\":\"uniqueness\"}","additionalDetails":null,"recommendedAction":null}`)
		case p.trouble == none && i%10 == 3:
			logged(p, s, "update", "success", "null")
		}
	}
}

func logged(p *person, s *sheet, action, status, failure string) {
	s.item(`{"id":"r%06d","activityDateTime":"2026-11-20T11:41:%02dZ","jobId":"AtlassianCloud","cycleId":"c1","changeId":"h%06d","provisioningAction":%q,"provisioningStatusInfo":{"status":%q,"errorInformation":%s},"provisioningSteps":[{"name":"EntryImport","provisioningStepType":"import","status":"success","description":"Received User from Microsoft Entra ID","details":{}},{"name":"EntrySynchronizationScoping","provisioningStepType":"scoping","status":"success","description":"Determine if User in scope","details":{"Active in the source system":"True","Assigned to the application":"True","ScopeEvaluationResult":"{}"}}],"modifiedProperties":[],"servicePrincipal":{"displayName":"Atlassian Cloud"},"sourceIdentity":{"id":%q,"displayName":%q,"identityType":"User","details":{}},"targetIdentity":{"id":%q,"displayName":%q,"identityType":"User","details":{}}}`,
		p.number, p.number%60, p.number, action, status, failure, p.id, p.given+" "+p.family, p.record, strings.ToLower(p.upn))
}

// audits tells of members that were added in the last days.
func audits(c *company, s *sheet) {
	for i := range c.people {
		p := &c.people[i]
		if i%5 != 1 || len(p.groups) == 0 || !p.inSource() {
			continue
		}
		g := &c.groups[p.groups[len(p.groups)-1]]
		s.item(`{"id":"d%06d","activityDateTime":"2026-11-%02dT09:%02d:00Z","activityDisplayName":"Add member to group","category":"GroupManagement","loggedByService":"Core Directory","operationType":"Assign","result":"success","resultReason":"","initiatedBy":{"user":{"id":%q,"userPrincipalName":"admin@fabrikam.example","displayName":null},"app":null},"targetResources":[{"id":%q,"type":"User","displayName":null,"userPrincipalName":%q,"modifiedProperties":[{"displayName":"Group.ObjectID","oldValue":null,"newValue":"\"%s\""},{"displayName":"Group.DisplayName","oldValue":null,"newValue":"\"%s\""}]},{"id":%q,"type":"Group","displayName":null,"modifiedProperties":[]}]}`,
			i, 1+i%19, i%60, c.people[0].id, p.id, p.upn, g.id, g.name, g.id)
	}
}
