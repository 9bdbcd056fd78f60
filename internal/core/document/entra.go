package document

import "github.com/go-json-experiment/json/jsontext"

// User is a user of Microsoft Graph (CSDL microsoft.graph.user). Attributes that have no field here
// stay in Other, so that a mapping or a filter can read any of them.
type User struct {
	ID                           string              `json:"id"`
	UserPrincipalName            string              `json:"userPrincipalName"`
	Mail                         Opt[string]         `json:"mail"`
	DisplayName                  string              `json:"displayName"`
	GivenName                    string              `json:"givenName"`
	Surname                      string              `json:"surname"`
	MailNickname                 string              `json:"mailNickname"`
	JobTitle                     string              `json:"jobTitle"`
	Department                   string              `json:"department"`
	UserType                     string              `json:"userType"`
	ExternalUserState            string              `json:"externalUserState"`
	AccountEnabled               Opt[bool]           `json:"accountEnabled"`
	ProxyAddresses               []string            `json:"proxyAddresses"`
	OtherMails                   []string            `json:"otherMails"`
	CreatedDateTime              Time                `json:"createdDateTime"`
	DeletedDateTime              Time                `json:"deletedDateTime"`
	OnPremisesSyncEnabled        Opt[bool]           `json:"onPremisesSyncEnabled"`
	OnPremisesLastSyncDateTime   Time                `json:"onPremisesLastSyncDateTime"`
	OnPremisesProvisioningErrors []ProvisioningError `json:"onPremisesProvisioningErrors"`

	Other jsontext.Value `json:",embed"`
}

// ProvisioningError is an error of directory synchronization from on-premises (onPremisesProvisioningError).
type ProvisioningError struct {
	Category             string `json:"category"`
	PropertyCausingError string `json:"propertyCausingError"`
	Value                string `json:"value"`
	OccurredDateTime     Time   `json:"occurredDateTime"`
}

// Group is a group of Microsoft Graph without its members, which are streamed beside it.
type Group struct {
	ID                            string              `json:"id"`
	DisplayName                   string              `json:"displayName"`
	Description                   string              `json:"description"`
	MailNickname                  string              `json:"mailNickname"`
	MailEnabled                   Opt[bool]           `json:"mailEnabled"`
	SecurityEnabled               Opt[bool]           `json:"securityEnabled"`
	GroupTypes                    []string            `json:"groupTypes"`
	MembershipRule                string              `json:"membershipRule"`
	MembershipRuleProcessingState string              `json:"membershipRuleProcessingState"`
	MembershipRuleProcessing      RuleStatus          `json:"membershipRuleProcessingStatus"` // beta only
	Visibility                    string              `json:"visibility"`
	OnPremisesSyncEnabled         Opt[bool]           `json:"onPremisesSyncEnabled"`
	OnPremisesLastSyncDateTime    Time                `json:"onPremisesLastSyncDateTime"`
	OnPremisesProvisioningErrors  []ProvisioningError `json:"onPremisesProvisioningErrors"`
	CreatedDateTime               Time                `json:"createdDateTime"`
	DeletedDateTime               Time                `json:"deletedDateTime"`

	Members      Members        `json:"members"`
	MembersNext  string         `json:"members@odata.nextLink"` // further members that are not in the document
	MembersCount int            `json:"members@odata.count"`    // how many there are, where only some were asked for
	Other        jsontext.Value `json:",embed"`
}

// RuleStatus is the beta-only state of a dynamic membership rule.
type RuleStatus struct {
	Status               string `json:"status"` // NotStarted, Running, Succeeded, Failed
	LastMembershipUpdate Time   `json:"lastMembershipUpdated"`
	ErrorMessage         string `json:"errorMessage"`
}

// Member is a direct member of an Entra group.
type Member struct {
	Type string `json:"@odata.type"` // #microsoft.graph.user, #microsoft.graph.group, …; empty where not told
	ID   string `json:"id"`
}

// Members are the direct members of a group. Known is false where the document has no members key.
type Members struct {
	Known bool
	List  []Member
}
