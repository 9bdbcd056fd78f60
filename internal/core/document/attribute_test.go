package document

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

const lena = `{
	"id": "7f0a3b52-0000-4000-8000-000000000001",
	"userPrincipalName": "lena.vogel_partner.example#EXT#@fabrikam.onmicrosoft.com",
	"mail": null, "accountEnabled": true, "displayName": "Lena Vogel", "department": "",
	"onPremisesSyncEnabled": false, "proxyAddresses": [], "otherMails": ["a@b.example", "c@d.example"],
	"createdDateTime": "2024-03-01T08:00:00Z",
	"officeLocation": "Lübeck", "mobilePhone": "+49 1", "businessPhones": ["+49 2", "+49 3"], "faxNumber": null,
	"employeeId": "0042", "companyName": "Fabrikam", "employeeLeave": 7,
	"onPremisesExtensionAttributes": {"extensionAttribute1": "red", "extensionAttribute2": null},
	"extension_9d98ed114c4840d298fad781915f27e4_costCenter": "K7",
	"manager": {"id": "someone"}
}`

func TestAttributesOfAUserAreReadByTheNamesThatMappingsUse(t *testing.T) {
	var u User
	if err := json.Unmarshal([]byte(lena), &u); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		attribute string
		want      AttributeValue
	}{
		"objectId is the id":                              {"objectId", TextValue("7f0a3b52-0000-4000-8000-000000000001")},
		"letter case of the name does not matter":         {"OBJECTID", TextValue("7f0a3b52-0000-4000-8000-000000000001")},
		"a guest's name is the address of the invitation": {"userPrincipalName", TextValue("lena.vogel@partner.example")},
		"the original name is whole":                      {"originalUserPrincipalName", TextValue("lena.vogel_partner.example#EXT#@fabrikam.onmicrosoft.com")},
		"a null address is null":                          {"mail", NullValue},
		"Booleans are words with a capital":               {"accountEnabled", TextValue("True")},
		"dirSyncEnabled is onPremisesSyncEnabled":         {"dirSyncEnabled", TextValue("False")},
		"an empty plain field may not have been asked":    {"department", NotTold},
		"an absent plain field is not told":               {"jobTitle", NotTold},
		"an empty list is null":                           {"proxyAddresses", AttributeValue{Values: []string{}, Known: true, Null: true}},
		"a list keeps its values":                         {"otherMails", ListValue([]string{"a@b.example", "c@d.example"})},
		"times are RFC 3339":                              {"createdDateTime", TextValue("2024-03-01T08:00:00Z")},
		"an absent time is not told":                      {"deletedDateTime", NotTold},
		"physicalDeliveryOfficeName is the office":        {"physicalDeliveryOfficeName", TextValue("Lübeck")},
		"mobile is mobilePhone":                           {"mobile", TextValue("+49 1")},
		"telephoneNumber is the first business phone":     {"telephoneNumber", TextValue("+49 2")},
		"facsimileTelephoneNumber is faxNumber":           {"facsimileTelephoneNumber", NullValue},
		"a property without a field is found":             {"employeeId", TextValue("0042")},
		"numbers keep their digits":                       {"employeeLeave", TextValue("7")},
		"extension attributes stand one level deeper":     {"extensionAttribute1", TextValue("red")},
		"a null extension attribute is null":              {"extensionAttribute2", NullValue},
		"an absent extension attribute is not told":       {"extensionAttribute3", NotTold},
		"directory extensions are found":                  {"extension_9d98ed114c4840d298fad781915f27e4_costCenter", TextValue("K7")},
		"a reference has no text":                         {"manager", NotTold},
		"a property that is nowhere is not told":          {"city", NotTold},
		"IsSoftDeleted is computed elsewhere":             {"IsSoftDeleted", NotTold},
		"a member's name is whole either way":             {"displayName", TextValue("Lena Vogel")},
		"the name of an object around it is no text":      {"onPremisesExtensionAttributes", NotTold},
		"an empty name is not told":                       {"", NotTold},
		"a name that is only a prefix finds nothing":      {"extension_", NotTold},
		"a business phone list is a list by its name":     {"businessPhones", ListValue([]string{"+49 2", "+49 3"})},
		"a Graph name works beside the mapping's name":    {"officeLocation", TextValue("Lübeck")},
		"a blank around a name is not forgiven":           {" mail", NotTold},
		"the address is not taken from another field":     {"email", NotTold},
		"the immutable id has an old name":                {"immutableId", NotTold},
		"the number of an extension attribute is exact":   {"extensionAttribute11", NotTold},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, u.Attribute(tt.attribute)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.attribute, diff)
			}
		})
	}
}

func TestAttributesOfAGroupAreReadByTheNamesThatMappingsUse(t *testing.T) {
	var g Group
	const doc = `{"id": "g1", "displayName": "jira-developers", "mail": "dev@fabrikam.example", "mailNickname": "dev", "description": "",
		"securityEnabled": true, "mailEnabled": false, "groupTypes": ["DynamicMembership"], "members": [{"id": "u1"}]}`
	if err := json.Unmarshal([]byte(doc), &g); err != nil {
		t.Fatal(err)
	}
	for attribute, want := range map[string]AttributeValue{
		"objectId": TextValue("g1"), "displayName": TextValue("jira-developers"), "mail": TextValue("dev@fabrikam.example"),
		"mailNickname": TextValue("dev"), "description": NotTold, "securityEnabled": TextValue("True"), "mailEnabled": TextValue("False"),
		"groupTypes": ListValue([]string{"DynamicMembership"}), "members": NotTold, "visibility": NotTold, "dirSyncEnabled": NotTold,
	} {
		if diff := cmp.Diff(want, g.Attribute(attribute)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", attribute, diff)
		}
	}
}

func TestAnAttributeThatAnybodyHasIsNullForTheOthers(t *testing.T) {
	users := []User{{ID: "a", Department: "Sales", Other: jsontext.Value(`{"city":"Lagos","state":null}`)}, {ID: "b"}}
	read := users[1].AttributeOf(Told(users, "City", "state", "country"))
	for attribute, want := range map[string]AttributeValue{
		"department": NullValue, "jobTitle": NotTold, "objectId": TextValue("b"), "city": NullValue, "state": NullValue, "country": NotTold,
	} {
		if diff := cmp.Diff(want, read(attribute)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", attribute, diff)
		}
	}
}

func TestValuesShowThemselves(t *testing.T) {
	for _, tt := range []struct {
		v     AttributeValue
		text  string
		empty bool
	}{
		{NotTold, "not told", false},
		{NullValue, "null", true},
		{TextValue(""), "", true},
		{TextValue("x"), "x", false},
		{BoolValue(true), "True", false},
		{ListValue([]string{"a", "b"}), "a, b", false},
		{ListValue(nil), "null", true},
	} {
		if tt.v.String() != tt.text || tt.v.Empty() != tt.empty {
			t.Errorf("%+v: %q, empty %v", tt.v, tt.v.String(), tt.v.Empty())
		}
	}
}
