package main

import "fmt"

// Entra's provisioning log: what the service tried for whom, newest first.

type attempt struct {
	at, action, status string
	source             obj
	target             obj
	problem            any
	steps              []obj
}

func step(name, kind, status, text string, details obj) obj {
	if details == nil {
		details = obj{}
	}
	return obj{"name", name, "provisioningStepType", kind, "status", status, "description", text, "details", details}
}

func logs() any {
	var value []obj
	for i, a := range attempts() {
		value = append(value, obj{
			"id", id("log", fmt.Sprint(a.at, i)), "activityDateTime", a.at, "tenantId", id("tenant", "fabrikam"), "jobId", job,
			"cycleId", id("cycle", a.at[:16]), "changeId", id("change", fmt.Sprint(a.at, i)), "provisioningAction", a.action,
			"durationInMilliseconds", 412 + 37*i, "provisioningStatusInfo",
			obj{"status", a.status, "errorInformation", a.problem},
			"provisioningSteps", a.steps, "modifiedProperties",
			[]obj{},
			"servicePrincipal",
			obj{"id", application, "displayName", "Atlassian Cloud"},
			"sourceSystem",
			obj{"id", id("system", "entra"), "displayName", "Azure Active Directory", "details", obj{}},
			"targetSystem",
			obj{"id", id("system", "atlassian"), "displayName", "AtlassianCloud", "details", obj{"ApplicationId", id("application", "Atlassian Cloud"), "ServicePrincipalId", application, "ServicePrincipalDisplayName", "Atlassian Cloud"}},
			"sourceIdentity", a.source, "targetIdentity", a.target,
			"initiatedBy",
			obj{"id", "", "displayName", "Azure AD Provisioning Service", "initiatorType", "system"},
		})
	}
	return obj{"value", value}
}

func attempts() []attempt {
	var all []attempt
	for _, day := range []string{"2026-11-20", "2026-11-19", "2026-11-18"} {
		all = append(all, conflict(day+"T04:02:31Z"))
	}
	grace, piotr, amira := find("grace.okafor"), find("piotr.nowak"), find("amira.haddad")
	return append(all,
		changed("2026-11-17T09:22:41Z", "update", find("viktor.hale"), "EntryExportUpdate", "User 'viktor.hale@"+domain+"' was updated in AtlassianCloud"),
		changed("2026-11-12T09:22:38Z", "update", grace, "EntryExportUpdate", "User '"+grace.address()+"' was updated in AtlassianCloud"),
		changed("2026-10-30T14:42:19Z", "disable", piotr, "EntryExportUpdate", "User '"+piotr.address()+"' was disabled in AtlassianCloud"),
		filteredOut("2026-10-26T09:02:35Z"),
		memberAdded("2026-10-26T09:02:44Z", "finance"),
		changed("2026-10-26T09:02:33Z", "create", amira, "EntryExportAdd", "User '"+amira.address()+"' was created in AtlassianCloud"),
	)
}

func sourceUser(p person) obj {
	return obj{"id", p.id(), "displayName", p.name(), "identityType", "User", "details", obj{"id", p.id(), "odatatype", "User", "DisplayName", p.name(), "UserPrincipalName", p.address()}}
}

func imported(kind, name string) obj {
	return step("EntryImport", "import", "success", "Retrieved "+kind+" '"+name+"' from Azure Active Directory", nil)
}

// conflict is the push of a person whose address another account holds.
func conflict(at string) attempt {
	p := find("tom.baker")
	reply := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [USER]: with email[` + p.address() + `] already exists."}`
	reason := "StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: " + reply + ". This operation was retried 9 times. It will be retried again after this date: 2026-11-21T04:02:31Z"
	return attempt{
		at: at, action: "create", status: "failure", source: sourceUser(p), target: obj{"id", "", "displayName", "", "identityType", "User", "details", obj{}},
		problem: obj{"errorCode", "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering", "errorCategory", "NonServiceFailure", "reason", reason, "additionalDetails", nil, "recommendedAction", nil},
		steps: []obj{
			imported("User", p.address()),
			step("EntrySynchronizationScoping", "scoping", "success", "Determine if User in scope by evaluating against each scoping filter", obj{"Active in the source system", "True", "Assigned to the application", "True", "User has the required role", "True", "Scoping filter evaluation passed", "True", "ScopeEvaluationResult", `{"No interns.employeeType NOT EQUALS 'Intern'":true}`}),
			step("EntrySynchronizationAdd", "matching", "success", "User '"+p.address()+"' will be created in AtlassianCloud (User is active and assigned in Azure Active Directory, but no matching User was found in AtlassianCloud)", nil),
			step("EntryExportAdd", "export", "failure", "Failed to create User '"+p.address()+"' in AtlassianCloud", obj{"ReportableIdentifier", p.address()}),
		},
	}
}

// filteredOut is the evaluation of a person whom the scoping filter keeps out.
func filteredOut(at string) attempt {
	p := find("noah.fischer")
	return attempt{
		at: at, action: "other", status: "skipped", source: sourceUser(p), target: obj{"id", "", "displayName", "", "identityType", "User", "details", obj{}},
		steps: []obj{
			imported("User", p.address()),
			step("EntrySynchronizationSkip", "scoping", "skipped", "The User '"+p.address()+"' will be skipped: this object did not pass a scoping filter.",
				obj{"SkipReason", "NotEffectivelyEntitled", "IsActive", "True", "Assigned to the application", "True", "IsInProvisioningScope", "False", "ScopeEvaluationResult", `{"No interns.employeeType NOT EQUALS 'Intern'":false}`, "ReportableIdentifier", p.address()}),
		},
	}
}

// changed is a push that went well.
func changed(at, action string, p person, export, text string) attempt {
	return attempt{
		at: at, action: action, status: "success", source: sourceUser(p),
		target: obj{"id", p.recordID(), "displayName", p.address(), "identityType", "User", "details", obj{}},
		steps:  []obj{imported("User", p.address()), step(export, "export", "success", text, obj{"ReportableIdentifier", p.address()})},
	}
}

func memberAdded(at, name string) attempt {
	g := groupNamed(name)
	return attempt{
		at: at, action: "update", status: "success",
		source: obj{"id", g.id(), "displayName", g.name, "identityType", "Group", "details", obj{"id", g.id(), "odatatype", "Group", "DisplayName", g.name}},
		target: obj{"id", g.recordID(), "displayName", g.name, "identityType", "Group", "details", obj{}},
		steps:  []obj{imported("Group", g.name), step("EntryExportUpdate", "export", "success", "Group '"+g.name+"' was updated in AtlassianCloud", obj{"ReportableIdentifier", g.name})},
	}
}
