package scim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

// naive is a filter that is made together with its text, over a resource as plain JSON. It knows of the schemas only what
// each case says.
type naive struct {
	text string
	fits func(map[string]any) bool
}

// at follows names into objects and through lists, and gives whatever it finds.
func at(v any, names ...string) []any {
	if list, ok := v.([]any); ok {
		var out []any
		for _, one := range list {
			out = append(out, at(one, names...)...)
		}
		return out
	}
	if len(names) == 0 {
		return []any{v}
	}
	if m, ok := v.(map[string]any); ok && m[names[0]] != nil {
		return at(m[names[0]], names[1:]...)
	}
	return nil
}

// attribute is one that filters can name.
type attribute struct {
	name  string
	names []string
	exact bool
	kind  string
}

var attributes = []attribute{
	{"userName", []string{"userName"}, false, "text"},
	{"externalId", []string{"externalId"}, true, "text"},
	{"Title", []string{"title"}, false, "text"},
	{"name.givenName", []string{"name", "givenName"}, false, "text"},
	{"emails.value", []string{"emails", "value"}, false, "text"},
	{"emails", []string{"emails", "value"}, false, "text"},
	{"emails.type", []string{"emails", "type"}, false, "text"},
	{"emails.primary", []string{"emails", "primary"}, false, "bool"},
	{"active", []string{"active"}, false, "bool"},
	{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", []string{EnterpriseUserSchema, "department"}, false, "text"},
	{"urn:ietf:params:scim:schemas:core:2.0:User:nickName", []string{"nickName"}, false, "text"},
	{"meta.created", []string{"meta", "created"}, false, "moment"},
	{"groups.value", []string{"groups", "value"}, true, "text"},
}

var pieces = []string{"a", "B", "ab", "Ab", "K", "ſ", "", "é", "work", "x y", `q"\`}

func drawFilter(t *rapid.T, depth int) naive {
	if depth > 0 {
		switch rapid.IntRange(0, 6).Draw(t, "shape") {
		case 0, 1:
			x, y := drawFilter(t, depth-1), drawFilter(t, depth-1)
			return naive{"(" + x.text + ") and (" + y.text + ")", func(m map[string]any) bool { return x.fits(m) && y.fits(m) }}
		case 2, 3:
			x, y := drawFilter(t, depth-1), drawFilter(t, depth-1)
			return naive{x.text + " OR " + y.text, func(m map[string]any) bool { return x.fits(m) || y.fits(m) }}
		case 4:
			x := drawFilter(t, depth-1)
			return naive{"not (" + x.text + ")", func(m map[string]any) bool { return !x.fits(m) }}
		case 5:
			typ, part := drawOne(t, attribute{"type", []string{"type"}, false, "text"}), drawOne(t, attribute{"value", []string{"value"}, false, "text"})
			return naive{"emails[" + typ.text + " and " + part.text + "]", func(m map[string]any) bool {
				for _, e := range at(m, "emails") {
					if one := e.(map[string]any); typ.fits(one) && part.fits(one) {
						return true
					}
				}
				return false
			}}
		}
	}
	return drawOne(t, rapid.SampledFrom(attributes).Draw(t, "attribute"))
}

// drawOne is one comparison.
func drawOne(t *rapid.T, a attribute) naive {
	some := func(fits func(any) bool) func(map[string]any) bool {
		return func(m map[string]any) bool {
			return slices.ContainsFunc(at(m, a.names...), fits)
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "present") == 0 {
		return naive{a.name + " pr", some(func(any) bool { return true })}
	}
	switch a.kind {
	case "bool":
		want := rapid.Bool().Draw(t, "want")
		return naive{fmt.Sprintf("%s eq %v", a.name, want), some(func(v any) bool { return v == want })}
	case "moment":
		want := created.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "hours")) * time.Hour)
		text := want.In(time.FixedZone("", 3600)).Format(time.RFC3339)
		return naive{a.name + ` le "` + text + `"`, some(func(v any) bool {
			when, err := time.Parse(time.RFC3339, v.(string))
			return err == nil && !when.After(want)
		})}
	}
	want := rapid.SampledFrom(pieces).Draw(t, "want")
	fold := func(s string) string { return s }
	if !a.exact {
		fold = simple
	}
	op := rapid.SampledFrom([]string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}).Draw(t, "op")
	fits := map[string]func(x, y string) bool{
		"eq": func(x, y string) bool { return x == y }, "ne": func(x, y string) bool { return x == y },
		"co": strings.Contains, "sw": strings.HasPrefix, "ew": strings.HasSuffix,
		"gt": func(x, y string) bool { return x > y }, "ge": func(x, y string) bool { return x >= y },
		"lt": func(x, y string) bool { return x < y }, "le": func(x, y string) bool { return x <= y },
	}[op]
	found := some(func(v any) bool { return fits(fold(v.(string)), fold(want)) })
	if op == "ne" {
		is := found
		found = func(m map[string]any) bool { return !is(m) }
	}
	b, _ := json.Marshal(want)
	return naive{a.name + " " + op + " " + string(b), found}
}

// simple makes the few letters of pieces equal that differ in case.
func simple(s string) string {
	return strings.NewReplacer("A", "a", "B", "b", "K", "k", "ſ", "s", "É", "é").Replace(s)
}

func drawUser(t *rapid.T, typ *ResourceType) *Resource {
	piece := func(name string) string { return rapid.SampledFrom(pieces).Draw(t, name) }
	m := map[string]any{"userName": "u" + piece("userName")}
	for _, name := range []string{"externalId", "title", "nickName"} {
		if rapid.Bool().Draw(t, name) {
			m[name] = piece(name)
		}
	}
	if rapid.Bool().Draw(t, "active?") {
		m["active"] = rapid.Bool().Draw(t, "active")
	}
	if rapid.Bool().Draw(t, "name?") {
		m["name"] = map[string]any{"givenName": piece("givenName")}
		m[EnterpriseUserSchema] = map[string]any{"department": piece("department")}
	}
	var emails []any
	for range rapid.IntRange(0, 3).Draw(t, "emails") {
		e := map[string]any{"value": piece("value")}
		if rapid.Bool().Draw(t, "type?") {
			e["type"] = piece("type")
		}
		emails = append(emails, e)
	}
	if len(emails) > 0 && rapid.Bool().Draw(t, "primary") {
		emails[0].(map[string]any)["primary"] = true
	}
	m["emails"] = emails
	b, err := json.Marshal(m, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	body, err := typ.Decode(b)
	if err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	r := &Resource{Type: typ, ID: "i", Attrs: body.Attrs, Meta: Meta{Created: created}}
	if rapid.Bool().Draw(t, "groups") {
		refs := []Ref{{Value: piece("group") + "1"}, {Value: "ab"}}
		r.Refs = func(*Attr) iterRefs { return each(refs) }
	}
	return r
}

func TestTwoEvaluatorsAgree(t *testing.T) {
	typ := users(t)
	rapid.Check(t, func(t *rapid.T) {
		want := drawFilter(t, 3)
		f, err := typ.ParseFilter(want.text)
		if err != nil {
			t.Fatalf("%s: %v", want.text, err)
		}
		again, err := typ.ParseFilter(f.String())
		if err != nil || again.String() != f.String() {
			t.Fatalf("%s prints %s, which reads as %v, %v", want.text, f, again, err)
		}
		r := drawUser(t, typ)
		doc := r.Append(nil, "", nil)
		var m map[string]any
		if err := json.Unmarshal(doc, &m); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		if got := f.Match(r); got != want.fits(m) || again.Match(r) != got {
			t.Fatalf("%s over %s: %v, the naive one says %v, the printed one %v", want.text, doc, got, want.fits(m), again.Match(r))
		}
	})
}
