package document

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ScimUser is a user of the Guard directory. Attributes that were never sent are left out by the service.
type ScimUser struct {
	ID          string      `json:"id"`
	ExternalID  string      `json:"externalId"`
	UserName    string      `json:"userName"`
	DisplayName string      `json:"displayName"`
	Title       string      `json:"title"`
	Name        ScimName    `json:"name"`
	Emails      []ScimEmail `json:"emails"`
	Active      Opt[bool]   `json:"active"` // true when left out
	Groups      []ScimRef   `json:"groups"`
	Meta        ScimMeta    `json:"meta"`
	Enterprise  struct {
		Department string `json:"department"`
	} `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	Atlassian Opt[ScimAccount] `json:"urn:scim:schemas:extension:atlassian-external:1.0"`
}

// ScimName is the name of a user.
type ScimName struct {
	Formatted  string `json:"formatted"`
	GivenName  string `json:"givenName"`
	FamilyName string `json:"familyName"`
}

// ScimEmail is one address of a user.
type ScimEmail struct {
	Value   string    `json:"value"`
	Type    string    `json:"type"`
	Primary Opt[bool] `json:"primary"`
}

// ScimAccount links a SCIM record to an Atlassian account: the join key to every other Atlassian API.
type ScimAccount struct {
	AtlassianAccountID Opt[string] `json:"atlassianAccountId"`
}

// ScimMeta carries the times of a resource.
type ScimMeta struct {
	Created      Time `json:"created"`
	LastModified Time `json:"lastModified"`
}

// ScimRef refers to another resource of the same directory.
type ScimRef struct {
	Value   string `json:"value"`
	Display string `json:"display"`
	Type    string `json:"type"`
}

// IsActive reads an absent "active" as true, as the service does.
func (u *ScimUser) IsActive() bool { return !u.Active.Known || u.Active.Null || u.Active.Value }

// Email is the primary address, or the first one.
func (u *ScimUser) Email() string {
	for _, e := range u.Emails {
		if e.Primary.Value {
			return e.Value
		}
	}
	if len(u.Emails) > 0 {
		return u.Emails[0].Value
	}
	return ""
}

// ScimGroup is a group of the Guard directory.
type ScimGroup struct {
	ID          string         `json:"id"`
	ExternalID  string         `json:"externalId"`
	DisplayName string         `json:"displayName"`
	Members     Opt[[]ScimRef] `json:"members"` // a list item without the key is "not told", not "empty"
	Meta        ScimMeta       `json:"meta"`
}

// ScimLink says which account a SCIM record is linked to, and in which directory the record is.
type ScimLink struct {
	ScimUserID         string      `json:"scimUserId"`
	AtlassianAccountID Opt[string] `json:"atlassianAccountId"`
	OrgID              string      `json:"orgId"`
	DirectoryID        string      `json:"directoryId"`
	Email              string      `json:"email"` // not in the answer; kept where the recorder noted what it asked for
}

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

// ManageAnswer is the answer of GET /users/{accountId}/manage: permissions, or the error as it came.
type ManageAnswer struct {
	Permissions map[string]Permission
	ErrorKey    string // forbidden, forbidden.targetUnverified, forbidden.unclaimedDomain, accountNotFound, …
	ErrorText   string
}

// Permission is one action on an account and, where it is not allowed, why.
type Permission struct {
	Allowed bool   `json:"allowed"`
	Reason  Reason `json:"reason"`
}

// Reason is the key of a refusal, such as externalDirectory.scim.
type Reason struct {
	Key string `json:"key"`
}

// UnmarshalJSONFrom tells permissions from errors by their shape.
func (m *ManageAnswer) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var fields map[string]jsontext.Value
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	m.Permissions = map[string]Permission{}
	for k, v := range fields {
		var s string
		switch k {
		case "key", "error", "code", "message", "title", "detail":
			if json.Unmarshal(v, &s) != nil {
				s = string(v)
			}
			if k == "key" {
				m.ErrorKey = s
			} else if m.ErrorText == "" || k == "message" {
				m.ErrorText = s
			}
		case "errors":
			var list []struct {
				Key    string `json:"key"`
				Code   string `json:"code"`
				Title  string `json:"title"`
				Detail string `json:"detail"`
			}
			if json.Unmarshal(v, &list) == nil && len(list) > 0 {
				m.ErrorKey = first(list[0].Key, list[0].Code, m.ErrorKey)
				m.ErrorText = first(list[0].Title, list[0].Detail)
			}
		default:
			var p Permission
			if v.Kind() == '{' && json.Unmarshal(v, &p) == nil {
				m.Permissions[k] = p
			}
		}
	}
	return nil
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// AuthPolicy is the authentication policy of one account.
type AuthPolicy struct {
	PolicyID string `json:"policyId"`
	Name     string `json:"name"`
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

// JiraGroup is a group as one Jira site sees it. Error is set where the site answered with an error.
type JiraGroup struct {
	Name    string
	Values  Opt[[]JiraUser]
	Error   string // first message of an error answer
	MaxSize int    // "total" of the answer where given
}

// JiraUser is a member of a Jira group.
type JiraUser struct {
	AccountID    string    `json:"accountId"`
	DisplayName  string    `json:"displayName"`
	EmailAddress string    `json:"emailAddress"`
	Active       Opt[bool] `json:"active"`
}

// ApplicationRole is a product on a Jira site: its groups, default groups and seats.
type ApplicationRole struct {
	Key               string         `json:"key"`
	Name              string         `json:"name"`
	Groups            []string       `json:"groups"`
	GroupDetails      []GroupName    `json:"groupDetails"`
	DefaultGroups     []string       `json:"defaultGroups"`
	DefaultGroupsInfo []GroupName    `json:"defaultGroupsDetails"`
	NumberOfSeats     Opt[int]       `json:"numberOfSeats"`
	RemainingSeats    Opt[int]       `json:"remainingSeats"`
	UserCount         Opt[int]       `json:"userCount"`
	HasUnlimitedSeats bool           `json:"hasUnlimitedSeats"`
	Other             jsontext.Value `json:",unknown"`
}

// GroupName names a Jira group.
type GroupName struct {
	Name    string `json:"name"`
	GroupID string `json:"groupId"`
}
