package memory

import (
	"maps"
	"regexp"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// object is a resource, with the types that JSON has. It is written here without what scimtarget knows, so that the two
// cannot agree on a mistake.
type object map[string]any

const account = "urn:scim:schemas:extension:atlassian-external:1.0"

// paths in use: title, name.givenName, emails[type eq "work"].value, urn:…:User:department.
var pathForm = regexp.MustCompile(`^(?:(urn:[^\[]*):)?([A-Za-z]+)(?:\[([A-Za-z]+) eq "?([^"\]]*)"?\])?(?:\.([A-Za-z]+))?$`)

// set gives a value its place, or takes it away.
func (o object) set(path string, v document.AttributeValue) {
	m := pathForm.FindStringSubmatch(path)
	if m == nil {
		panic("memory: a path that this target does not know: " + path)
	}
	schema, attr, on, with, part := m[1], m[2], m[3], m[4], m[5]
	at := o
	if schema != "" && !strings.Contains(schema, ":core:") {
		at = o.within(schema)
		defer o.tidy(schema)
	}
	var value any = v.Text
	if attr == "active" || part == "primary" {
		value = strings.EqualFold(v.Text, "true")
	}
	if !v.Known || v.Empty() {
		value = nil
	}
	switch {
	case on != "":
		at.element(attr, on, with, part, value)
	case part != "":
		at.within(attr).put(part, value)
		at.tidy(attr)
	default:
		at.put(attr, value)
	}
}

func (o object) put(name string, value any) {
	if value == nil {
		delete(o, name)
		return
	}
	o[name] = value
}

func (o object) within(name string) object {
	in, _ := o[name].(object)
	in = in.clone()
	o[name] = in
	return in
}

func (o object) tidy(name string) {
	if in, _ := o[name].(object); len(in) == 0 {
		delete(o, name)
	}
}

func (o object) element(attr, on, with, part string, value any) {
	old, _ := o[attr].([]any)
	var list []any
	found := false
	for _, e := range old {
		one, _ := e.(object)
		one = one.clone()
		if one[on] == with {
			found = true
			if one.put(part, value); one["value"] == nil {
				continue
			}
		}
		list = append(list, one)
	}
	if !found && value != nil {
		made := object{on: with, part: value}
		if attr == "emails" {
			made["primary"] = true
		}
		list = append(list, made)
	}
	if o[attr] = list; len(list) == 0 {
		delete(o, attr)
	}
}

func (o object) clone() object {
	out := make(object, len(o))
	maps.Copy(out, o)
	return out
}

func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

func (o object) email() string {
	list, _ := o["emails"].([]any)
	for _, e := range list {
		if one, _ := e.(object); one["primary"] == true {
			return one.text("value")
		}
	}
	return o.text("userName")
}
