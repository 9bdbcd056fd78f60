package atlassian

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryFormOfPatchThatClientsSendDoesWhatItMeans(t *testing.T) {
	mail := func(address, kind string, primary bool) object {
		return object{"value": address, "type": kind, "primary": primary}
	}
	for _, c := range []struct {
		name string
		ops  []object
		path []any
		want any
	}{
		{"capital op", []object{{"op": "Replace", "path": "displayName", "value": "N1"}}, []any{"displayName"}, "N1"},
		{"active as text", []object{{"op": "Replace", "path": "active", "value": "False"}}, []any{"active"}, false},
		{"active as a boolean", []object{{"op": "replace", "path": "active", "value": false}}, []any{"active"}, false},
		{"no path", []object{{"op": "replace", "value": object{"title": "T"}}}, []any{"title"}, "T"},
		{"no path, dotted key", []object{{"op": "replace", "value": object{"name.givenName": "G"}}}, []any{"name"}, object{"givenName": "G", "familyName": "Ash"}},
		{"no path, key with the schema", []object{{"op": "replace", "value": object{enterpriseURN + ":department": "D"}}}, []any{enterpriseURN, "department"}, "D"},
		{"no path, the extension as an object", []object{{"op": "add", "value": object{enterpriseURN: object{"department": "D"}}}}, []any{enterpriseURN, "department"}, "D"},
		{"no path, active and name together", []object{{"op": "replace", "value": object{"active": false, "displayName": "N"}}}, []any{"displayName"}, "N"},
		{"path with the extension's schema", []object{{"op": "Add", "path": enterpriseURN + ":department", "value": "D"}}, []any{enterpriseURN, "department"}, "D"},
		{"path with the user's schema", []object{{"op": "Add", "path": userURN + ":title", "value": "T"}}, []any{"title"}, "T"},
		{"part of a name", []object{{"op": "replace", "path": "name.familyName", "value": "Oak"}}, []any{"name"}, object{"givenName": "Ann", "familyName": "Oak"}},
		{"other letter case", []object{{"op": "replace", "path": "DISPLAYNAME", "value": "N"}}, []any{"displayName"}, "N"},
		{"remove", []object{{"op": "Remove", "path": "title"}}, []any{"title"}, nil},
		{"null clears", []object{{"op": "replace", "path": "title", "value": nil}}, []any{"title"}, nil},
		{"empty text clears", []object{{"op": "replace", "path": "title", "value": ""}}, []any{"title"}, nil},
		{"several operations", []object{{"op": "replace", "path": "title", "value": "T"}, {"op": "add", "path": "nickName", "value": "K"}}, []any{"nickName"}, "K"},
		{"the work address", []object{{"op": "Replace", "path": `emails[type eq "work"].value`, "value": "ann.oak@acme.example"}}, []any{"emails"}, []any{mail("ann.oak@acme.example", "work", true)}},
		{"an address that is not there yet", []object{{"op": "Add", "path": `emails[type eq "home"].value`, "value": "ann@home.example"}}, []any{"emails", 1}, object{"type": "home", "value": "ann@home.example"}},
		{"two parts of one new element", []object{
			{"op": "Add", "path": `phoneNumbers[type eq "mobile"].value`, "value": "1"},
			{"op": "Add", "path": `phoneNumbers[type eq "mobile"].primary`, "value": "true"},
		}, []any{"phoneNumbers"}, []any{object{"type": "mobile", "value": "1", "primary": true}}},
		{"the primary moves", []object{{"op": "add", "path": "emails", "value": []object{mail("ann2@acme.example", "other", true)}}}, []any{"emails", 0, "primary"}, false},
		{"all addresses", []object{{"op": "replace", "path": "emails", "value": []object{mail("b@acme.example", "work", true)}}}, []any{"emails"}, []any{mail("b@acme.example", "work", true)}},
		{"a chosen element is removed", []object{
			{"op": "add", "path": "emails", "value": []object{mail("ann@home.example", "home", false)}},
			{"op": "remove", "path": `emails[type eq "home"]`},
		}, []any{"emails", 1}, nil},
		{"the primary address, whichever it is", []object{{"op": "replace", "path": "emails[primary eq true].value", "value": "b@acme.example"}}, []any{"emails", 0, "value"}, "b@acme.example"},
		{"an element chosen and given as an object", []object{{"op": "replace", "path": `emails[type eq "work"]`, "value": object{"value": "b@acme.example", "display": "B"}}}, []any{"emails", 0, "display"}, "B"},
		{"a part of a chosen element is removed", []object{
			{"op": "replace", "path": `emails[type eq "work"].display`, "value": "B"}, {"op": "remove", "path": `emails[type eq "work"].display`},
		}, []any{"emails", 0, "display"}, nil},
		{"the same address again, with more", []object{{"op": "add", "path": "emails", "value": object{"value": "ann@acme.example", "type": "work", "display": "A"}}}, []any{"emails"}, []any{
			object{"value": "ann@acme.example", "type": "work", "primary": true, "display": "A"},
		}},
		{"a part of a name is removed", []object{{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}}, []any{"name"}, nil},
		{"a part that does not exist is ignored", []object{{"op": "add", "path": "name.pet", "value": "x"}, {"op": "add", "path": `emails[type eq "work"].pet`, "value": "x"}}, []any{"name"}, object{"givenName": "Ann", "familyName": "Ash"}},
		{"read-only and unknown ones are ignored", []object{{"op": "replace", "value": object{"id": "x", "manager": "y", "meta": object{}, atlassianURN: object{"atlassianAccountId": "z"}}}}, []any{"manager"}, nil},
		{"the list spelled small", nil, []any{"title"}, "T"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t, &Lab{})
			p := person("ann@acme.example")
			p["title"], p["name"] = "Engineer", object{"givenName": "Ann", "familyName": "Ash"}
			id := w.scim("POST", "/Users", p).want(t, 201).id()
			body := patch(c.ops...)
			if c.ops == nil {
				body = object{"operations": []object{{"op": "replace", "path": "title", "value": "T"}}}
			}
			answered := w.scim("PATCH", "/Users/"+id, body).want(t, 200)
			read := w.scim("GET", "/Users/"+id, nil).want(t, 200)
			if diff := cmp.Diff(answered.object, read.object); diff != "" {
				t.Errorf("the answer is not what is there:\n%s", diff)
			}
			if diff := cmp.Diff(c.want, at(read.object, c.path...)); diff != "" {
				t.Errorf("%v:\n%s", c.path, diff)
			}
		})
	}
}

func TestAPatchThatCannotBeUnderstoodChangesNothing(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	before := w.scim("GET", "/Users/"+id, nil).text
	first := object{"op": "replace", "path": "title", "value": "T"}
	for name, body := range map[string]any{
		"no operation":        patch(),
		"unknown op":          patch(first, object{"op": "move", "path": "title"}),
		"remove without path": patch(first, object{"op": "remove"}),
		"open bracket":        patch(first, object{"op": "add", "path": `emails[type eq "work"`, "value": "x"}),
		"other operator":      patch(first, object{"op": "add", "path": `emails[type sw "work"].value`, "value": "x"}),
		"no choice":           patch(first, object{"op": "add", "path": "emails.value", "value": "x"}),
		"wrong type":          patch(first, object{"op": "replace", "path": "active", "value": "perhaps"}),
		"text for a name":     patch(first, object{"op": "replace", "path": "name", "value": "Ann"}),
		"no user name left":   patch(first, object{"op": "remove", "path": "userName"}),
		"no primary left":     patch(first, object{"op": "remove", "path": "emails"}),
		"a number for a part": patch(first, object{"op": "replace", "path": "name.givenName", "value": 7}),
		"chosen by nothing":   patch(first, object{"op": "replace", "path": `title[type eq "work"]`, "value": "x"}),
		"chosen by a number":  patch(first, object{"op": "replace", "path": "emails[type eq 7].value", "value": "x"}),
		"chosen by no JSON":   patch(first, object{"op": "replace", "path": "emails[type eq work].value", "value": "x"}),
		"text for an element": patch(first, object{"op": "replace", "path": `emails[type eq "work"]`, "value": "x"}),
		"value without path":  patch(first, object{"op": "add", "value": "x"}),
		"no JSON":             "{",
	} {
		if r := w.scim("PATCH", "/Users/"+id, body); r.status != 400 || r.object["status"] != "400" {
			t.Errorf("%s gets %d %s", name, r.status, r.text)
		}
	}
	if after := w.scim("GET", "/Users/"+id, nil).text; after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}
