package scim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

// model is a user as plain JSON, and what each kind of operation does to it, written down as simply as can be.
type model map[string]any

// act is an operation as text, and the same done to a model.
type act struct {
	text string
	do   func(model)
}

func drawAct(t *rapid.T) act {
	word := func() string { return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "word") }
	kind := rapid.SampledFrom([]string{"work", "home"}).Draw(t, "kind")
	op := rapid.SampledFrom([]string{"add", "replace"}).Draw(t, "op")
	v, simple := word(), rapid.SampledFrom([]string{"title", "nickName"}).Draw(t, "simple")
	switch rapid.IntRange(0, 9).Draw(t, "act") {
	case 0:
		return act{fmt.Sprintf(`{"op":%q,"path":%q,"value":%q}`, op, simple, v), func(m model) { m[simple] = v }}
	case 1:
		return act{fmt.Sprintf(`{"op":"remove","path":%q}`, simple), func(m model) { delete(m, simple) }}
	case 2:
		return act{fmt.Sprintf(`{"op":%q,"value":{"name":{"givenName":%q},"name.familyName":null}}`, op, v), func(m model) { m.object("name")["givenName"] = v; delete(m.object("name"), "familyName") }}
	case 3:
		return act{fmt.Sprintf(`{"op":%q,"path":"name.familyName","value":%q}`, op, v), func(m model) { m.object("name")["familyName"] = v }}
	case 4:
		return act{fmt.Sprintf(`{"op":"add","path":"emails","value":[{"value":%q,"type":%q}]}`, v, kind), func(m model) {
			for _, e := range m.emails() {
				if e["value"] == v && e["type"] == kind {
					return
				}
			}
			m["emails"] = append(m.emails(), map[string]any{"value": v, "type": kind})
		}}
	case 5:
		return act{fmt.Sprintf(`{"op":"replace","path":"emails","value":[{"value":%q,"type":%q,"primary":true}]}`, v, kind), func(m model) {
			m["emails"] = []map[string]any{{"value": v, "type": kind, "primary": true}}
		}}
	case 6:
		return act{fmt.Sprintf(`{"op":"remove","path":"emails[type eq \"%s\"]"}`, kind), func(m model) {
			m["emails"] = slices.DeleteFunc(m.emails(), func(e map[string]any) bool { return e["type"] == kind })
		}}
	case 7:
		return act{fmt.Sprintf(`{"op":%q,"path":"emails[type eq \"%s\"].value","value":%q}`, op, kind, v), func(m model) {
			found := false
			for _, e := range m.emails() {
				if e["type"] == kind {
					e["value"], found = v, true
				}
			}
			if !found {
				m["emails"] = append(m.emails(), map[string]any{"type": kind, "value": v})
			}
		}}
	case 8:
		return act{`{"op":"remove","path":"emails.primary"}`, func(m model) {
			for _, e := range m.emails() {
				delete(e, "primary")
			}
		}}
	}
	return act{`{"op":"add","path":"emails","value":[{"value":"p","primary":true}]}`, func(m model) {
		for _, e := range m.emails() {
			if e["primary"] != nil {
				e["primary"] = false
			}
		}
		for _, e := range m.emails() {
			if e["value"] == "p" && e["type"] == nil {
				e["primary"] = true
				return
			}
		}
		m["emails"] = append(m.emails(), map[string]any{"value": "p", "primary": true})
	}}
}

func (m model) object(name string) map[string]any {
	if m[name] == nil {
		m[name] = map[string]any{}
	}
	return m[name].(map[string]any)
}

func (m model) emails() []map[string]any {
	list, _ := m["emails"].([]map[string]any)
	return list
}

// tidy takes away what is empty.
func (m model) tidy() {
	if len(m.emails()) == 0 {
		delete(m, "emails")
	}
	if name, _ := m["name"].(map[string]any); len(name) == 0 {
		delete(m, "name")
	}
}

func TestAPatchDoesWhatASimpleModelDoes(t *testing.T) {
	typ := users(t)
	rapid.Check(t, func(t *rapid.T) {
		m := model{"userName": "u"}
		r := &Resource{Type: typ, ID: "i"}
		body, err := typ.Decode([]byte(`{"userName":"u"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Attrs = body.Attrs
		for range rapid.IntRange(1, 3).Draw(t, "patches") {
			text := ""
			for range rapid.IntRange(1, 6).Draw(t, "operations") {
				a := drawAct(t)
				a.do(m)
				m.tidy()
				text += "," + a.text
			}
			p, err := typ.ParsePatch([]byte(`{"Operations":[` + text[1:] + `]}`))
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			before := string(r.AppendStored(nil))
			c, err := p.Apply(r)
			if err != nil {
				t.Fatalf("%s to %s: %v", text, before, err)
			}
			if now := string(r.AppendStored(nil)); now != before {
				t.Fatalf("%s changed the resource itself from %s to %s", text, before, now)
			}
			r = &Resource{Type: typ, ID: "i", Attrs: c.Attrs}
			want, err := json.Marshal(map[string]any(m), json.Deterministic(true))
			if err != nil {
				t.Fatal(err)
			}
			wanted, err := typ.DecodeStored(want)
			if err != nil {
				t.Fatal(err)
			}
			if !wanted.Equal(c.Attrs) {
				t.Fatalf("%s to %s gives %s, the model says %s", text, before, r.AppendStored(nil), want)
			}
		}
	})
}

// The change of a list is made without the list; done to any list it gives what the operations give one by one.
func TestAChangeOfMembersDoesWhatItsOperationsDo(t *testing.T) {
	typ := groups(t)
	members := typ.Attr("members")
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d", "A"}
		start := rapid.SliceOfDistinct(rapid.SampledFrom(ids), func(s string) string { return s }).Draw(t, "start")
		want, text := slices.Clone(start), ""
		for range rapid.IntRange(1, 8).Draw(t, "operations") {
			id := rapid.SampledFrom(ids).Draw(t, "id")
			other := rapid.SampledFrom(ids).Draw(t, "other")
			switch rapid.IntRange(0, 5).Draw(t, "act") {
			case 0, 1:
				text += fmt.Sprintf(`,{"op":"add","path":"members","value":[{"value":%q},{"value":%q}]}`, id, other)
				want = append(want, id, other)
			case 2:
				text += fmt.Sprintf(`,{"op":"remove","path":"members[value eq \"%s\"]"}`, id)
				want = slices.DeleteFunc(want, func(s string) bool { return s == id })
			case 3:
				text += fmt.Sprintf(`,{"op":"remove","path":"members","value":[{"value":%q},{"value":%q}]}`, id, other)
				want = slices.DeleteFunc(want, func(s string) bool { return s == id || s == other })
			case 4:
				text += fmt.Sprintf(`,{"op":"replace","path":"members","value":[{"value":%q}]}`, id)
				want = []string{id}
			case 5:
				text += fmt.Sprintf(`,{"op":"remove","path":"members[value ge \"%s\"]"}`, id)
				want = slices.DeleteFunc(want, func(s string) bool { return s >= id })
			}
		}
		p, err := typ.ParsePatch([]byte(`{"Operations":[` + text[1:] + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		c, err := p.Apply(&Resource{Type: typ})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range start {
			out := c.Refs[0].Replace || slices.Contains(c.Refs[0].Remove, id)
			for _, f := range c.Refs[0].RemoveWhere {
				out = out || f.MatchRef(members, Ref{Value: id})
			}
			if !out {
				got = append(got, id)
			}
		}
		for _, ref := range c.Refs[0].Add {
			got = append(got, ref.Value)
		}
		slices.Sort(got)
		slices.Sort(want)
		if got, want = slices.Compact(got), slices.Compact(want); !slices.Equal(got, want) {
			t.Fatalf("%s to %v gives %v, one by one %v", text, start, got, want)
		}
	})
}
