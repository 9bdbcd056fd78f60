package document

import "strings"

// File is the path of a document inside a bundle, as design and docs/bundle.md name it.
type File string

// The documents of a bundle. docs/bundle.md lists them with their shapes.
const (
	Manifest            File = "bundle.json"
	Users               File = "entra/users.json"
	Groups              File = "entra/groups.json"
	DeletedUsers        File = "entra/deleted-users.json"
	ServicePrincipals   File = "entra/service-principal.json"
	AppRoleAssignments  File = "entra/app-role-assignments.json"
	SynchronizationJobs File = "entra/synchronization-jobs.json"
	SynchronizationRule File = "entra/synchronization-schema.json"
	SynchronizationKeys File = "entra/synchronization-secrets.json"
	ProvisioningLogs    File = "entra/provisioning-logs.json"
	DirectoryAudits     File = "entra/directory-audits.json"
	ScimUsers           File = "atlassian/scim-users.json"
	ScimGroups          File = "atlassian/scim-groups.json"
	ScimLinks           File = "atlassian/scim-links.json"
	OrgUsers            File = "atlassian/org-users.json"
	OrgGroups           File = "atlassian/org-groups.json"
	Domains             File = "atlassian/domains.json"
	Manage              File = "atlassian/manage.json"
	AuthPolicies        File = "atlassian/auth-policies.json"
	Events              File = "atlassian/events.json"
	TroubleshootingLog  File = "atlassian/troubleshooting-log.txt"
	JiraGroups          File = "jira/groups.json"
	ApplicationRoles    File = "jira/application-roles.json"
	OwnLinks            File = "rollcall/links.json"
	OwnRulesFile        File = "rollcall/rules.json"
	OwnRuns             File = "rollcall/runs.json"
	OwnLog              File = "rollcall/log.json"
)

// Info says of a document which call fetches it and where a person finds the same by hand.
type Info struct {
	File  File
	Call  string // the API call, or the menu where there is no API
	About string // what the document is, in a few words
}

// Files lists every document in the order in which a bundle is best read:
// people before the groups that name them.
var Files = []Info{
	{Manifest, "rollcall capture", "the connection and the moment of the recording"},
	{Users, "GET /users", "users of Entra ID"},
	{DeletedUsers, "GET /directory/deletedItems/microsoft.graph.user", "soft-deleted users"},
	{ServicePrincipals, "GET /servicePrincipals/{id}", "the enterprise application"},
	{AppRoleAssignments, "GET /servicePrincipals/{id}/appRoleAssignedTo", "who is assigned to the application"},
	{SynchronizationJobs, "GET /servicePrincipals/{id}/synchronization/jobs", "the provisioning job and its state"},
	{SynchronizationRule, "GET /servicePrincipals/{id}/synchronization/jobs/{id}/schema", "attribute mappings and scoping filters"},
	{SynchronizationKeys, "GET /servicePrincipals/{id}/synchronization/secrets", "settings of the job that are no secret"},
	{ScimUsers, "GET /scim/directory/{id}/Users", "users of the Guard directory"},
	{ScimLinks, "POST /admin/user-provisioning/v1/org/{org}/get-scim-links-for-email", "which SCIM record holds which account"},
	{OrgUsers, "POST /admin/v2/orgs/{org}/directories/-/users/search", "users of the organization"},
	{Domains, "GET /admin/v1/orgs/{org}/domains", "verified domains"},
	{Manage, "GET /users/{accountId}/manage", "what may be managed on an account"},
	{AuthPolicies, "POST /admin/control/v1/orgs/{org}/users/auth-policies/bulk-fetch", "authentication policy of each managed account"},
	{OwnLinks, "rollcall capture", "which records and groups rollcall made or adopted, and for whom"},
	{OwnRulesFile, "rollcall.yaml", "rollcall's own rules: scope, matching, mapping"},
	{OwnRuns, "rollcall log", "the newest runs of rollcall"},
	{OwnLog, "rollcall log", "what rollcall could not do or what waits for a person"},
	{Groups, "GET /groups?$expand=members", "groups of Entra ID and their direct members"},
	{ScimGroups, "GET /scim/directory/{id}/Groups", "groups of the Guard directory"},
	{OrgGroups, "POST /admin/v2/orgs/{org}/directories/-/groups/search", "groups of the organization"},
	{JiraGroups, "GET /rest/api/3/group/member", "members of groups as Jira sees them"},
	{ApplicationRoles, "GET /rest/api/3/applicationrole", "product roles, default groups and seats"},
	{ProvisioningLogs, "GET /auditLogs/provisioning", "Entra's provisioning log"},
	{DirectoryAudits, "GET /auditLogs/directoryAudits", "Entra's audit log"},
	{Events, "GET /admin/v1/orgs/{org}/events", "the organization's audit log"},
	{TroubleshootingLog, "Atlassian Administration › Security › Identity providers › View troubleshooting log", "Guard's troubleshooting log, pasted"},
}

// Of gives what is known of a document; for jira/<host>/… that of jira/….
func Of(f File) Info {
	base, _ := SplitSite(f)
	for _, i := range Files {
		if i.File == base {
			return Info{f, i.Call, i.About}
		}
	}
	return Info{File: f}
}

// SplitSite takes jira/<host>/groups.json apart into jira/groups.json and the host.
// The host is empty where the bundle holds a single site.
func SplitSite(f File) (base File, host string) {
	rest, ok := strings.CutPrefix(string(f), "jira/")
	if !ok {
		return f, ""
	}
	host, name, ok := strings.Cut(rest, "/")
	if !ok {
		return f, ""
	}
	return File("jira/" + name), host
}

// ForSite is the reverse of SplitSite.
func ForSite(base File, host string) File {
	if host == "" {
		return base
	}
	return File("jira/" + host + "/" + strings.TrimPrefix(string(base), "jira/"))
}
