package scimtarget

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// written is a field with its place.
type written struct {
	place
	old, new document.AttributeValue
	address  bool // the account's address: it is the primary one
}

// fields finds the places of the fields of a change.
func (s schemas) fields(resource string, fields []plan.Field) ([]written, error) {
	out := make([]written, len(fields))
	paths := make([]string, len(fields))
	for i, f := range fields {
		p, err := s.placeOf(resource, f.Path)
		if err != nil {
			return nil, err
		}
		paths[i] = f.Path
		out[i] = written{place: p, old: f.Old, new: f.New}
	}
	if at := mapping.EmailTarget(paths); at >= 0 && resource == userSchema {
		// Atlassian wants one address marked as primary (atlassian.md 1.3). Of what is made it is the best one there is;
		// of what changes only one that is known to be the account's.
		p := &out[at].place
		out[at].address = out[at].old.Empty() && (p.with == "work" || p.with == "true" || len(fields) > 1)
	}
	return out, nil
}

// empty tells whether a value is taken away.
func (w *written) empty() bool { return !w.new.Known || w.new.Empty() }

// resource is what is sent to make something: all the values that there are.
func resource(schema string, fields []written) map[string]any {
	out := map[string]any{}
	schemas := []string{schema}
	for i := range fields {
		if f := &fields[i]; !f.empty() {
			if f.schema != "" && out[f.schema] == nil {
				schemas = append(schemas, f.schema)
			}
			f.set(out)
		}
	}
	out["schemas"] = schemas
	return out
}

// set puts the value into a resource, or takes it out where it is empty.
func (w *written) set(into map[string]any) {
	if w.schema != "" {
		name := keyOf(into, w.schema)
		within, _ := into[name].(map[string]any)
		if within == nil {
			if w.empty() {
				return
			}
			within = map[string]any{}
			into[name] = within
		}
		into = within
	}
	name := keyOf(into, w.attr.name)
	switch {
	case w.on != "":
		into[name] = w.setElement(into[name])
		if all, _ := into[name].([]any); len(all) == 0 {
			delete(into, name)
		}
	case w.part.name != "":
		within, _ := into[name].(map[string]any)
		if within == nil {
			within = map[string]any{}
		}
		into[name] = within
		part := keyOf(within, w.part.name)
		if within[part] = w.value(w.new); w.empty() {
			delete(within, part)
		}
		if len(within) == 0 {
			delete(into, name)
		}
	case w.empty():
		delete(into, name)
	default:
		into[name] = w.value(w.new)
	}
}

// setElement changes the element of a list that the place chooses; where there is none it is made.
func (w *written) setElement(list any) []any {
	all, _ := list.([]any)
	for i, e := range all {
		one, _ := e.(map[string]any)
		if one == nil || !strings.EqualFold(plainText(one[keyOf(one, w.on)]), w.with) {
			continue
		}
		part := keyOf(one, w.part.name)
		switch {
		case !w.empty():
			one[part] = w.value(w.new)
		case strings.EqualFold(part, "value"):
			return append(all[:i:i], all[i+1:]...)
		default:
			delete(one, part)
		}
		return all
	}
	if w.empty() {
		return all
	}
	made := map[string]any{w.on: typed(w.attr.part(w.on).kind, w.with), w.part.name: w.value(w.new)}
	if w.address {
		for _, e := range all {
			if one, _ := e.(map[string]any); one != nil && one["primary"] == true {
				one["primary"] = false // there is one primary address
			}
		}
		made["primary"] = true
	}
	return append(all, made)
}

func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// keyOf is the name of a property as it stands in an object, whatever its letter case; the given one where it does not.
func keyOf(o map[string]any, name string) string {
	if _, ok := o[name]; ok {
		return name
	}
	found := name
	for k := range o {
		if strings.EqualFold(k, name) && (found == name || k < found) {
			found = k
		}
	}
	return found
}

// operation is one of a PATCH.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path,omitempty"`
	Value any    `json:"value,omitempty"`
}

// operations change the values of something that is there.
func operations(fields []written) []operation {
	there := map[string]bool{} // elements of which something is known to be there
	for i := range fields {
		if f := &fields[i]; f.on != "" && f.old.Known && !f.old.Empty() {
			there[f.element()] = true
		}
	}
	var out []operation
	for i := range fields {
		switch f := &fields[i]; {
		case f.empty() && strings.EqualFold(f.part.name, "value"):
			out = append(out, operation{Op: "remove", Path: f.whole()})
		case f.empty():
			out = append(out, operation{Op: "remove", Path: f.path()})
		case strings.EqualFold(f.part.name, "value") && f.on != "" && !there[f.element()]:
			// A replace at a filter that chooses nothing is an error in the standard (noTarget).
			out = append(out, operation{Op: "add", Path: f.base(), Value: f.setElement(nil)})
			there[f.element()] = true
		default:
			out = append(out, operation{Op: "replace", Path: f.path(), Value: f.value(f.new)})
		}
	}
	return out
}

// patch is the body of a PATCH.
func patch(ops []operation) ([]byte, error) {
	return marshal(struct {
		Schemas    []string    `json:"schemas"`
		Operations []operation `json:"Operations"`
	}{[]string{patchSchema}, ops})
}

func marshal(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}
