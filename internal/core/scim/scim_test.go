package scim

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// gadget is a resource type with an attribute of every type, as a configuration could hold it.
func gadget() Schema {
	return Schema{ID: "urn:example:2.0:Gadget", Name: "Gadget", Attributes: []Attribute{
		{Name: "serial", Required: true, CaseExact: true, Mutability: Immutable},
		{Name: "label"},
		{Name: "live", Type: Boolean},
		{Name: "weight", Type: Decimal},
		{Name: "count", Type: Integer},
		{Name: "made", Type: DateTime},
		{Name: "image", Type: Binary, CaseExact: true},
		{Name: "home", Type: Reference, CaseExact: true, References: []string{"external"}},
		{Name: "tags", MultiValued: true},
		{Name: "codes", Type: Integer, MultiValued: true},
		{Name: "secret", Mutability: WriteOnly, Returned: Never},
		{Name: "notes", Returned: OnRequest},
		{Name: "stamp", Mutability: ReadOnly, Returned: Always},
		{Name: "part", Type: Complex, SubAttributes: []Attribute{
			{Name: "name", Required: true},
			{Name: "size", Type: Integer},
			{Name: "born", Mutability: Immutable},
		}},
		{Name: "prices", Type: Complex, MultiValued: true, SubAttributes: []Attribute{
			{Name: "value", Type: Decimal}, {Name: "type"}, {Name: "primary", Type: Boolean}, {Name: "since", Type: DateTime},
		}},
	}}
}

func gadgets() TypeDefinition {
	return TypeDefinition{Name: "Gadget", Endpoint: "/Gadgets", Schema: "urn:example:2.0:Gadget"}
}

func service(t testing.TB, rules Rules) *Service {
	t.Helper()
	s, err := NewService([]Schema{User(), Group(), EnterpriseUser(), gadget()}, []TypeDefinition{UserDefinition(), GroupDefinition(), gadgets()}, rules)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func lenient(t testing.TB) *Service { t.Helper(); return service(t, Rules{Tolerate: Lenient}) }
func strict(t testing.TB) *Service  { t.Helper(); return service(t, Rules{}) }

func users(t testing.TB) *ResourceType  { t.Helper(); return lenient(t).Type("User") }
func groups(t testing.TB) *ResourceType { t.Helper(); return lenient(t).Type("Group") }

var (
	created  = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	modified = time.Date(2026, 11, 21, 12, 0, 0, 500, time.UTC)
)

// read makes a resource of a body.
func read(t testing.TB, typ *ResourceType, body string) *Resource {
	t.Helper()
	b, err := typ.Decode([]byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return &Resource{
		Type: typ, ID: "2819c223", Attrs: b.Attrs, Meta: Meta{Created: created, LastModified: modified, Version: `W/"1"`},
		Refs: func(a *Attr) iter.Seq[Ref] { return slices.Values(b.Refs[a]) },
	}
}

// shown is a resource as JSON, without what the service adds.
func shown(t testing.TB, r *Resource) string {
	t.Helper()
	return string(r.AppendStored(nil))
}

// same compares two JSON texts, whatever the order of names.
func same(t testing.TB, got, want string) {
	t.Helper()
	a, b := jsontext.Value(got), jsontext.Value(want)
	if err := a.Canonicalize(); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if err := b.Canonicalize(); err != nil {
		t.Fatalf("%s: %v", want, err)
	}
	if d := cmp.Diff(string(b), string(a)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// wantError checks status, type and a part of the detail of an error: "400 invalidValue: userName".
func wantError(t testing.TB, err error, want string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("got %v, want %s", err, want)
		return
	}
	head, detail, _ := strings.Cut(want, ": ")
	if have, rest, _ := strings.Cut(e.Error(), ": "); have != head || !strings.Contains(rest, detail) {
		t.Errorf("got %v, want %s", e, want)
	}
}

const barbara = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
"userName":"bjensen","externalId":"Ext-1","displayName":"Babs Jensen","title":"Tour Guide","active":true,
"name":{"formatted":"Ms. Barbara J Jensen, III","familyName":"Jensen","givenName":"Barbara"},
"emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}],
"addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","country":"USA","primary":true},{"type":"home","locality":"Hollywood"}],
"roles":[{"value":"guide"}],
"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","department":"Tour Operations","manager":{"value":"26118915"}}}`

const tourGuides = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Tour Guides","externalId":"GX",
"members":[{"value":"2819c223","$ref":"https://example.com/v2/Users/2819c223","display":"Babs"},{"value":"902c246b","type":"Group"}]}`

type iterRefs = iter.Seq[Ref]

func each(refs []Ref) iterRefs { return slices.Values(refs) }
