package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The quick readers are right where they read what the library reads, or leave it to the library.

func TestUsersAreReadAsTheLibraryReadsThem(t *testing.T) { sameAsLibrary[User](t, Users) }

func TestRecordsAreReadAsTheLibraryReadsThem(t *testing.T) { sameAsLibrary[ScimUser](t, ScimUsers) }

func TestAccountsAreReadAsTheLibraryReadsThem(t *testing.T) { sameAsLibrary[OrgUser](t, OrgUsers) }

func TestLinksAreReadAsTheLibraryReadsThem(t *testing.T) { sameAsLibrary[ScimLink](t, ScimLinks) }

// usual are the values that services send for a property; any other value is tried as well.
var usual = map[string][]string{
	"proxyAddresses": {`["SMTP:a@x","smtp:b@x"]`, `[]`}, "otherMails": {`[]`, `["o@x",null]`},
	"name":                         {`{"formatted":"A B","givenName":"A","familyName":"B","honorific":null}`, `{"middleName":"M","honorificPrefix":null,"honorificSuffix":""}`, `{"middleName":5}`, `{}`},
	"emails":                       {`[{"value":"a@x","type":"work","primary":true}]`, `[{"value":"a@x","type":"odd","primary":"True"},{"value":"b@x"}]`, `[]`},
	"phoneNumbers":                 {`[{"value":"+49 30 1","type":"work","primary":false}, {"value":"+49 170 2","type":"mobile"}]`, `[]`},
	"schemas":                      {`["urn:ietf:params:scim:schemas:core:2.0:User"]`},
	"meta":                         {`{"created":"2026-11-20T12:00:00Z","lastModified":"2026-11-20T12:00:00.5+01:00","resourceType":"User"}`},
	"groups":                       {`[{"value":"g","display":"G","type":"Group"}]`, `[{"id":"g","name":"G"}]`, `[]`},
	"productAccess":                {`[{"key":"jira-software","name":"Jira","url":"https://x","id":"1","resourceId":"r"}]`, `[]`},
	"onPremisesProvisioningErrors": {`[]`, `[{"category":"PropertyConflict","value":"v","occurredDateTime":"2026-11-20T12:00:00Z"}]`},
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {`{"department":"Sales","organization":"X"}`},
	"urn:scim:schemas:extension:atlassian-external:1.0":          {`{"atlassianAccountId":"acc"}`, `{"atlassianAccountId":null}`, `{}`},
}

var names = []string{
	"id", "userPrincipalName", "mail", "displayName", "givenName", "surname", "mailNickname", "jobTitle", "department", "userType", "externalUserState",
	"accountEnabled", "proxyAddresses", "otherMails", "createdDateTime", "deletedDateTime", "onPremisesSyncEnabled", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors",
	"externalId", "userName", "title", "name", "emails", "active", "groups", "meta",
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:scim:schemas:extension:atlassian-external:1.0",
	"accountId", "accountType", "status", "accountStatus", "membershipStatus", "nickname", "email", "emailVerified", "claimStatus", "managementSource", "addedToOrg", "deactivatedOn", "forDeletion", "productAccess",
	"scimUserId", "atlassianAccountId", "orgId", "directoryId", "companyName", "employeeId", "schemas", "nickName", "preferredLanguage", "phoneNumbers", "", "odd\\u0020name",
}

func sameAsLibrary[T any](t *testing.T, f File) {
	t.Helper()
	plain := rapid.SampledFrom([]string{`"plain"`, `"Ünïcode"`, `""`, `null`, `true`, `false`, `"Member"`, `"active"`, `"synced"`, `"2026-11-20T12:00:00Z"`, `"0001-01-01T00:00:00Z"`, `"20 Nov 2026"`, `"soon"`})
	strange := rapid.SampledFrom([]string{`"es\\"caped"`, `"\\u00e9"`, `17`, `-1.5e3`, `{}`, `{"a":[1]}`, `[]`, `["x"]`, `[null]`, `[5]`, `"True"`, `[{"value":5}]`, `{"created":5}`})
	space := rapid.SampledFrom([]string{"", "", " ", "\n\t"})
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("{" + space.Draw(t, "space"))
		for i, n := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 25).Draw(t, "names") {
			value := plain.Draw(t, "value")
			switch rapid.IntRange(0, 20).Draw(t, "kind") {
			case 0:
				value = strange.Draw(t, "strange")
			case 1, 2, 3, 4, 5, 6:
				if usual[n] != nil {
					value = rapid.SampledFrom(usual[n]).Draw(t, "usual")
				}
			}
			if i > 0 {
				b.WriteString("," + space.Draw(t, "space"))
			}
			fmt.Fprintf(&b, `"%s"%s:%s%s`, n, space.Draw(t, "space"), space.Draw(t, "space"), value)
		}
		b.WriteString("}")
		var want T
		wrong := json.Unmarshal([]byte(b.String()), &want, jsontext.AllowDuplicateNames(true))
		var got T
		_, err := Each(f, strings.NewReader("["+b.String()+"]"), func(v *T) error { got = *v; return nil })
		if (wrong == nil) != (err == nil) {
			t.Fatalf("%s: %v, the library says %v", b.String(), err, wrong)
		}
		if wrong != nil {
			return
		}
		if diff := cmp.Diff(want, got, cmp.Transformer("value", canonical)); diff != "" {
			t.Fatalf("%s: - library, + quick\n%s", b.String(), diff)
		}
	})
}

// canonical makes the texts of properties without a field comparable.
func canonical(v jsontext.Value) string {
	c := v.Clone()
	if len(c) > 0 {
		_ = c.Compact()
	}
	return string(c)
}
