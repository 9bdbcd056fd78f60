package sqlstore

import (
	"bytes"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// clean checks an object, takes needless blanks out and makes it ours. Of groups the members are told apart: a list
// that came along all the same is left out, so that there is one truth.
func clean(file document.File, id string, object jsontext.Value) (jsontext.Value, error) {
	if id == "" {
		return nil, fmt.Errorf("%s: an object without an id", file)
	}
	text := object.Clone()
	if err := text.Compact(); err != nil {
		return nil, fmt.Errorf("%s %s: the object is no JSON: %w", file, id, err)
	}
	if text.Kind() != '{' {
		return nil, fmt.Errorf("%s %s: not a JSON object", file, id)
	}
	if groups(file) && bytes.Contains(text, []byte(`"members"`)) {
		all, err := properties(text)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", file, id, err)
		}
		return written(without(all, "members")), nil
	}
	return text, nil
}

// groups tells whether the mirror holds the members of a document's objects.
func groups(file document.File) bool { return file == document.Groups || file == document.ScimGroups }

// property is a name and its value, both as JSON.
type property struct {
	name        string
	text, value jsontext.Value
}

// merged puts changed properties over an object: what was there stays where it was, what is new follows. A property
// that is cleared is null from then on, as the service would show it; without it, it would not be known.
func merged(object, changes jsontext.Value) (jsontext.Value, error) {
	all, err := properties(object)
	if err != nil {
		return nil, err
	}
	over, err := properties(changes)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(all))
	for i, p := range all {
		at[p.name] = i
	}
	for _, p := range over {
		if i, ok := at[p.name]; ok {
			all[i].value = p.value
		} else {
			all = append(all, p)
		}
	}
	return written(all), nil
}

func properties(object jsontext.Value) ([]property, error) {
	d := jsontext.NewDecoder(bytes.NewReader(object))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return nil, fmt.Errorf("not a JSON object: %w", orEOF(err))
	}
	var out []property
	for d.PeekKind() != '}' {
		text, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		text = text.Clone()
		name, err := jsontext.AppendUnquote(nil, text)
		if err != nil {
			return nil, err
		}
		value, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		out = append(out, property{string(name), text, value.Clone()})
	}
	return out, nil
}

func orEOF(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}

func without(all []property, name string) []property {
	out := all[:0]
	for _, p := range all {
		if p.name != name {
			out = append(out, p)
		}
	}
	return out
}

func written(all []property) jsontext.Value {
	out := []byte{'{'}
	for i, p := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, p.text...), ':'), p.value...)
	}
	return append(out, '}')
}
