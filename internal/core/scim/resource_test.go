package scim

import (
	"slices"
	"strings"
	"testing"
)

func TestAStoreReadsTheValuesOfItsIndexes(t *testing.T) {
	r := read(t, users(t), strings.Replace(barbara, `"bjensen"`, `"BJensen"`, 1))
	for path, want := range map[string]string{
		"userName":                              "bjensen",
		"externalId":                            "Ext-1",
		"emails.value":                          "bjensen@example.com babs@jensen.org",
		"id":                                    "2819c223",
		"nickName":                              "",
		EnterpriseUserSchema + ":manager.value": "26118915",
		"meta.resourceType":                     "User",
		"meta.lastModified":                     "2026-11-21T12:00:00.0000005Z",
		"name":                                  "",
	} {
		a := r.Type.Attr(path)
		var keys []string
		for text := range r.Values(a) {
			if a.kind == momentKind {
				keys = append(keys, text)
				continue
			}
			keys = append(keys, a.Key(text))
		}
		if got := strings.Join(keys, " "); got != want && !strings.EqualFold(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	for text := range r.Values(r.Type.Attr("emails.value")) {
		if text != "bjensen@example.com" {
			t.Error("the walk goes on after a break")
		}
		break
	}
}

func TestTheValuesOfAResourceCanBeWalked(t *testing.T) {
	r := read(t, users(t), `{"userName":"b","active":true,"roles":["r","s"]}`)
	var names []string
	for _, p := range r.Attrs.Parts() {
		names = append(names, p.Attr.Name())
	}
	if !slices.Equal(names, []string{"userName", "active", "roles"}) {
		t.Errorf("got %v", names)
	}
	roles := r.Attrs.Get(r.Type.Attr("roles"))
	if len(roles.Parts()) != 2 || roles.Parts()[1].Value.Get(r.Type.Attr("roles.value")).Text() != "s" || !r.Attrs.Get(r.Type.Attr("active")).IsTrue() {
		t.Errorf("got %+v", roles)
	}
	if typ := r.Type; typ.Name() != "User" || typ.Endpoint() != "/Users" || len(typ.Apart()) != 1 || typ.Apart()[0].Name() != "groups" {
		t.Errorf("got %+v", typ)
	}
}

func TestValuesAreEqualWhateverTheOrderOfTheirAttributes(t *testing.T) {
	typ := service(t, Rules{Tolerate: Lenient, Unknown: KeepUnknown}).Type("User")
	one := func(body string) Value { return read(t, typ, body).Attrs }
	for _, c := range []struct {
		x, y string
		want bool
	}{
		{`{"userName":"b","title":"t"}`, `{"title":"t","userName":"b"}`, true},
		{`{"userName":"b","title":"t"}`, `{"title":"t","userName":"B"}`, false},
		{`{"userName":"b","roles":["x","y"]}`, `{"userName":"b","roles":["y","x"]}`, false},
		{`{"userName":"b","x":1,"y":{"a\"":2}}`, `{"y":{"a\"":2},"x":1,"userName":"b"}`, true},
		{`{"userName":"b","x":1}`, `{"userName":"b","x":2}`, false},
		{`{"userName":"b"}`, `{"userName":"b","title":"t"}`, false},
	} {
		if got := one(c.x).Equal(one(c.y)); got != c.want {
			t.Errorf("%s and %s: %v", c.x, c.y, got)
		}
	}
}
