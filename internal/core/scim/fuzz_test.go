package scim

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// refused checks that an error is one that can be sent: 4xx, with a detail of a sensible length.
func refused(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Status < 400 || e.Status > 499 || e.Detail == "" || len(e.Detail) > 1_000 || !jsontext.Value(e.Append(nil)).IsValid() {
		t.Errorf("%v is no answer", err)
	}
}

// FuzzFilter reads any text as a filter: whatever it is, there is an answer or an *Error, and what was read prints as a text
// that reads the same and finds the same.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{
		`userName eq "bjensen"`, `not (emails[type eq "work" and value co "@x"].value ew "y") or meta.lastModified gt "2026-01-01"`, `active eq TRUE and x509Certificates.value ne null`,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value eq "m"]`, `groups eq 5`, `((title pr)`, "userName eq \"\xff\"", `title eq "\ud800"`, `schemas[value eq "x"]`, `title sw 2011-05-13T04:42:34Z`,
	} {
		f.Add(s)
	}
	typ := users(f)
	r := read(f, typ, barbara)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := typ.ParseFilter(s)
		if err != nil {
			refused(t, err)
			return
		}
		again, err := typ.ParseFilter(got.String())
		if err != nil {
			t.Fatalf("%q prints %q, which gives %v", s, got, err)
		}
		if again.String() != got.String() || again.Match(r) != got.Match(r) {
			t.Errorf("%q prints %q, which reads as %q", s, got, again)
		}
	})
}

// FuzzPatch applies any body as a PATCH: the outcome is an *Error or a resource that can be stored, read and shown; and the
// resource before is untouched.
func FuzzPatch(f *testing.F) {
	for _, s := range []string{
		`{"Operations":[{"op":"Add","path":"emails[type eq \"work\"].value","value":"x"},{"op":"remove","path":"emails"}]}`,
		`{"Operations":[{"op":"replace","value":{"name.givenName":"x","emails":[{"value":"a","primary":"True"}],"unknown":[1],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":""}}}]}`,
		`{"Operations":[{"op":"remove","path":"addresses[type eq \"work\"].locality"},{"op":"add","path":"roles","value":"{\"value\":\"r\"}"},{"op":"remove","path":"roles","value":[{"value":"guide"}]}]}`,
		`{"Operations":[{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value eq \"x\"].value","value":"y"},{"op":"replace","path":"emails.primary","value":true}]}`,
		`{"Operations":[{"op":"remove","path":"addresses.type"},{"op":"add","path":"addresses[type eq \"work\" and primary eq true]","value":{"country":null}}]}`,
	} {
		f.Add([]byte(s))
	}
	typ := service(f, Rules{Tolerate: Lenient, Unknown: KeepUnknown}).Type("User")
	r := read(f, typ, barbara)
	before := string(r.AppendStored(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := typ.ParsePatch(body)
		if err != nil {
			refused(t, err)
			return
		}
		c, err := p.Apply(r)
		if now := string(r.AppendStored(nil)); now != before {
			t.Fatalf("%s changed the resource to %s", body, now)
		}
		if err != nil {
			refused(t, err)
			return
		}
		sound(t, typ, c.Attrs)
	})
}

// FuzzBody reads any bytes as a user and as a group.
func FuzzBody(f *testing.F) {
	for _, s := range []string{barbara, tourGuides, `{"userName":null}`, `{"userName":"\ud800"}`, `{"userName":"b","emails":"[]","active":"TRUE","X":{"userName":[{}]}}`, `{"userName":["x"],"Name":{"formatted":5}}`} {
		f.Add([]byte(s))
	}
	s := service(f, Rules{Tolerate: Lenient, Unknown: KeepUnknown})
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, typ := range s.Types() {
			b, err := typ.Decode(body)
			if err != nil {
				refused(t, err)
				continue
			}
			sound(t, typ, b.Attrs)
		}
	})
}

// FuzzMessages reads any bytes as the other messages.
func FuzzMessages(f *testing.F) {
	for _, s := range []string{
		`{"Operations":[{"method":"POST","path":"/Groups","bulkId":"a","data":{"members":["bulkId:a","bulkId:b"]}},{"method":"POST","path":"/Users/bulkId:b","bulkId":"b","data":{"x":"bulkId:a"}}]}`,
		`{"filter":"userName pr","attributes":["a"],"count":"5","startIndex":-1,"cursor":"x"}`, `{"failOnErrors":"1","Operations":[{"data":"bulkId:"}]}`,
	} {
		f.Add([]byte(s))
	}
	s := lenient(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := s.SearchParameters(body)
		if err == nil {
			_, err = s.ParseQueries(p)
		}
		if err != nil {
			refused(t, err)
		}
		b, err := s.ParseBulk(body)
		if err != nil {
			refused(t, err)
			return
		}
		if len(b.Order) != len(b.Operations) {
			t.Errorf("%d operations in an order of %d", len(b.Operations), len(b.Order))
		}
		for _, op := range b.Operations {
			ids := map[string]string{}
			for _, name := range op.Needs() {
				ids[name] = "i\"d"
			}
			if _, data, err := op.Resolve(ids); err != nil || len(data) > 0 && (!data.IsValid() || strings.Contains(string(data), `"bulkId:`) && len(op.Needs()) == 0) {
				t.Errorf("%s becomes %s, %v", op.data, data, err)
			}
		}
	})
}

// sound checks that attributes can be stored and read again, and shown.
func sound(t *testing.T, typ *ResourceType, attrs Value) {
	t.Helper()
	r := &Resource{Type: typ, ID: "i", Attrs: attrs}
	stored := r.AppendStored(nil)
	back, err := typ.DecodeStored(stored)
	if err != nil || !back.Equal(attrs) {
		t.Errorf("%s comes back as %s, %v", stored, (&Resource{Type: typ, Attrs: back}).AppendStored(nil), err)
	}
	if err := typ.checkRequired(attrs, nil); err != nil {
		t.Errorf("%s: %v", stored, err)
	}
	for _, attributes := range [][]string{nil, {"emails.value,members"}} {
		p, err := typ.ParseProjection(attributes, nil)
		if err != nil {
			t.Fatal(err)
		}
		if doc := r.Append(nil, base, p); !jsontext.Value(doc).IsValid() {
			t.Errorf("shown as %s", doc)
		}
	}
}
