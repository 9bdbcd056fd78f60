package atlassian

import (
	"net/url"
	"testing"
)

// FuzzPatch sends any body at a user and at a group: each is answered, and what is there can still be read.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`{"Operations":[{"op":"Add","path":"members","value":[{"value":"x"}]}]}`,
		`{"operations":[{"op":"replace","value":{"name.givenName":"A","emails":[{"value":"a@b.c","primary":"True"}]}}]}`,
		`{"Operations":[{"op":"replace","path":"emails[type eq \"work\"].value","value":"a@acme.example"}]}`,
		`{"Operations":[{"op":"remove","path":"members[value eq \"x\"]"}]}`,
		`{"Operations":[{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":null}]}`,
		`{"Operations":[{"op":"add","path":"emails[","value":{}}]}`, `{"Operations":[null,7]}`, `[]`, `{`, ``,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := open(t, &Lab{})
		ann := w.user("ann@acme.example")
		crew := w.team("crew", ann)
		for _, path := range []string{"/Users/" + ann, "/Groups/" + crew} {
			for _, method := range []string{"PATCH", "PUT"} {
				r, err := w.try(method, scimBase+path, "Bearer "+DefaultKey, body)
				if err != nil {
					t.Fatal(err)
				}
				if r.status != 200 && r.status != 400 && r.status != 404 && r.status != 409 {
					t.Errorf("%s %s gets %d", method, path, r.status)
				}
				if r := w.scim("GET", path, nil).want(t, 200); r.object["id"] == nil {
					t.Errorf("what is left is %s", r.text)
				}
			}
		}
	})
}

// FuzzFilter asks for any filter: it is understood or refused as the vendor refuses.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{`userName eq "a"`, `externalId EQ "\u0041"`, `userName eq`, ``, `a b c`, `userName eq "`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := open(t, &Lab{})
		r := w.scim("GET", "/Users?filter="+url.QueryEscape(text), nil)
		if r.status != 200 && r.object["scimType"] != "invalidFilter" {
			t.Errorf("%q gets %d %s", text, r.status, r.text)
		}
	})
}
