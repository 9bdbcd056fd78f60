package scim

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

const base = "https://example.com/v2"

func TestAResourceIsShownWithWhatTheServiceKnows(t *testing.T) {
	g := read(t, groups(t), tourGuides)
	same(t, string(g.Append(nil, base, nil)), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"2819c223","displayName":"Tour Guides","externalId":"GX",
		"members":[{"value":"2819c223","$ref":"https://example.com/v2/Users/2819c223","type":"User","display":"Babs"},{"value":"902c246b","$ref":"https://example.com/v2/Groups/902c246b","type":"Group"}],
		"meta":{"resourceType":"Group","created":"2026-11-20T12:00:00Z","lastModified":"2026-11-21T12:00:00.0000005Z","location":"https://example.com/v2/Groups/2819c223","version":"W/\"1\""}}`)
	u := read(t, users(t), barbara)
	got := string(u.Append(nil, base, nil))
	if !strings.HasPrefix(got, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"2819c223","userName":"bjensen",`) {
		t.Errorf("got %s", got)
	}
}

func TestWhatIsNeverReturnedIsNotShown(t *testing.T) {
	u := read(t, users(t), `{"userName":"b","password":"t0p"}`)
	for _, attributes := range [][]string{nil, {"password"}, {"password,userName"}} {
		p, err := u.Type.ParseProjection(attributes, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(u.Append(nil, base, p)); strings.Contains(got, "t0p") || strings.Contains(got, "password") {
			t.Errorf("attributes=%v shows %s", attributes, got)
		}
	}
	if got := string(u.AppendStored(nil)); !strings.Contains(got, "t0p") {
		t.Errorf("the store would lose it: %s", got)
	}
}

func TestAProjectionShowsWhatIsAskedFor(t *testing.T) {
	const id = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223"`
	const both = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"2819c223"`
	u := read(t, users(t), barbara)
	for _, c := range []struct{ attributes, excluded, want string }{
		{"userName", "", `{` + id + `,"userName":"bjensen"}`},
		{"USERNAME, emails.value", "", `{` + id + `,"userName":"bjensen","emails":[{"value":"bjensen@example.com"},{"value":"babs@jensen.org"}]}`},
		{"emails.display,roles", "", `{` + id + `,"roles":[{"value":"guide"}]}`},
		{`emails[type eq "work"]`, "", `{` + id + `,"emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}]}`},
		{"nobody.knows,ims", "", `{` + id + `}`},
		{EnterpriseUserSchema, "", `{` + both + `,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","department":"Tour Operations","manager":{"value":"26118915"}}}`},
		{EnterpriseUserSchema + ":department," + UserSchema + ":title", "", `{` + both + `,"title":"Tour Guide","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Tour Operations"}}`},
		{EnterpriseUserSchema + ":manager.value", "", `{` + both + `,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"26118915"}}}`},
		{"meta.location", "", `{` + id + `,"meta":{"location":"https://example.com/v2/Users/2819c223"}}`},
		{"", "emails,addresses,name,title,externalId,active,displayName,meta,roles," + EnterpriseUserSchema, `{` + id + `,"userName":"bjensen"}`},
		{"", "id,schemas,userName,emails.type,emails.primary,addresses,name,title,externalId,active,displayName,meta,roles," + EnterpriseUserSchema, `{` + id + `,"emails":[{"value":"bjensen@example.com"},{"value":"babs@jensen.org"}]}`},
	} {
		p, err := u.Type.ParseProjection([]string{c.attributes}, []string{c.excluded})
		if err != nil {
			t.Errorf("%v: %v", c, err)
			continue
		}
		same(t, string(u.Append(nil, base, p)), c.want)
	}
	_, err := u.Type.ParseProjection([]string{"userName"}, []string{"emails"})
	wantError(t, err, "400 invalidValue: exclude each other")
}

func TestOnRequestIsShownOnlyWhenAskedAndAlwaysAlways(t *testing.T) {
	typ := lenient(t).Type("Gadget")
	r := read(t, typ, `{"serial":"s","notes":"n"}`)
	attrs, err := typ.DecodeStored([]byte(`{"serial":"s","notes":"n","stamp":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Attrs = attrs
	for attributes, want := range map[string]string{
		"":       `"serial":"s","stamp":"x","meta"`,
		"notes":  `"notes":"n","stamp":"x"}`,
		"serial": `"serial":"s","stamp":"x"}`,
	} {
		p, err := typ.ParseProjection([]string{attributes}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(r.Append(nil, base, p)); !strings.Contains(got, want) {
			t.Errorf("attributes=%s: %s", attributes, got)
		}
	}
}

func TestExcludedMembersAreNotEvenRead(t *testing.T) {
	g := read(t, groups(t), tourGuides)
	g.Refs = func(*Attr) iterRefs {
		t.Error("the members were read")
		return each(nil)
	}
	p, err := g.Type.ParseProjection(nil, []string{"members"})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(g.Append(nil, base, p)); strings.Contains(got, "members") || p.Shows(g.Type.Attr("members")) {
		t.Errorf("got %s", got)
	}
}

func TestAnythingThatIsShownIsJSON(t *testing.T) {
	g := read(t, groups(t), `{"displayName":"\u0000\"\\ \u2028 é"}`)
	g.ID = "a\"b"
	g.Refs = func(*Attr) iterRefs { return each([]Ref{{Value: "\xff", Display: "\"", Type: "User"}}) }
	if got := g.Append(nil, `https://x/"`, nil); !jsontext.Value(got).IsValid() {
		t.Errorf("got %s", got)
	}
}

func TestAListSaysHowMuchThereIs(t *testing.T) {
	one := func(dst []byte, i int) []byte { return append(dst, `{"id":"`+string(rune('a'+i))+`"}`...) }
	same(t, string(List{Total: 7, Start: 3}.Append(nil, 2, one)), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":7,"startIndex":3,"itemsPerPage":2,"Resources":[{"id":"a"},{"id":"b"}]}`)
	same(t, string(List{Total: -1, Next: "n", Previous: "p"}.Append(nil, 1, one)), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"previousCursor":"p","nextCursor":"n","itemsPerPage":1,"Resources":[{"id":"a"}]}`)
	same(t, string(List{Start: 1}.Append(nil, 0, one)), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}`)
}

func TestAnErrorIsADocument(t *testing.T) {
	typ := users(t)
	same(t, string(typ.Taken(typ.Attr("userName")).Append(nil)), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Another User has this userName; it must be unique. Change the other one first, or send another value."}`)
	same(t, string(typ.NotFound("a\"\n").Append(nil)), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"There is no User with the id \"a\"�\"."}`)
	for _, e := range []*Error{BadCursor(), OldCursor(), WrongVersion(), NoSuchMember(groups(t).Attr("members"), "x")} {
		if e.Status < 400 || e.Status > 499 || !strings.HasSuffix(e.Detail, ".") {
			t.Errorf("%v", e)
		}
	}
}
