package document

import "github.com/go-json-experiment/json/jsontext"

// ScimUser is a user of the Guard directory. Attributes that were never sent are left out by the service. Attributes
// that have no field here, extensions among them, stay in Other; Attribute and ScimPath read any of them.
type ScimUser struct {
	Schemas     skipped          `json:"schemas,omitzero"` // in every record, and no mapping can ask for it
	ID          string           `json:"id"`
	ExternalID  string           `json:"externalId"`
	UserName    string           `json:"userName"`
	DisplayName string           `json:"displayName"`
	Title       string           `json:"title"`
	Name        ScimName         `json:"name"`
	Emails      []ScimEmail      `json:"emails"`
	Active      Opt[bool]        `json:"active"` // true when left out
	Groups      []ScimRef        `json:"groups"`
	Meta        ScimMeta         `json:"meta"`
	Atlassian   Opt[ScimAccount] `json:"urn:scim:schemas:extension:atlassian-external:1.0"`

	Other jsontext.Value `json:",embed"` // an object of valid JSON, or nil
}

// ScimName is the name of a user.
type ScimName struct {
	Formatted  string `json:"formatted"`
	GivenName  string `json:"givenName"`
	FamilyName string `json:"familyName"`

	Rare *ScimNameParts `json:",embed"` // nil in nearly every record
}

// ScimNameParts are the parts of a name that few directories send.
type ScimNameParts struct {
	MiddleName      string `json:"middleName"`
	HonorificPrefix string `json:"honorificPrefix"`
	HonorificSuffix string `json:"honorificSuffix"`
}

// skipped is a property that is known and not kept; it takes no room.
type skipped struct{}

// UnmarshalJSONFrom passes over the value, whatever it is.
func (*skipped) UnmarshalJSONFrom(d *jsontext.Decoder) error { return d.SkipValue() }

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

// OwnLink says that a record or group of the target is rollcall's to manage, and for which user or group of the source.
type OwnLink struct {
	Kind   string `json:"kind"`   // user, group
	Source string `json:"source"` // id at Entra
	Target string `json:"target"` // id in the Guard directory
}
