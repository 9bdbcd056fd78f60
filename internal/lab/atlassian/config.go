package atlassian

import "time"

// Org is the organization.
type Org struct {
	ID, Name string
}

// Directory is one that an identity provider fills through SCIM.
type Directory struct {
	ID, Name string
	Key      string    // the SCIM API key; empty: nobody gets in
	Expires  time.Time // of the key; zero: never
	Google   bool      // Google Workspace fills it, without a key
}

// AdminKey is an API key of the organization.
type AdminKey struct {
	Key     string
	Scopes  []string // none: a key without scopes, which may do everything
	Expires time.Time
}

// Site is one Jira Cloud site with its products.
type Site struct {
	Host  string // acme.atlassian.net
	Email string // who the API token belongs to
	Token string

	NotAdministrator bool // the token's owner may not administer Jira
	HidesEmail       bool // privacy settings keep e-mail addresses back
	Products         []Product
}

// Product is an application on a site.
type Product struct {
	Key   string // jira-software, jira-servicedesk, jira-core, confluence
	Name  string // empty: the key
	Seats int    // zero: unlimited
}

// Domain is one that the organization has to do with.
type Domain struct {
	Name      string
	State     DomainState
	Directory string // the directory it is linked to; empty: the local one
}

// DomainState is how far a domain has come.
type DomainState int

// The states of a domain. Only the accounts of a claimed one are managed.
const (
	Claimed           DomainState = iota // verified, and its accounts claimed
	VerifiedUnclaimed                    // verified, no account claimed: provisioning takes it for unverified
	Unverified
	MissingToken
	Superseded // another organization took it
	Deleted
)

// Policy is an authentication policy.
type Policy struct {
	ID, Name  string
	Directory string // LocalDirectory or the id of a directory
	Default   bool   // of that directory: new managed accounts land in it

	SSO         bool // single sign-on is enforced
	NonBillable bool // its members do not count for Guard's bill
}

// Limits bound what a directory takes and what a page holds. Zero is the vendor's number of 2026 or, where it says
// none, the one beside the field.
type Limits struct {
	Users        int // per directory: 1,000,000
	Groups       int // per directory: 250,000
	GroupMembers int // per group: 290,000
	Memberships  int // per directory: 8,000,000

	ConnectorGroup int // users that the connector puts into one group: 10,000

	UserPage        int // 100, whatever count says
	GroupPage       int // 100; not documented for groups
	PatchMembers    int // members in one PATCH; not documented, zero: no limit
	OrgPage         int // of the organization's lists: 100; not documented
	EventPage       int // 25
	EventsPerMinute int // calls of GET /events; documented as 10, zero here: no limit
	JiraMembers     int // group/member: 50; from memory
	JiraUsers       int // users/search: 1000; from memory
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		field *int
		value int
	}{
		{&l.Users, 1_000_000},
		{&l.Groups, 250_000},
		{&l.GroupMembers, 290_000},
		{&l.Memberships, 8_000_000},
		{&l.ConnectorGroup, 10_000},
		{&l.UserPage, 100},
		{&l.GroupPage, 100},
		{&l.OrgPage, 100},
		{&l.EventPage, 25},
		{&l.JiraMembers, 50},
		{&l.JiraUsers, 1000},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return l
}

// commonBuiltIn are the groups that are said to be Atlassian's own. The vendor publishes no list.
var commonBuiltIn = []string{
	"site-admins", "org-admins", "administrators", "system-administrators", "jira-administrators",
	"confluence-administrators",
}
