package document

// OrgUser is an account as the organization sees it.
type OrgUser struct {
	AccountID        string              `json:"accountId"`
	AccountType      string              `json:"accountType"`
	Status           string              `json:"status"`           // active, suspended, not_invited, deactivated, for_deletion
	AccountStatus    string              `json:"accountStatus"`    // active, inactive, closed
	MembershipStatus string              `json:"membershipStatus"` // active, suspended, no_membership
	Name             string              `json:"name"`
	Nickname         string              `json:"nickname"`
	Email            string              `json:"email"`
	EmailVerified    Opt[bool]           `json:"emailVerified"`
	ClaimStatus      string              `json:"claimStatus"`      // managed, unmanaged
	ManagementSource Opt[string]         `json:"managementSource"` // invited, synced, null: could not be determined
	AddedToOrg       Time                `json:"addedToOrg"`
	DeactivatedOn    Time                `json:"deactivatedOn"`
	ForDeletion      Opt[bool]           `json:"forDeletion"`
	ProductAccess    Opt[[]ProductGrant] `json:"productAccess"` // only with expand
	Groups           Opt[[]OrgGroupRef]  `json:"groups"`        // only with expand
}

// ProductGrant is one product that an account may use. Field names differ between API versions.
type ProductGrant struct {
	Key        string `json:"key"`
	Name       string `json:"name"`
	URL        string `json:"url"`
	ID         string `json:"id"`
	ResourceID string `json:"resourceId"`
}

// OrgGroupRef names a group of an account.
type OrgGroupRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// OrgGroup is a group as the organization sees it.
type OrgGroup struct {
	ID              string                `json:"id"`
	Name            string                `json:"name"`
	DirectoryID     string                `json:"directoryId"`
	ExternalSynced  Opt[bool]             `json:"externalSynced"` // came from an identity provider
	ManagedBy       string                `json:"managedBy"`      // external, admins, team-members, open
	Members         Opt[[]string]         `json:"members"`        // account ids
	RoleAssignments Opt[[]RoleAssignment] `json:"roleAssignments"`
	Counts          struct {
		Users int `json:"users"` // members; only with expand
	} `json:"counts"`
}

// RoleAssignment is what a group grants on one product instance. A defaultRole that is not null makes
// the group a default group there.
type RoleAssignment struct {
	ResourceID    string      `json:"resourceId"`
	ResourceOwner string      `json:"resourceOwner"`
	DefaultRole   Opt[string] `json:"defaultRole"`
	Roles         []string    `json:"roles"`
}

// Domain is a domain of the organization with the state of its claim.
type Domain struct {
	ID         string `json:"id"`
	Attributes struct {
		Name  string `json:"name"`
		Claim struct {
			Type   string `json:"type"`
			Status string `json:"status"` // verified, unverified, deleted, superseded, missing_token
		} `json:"claim"`
	} `json:"attributes"`
}

// Event is an entry of the organization's audit log.
type Event struct {
	ID         string `json:"id"`
	Attributes struct {
		Time   Time   `json:"time"`
		Action string `json:"action"`
		Actor  struct {
			ID    string `json:"id"`
			Name  string `json:"name"`
			Email string `json:"email"`
		} `json:"actor"`
		Context []EventObject `json:"context"`
		Message struct {
			Content string `json:"content"`
		} `json:"message"`
	} `json:"attributes"`
	Message struct {
		Content string `json:"content"`
	} `json:"message"`
}

// EventObject is an object that an event speaks of.
type EventObject struct {
	ID         string         `json:"id"`
	Type       string         `json:"type"`
	Attributes map[string]any `json:"attributes"`
}

// LogLine is one line of Guard's troubleshooting log, which comes as pasted text.
type LogLine struct {
	Line int // 1-based
	Text string
}
