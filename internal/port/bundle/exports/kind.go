// Package exports reads the files that an administrator can download by hand from both portals, without any API
// key, and turns them into the documents that the services' APIs would have given. It recognises a file by its
// column names, never by their order, and says where (file, line, column) something could not be used. It opens
// no files, decides nothing about causes, and never fills a fact that an export does not tell: whether a group
// or account was provisioned stays unknown.
package exports

import "github.com/rollcall/rollcall/internal/core/document"

// Kind is what a file is.
type Kind uint8

// The kinds of files. ProvisioningSteps and ModifiedProperties are the two companions of ProvisioningLog in the
// portal's CSV download; ProvisioningJSON is the same data as one file.
const (
	Unrecognised Kind = iota
	EntraUsers
	EntraGroups
	EntraMembers
	Assignments
	ProvisioningLog
	ProvisioningSteps
	ModifiedProperties
	ProvisioningJSON
	OrgUsers
	ManagedAccounts
	GuardLog
)

// about holds for each kind its name, where a person downloads it, and the document that its oddities belong to.
var about = map[Kind]struct {
	name, menu string
	file       document.File
}{
	EntraUsers:         {"Entra users", "Entra admin center › Users › All users › Download users", document.Users},
	EntraGroups:        {"Entra groups", "Entra admin center › Groups › All groups › Download groups", document.Groups},
	EntraMembers:       {"members of an Entra group", "Entra admin center › Groups › (group) › Members › Bulk operations › Download members", document.Groups},
	Assignments:        {"assignments to the application", "a list of your own, assignments.csv, of what stands under Entra admin center › Enterprise applications › (application) › Users and groups", document.AppRoleAssignments},
	ProvisioningLog:    {"provisioning log", "Entra admin center › Enterprise applications › (application) › Provisioning logs › Download › CSV", document.ProvisioningLogs},
	ProvisioningSteps:  {"steps of the provisioning log", "Entra admin center › Enterprise applications › (application) › Provisioning logs › Download › CSV", document.ProvisioningLogs},
	ModifiedProperties: {"modified properties of the provisioning log", "Entra admin center › Enterprise applications › (application) › Provisioning logs › Download › CSV", document.ProvisioningLogs},
	ProvisioningJSON:   {"provisioning log (JSON)", "Entra admin center › Enterprise applications › (application) › Provisioning logs › Download › JSON", document.ProvisioningLogs},
	OrgUsers:           {"Atlassian users", "Atlassian Administration › Directory › Users › Export users", document.OrgUsers},
	ManagedAccounts:    {"Atlassian managed accounts", "Atlassian Administration › Settings › Domains › Export accounts", document.OrgUsers},
	GuardLog:           {"Guard troubleshooting log", "Atlassian Administration › Security › Identity providers › View troubleshooting log", document.TroubleshootingLog},
}

// String is the kind in words.
func (k Kind) String() string {
	if a, ok := about[k]; ok {
		return a.name
	}
	return "unrecognised"
}

// Menu is where a person finds the download.
func (k Kind) Menu() string { return about[k].menu }
