package demo

// Entra's provisioning job: it runs, and does what it can.

func (c *company) jobs() obj {
	began, ended := stamp(c.ago(cycleBegan)), stamp(c.ago(cycleBegan-cycleTook))
	cycle := obj{
		"activityIdentifier": id("cycle", began), "state": "EntryLevelErrors", "timeBegan": began, "timeEnded": ended, "countEntitled": 270,
		"countEntitledForProvisioning": 270, "countEscrowed": 5, "countEscrowedRaw": 5, "countExported": 0, "countExports": 0, "countImported": 0,
		"countImportedDeltas": 0, "countImportedReferenceDeltas": 0, "error": nil,
	}
	return obj{"value": []obj{{
		"id": job, "templateId": "atlassianCloud", "schedule": obj{"expiration": nil, "interval": "PT40M", "state": "Active"},
		"status": obj{
			"code": "Active", "countSuccessiveCompleteFailures": 0, "escrowsPruned": false, "steadyStateFirstAchievedTime": stamp(c.since(&person{days: setUp})),
			"steadyStateLastAchievedTime": ended, "lastExecution": cycle, "lastSuccessfulExecution": cycle, "lastSuccessfulExecutionWithExports": cycle,
			"quarantine": nil, "progress": []obj{}, "synchronizedEntryCountByType": []obj{}, "troubleshootingUrl": nil,
		},
		"synchronizationJobSettings": []obj{{"name": "AzureIngestionAttributeOptimization", "value": "False"}},
	}}}
}

func secrets() obj {
	return obj{"value": []obj{
		{"key": "BaseAddress", "value": "https://api.atlassian.com/scim/directory/" + directory},
		{"key": "SyncAll", "value": "false"},
	}}
}

// schema is the attribute mapping, which is the gallery app's own but for a filter that keeps interns out.
func schema() obj {
	attribute := func(target, source string, priority int) obj {
		return obj{
			"targetAttributeName": target, "defaultValue": nil, "matchingPriority": priority, "flowType": "Always", "flowBehavior": "FlowWhenChanged",
			"exportMissingReferences": false, "source": obj{"type": "Attribute", "name": source, "expression": "[" + source + "]", "parameters": []obj{}},
		}
	}
	active := attribute("active", "", 0)
	active["source"] = obj{
		"type": "Function", "name": "Switch", "expression": `Switch([IsSoftDeleted], , "False", "True", "True", "False")`, "parameters": []obj{},
	}
	clause := obj{"sourceOperandName": "employeeType", "operatorName": "NOT EQUALS", "targetOperand": obj{"values": []string{"Intern"}}}
	return obj{
		"id": job, "version": id("schema", "1"), "directories": []obj{},
		"synchronizationRules": []obj{{
			"id": id("rule", "outbound"), "name": "USERGROUP_OUTBOUND_USERGROUP", "priority": 1, "editable": true,
			"sourceDirectoryName": "Azure Active Directory", "targetDirectoryName": "AtlassianCloud",
			"objectMappings": []obj{
				{
					"name": "Provision Azure Active Directory Groups", "enabled": true, "flowTypes": "Add,Update,Delete", "scope": nil,
					"sourceObjectName": "Group", "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:Group",
					"attributeMappings": []obj{attribute("displayName", "displayName", 1), attribute("externalId", "objectId", 0), attribute("members", "members", 0)},
				},
				{
					"name": "Provision Azure Active Directory Users", "enabled": true, "flowTypes": "Add,Update,Delete",
					"scope":            obj{"groups": []obj{{"name": "No interns", "clauses": []obj{clause}}}, "inputFilterGroups": []obj{}, "categoryFilterGroups": []obj{}},
					"sourceObjectName": "User", "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:User",
					"attributeMappings": []obj{
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
