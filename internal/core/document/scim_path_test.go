package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// realRecord has what Atlassian's description of a user has, and a few attributes that other services send.
const realRecord = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","urn:scim:schemas:extension:atlassian-external:1.0"],
 "id":"635cdb2f-e72c-4122-bfd2-1aa2a1d2a0b1","externalId":"7d3c0b4e-1111-4222-8333-944455556666","userName":"ada@fabrikam.example",
 "name":{"formatted":"Dr. Ada K. Lovelace","familyName":"Lovelace","givenName":"Ada","middleName":"King","honorificPrefix":"Dr."},
 "displayName":"Ada Lovelace","nickName":"ada","title":"Analyst","preferredLanguage":"en-GB","locale":"","department":"Engines","timezone":"Europe/London",
 "phoneNumbers":[{"value":"+44 20 1","type":"work","primary":false},{"value":"+44 7700 2","type":"mobile","primary":true}],
 "emails":[{"value":"ada@home.example","type":"home"},{"value":"ada@fabrikam.example","type":"work","primary":true},{"value":"old@fabrikam.example","type":"work"}],
 "addresses":[{"type":"home","locality":"Ockham"},{"type":"work","locality":"London","formatted":"12 St James\u2019s Square\nLondon"}],
 "groups":[{"type":"Group","value":"g1","display":"Engineers"},{"value":"g2","display":"Readers"}],
 "roles":["reader",{"value":"writer"},{}], "photos":[], "loginCount":17, "verified":true, "profileUrl":null, "sport":"chess",
 "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"organization":"Fabrikam","employeeNumber":"815","manager":{"value":"m1","displayName":"Charles"}},
 "urn:ietf:params:scim:schemas:extension:fabrikam:2.0:User":{"Badge.no":"x","badge":"B-7","tags":["a","b"],"desk":{"floor":3}},
 "urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"557058:ada"},
 "meta":{"resourceType":"User","location":"https://api.atlassian.com/scim","created":"2026-01-02T03:04:05.678Z","lastModified":"2026-11-20T12:00:00Z"},
 "active":true}`

const (
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:"
	fabrikam   = "urn:ietf:params:scim:schemas:extension:fabrikam:2.0:User:"
)

var valuesOfTheRecord = map[string]AttributeValue{
	"id": TextValue("635cdb2f-e72c-4122-bfd2-1aa2a1d2a0b1"), "externalId": TextValue("7d3c0b4e-1111-4222-8333-944455556666"),
	"userName": TextValue("ada@fabrikam.example"), "USERNAME": TextValue("ada@fabrikam.example"), " userName ": TextValue("ada@fabrikam.example"),
	"urn:ietf:params:scim:schemas:core:2.0:User:userName": TextValue("ada@fabrikam.example"), "URN:ietf:params:scim:schemas:core:2.0:user:Title": TextValue("Analyst"),
	"displayName": TextValue("Ada Lovelace"), "title": TextValue("Analyst"), "active": TextValue("True"), "nickName": TextValue("ada"), "nickname": TextValue("ada"),
	"preferredLanguage": TextValue("en-GB"), "timezone": TextValue("Europe/London"), "sport": TextValue("chess"),
	"locale": NullValue, "profileUrl": NullValue, "userType": NullValue, "urn:ietf:params:scim:schemas:core:2.0:User:userType": NullValue,
	"loginCount": TextValue("17"), "verified": TextValue("True"), "photos": ListValue(nil), "roles": ListValue([]string{"reader", "writer"}), "roles.value": TextValue("reader"),

	"name.formatted": TextValue("Dr. Ada K. Lovelace"), "name.givenName": TextValue("Ada"), "name.familyName": TextValue("Lovelace"), "name . GivenName": TextValue("Ada"),
	"name.middleName": TextValue("King"), "name.honorificPrefix": TextValue("Dr."), "name.honorificSuffix": NullValue,

	`emails[type eq "work"].value`: TextValue("ada@fabrikam.example"), `Emails[Type EQ "WORK"].Value`: TextValue("ada@fabrikam.example"),
	`emails[ type  eq  "work" ] . value`: TextValue("ada@fabrikam.example"), `emails[type eq "work"]`: TextValue("ada@fabrikam.example"),
	`emails[type eq "\u0077ork"].value`: TextValue("ada@fabrikam.example"), `urn:ietf:params:scim:schemas:core:2.0:User:emails[value eq "urn:x:y"].type`: NullValue,
	`emails[type eq "home"].value`: TextValue("ada@home.example"), `emails[type eq "other"].value`: NullValue, `emails[type eq "home"].primary`: TextValue("False"),
	`emails[primary eq true].value`: TextValue("ada@fabrikam.example"), `emails[primary eq "True"].value`: TextValue("ada@fabrikam.example"), `emails[primary eq false].value`: TextValue("ada@home.example"),
	"emails.value": TextValue("ada@fabrikam.example"), "emails.type": TextValue("work"), "emails.display": NotTold,
	"emails": ListValue([]string{"ada@home.example", "ada@fabrikam.example", "old@fabrikam.example"}),
	"groups": ListValue([]string{"g1", "g2"}), `groups[value eq "g2"].display`: TextValue("Readers"), `groups[display eq "Nobody"].value`: NullValue,

	`phoneNumbers[type eq "mobile"].value`: TextValue("+44 7700 2"), `phoneNumbers[type eq "work"].value`: TextValue("+44 20 1"), `phoneNumbers[type eq "fax"].value`: NullValue,
	"phoneNumbers.value": TextValue("+44 7700 2"), `phoneNumbers[primary eq false].value`: TextValue("+44 20 1"), "phoneNumbers": ListValue([]string{"+44 20 1", "+44 7700 2"}),
	`addresses[type eq "work"].locality`: TextValue("London"), `addresses[type eq "work"].country`: NullValue, `addresses[type eq "work"].primary`: TextValue("False"),
	`addresses[type eq "work"].formatted`: TextValue("12 St James’s Square\nLondon"), `addresses[type eq "work"]`: NotTold,

	enterprise + "organization": TextValue("Fabrikam"), enterprise + "employeeNumber": TextValue("815"), enterprise + "costCenter": NullValue, enterprise + "division": NullValue,
	enterprise + "manager": TextValue("m1"), enterprise + "manager.value": TextValue("m1"), enterprise + "manager.displayName": TextValue("Charles"), enterprise + "manager.$ref": NullValue,
	strings.ToLower(enterprise) + "EMPLOYEENUMBER": TextValue("815"), "employeeNumber": NullValue,
	fabrikam + "badge": TextValue("B-7"), fabrikam + "tags": ListValue([]string{"a", "b"}), fabrikam + "desk.floor": TextValue("3"), fabrikam + "desk": NotTold, fabrikam + "lamp": NullValue,
	"urn:fabrikam:gone:1.0:badge":                                          NullValue,
	"urn:scim:schemas:extension:atlassian-external:1.0:atlassianAccountId": TextValue("557058:ada"),

	// Each of these two was sent in one of its two places.
	"department": TextValue("Engines"), enterprise + "department": TextValue("Engines"), "organization": TextValue("Fabrikam"),

	"meta.created": TextValue("2026-01-02T03:04:05Z"), "meta.lastModified": TextValue("2026-11-20T12:00:00Z"),
	"meta.location": NotTold, "name": NotTold, "meta": NotTold, "schemas": NotTold, "userName.value": NotTold, `title[type eq "work"].value`: NotTold, "": NotTold, "name.": NotTold,
}

func TestAPathReadsItsAttributeOfARecord(t *testing.T) {
	quickly, plainly := recordOf(t, realRecord)
	for path, want := range valuesOfTheRecord {
		for how, u := range map[string]*ScimUser{"quick": quickly, "library": plainly} {
			if diff := cmp.Diff(want, u.Attribute(path)); diff != "" {
				t.Errorf("%s of the record read by %s: - want, + got\n%s", path, how, diff)
			}
		}
	}
}

func TestAnAttributeThatWasNeverSentIsNull(t *testing.T) {
	quickly, plainly := recordOf(t, `{"id":"a"}`)
	for path, full := range valuesOfTheRecord {
		want := NullValue
		switch {
		case path == "id":
			want = TextValue("a")
		case path == "active":
			want = TextValue("True") // as the service reads it
		case full.Known && !strings.Contains(path, ".") && (path == "emails" || path == "groups"):
			want = ListValue(nil)
		case !full.Known && path != "emails.display" && path != fabrikam+"desk" && path != `addresses[type eq "work"]`:
			want = NotTold
		}
		for _, u := range []*ScimUser{quickly, plainly} {
			if diff := cmp.Diff(want, u.Attribute(path)); diff != "" {
				t.Errorf("%s: - want, + got\n%s", path, diff)
			}
		}
	}
}

func TestDepartmentIsTheOneThatWasAskedForElseTheOther(t *testing.T) {
	both, _ := recordOf(t, `{"department":"bare","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"extended"}}`)
	bare, _ := recordOf(t, `{"department":"bare","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":""}}`)
	extended, _ := recordOf(t, `{"department":null,"URN:ietf:params:scim:schemas:extension:enterprise:2.0:user":{"Department":"extended"}}`)
	for sentence, c := range map[string]struct {
		u          *ScimUser
		path, want string
	}{
		"both, the bare one":            {both, "department", "bare"},
		"both, the extension's":         {both, enterprise + "department", "extended"},
		"only the bare one":             {bare, enterprise + "department", "bare"},
		"only the extension's":          {extended, "department", "extended"},
		"the extension spelled oddly":   {extended, enterprise + "department", "extended"},
		"the core schema is the record": {both, "urn:ietf:params:scim:schemas:core:2.0:User:department", "bare"},
	} {
		if got := c.u.Attribute(c.path); got.Text != c.want {
			t.Errorf("%s: %v, not %s", sentence, got, c.want)
		}
	}
}

func TestAPathThatCannotBeReadIsAnErrorThatSaysWhere(t *testing.T) {
	for path, want := range map[string]string{
		"":                                  `target attribute "", at character 1: the name of an attribute should stand here`,
		"  ":                                `at character 3: the name of an attribute`,
		"1st":                               `at character 1: the name of an attribute`,
		"näme":                              `at character 2: the path should end here, but "äme" follows`,
		"user name":                         `at character 6: the path should end here, but "name" follows`,
		"name.":                             `at character 6: the name of a part of name should stand here`,
		"name.given.name":                   `at character 11: the path should end here, but ".name" follows`,
		"emails[":                           `at character 8: the name of a part of emails to compare`,
		"emails[]":                          `at character 8: the name of a part of emails to compare`,
		`emails[type "work"].value`:         `at character 13: a filter of a target attribute compares with eq`,
		`emails[type sw "work"].value`:      `at character 13: a filter of a target attribute compares with eq`,
		`emails[type eq work].value`:        `at character 16: here should stand a text in quotes`,
		`emails[type eq ].value`:            `at character 16: here should stand a text in quotes`,
		`emails[type eq "work].value`:       `at character 16: this text has no end`,
		`emails[type eq "w\ork"].value`:     `at character 16: this text has no end, or an escape`,
		`emails[type eq "work".value`:       `at character 22: a filter compares one value and ends with ]`,
		`e[a eq "x" and b eq true].value`:   `at character 12: a filter compares one value and ends with ]`,
		`emails[type eq "work"]value`:       `at character 23: the path should end here, but "value" follows`,
		"urn:":                              `at character 5: a schema's name and an attribute should follow`,
		"urn:department":                    `a schema's name and an attribute should follow`,
		"urn:x y:z":                         `at character 6: ' ' cannot stand in the name of a schema`,
		"urn:x:y:":                          `at character 9: the name of an attribute should stand here`,
		strings.TrimSuffix(enterprise, ":"): `at character 55: this is the name of a whole schema`,
		"urn:ietf:params:scim:schemas:core:2.0:Group": `this is the name of a whole schema`,
		strings.Repeat("x", 1025):                     `a target attribute of 1025 bytes is too long; the most are 1024`,
	} {
		_, err := ParseScimPath(path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n gives %v\n not   %s", path, err, want)
		}
		var u ScimUser
		if u.Attribute(path).Known {
			t.Errorf("%s has a value", path)
		}
	}
}

func TestSpellingsOfAPathHaveOneKey(t *testing.T) {
	for _, same := range [][]string{
		{"username", "userName", " UserName ", "urn:ietf:params:scim:schemas:core:2.0:User:userName", "URN:IETF:params:scim:schemas:core:2.0:Group:USERNAME"},
		{`emails[typeeq"work"].value`, `emails[type eq "work"].value`, `Emails[ Type EQ "Work" ] . Value`},
		{strings.ToLower(enterprise) + "department", enterprise + "department", strings.ToUpper(enterprise) + "Department"},
	} {
		for _, path := range same[1:] {
			p, err := ParseScimPath(path)
			if err != nil || p.Key() != same[0] || p.String() != strings.TrimSpace(path) {
				t.Errorf("%s: key %q, text %q, %v", path, p.Key(), p.String(), err)
			}
		}
	}
}

func TestTheZeroPathIsNoAttribute(t *testing.T) {
	if got := (ScimPath{}).Of(&ScimUser{UserName: "a"}); got.Known {
		t.Errorf("it is %v", got)
	}
}

func TestANameWithAnEscapeIsTheName(t *testing.T) {
	quickly, plainly := recordOf(t, `{"nick\u004eame":"ada","\u0075rn:x:1.0":{"b\u0061dge":"7"}}`)
	for _, u := range []*ScimUser{quickly, plainly, {Other: jsontext.Value(` { "nick\u004eame" : "ada" , "\u0075rn:x:1.0" : { "b\u0061dge" : "7" } } `)}} {
		if nick, badge := u.Attribute("nickName"), u.Attribute("urn:x:1.0:badge"); nick.Text != "ada" || badge.Text != "7" {
			t.Errorf("%s: %v, %v", u.Other, nick, badge)
		}
	}
}

func TestTheRecordIsReadQuickly(t *testing.T) {
	if !new(ScimUser).quick(new(quick), jsontext.Value(realRecord)) {
		t.Error("it is left to the library")
	}
}

func TestWhatIsKeptOfOneRecordDoesNotChangeWhenOthersAreRead(t *testing.T) {
	var rows []string
	for i := range maxShared + 300 {
		rows = append(rows, fmt.Sprintf(`{"nickName":"n%d","x":%q,"urn:x:1.0":{"badge":"b%d"}}`, i, strings.Repeat("x", i*i%700), i))
	}
	var all []ScimUser
	if _, err := Each(ScimUsers, strings.NewReader("["+strings.Join(rows, ",")+"]"), func(u *ScimUser) error { all = append(all, *u); return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if diff := cmp.Diff(rows[i], string(all[i].Other)); diff != "" {
			t.Fatalf("record %d: %s", i, diff)
		}
		_ = append(all[i].Other, "overwritten"...)
	}
	for i := range all {
		if string(all[i].Other) != rows[i] {
			t.Fatalf("record %d was written over", i)
		}
	}
}

func TestWhatStandsAgainAndAgainIsKeptOnce(t *testing.T) {
	var all []ScimUser
	text := `[{"id":"a","nickName":"x"},{"id":"b","nickName":"x"},{"id":"c","nickName":"y"}]`
	if _, err := Each(ScimUsers, strings.NewReader(text), func(u *ScimUser) error { all = append(all, *u); return nil }); err != nil {
		t.Fatal(err)
	}
	if &all[0].Other[0] != &all[1].Other[0] || string(all[1].Other) != `{"nickName":"x"}` || string(all[2].Other) != `{"nickName":"y"}` {
		t.Errorf("%s, %s, %s", all[0].Other, all[1].Other, all[2].Other)
	}
}

// recordOf reads a record quickly and by the library alone.
func recordOf(t testing.TB, text string) (quickly, plainly *ScimUser) {
	t.Helper()
	plainly, err := object[ScimUser](ScimUsers, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Each(ScimUsers, strings.NewReader("["+text+"]"), func(u *ScimUser) error { c := *u; quickly = &c; return nil }); err != nil {
		t.Fatal(err)
	}
	return quickly, plainly
}
