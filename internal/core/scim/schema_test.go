package scim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// What RFC 7643 section 8.7.1 says, typed off by hand: name, type, and what is not the usual: [] several values,
// ! required, = case exact, ro/im/wo mutability, never returned, unique. Where we depart from the listing, the reason stands
// in rfc_schemas.go.
const (
	userListing = `userName string ! unique
name complex {formatted string|familyName string|givenName string|middleName string|honorificPrefix string|honorificSuffix string}
displayName string
nickName string
profileUrl reference = external
title string
userType string
preferredLanguage string
locale string
timezone string
active boolean
password string = wo never
emails complex [] {value string|display string|type string (work,home,other)|primary boolean}
phoneNumbers complex [] {value string|display string|type string (work,home,mobile,fax,pager,other)|primary boolean}
ims complex [] {value string|display string|type string (aim,gtalk,icq,xmpp,msn,skype,qq,yahoo)|primary boolean}
photos complex [] {value reference = external|display string|type string (photo,thumbnail)|primary boolean}
addresses complex [] {formatted string|streetAddress string|locality string|region string|postalCode string|country string|type string (work,home,other)|primary boolean}
groups complex [] ro {value string = ro|$ref reference = ro Group|display string ro|type string ro (direct,indirect)}
entitlements complex [] {value string|display string|type string|primary boolean}
roles complex [] {value string|display string|type string|primary boolean}
x509Certificates complex [] {value binary =|display string|type string|primary boolean}`

	groupListing = `displayName string !
members complex [] {value string = im|$ref reference = im User,Group|type string im (User,Group)|display string im}`

	enterpriseListing = `employeeNumber string
costCenter string
organization string
division string
department string
manager complex {value string =|$ref reference = User|displayName string ro}`
)

func listing(attributes []Attribute, between string) string {
	var lines []string
	for _, a := range attributes {
		words := []string{a.Name, string(a.Type)}
		add := func(is bool, word string) {
			if is {
				words = append(words, word)
			}
		}
		add(a.MultiValued, "[]")
		add(a.Required, "!")
		add(a.CaseExact, "=")
		add(a.Mutability == ReadOnly, "ro")
		add(a.Mutability == Immutable, "im")
		add(a.Mutability == WriteOnly, "wo")
		add(a.Returned != ByDefault, string(a.Returned))
		add(a.Uniqueness == Server, "unique")
		add(len(a.References) > 0, strings.Join(a.References, ","))
		add(len(a.Canonical) > 0, "("+strings.Join(a.Canonical, ",")+")")
		add(len(a.SubAttributes) > 0, "{"+listing(a.SubAttributes, "|")+"}")
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, between)
}

func TestTheSchemasAreThoseOfTheRFC(t *testing.T) {
	s := lenient(t)
	for i, want := range []string{userListing, groupListing, enterpriseListing} {
		if d := cmp.Diff(want, listing(s.schemas[i].Attributes, "\n")); d != "" {
			t.Errorf("%s (-RFC +ours):\n%s", s.schemas[i].Name, d)
		}
		for _, a := range s.schemas[i].Attributes {
			for _, a := range append(a.SubAttributes, a) {
				if a.Description == "" {
					t.Errorf("%s %s has no description", s.schemas[i].Name, a.Name)
				}
				if (a.Type == Complex || a.Type == Boolean) != (a.Uniqueness == "") {
					t.Errorf("%s: uniqueness %q", a.Name, a.Uniqueness)
				}
			}
		}
	}
}

func TestAttributesAreFoundByTheirNamesInAnyCase(t *testing.T) {
	typ := users(t)
	for name, want := range map[string]string{
		"username":               "userName",
		"EMAILS.Value":           "emails.value",
		UserSchema + ":userName": "userName",
		strings.ToUpper(UserSchema) + ":name.givenName": "name.givenName",
		EnterpriseUserSchema + ":manager.VALUE":         EnterpriseUserSchema + ":manager.value",
		EnterpriseUserSchema:                            EnterpriseUserSchema,
		"meta.LastModified":                             "meta.lastModified",
		"members":                                       "",
		UserSchema:                                      "",
		UserSchema + ":":                                "",
		"emails.value.x":                                "",
		"urn:":                                          "",
		"":                                              "",
	} {
		got := ""
		if a := typ.Attr(name); a != nil {
			got = a.String()
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	a := typ.Attr(EnterpriseUserSchema + ":manager.value")
	if a.Name() != "value" || a.Parent().Name() != "manager" || a.Parent().Parent().Name() != EnterpriseUserSchema || a.Apart() != nil || a.Definition().Type != String {
		t.Errorf("%+v", a)
	}
}

func TestAWrongDefinitionIsNamed(t *testing.T) {
	one := func(a ...Attribute) []Schema { return []Schema{{ID: "urn:x:y", Attributes: a}} }
	x := TypeDefinition{Name: "X", Endpoint: "/Xs", Schema: "urn:x:y"}
	for want, c := range map[string]struct {
		schemas []Schema
		types   []TypeDefinition
	}{
		`attribute a: unknown type "text"`:                     {one(Attribute{Name: "a", Type: "text"}), []TypeDefinition{x}},
		`attribute "a b": a name is made of`:                   {one(Attribute{Name: "a b"}), []TypeDefinition{x}},
		`attribute a: sub-attributes and the type complex`:     {one(Attribute{Name: "a", Type: Complex}), []TypeDefinition{x}},
		`attribute a.b: a complex attribute cannot be within`:  {one(Attribute{Name: "a", Type: Complex, SubAttributes: []Attribute{{Name: "b", Type: Complex, SubAttributes: []Attribute{{Name: "c"}}}}}), []TypeDefinition{x}},
		`attribute A is there twice`:                           {one(Attribute{Name: "a"}, Attribute{Name: "A"}), []TypeDefinition{x}},
		`attribute ID is there twice`:                          {one(Attribute{Name: "ID"}), []TypeDefinition{x}},
		`schema urn:x:y is there twice`:                        {append(one(), one()...), []TypeDefinition{x}},
		`resource type X: schema urn:x:y is not among`:         {nil, []TypeDefinition{x}},
		`resource type X: schema urn:z is not among`:           {one(), []TypeDefinition{{Name: "X", Endpoint: "/Xs", Schema: "urn:x:y", Extensions: []Extension{{Schema: "urn:z"}}}}},
		`resource type X: the endpoint "Xs" should look like`:  {one(), []TypeDefinition{{Name: "X", Endpoint: "Xs", Schema: "urn:x:y"}}},
		`resource type X: its name or endpoint is there twice`: {one(), []TypeDefinition{x, x}},
		`resource type X: a cannot be kept apart`:              {one(Attribute{Name: "a"}), []TypeDefinition{{Name: "X", Endpoint: "/Xs", Schema: "urn:x:y", Apart: []string{"a"}}}},
	} {
		_, err := NewService(c.schemas, c.types, Rules{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestARequiredExtensionMustBeThere(t *testing.T) {
	def := UserDefinition()
	def.Extensions[0].Required = true
	s, err := NewService([]Schema{User(), EnterpriseUser()}, []TypeDefinition{def}, Rules{Tolerate: Lenient})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Type("User").Decode([]byte(`{"userName":"b"}`))
	wantError(t, err, "400 invalidValue: A User needs attributes of the schema "+EnterpriseUserSchema)
}

func TestASchemaCanComeFromAConfigurationAndIsShownAsItWasDefined(t *testing.T) {
	var def Schema
	if err := json.Unmarshal([]byte(`{"id":"urn:c:2.0:Car","name":"Car","attributes":[{"name":"plate","required":true},{"name":"doors","type":"integer"}]}`), &def); err != nil {
		t.Fatal(err)
	}
	s, err := NewService([]Schema{def}, []TypeDefinition{{Name: "Car", Endpoint: "/Cars", Schema: def.ID}}, Rules{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(s.Schema("URN:C:2.0:car", base)), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:c:2.0:Car","name":"Car","attributes":[
		{"name":"plate","type":"string","multiValued":false,"required":true,"caseExact":false,"mutability":"readWrite","returned":"default","uniqueness":"none"},
		{"name":"doors","type":"integer","multiValued":false,"required":false,"caseExact":false,"mutability":"readWrite","returned":"default","uniqueness":"none"}],
		"meta":{"resourceType":"Schema","location":"https://example.com/v2/Schemas/urn:c:2.0:Car"}}`)
	if s.Schema("urn:none", base) != nil || len(s.Schemas(base)) != 1 {
		t.Error("there is another schema")
	}
	same(t, fmt.Sprint(s.ResourceTypes(base)), `[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Car","name":"Car","endpoint":"/Cars","schema":"urn:c:2.0:Car","meta":{"resourceType":"ResourceType","location":"https://example.com/v2/ResourceTypes/Car"}}]`)
	same(t, string(users(t).Document(base)), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users","description":"User Account","schema":"urn:ietf:params:scim:schemas:core:2.0:User",
		"schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":false}],"meta":{"resourceType":"ResourceType","location":"https://example.com/v2/ResourceTypes/User"}}`)
}

func TestTheServiceSaysWhatItCanDo(t *testing.T) {
	s := lenient(t)
	got := s.AppendConfig(nil, Config{Patch: true, Sort: true, ETag: true, Bulk: true, BulkBytes: 1000, Cursors: true, CursorSeconds: 600, Documentation: "https://d", Authentication: []AuthenticationScheme{{Type: "oauthbearertoken", Name: "Bearer", Description: "A token"}}}, base)
	same(t, string(got), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"documentationUri":"https://d","patch":{"supported":true},"bulk":{"supported":true,"maxOperations":1000,"maxPayloadSize":1000},
		"filter":{"supported":true,"maxResults":1000},"changePassword":{"supported":false},"sort":{"supported":true},"etag":{"supported":true},
		"authenticationSchemes":[{"type":"oauthbearertoken","name":"Bearer","description":"A token"}],
		"pagination":{"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":100,"maxPageSize":1000,"cursorTimeout":600},
		"meta":{"resourceType":"ServiceProviderConfig","location":"https://example.com/v2/ServiceProviderConfig"}}`)
	if got := string(s.AppendConfig(nil, Config{}, base)); !strings.Contains(got, `"bulk":{"supported":false,"maxOperations":0,"maxPayloadSize":0}`) || !strings.Contains(got, `"authenticationSchemes":[]`) {
		t.Errorf("got %s", got)
	}
	if s.At("/users") != s.Type("User") || s.At("/Robots") != nil || s.Type("Robot") != nil || len(s.Types()) != 3 || s.Limits().Page != 1000 {
		t.Error("types are not found")
	}
}

func TestTextsFoldAsEqualFoldComparesThem(t *testing.T) {
	for _, pair := range [][2]string{{"Kelvin", "\u212aELVIN"}, {"ß", "ẞ"}, {"straße", "STRASSE"}, {"ς", "Σ"}, {"ſ", "S"}, {"İ", "i"}, {"a", "b"}, {"abc", "ABC"}} {
		if got, want := Fold(pair[0]) == Fold(pair[1]), strings.EqualFold(pair[0], pair[1]); got != want {
			t.Errorf("%q and %q: %v, want %v", pair[0], pair[1], got, want)
		}
	}
}
