package cli

import "github.com/rollcall/rollcall/internal/core/document"

// menus says where a person finds by hand what a call would tell: for the colleague who has the portal open and no
// API key. Documents without a line here can be had through the API alone.
var menus = map[document.File]string{
	document.Users:               "Entra admin center › Users › the user › Properties",
	document.DeletedUsers:        "Entra admin center › Users › Deleted users",
	document.Groups:              "Entra admin center › Groups › the group › Members",
	document.ServicePrincipals:   "Entra admin center › App registrations › the application › App roles",
	document.AppRoleAssignments:  "Entra admin center › Enterprise applications › the application › Users and groups",
	document.SynchronizationJobs: "Entra admin center › Enterprise applications › the application › Provisioning › Overview",
	document.SynchronizationRule: "Entra admin center › Enterprise applications › the application › Provisioning › Mappings",
	document.SynchronizationKeys: "Entra admin center › Enterprise applications › the application › Provisioning › Settings › Scope",
	document.ProvisioningLogs:    "Entra admin center › Enterprise applications › the application › Provisioning logs",
	document.DirectoryAudits:     "Entra admin center › Monitoring & health › Audit logs",
	document.OrgUsers:            "Atlassian Administration › Directory › Users",
	document.OrgGroups:           "Atlassian Administration › Directory › Groups › the group",
	document.Domains:             "Atlassian Administration › Settings › Domains",
	document.Manage:              "Atlassian Administration › Directory › Managed accounts › the account",
	document.AuthPolicies:        "Atlassian Administration › Security › Authentication policies",
	document.Events:              "Atlassian Administration › Security › Audit log",
	document.JiraGroups:          "Atlassian Administration › Directory › Groups › the group",
	document.ApplicationRoles:    "Atlassian Administration › Products › Manage product",
}

// byHand is the menu where a person sees what the call would tell, "" where there is none.
func byHand(call string) string {
	for _, info := range document.Files {
		if info.Call == call {
			return menus[info.File]
		}
	}
	return ""
}
