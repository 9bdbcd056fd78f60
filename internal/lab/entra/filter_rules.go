package entra

import (
	"slices"
	"strings"
)

// filterRules say what may be filtered. Properties that are not named here do not support $filter; operators in
// upper case work only in advanced queries.
type filterRules struct {
	resource string
	ops      map[string]string // property (path) -> operators
	contains bool              // the operator is known at all
	maxOr    int               // clauses of one or; 0: any number
}

const (
	opsText   = "eq in startswith NE NOT"
	opsEnding = opsText + " ENDSWITH"
	opsFlag   = "eq in NE NOT"
	opsDate   = "eq in ge gt le lt NE NOT"
	opsMany   = "any eq startswith NOT"
)

var (
	userFilter = &filterRules{resource: "User", maxOr: 15, ops: map[string]string{
		"id": opsFlag, "userPrincipalName": opsEnding, "mail": opsEnding, "displayName": opsText, "givenName": opsText, "surname": opsText,
		"mailNickname": opsText, "employeeId": opsText, "department": opsText, "jobTitle": opsText, "companyName": "EQ IN NE NOT STARTSWITH",
		"city": opsText, "country": opsText, "state": opsText, "usageLocation": opsText, "preferredLanguage": opsText, "accountEnabled": opsFlag,
		"userType": opsFlag, "createdDateTime": opsDate, "employeeHireDate": opsDate, "onPremisesSyncEnabled": opsFlag,
		"onPremisesImmutableId": opsFlag, "onPremisesLastSyncDateTime": opsDate, "onPremisesSamAccountName": "EQ IN NE NOT STARTSWITH",
		"externalUserState": opsFlag, "proxyAddresses": opsMany + " ENDSWITH", "otherMails": opsMany + " ENDSWITH", "deletedDateTime": opsDate,
	}}
	groupFilter = &filterRules{resource: "Group", maxOr: 15, ops: map[string]string{
		"id": opsFlag, "displayName": opsText, "mail": opsText, "mailNickname": opsText, "securityEnabled": opsFlag, "mailEnabled": opsFlag,
		"groupTypes": opsMany, "createdDateTime": opsDate, "onPremisesSyncEnabled": opsFlag, "onPremisesLastSyncDateTime": opsDate,
		"onPremisesSamAccountName": "EQ IN NE NOT STARTSWITH", "proxyAddresses": opsMany + " ENDSWITH", "isAssignableToRole": opsFlag,
		"membershipRuleProcessingState": opsFlag, "uniqueName": opsText, "deletedDateTime": opsDate,
	}}
	appFilter = &filterRules{resource: "ServicePrincipal", maxOr: 15, ops: map[string]string{
		"id": opsFlag, "appId": opsFlag, "displayName": opsText, "accountEnabled": opsFlag, "servicePrincipalType": opsFlag, "tags": opsMany,
		"servicePrincipalNames": opsMany, "appDisplayName": "EQ IN NE NOT STARTSWITH",
	}}
	auditFilter = &filterRules{resource: "directoryAudit", ops: map[string]string{
		"id": "eq", "activityDateTime": "eq ge gt le lt", "activityDisplayName": "eq startswith", "category": "eq", "correlationId": "eq",
		"result": "eq", "loggedByService": "eq", "operationType": "eq", "initiatedBy/user/id": "eq", "initiatedBy/user/displayName": "eq startswith",
		"initiatedBy/user/userPrincipalName": "eq startswith", "initiatedBy/app/appId": "eq", "initiatedBy/app/displayName": "eq",
		"targetResources": "any eq startswith",
	}}
	provisioningFilter = &filterRules{resource: "provisioningObjectSummary", contains: true, ops: map[string]string{
		"id": "eq", "activityDateTime": "eq ge gt le lt", "jobId": "eq contains", "cycleId": "eq contains", "changeId": "eq contains",
		"provisioningAction": "eq contains", "tenantId": "eq", "provisioningStatusInfo/status": "eq contains", "statusInfo/status": "eq contains",
		"servicePrincipal/id": "eq contains", "servicePrincipal/displayName": "eq contains", "sourceSystem/displayName": "eq contains",
		"targetSystem/displayName": "eq contains", "sourceIdentity/id": "eq contains", "sourceIdentity/displayName": "eq contains",
		"sourceIdentity/identityType": "eq contains", "targetIdentity/id": "eq contains", "targetIdentity/displayName": "eq contains",
		"targetIdentity/identityType": "eq contains",
	}}
)

// check tells why a filter is not supported; nil if it is.
func (r *filterRules) check(n *node, advanced bool) *graphError {
	return r.clause(n, nil, advanced)
}

func (r *filterRules) clause(n *node, in []string, advanced bool) *graphError {
	switch n.op {
	case "and", "or", "not":
		if n.op == "or" && r.maxOr > 0 && len(n.args) > r.maxOr {
			return tooMany(len(n.args), r.maxOr)
		}
		if n.op == "not" && !advanced {
			return unsupported("Unsupported property filter clause operator 'Not'.")
		}
		for _, a := range n.args {
			if err := r.clause(a, in, advanced); err != nil {
				return err
			}
		}
		return nil
	}
	path := in
	if path == nil {
		path = n.path
	}
	name := strings.Join(path, "/")
	ops := strings.Fields(r.ops[name])
	switch {
	case n.op == "contains" && !r.contains:
		return unsupported("Unsupported property filter clause operator 'Contains'.")
	case len(ops) == 0 || in == nil && n.op != "any" && ops[0] == "any":
		return unsupported("Unsupported or invalid query filter clause specified for property '" + name + "' of resource '" + r.resource + "'.")
	case slices.Contains(ops, n.op):
	case slices.Contains(ops, strings.ToUpper(n.op)) && advanced:
	case n.op == "ne":
		return unsupported("Unsupported property filter clause operator 'NotEqualsMatch'.")
	case n.op == "endswith":
		return unsupported("Unsupported property filter clause operator 'EndsWithMatch'.")
	default:
		return unsupported("Unsupported or invalid query filter clause specified for property '" + name + "' of resource '" + r.resource + "'.")
	}
	if n.op == "any" {
		return r.clause(n.args[0], path, advanced)
	}
	if r.maxOr > 0 && len(n.lits) > r.maxOr {
		return tooMany(len(n.lits), r.maxOr)
	}
	return nil
}
