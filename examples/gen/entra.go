package main

// Entra's half, as Microsoft Graph answers it.

func users() any {
	var value []obj
	for _, p := range people {
		value = append(value, obj{
			"id", p.id(), "userPrincipalName", p.address(), "mail", p.address(), "displayName", p.name(),
			"givenName", p.given, "surname", p.family, "mailNickname", p.nick(), "accountEnabled", p.enabled(),
			"userType", "Member", "employeeType", p.employeeType(), "department", p.dept, "jobTitle", p.title,
			"proxyAddresses", proxies(p), "otherMails",
			[]string{},
			"createdDateTime", created(p), "onPremisesSyncEnabled", nil,
		})
	}
	return obj{"@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users", "value", value}
}

func proxies(p person) []string {
	list := []string{"SMTP:" + p.address()}
	if p.trouble == unverified {
		list = append(list, "smtp:"+p.nick()+"@"+domain)
	}
	return list
}

func created(p person) string {
	if p.trouble == tooRecent {
		return "2026-11-20T11:35:04Z"
	}
	return p.since + "T08:30:00Z"
}

func entraGroups() any {
	var value []obj
	for _, g := range groups {
		members := []obj{}
		for _, p := range g.members() {
			members = append(members, obj{"@odata.type", "#microsoft.graph.user", "id", p.id()})
		}
		for _, name := range g.inside {
			members = append(members, obj{"@odata.type", "#microsoft.graph.group", "id", groupNamed(name).id()})
		}
		value = append(value, obj{
			"id", g.id(), "displayName", g.name, "description", g.about, "mailEnabled", false, "mailNickname", g.name,
			"securityEnabled", true, "groupTypes",
			[]string{},
			"visibility", nil, "onPremisesSyncEnabled", nil,
			"createdDateTime", g.since + "T09:00:00Z", "members", members,
		})
	}
	return obj{"@odata.context", "https://graph.microsoft.com/v1.0/$metadata#groups", "value", value}
}

func deletedUsers() any {
	return obj{"value", []obj{{
		"id", id("user", "greta.holm"), "userPrincipalName", "greta.holm@" + domain, "mail", "greta.holm@" + domain,
		"displayName", "Greta Holm", "givenName", "Greta", "surname", "Holm", "mailNickname", "greta.holm", "accountEnabled", true,
		"userType", "Member", "deletedDateTime", "2026-11-02T15:10:44Z",
	}}}
}

func servicePrincipal() any {
	return obj{
		"id", application, "appId", id("application", "Atlassian Cloud"), "displayName", "Atlassian Cloud", "accountEnabled", true,
		"appRoles",
		[]obj{
			{"id", id("app-role", "msiam_access"), "displayName", "msiam_access", "description", "msiam_access", "value", nil, "isEnabled", true, "origin", "Application", "allowedMemberTypes", []string{"User"}},
			{"id", userRole, "displayName", "User", "description", "User", "value", nil, "isEnabled", true, "origin", "Application", "allowedMemberTypes", []string{"User"}},
		},
		"passwordCredentials",
		[]obj{},
	}
}

func assignments() any {
	var value []obj
	for _, g := range groups {
		if g.assigned {
			value = append(value, obj{
				"id", id("assignment", g.name), "appRoleId", userRole, "createdDateTime", g.since + "T09:05:00Z", "deletedDateTime", nil,
				"principalDisplayName", g.name, "principalId", g.id(), "principalType", "Group",
				"resourceDisplayName", "Atlassian Cloud", "resourceId", application,
			})
		}
	}
	return obj{"value", value}
}

func jobs() any {
	execution := func(began, ended string, exported int) obj {
		return obj{
			"activityIdentifier", id("cycle", began), "state", "EntryLevelErrors", "timeBegan", began, "timeEnded", ended,
			"countEntitled", 36, "countEntitledForProvisioning", 36, "countEscrowed", 1, "countEscrowedRaw", 1, "countExported", exported,
			"countExports", exported, "countImported", 0, "countImportedDeltas", exported, "countImportedReferenceDeltas", 0, "error", nil,
		}
	}
	return obj{"value", []obj{{
		"id", job, "templateId", "atlassianCloud",
		"schedule",
		obj{"expiration", nil, "interval", "PT40M", "state", "Active"},
		"status",
		obj{
			"code", "Active", "countSuccessiveCompleteFailures", 0, "escrowsPruned", false,
			"steadyStateFirstAchievedTime", "2019-03-04T10:12:00Z", "steadyStateLastAchievedTime", cycleEnded,
			"lastExecution", execution(cycleBegan, cycleEnded, 0),
			"lastSuccessfulExecution", execution(cycleBegan, cycleEnded, 0),
			"lastSuccessfulExecutionWithExports", execution("2026-11-17T09:22:05Z", "2026-11-17T09:23:40Z", 2),
			"quarantine", nil, "progress",
			[]obj{},
			"synchronizedEntryCountByType",
			[]obj{{"key", "User", "value", 36}, {"key", "Group", "value", 7}},
			"troubleshootingUrl", nil,
		},
		"synchronizationJobSettings",
		[]obj{{"name", "AzureIngestionAttributeOptimization", "value", "False"}},
	}}}
}

func secrets() any {
	return obj{"value", []obj{
		{"key", "BaseAddress", "value", "https://api.atlassian.com/scim/directory/" + directory},
		{"key", "SyncAll", "value", "false"},
	}}
}

func schema() any {
	attribute := func(target, source string, priority int) obj {
		return obj{
			"targetAttributeName", target, "defaultValue", nil, "matchingPriority", priority, "flowType", "Always", "flowBehavior", "FlowWhenChanged",
			"exportMissingReferences", false, "source",
			obj{"type", "Attribute", "name", source, "expression", "[" + source + "]", "parameters", []obj{}},
		}
	}
	active := obj{
		"targetAttributeName", "active", "defaultValue", nil, "matchingPriority", 0, "flowType", "Always", "flowBehavior", "FlowWhenChanged",
		"exportMissingReferences", false, "source",
		obj{
			"type", "Function", "name", "Switch",
			"expression", `Switch([IsSoftDeleted], , "False", "True", "True", "False")`, "parameters",
			[]obj{},
		},
	}
	clause := obj{"sourceOperandName", "employeeType", "operatorName", "NOT EQUALS", "targetOperand", obj{"values", []string{"Intern"}}}
	return obj{
		"id", job, "version", id("schema", "1"), "directories",
		[]obj{},
		"synchronizationRules",
		[]obj{{
			"id", id("rule", "outbound"), "name", "USERGROUP_OUTBOUND_USERGROUP", "priority", 1, "editable", true,
			"sourceDirectoryName", "Azure Active Directory", "targetDirectoryName", "AtlassianCloud",
			"objectMappings",
			[]obj{
				{
					"name", "Provision Azure Active Directory Groups", "enabled", true, "flowTypes", "Add,Update,Delete", "scope", nil,
					"sourceObjectName", "Group", "targetObjectName", "urn:ietf:params:scim:schemas:core:2.0:Group",
					"attributeMappings",
					[]obj{attribute("displayName", "displayName", 1), attribute("externalId", "objectId", 0), attribute("members", "members", 0)},
				},
				{
					"name", "Provision Azure Active Directory Users", "enabled", true, "flowTypes", "Add,Update,Delete",
					"scope",
					obj{"groups", []obj{{"name", "No interns", "clauses", []obj{clause}}}, "inputFilterGroups", []obj{}, "categoryFilterGroups", []obj{}},
					"sourceObjectName", "User", "targetObjectName", "urn:ietf:params:scim:schemas:core:2.0:User",
					"attributeMappings",
					[]obj{
						attribute("userName", "userPrincipalName", 1), active, attribute("displayName", "displayName", 0),
						attribute("name.givenName", "givenName", 0), attribute("name.familyName", "surname", 0), attribute("title", "jobTitle", 0),
						attribute(`emails[type eq "work"].value`, "mail", 0), attribute("externalId", "objectId", 0),
						attribute("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "department", 0),
					},
				},
			},
		}},
	}
}

func audits() any {
	olga := find("olga.sanz")
	entry := func(at, activity, category, kind string, targets ...obj) obj {
		return obj{
			"id", "Directory_" + id("audit", at+activity), "activityDateTime", at, "activityDisplayName", activity, "category", category,
			"loggedByService", "Core Directory", "operationType", kind, "result", "success", "resultReason", "",
			"initiatedBy",
			obj{"user", obj{"id", olga.id(), "userPrincipalName", olga.address(), "displayName", olga.name()}, "app", nil},
			"targetResources", targets, "additionalDetails",
			[]obj{},
		}
	}
	property := func(name, before, after string) obj {
		quote := func(s string) any {
			if s == "" {
				return nil
			}
			return `"` + s + `"`
		}
		return obj{"displayName", name, "oldValue", quote(before), "newValue", quote(after)}
	}
	user := func(p person, changed ...obj) obj {
		return obj{"id", p.id(), "type", "User", "displayName", nil, "userPrincipalName", p.address(), "modifiedProperties", append([]obj{}, changed...)}
	}
	added := func(at, nick, name string) obj {
		g := groupNamed(name)
		return entry(at, "Add member to group", "GroupManagement", "Assign",
			user(find(nick), property("Group.ObjectID", "", g.id()), property("Group.DisplayName", "", g.name)),
			obj{"id", g.id(), "type", "Group", "displayName", nil, "modifiedProperties", []obj{}})
	}
	change := func(p person, name, before, after string) obj {
		return user(p, obj{"displayName", name, "oldValue", `["` + before + `"]`, "newValue", `["` + after + `"]`})
	}
	grace := find("grace.okafor")
	return obj{"value", []obj{
		added("2026-11-20T11:41:27Z", "ines.costa", "service-desk-agents"),
		entry("2026-11-20T11:35:04Z", "Add user", "UserManagement", "Add", user(find("ines.costa"))),
		added("2026-11-16T08:15:09Z", "lena.vogel", "platform-team"),
		entry("2026-11-13T16:40:00Z", "Disable account", "UserManagement", "Update", change(find("karl.meier"), "AccountEnabled", "true", "false")),
		entry("2026-11-12T09:02:51Z", "Update user", "UserManagement", "Update", change(grace, "UserPrincipalName", "grace.okafor@"+domain, grace.address())),
		entry("2026-11-02T15:10:44Z", "Delete user", "UserManagement", "Delete", obj{"id", id("user", "greta.holm"), "type", "User", "displayName", nil, "userPrincipalName", "greta.holm@" + domain, "modifiedProperties", []obj{}}),
		entry("2026-10-30T14:20:33Z", "Disable account", "UserManagement", "Update", change(find("piotr.nowak"), "AccountEnabled", "true", "false")),
		added("2026-10-26T08:31:00Z", "amira.haddad", "finance"),
	}}
}
