package demo

import (
	"fmt"
	"time"
)

// attempt is an entry of the provisioning log: what Entra's service tried for a person or group.
type attempt struct {
	at             time.Time
	action, status string
	source         obj
	problem        any
	steps          []obj
}

func (c *company) logs() obj {
	value := []obj{}
	for i, a := range c.attempts() {
		name := fmt.Sprint(stamp(a.at), i)
		value = append(value, obj{
			"id": id("log", name), "activityDateTime": stamp(a.at), "tenantId": id("tenant", "kestrel"), "jobId": job, "cycleId": id("cycle", stamp(a.at)[:13]),
			"changeId": id("change", name), "provisioningAction": a.action, "durationInMilliseconds": 412 + 37*i,
			"provisioningStatusInfo": obj{"status": a.status, "errorInformation": a.problem}, "provisioningSteps": a.steps, "modifiedProperties": []obj{},
			"servicePrincipal": obj{"id": application, "displayName": "Atlassian Cloud"},
			"sourceSystem":     obj{"id": id("system", "entra"), "displayName": "Azure Active Directory", "details": obj{}},
			"targetSystem":     obj{"id": id("system", "atlassian"), "displayName": "AtlassianCloud", "details": obj{"ServicePrincipalId": application}},
			"sourceIdentity":   a.source, "targetIdentity": obj{"id": "", "displayName": "", "identityType": a.source["identityType"], "details": obj{}},
			"initiatedBy": obj{"id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system"},
		})
	}
	return obj{"value": value}
}

// attempts are what failed in the last cycle that tried it, the newest first.
func (c *company) attempts() []attempt {
	at := c.ago(8 * time.Hour)
	var all []attempt
	for _, p := range c.people {
		switch p.trouble {
		case duplicate, staleRecord:
			all = append(all, attempt{
				at: at, action: "create", status: "failure", source: sourceOf(p), problem: refused(taken(p), at.Add(24*time.Hour)),
				steps: []obj{
					imported("User", p.upn), scoped(true),
					step("EntryExportAdd", "export", "failure", "Failed to create User '"+p.upn+"' in AtlassianCloud", obj{"ReportableIdentifier": p.upn}),
				},
			})
		case intern:
			all = append(all, attempt{
				at: c.since(p).Add(40 * time.Minute), action: "other", status: "skipped", source: sourceOf(p),
				steps: []obj{imported("User", p.upn), scoped(false)},
			})
		}
	}
	g := named("design-guild")
	return append(all, attempt{
		at: at, action: "create", status: "failure", source: obj{"id": g.id(), "displayName": g.name, "identityType": "Group", "details": obj{"id": g.id(), "odatatype": "Group", "DisplayName": g.name}},
		problem: refused(exists(g), at.Add(24*time.Hour)),
		steps: []obj{
			imported("Group", g.name),
			step("EntryExportAdd", "export", "failure", "Failed to create Group '"+g.name+"' in AtlassianCloud", obj{"ReportableIdentifier": g.name}),
		},
	})
}

func sourceOf(p *person) obj {
	return obj{"id": p.id(), "displayName": p.display, "identityType": "User", "details": obj{"id": p.id(), "odatatype": "User", "DisplayName": p.display, "UserPrincipalName": p.upn}}
}

// taken is what the Guard directory answers where the address is somebody's, and exists where a group has the name.
func taken(p *person) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [USER]: with email[` + p.mail + `] already exists."}`
}

func exists(g *group) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [GROUP]: with displayName[` + g.name + `] already exists."}`
}

func refused(answer string, again time.Time) obj {
	return obj{
		"errorCode": "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering", "errorCategory": "NonServiceFailure",
		"reason": "StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: " +
			answer + ". This operation was retried 9 times. It will be retried again after this date: " + stamp(again),
		"additionalDetails": nil, "recommendedAction": nil,
	}
}

func step(name, kind, status, text string, details obj) obj {
	return obj{"name": name, "provisioningStepType": kind, "status": status, "description": text, "details": details}
}

func imported(kind, name string) obj {
	return step("EntryImport", "import", "success", "Retrieved "+kind+" '"+name+"' from Azure Active Directory", obj{})
}

func scoped(in bool) obj {
	word, status, text := "True", "success", "Determine if User in scope by evaluating against each scoping filter"
	if !in {
		word, status, text = "False", "skipped", "The User will be skipped: this object did not pass a scoping filter."
	}
	return step("EntrySynchronizationScoping", "scoping", status, text, obj{
		"Active in the source system": "True", "Assigned to the application": "True", "User has the required role": "True",
		"Scoping filter evaluation passed": word, "ScopeEvaluationResult": fmt.Sprintf(`{"No interns.employeeType NOT EQUALS 'Intern'":%t}`, in),
	})
}
