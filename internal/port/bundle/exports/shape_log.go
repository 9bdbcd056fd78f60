package exports

// Microsoft publishes no list of the columns of the three CSV files, and no real header was seen. These shapes
// accept every spelling that is known for the same data: Graph's names (also flattened with points), those of the
// Log Analytics table AADProvisioningLogs, and the words of the portal's list and details pane. Unverified.
var logMain = shape{
	kind: ProvisioningLog,
	fields: [][]string{
		{"id", "recordid", "logid"},
		{"activityDateTime", "date", "dateutc", "activitydate", "datetime", "timegenerated", "timegeneratedutc", "activitydatetimeutc", "timestamp", "time"},
		{"jobId"}, {"cycleId"}, {"changeId"},
		{"provisioningAction", "action"},
		{"status", "provisioningstatusinfostatus", "statusinfostatus", "resulttype", "provisioningstatus", "result"},
		{"statusInfo", "provisioningstatusinfo"},
		{"errorCode", "resultsignature", "statusinfoerrorcode", "provisioningstatusinfoerrorcode", "provisioningstatusinfoerrorinformationerrorcode", "errorinformationerrorcode", "statuscode", "statuserrorcode"},
		{"errorCategory", "provisioningstatusinfoerrorinformationerrorcategory", "errorinformationerrorcategory", "statuserrorcategory"},
		{"reason", "statusreason", "resultdescription", "errormessage", "errordescription", "failurereason", "errorreason", "provisioningstatusinfoerrorinformationreason", "errorinformationreason", "statusdescription"},
		{"additionalDetails", "provisioningstatusinfoerrorinformationadditionaldetails", "errorinformationadditionaldetails", "statusadditionaldetails"},
		{"recommendedAction", "recommendation", "recommendations", "recommendedactions", "provisioningstatusinfoerrorinformationrecommendedaction", "errorinformationrecommendedaction", "troubleshootingandrecommendations", "troubleshootingrecommendations"},
		{"source", "identity", "sourceidentity", "sourceidentitydisplayname", "sourcename", "sourcedisplayname", "identityname", "sourceidentityname"},
		{"sourceId", "sourceidentityid", "sourceobjectid", "identityid"},
		{"sourceType", "sourceidentityidentitytype", "sourceidentitytype", "identitytype", "objecttype"},
		{"sourceDetails", "sourceidentitydetails"},
		{"target", "targetidentity", "targetidentitydisplayname", "targetname", "targetdisplayname", "targetidentityname"},
		{"targetId", "targetidentityid", "targetobjectid"},
		{"targetType", "targetidentityidentitytype", "targetidentitytype"},
		{"targetDetails", "targetidentitydetails"},
		{"sourceSystem", "sourcesystemdisplayname", "sourcesystemname"}, {"sourceSystemId"}, {"sourceSystemDetails"},
		{"targetSystem", "targetsystemdisplayname", "targetsystemname"}, {"targetSystemId"}, {"targetSystemDetails"},
		{"servicePrincipal", "serviceprincipalname", "serviceprincipaldisplayname", "application", "applicationname"},
		{"servicePrincipalId"},
		{"reportableIdentifier", "detailsreportableidentifier"},
		{"provisioningSteps", "steps"}, {"modifiedProperties"},
		{"tenantId", "aadtenantid"}, {"durationInMilliseconds", "duration", "durationms", "durationmilliseconds"}, {"initiatedBy", "initiatedbydisplayname"},
		{"initiatedById"}, {"initiatedByType", "initiatedbyinitiatortype"}, {"category"}, {"correlationId"}, {"operationName"},
		{"operationVersion"}, {"type"}, {"sourceSystemType"},
	},
	needs: [][]string{
		{"status", "statusInfo"}, {"provisioningAction", "errorCode"}, {"activityDateTime", "changeId", "jobId"},
		{"source", "sourceId", "sourceSystem", "targetSystem", "target"},
	},
	never: []string{"provisioningsteptype", "steptype", "stepname", "oldvalue", "newvalue"},
}

var logSteps = shape{
	kind: ProvisioningSteps,
	fields: [][]string{
		{"changeId"},
		{"name", "stepname", "provisioningstepname", "step", "displayname"},
		{"provisioningStepType", "steptype", "type"},
		{"status", "stepstatus", "result"},
		{"description", "stepdescription", "reason"},
		{"details", "stepdetails", "additionaldetails"},
		{"id"}, {"activityDateTime", "date"}, {"cycleId"}, {"jobId"}, {"order", "stepnumber", "sequence"},
	},
	needs: [][]string{{"changeId"}, {"name", "provisioningStepType"}, {"description", "details", "status"}},
	never: []string{"action", "provisioningaction", "oldvalue", "newvalue", "targetsystem", "sourcesystem"},
}

var logProperties = shape{
	kind: ModifiedProperties,
	fields: [][]string{
		{"changeId"},
		{"displayName", "name", "property", "propertyname", "attribute", "attributename", "modifiedproperty", "targetattribute", "modifiedpropertyname"},
		{"oldValue", "old", "previousvalue", "originalvalue", "before"},
		{"newValue", "new", "updatedvalue", "after", "value"},
		{"id"}, {"activityDateTime", "date"}, {"cycleId"}, {"jobId"},
	},
	needs: [][]string{{"changeId"}, {"displayName"}, {"oldValue", "newValue"}},
	never: []string{"action", "provisioningaction", "steptype", "provisioningsteptype"},
}
