package document

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// AttributeValue is a source attribute as mappings and scoping filters read it: text (Booleans are "True" and
// "False", numbers their digits), a list, null, or not known because the document does not carry the attribute.
type AttributeValue struct {
	Text   string
	Values []string // not nil: the attribute is multi-valued
	Known  bool
	Null   bool // known to be empty
}

// Attribute values.
var (
	NotTold   = AttributeValue{}
	NullValue = AttributeValue{Known: true, Null: true}
)

// TextValue is a known text; the empty text is a value of its own, not null.
func TextValue(s string) AttributeValue { return AttributeValue{Text: s, Known: true} }

// BoolValue is a known Boolean in Entra's spelling.
func BoolValue(b bool) AttributeValue {
	if b {
		return TextValue("True")
	}
	return TextValue("False")
}

// ListValue is a known multi-valued attribute. An empty list is null: Graph answers [] where nothing was ever set.
func ListValue(values []string) AttributeValue {
	if len(values) == 0 {
		return AttributeValue{Values: []string{}, Known: true, Null: true}
	}
	return AttributeValue{Values: values, Known: true}
}

// Multi tells whether the attribute holds several values.
func (v AttributeValue) Multi() bool { return v.Values != nil }

// Empty tells whether the attribute is known to hold nothing: null, the empty text or an empty list.
func (v AttributeValue) Empty() bool {
	return v.Known && (v.Null || v.Values == nil && v.Text == "" || v.Values != nil && len(v.Values) == 0)
}

// String shows the value to a person.
func (v AttributeValue) String() string {
	switch {
	case !v.Known:
		return "not told"
	case v.Null:
		return "null"
	case v.Multi():
		return strings.Join(v.Values, ", ")
	}
	return v.Text
}

// Mapping sources carry names of the old Azure AD Graph where Microsoft Graph has others.
var graphName = map[string]string{
	"objectid":                   "id",
	"physicaldeliveryofficename": "officelocation",
	"mobile":                     "mobilephone",
	"facsimiletelephonenumber":   "faxnumber",
	"dirsyncenabled":             "onpremisessyncenabled",
	"lastdirsynctime":            "onpremiseslastsyncdatetime",
	"immutableid":                "onpremisesimmutableid",
}

// Attribute reads an attribute of the user by the name that mappings and filters use; letter case does not matter.
//
// An attribute that the document does not carry is not known. The plain text fields (department, jobTitle, names …)
// do not say whether an empty one was null or left out of $select, so an empty one is not known either; Told decides
// that for a whole list of users. Of a guest's userPrincipalName alias_theirdomain#EXT#@ours Entra maps
// alias@theirdomain; originalUserPrincipalName is the whole. IsSoftDeleted is computed, not stored: whoever evaluates adds it.
func (u *User) Attribute(name string) AttributeValue {
	key := SourceKey(name)
	switch key {
	case "id":
		return plain(u.ID)
	case "userprincipalname":
		return plain(invitedAs(u.UserPrincipalName))
	case "originaluserprincipalname":
		return plain(u.UserPrincipalName)
	case "mail":
		return optText(u.Mail)
	case "displayname":
		return plain(u.DisplayName)
	case "givenname":
		return plain(u.GivenName)
	case "surname":
		return plain(u.Surname)
	case "mailnickname":
		return plain(u.MailNickname)
	case "jobtitle":
		return plain(u.JobTitle)
	case "department":
		return plain(u.Department)
	case "usertype":
		return plain(u.UserType)
	case "externaluserstate":
		return plain(u.ExternalUserState)
	case "accountenabled":
		return optBool(u.AccountEnabled)
	case "onpremisessyncenabled":
		return optBool(u.OnPremisesSyncEnabled)
	case "proxyaddresses":
		return list(u.ProxyAddresses)
	case "othermails":
		return list(u.OtherMails)
	case "createddatetime":
		return moment(u.CreatedDateTime)
	case "deleteddatetime":
		return moment(u.DeletedDateTime)
	case "onpremiseslastsyncdatetime":
		return moment(u.OnPremisesLastSyncDateTime)
	case "telephonenumber":
		phones := other(u.Other, "businessphones")
		if len(phones.Values) > 0 {
			return TextValue(phones.Values[0])
		}
		if phones.Known {
			return NullValue
		}
		return other(u.Other, key)
	}
	return other(u.Other, key)
}

// Attribute reads an attribute of the group, as User.Attribute does. Members are no attribute: they are never known here.
func (g *Group) Attribute(name string) AttributeValue {
	key := SourceKey(name)
	switch key {
	case "id":
		return plain(g.ID)
	case "displayname":
		return plain(g.DisplayName)
	case "description":
		return plain(g.Description)
	case "mailnickname":
		return plain(g.MailNickname)
	case "mailenabled":
		return optBool(g.MailEnabled)
	case "securityenabled":
		return optBool(g.SecurityEnabled)
	case "onpremisessyncenabled":
		return optBool(g.OnPremisesSyncEnabled)
	case "grouptypes":
		return list(g.GroupTypes)
	case "membershiprule":
		return plain(g.MembershipRule)
	case "membershipruleprocessingstate":
		return plain(g.MembershipRuleProcessingState)
	case "visibility":
		return plain(g.Visibility)
	case "createddatetime":
		return moment(g.CreatedDateTime)
	case "deleteddatetime":
		return moment(g.DeletedDateTime)
	case "onpremiseslastsyncdatetime":
		return moment(g.OnPremisesLastSyncDateTime)
	case "members":
		return NotTold
	}
	return other(g.Other, key)
}

// plainFields are the attributes whose field does not say whether an empty text was null or left out.
var plainFields = []string{"displayName", "givenName", "surname", "mailNickname", "jobTitle", "department", "userType", "externalUserState"}

// PlainTexts are the texts of those fields, in a fixed order.
func (u *User) PlainTexts() [8]string {
	return [8]string{u.DisplayName, u.GivenName, u.Surname, u.MailNickname, u.JobTitle, u.Department, u.UserType, u.ExternalUserState}
}

// Told finds which attributes the list of users carries at all: the plain text fields and those that are named. What
// anybody has a value for was selected by the recording, so for the others of the same list empty means null.
func Told(users []User, names ...string) map[string]bool {
	told := make(map[string]bool, len(plainFields)+len(names))
	some := 0 // plain texts that somebody has, a bit for each
	for i := 0; i < len(users) && some != 1<<len(plainFields)-1; i++ {
		for k, text := range users[i].PlainTexts() {
			if text != "" {
				some |= 1 << k
			}
		}
	}
	for k, name := range plainFields {
		told[strings.ToLower(name)] = some>>k&1 == 1
	}
	for _, name := range names {
		key := strings.ToLower(name)
		for i := 0; i < len(users) && !told[key]; i++ {
			told[key] = users[i].Attribute(name).Known
		}
	}
	return told
}

// AttributeOf gives the reader of one user's attributes: what is missing here but told for others is null.
func (u *User) AttributeOf(told map[string]bool) func(string) AttributeValue {
	return func(name string) AttributeValue {
		v := u.Attribute(name)
		if !v.Known && told[strings.ToLower(name)] {
			return NullValue
		}
		return v
	}
}

// SourceKey makes names of source attributes equal that mean one: letter case, and the names of the old Azure AD Graph.
func SourceKey(name string) string {
	key := strings.ToLower(name)
	if to, ok := graphName[key]; ok {
		return to
	}
	return key
}

func plain(s string) AttributeValue {
	if s == "" {
		return NotTold
	}
	return TextValue(s)
}

func list(values []string) AttributeValue {
	if values == nil {
		return NotTold
	}
	return ListValue(values)
}

func moment(t Time) AttributeValue {
	switch {
	case t.Text != "":
		return TextValue(t.Text)
	case t.IsZero():
		return NotTold
	}
	return TextValue(t.UTC().Format("2006-01-02T15:04:05Z"))
}

func optText(o Opt[string]) AttributeValue {
	switch {
	case !o.Known:
		return NotTold
	case o.Null:
		return NullValue
	}
	return TextValue(o.Value)
}

func optBool(o Opt[bool]) AttributeValue {
	switch {
	case !o.Known:
		return NotTold
	case o.Null:
		return NullValue
	}
	return BoolValue(o.Value)
}

// other looks the attribute up among the properties without a field. extensionAttribute1 to 15 stand in an object
// of their own; a CSV export has them flat.
func other(raw jsontext.Value, key string) AttributeValue {
	v := property(raw, key)
	if v == nil && strings.HasPrefix(key, "extensionattribute") {
		v = property(property(raw, "onpremisesextensionattributes"), key)
	}
	return fromJSON(v)
}

// property is the value of a key of a JSON object, letter case ignored; nil where there is none.
func property(raw jsontext.Value, key string) jsontext.Value {
	if len(raw) == 0 {
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
	if d.PeekKind() != '{' {
		return nil
	}
	for _, _ = d.ReadToken(); d.PeekKind() == '"'; {
		name, err := d.ReadToken()
		if err != nil {
			return nil
		}
		if !strings.EqualFold(name.String(), key) {
			if d.SkipValue() != nil {
				return nil
			}
			continue
		}
		v, err := d.ReadValue()
		if err != nil {
			return nil
		}
		return v.Clone()
	}
	return nil
}

// fromJSON turns a property into a value. An object (manager, employeeOrgData) has no text that a mapping could read.
func fromJSON(raw jsontext.Value) AttributeValue {
	switch raw.Kind() {
	case 'n':
		return NullValue
	case 't', 'f':
		return BoolValue(raw.Kind() == 't')
	case '0':
		return TextValue(string(raw))
	case '"':
		b, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return NotTold
		}
		return TextValue(string(b))
	case '[':
		return fromArray(raw)
	}
	return NotTold
}

func fromArray(raw jsontext.Value) AttributeValue {
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	values := []string{}
	for _, _ = d.ReadToken(); d.PeekKind() != ']'; {
		item, err := d.ReadValue()
		if err != nil {
			return NotTold
		}
		if v := fromJSON(item); v.Known && !v.Null && !v.Multi() {
			values = append(values, v.Text)
		} else {
			values = append(values, string(item))
		}
	}
	return ListValue(values)
}

// invitedAs is a user principal name as Entra maps it: of a guest's the address at which the guest was invited.
func invitedAs(upn string) string {
	before, _, guest := strings.Cut(upn, "#EXT#")
	if i := strings.LastIndexByte(before, '_'); guest && i > 0 {
		return before[:i] + "@" + before[i+1:]
	}
	return before
}
