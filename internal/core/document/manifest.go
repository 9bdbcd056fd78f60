package document

// Bundle is bundle.json: which connection was recorded, when, and what could not be read.
type Bundle struct {
	Version    int        `json:"version"`
	CapturedAt Time       `json:"captured_at"`
	Connection Connection `json:"connection"`
	Gaps       []Gap      `json:"gaps,omitzero"`

	// Totals says by file how many objects there are where only some were asked for.
	Totals map[File]int `json:"totals,omitzero"`

	// Part says that of people and groups only what touches a few subjects is there.
	Part bool `json:"part,omitzero"`
}

// Connection says how Entra and Atlassian are connected and what the administrator expects.
type Connection struct {
	Name             string              `json:"name"`
	Method           string              `json:"method"`               // entra-scim, guard-nested, rollcall
	Application      string              `json:"application,omitzero"` // service principal id
	Directory        string              `json:"directory,omitzero"`   // SCIM directory id
	Org              string              `json:"org,omitzero"`
	Sites            []string            `json:"sites,omitzero"`
	Selected         *Selected           `json:"selected,omitzero"`   // guard-nested: what its wizard was told
	Identifier       string              `json:"identifier,omitzero"` // guard-nested: mail or userPrincipalName
	ExpectedPolicies map[string]string   `json:"expected_policies,omitzero"`
	ExpectedProducts map[string][]string `json:"expected_products,omitzero"`
	SizeLimits       SizeLimits          `json:"size_limits,omitzero"`
}

// SizeLimits are those that Atlassian agreed on with a customer, or had before; zero is the published one.
type SizeLimits struct {
	Users        int `json:"users,omitzero"`         // records of a directory
	GroupMembers int `json:"group_members,omitzero"` // of one synced group
}

// The methods of a connection.
const (
	EntraSCIM   = "entra-scim"
	GuardNested = "guard-nested"
	Rollcall    = "rollcall"
)

// Selected is what Guard's nested-groups connector syncs.
type Selected struct {
	Users  string   `json:"users"` // all, groups
	Groups []string `json:"groups,omitzero"`
}

// Gap is something that could not be read. What it could hide is unknown, never absent.
type Gap struct {
	File    string `json:"file"`
	Subject string `json:"subject,omitzero"` // empty: the whole file
	What    string `json:"what"`
	Why     string `json:"why"`
	Call    string `json:"call"`
}
