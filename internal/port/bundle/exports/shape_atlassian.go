package exports

import "strings"

// orgUsers covers all generations of "Export users". Present files have User id, User name, email, User status and
// one column for each app and site; the choice in the dialog adds Group membership, or Group id and Group name with
// one row for each user and group. Until 2021 a file had group_name, username, full_name, active. In between it had
// email, active, created. The column "username" is the display name in present files and the login in old ones.
var orgUsers = shape{
	kind: OrgUsers,
	fields: [][]string{
		{"accountId", "userid", "atlassianaccountid"},
		{"userName"},
		{"fullName", "displayname"},
		{"name"},
		{"email", "emailaddress"},
		{"userStatus"},
		{"status", "accountstatus"},
		{"active"},
		{"addedToOrg", "created", "addedtoorganization"},
		{"orgRole", "organizationrole"},
		{"role"},
		{"groupMembership", "groups", "groupmemberships"},
		{"groupId"},
		{"groupName"},
		{"lastLogin"},
		{"lastSession"},
		{"lastSeen", "lastactive"},
	},
	needs: [][]string{{"accountId", "email"}, {"userStatus", "status", "active"}, {
		"userStatus", "userName", "fullName", "addedToOrg", "orgRole", "groupMembership", "groupId", "groupName",
	}},
	never: []string{
		"atlassianid", "lastactivedateutc", "principalid", "userprincipalname", "changeid", "accountenabled", "objectid",
		"objecttype", "membertype",
	},
	apps: true,
}

// managedAccounts: the spelling of the columns for claims, billing, single sign-on, two-step verification and
// verified addresses was not seen; several are accepted.
var managedAccounts = shape{
	kind: ManagedAccounts,
	fields: [][]string{
		{"atlassianId", "atlassianaccountid"},
		{"name", "fullname", "displayname", "username"},
		{"email", "emailaddress"},
		{"status", "accountstatus"},
		{"lastActive", "lastactivedate", "lastactivedateutc"},
		{"claimed", "claimstatus", "claimedby", "claimedbyanotherorganization"},
		{"billable"},
		{"policyType", "policy", "authenticationpolicytype", "billingpolicytype"},
		{"authenticationPolicy"},
		{"saml", "samlsinglesignon", "samlsso", "singlesignon", "sso"},
		{"twoStepVerification", "twostep", "2sv", "twofactor", "twofactorauthentication"},
		{"verifiedEmail", "emailverified", "isemailverified", "emailverification", "verified"},
	},
	needs: [][]string{{"atlassianId"}, {"name", "email"}, {"status", "lastActive", "billable", "claimed", "verifiedEmail"}},
	never: []string{"userid", "userstatus", "addedtoorg", "groupid", "groupname", "groupmembership"},
	apps:  true,
}

// products maps the names that apps bore over the years to the key that roles and seats use.
var products = map[string]string{
	"jira": "jira-software", "jirasoftware": "jira-software", "jiraservicemanagement": "jira-servicedesk",
	"jiraservicedesk": "jira-servicedesk", "jiraworkmanagement": "jira-core", "jiracore": "jira-core",
	"jiraproductdiscovery": "jira-product-discovery", "confluence": "confluence", "confluenceguest": "confluence-guest",
	"bitbucket": "bitbucket", "trello": "trello", "opsgenie": "opsgenie", "statuspage": "statuspage", "atlas": "atlas",
	"goals": "goals", "projects": "projects", "compass": "compass", "loom": "loom", "feedback": "feedback",
	"jiraadministration": "jira-admin", "administration": "admin", "assets": "assets", "analytics": "analytics",
	"atlassiananalytics": "analytics", "rovo": "rovo", "guard": "guard", "atlassianguard": "guard", "atlassianaccess": "guard",
	"focus": "focus", "talent": "talent", "home": "home", "atlassianhome": "home", "customerservicemanagement": "customer-service-management",
}

// app is a product on a site.
type app struct{ key, name, site string }

// appOf reads the header of a product column. "Last seen in Jira - acme" belongs to a product but grants nothing.
func appOf(header string) (a app, lastSeen, ok bool) {
	header = strings.TrimSpace(header)
	const seen = "last seen in "
	if len(header) > len(seen) && strings.EqualFold(header[:len(seen)], seen) {
		return app{}, true, true
	}
	name, site, dashed := cutLast(header, " - ")
	name, site = strings.TrimSpace(name), strings.TrimSpace(site)
	if key, known := products[squash(name)]; known {
		return app{key, name, site}, false, true
	}
	if dashed && name != "" && site != "" {
		return app{strings.ReplaceAll(strings.ToLower(name), " ", "-"), name, site}, false, true // an app of tomorrow
	}
	return app{}, false, false
}

// cutLast cuts at the last separator: an app's name may hold one, a site's name cannot.
func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
