package entra

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// entry is an object of a delta query, taken apart.
type entry struct {
	id         string
	object     jsontext.Value // its properties, unchanged, without annotations of the delta query
	properties int            // beside id
	present    []bool         // which of the selected properties it has
	removed    bool
	hidden     bool // a group with hidden membership
	members    []member
}

type member struct {
	id, kind string
	removed  bool
}

func parseEntry(raw jsontext.Value, fields []string) (entry, error) {
	e := entry{present: make([]bool, len(fields)), object: make(jsontext.Value, 0, len(raw))}
	e.object = append(e.object, '{')
	err := properties(raw, func(name string, pair, v jsontext.Value) error {
		switch {
		case name == "@removed":
			e.removed = true
			return nil
		case name == "members@delta":
			var err error
			e.members, err = parseMembers(v)
			return err
		case strings.HasSuffix(name, "@delta"):
			return nil // of other relations, which are not asked for
		case name == "id":
			if err := json.Unmarshal(v, &e.id); err != nil {
				return err
			}
		default:
			e.properties++
			e.hidden = e.hidden || name == "visibility" && strings.EqualFold(string(v), `"HiddenMembership"`)
		}
		if i := slices.Index(fields, name); i >= 0 {
			e.present[i] = true
		}
		e.object = append(comma(e.object), pair...)
		return nil
	})
	if err != nil {
		return e, err
	}
	if e.id == "" {
		return e, errors.New("it has no id")
	}
	e.object = append(e.object, '}')
	return e, nil
}

// filled is the object with the selected properties that a delta query leaves out because they were never set. A list
// of the same objects gives them as null; without them nobody could tell "not set" from "not asked for".
func (e entry) filled(fields []string) jsontext.Value {
	out := bytes.TrimSuffix(e.object, []byte("}"))
	for i, name := range fields {
		if e.present[i] {
			continue
		}
		out = append(append(append(comma(out), '"'), name...), `":`...)
		if slices.Contains(lists, name) {
			out = append(out, "[]"...)
		} else {
			out = append(out, "null"...)
		}
	}
	return append(out, '}')
}

func parseMembers(raw jsontext.Value) ([]member, error) {
	var list []struct {
		ID      string         `json:"id"`
		Type    string         `json:"@odata.type"`
		Removed jsontext.Value `json:"@removed"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("members@delta: %w", err)
	}
	out := make([]member, len(list))
	for i, m := range list {
		if m.ID == "" {
			return nil, errors.New("members@delta: a member without an id")
		}
		out[i] = member{m.ID, m.Type, len(m.Removed) > 0 && m.Removed.Kind() != 'n'}
	}
	return out, nil
}

// properties walks through an object. pair is the text of a name and its value together.
func properties(raw jsontext.Value, visit func(name string, pair, v jsontext.Value) error) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	if k := d.PeekKind(); k != '{' {
		return fmt.Errorf("expected an object, found %v", k)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		begin := d.InputOffset()
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		end := d.InputOffset()
		begin += int64(bytes.IndexByte(raw[begin:], '"')) // behind the comma
		if err := visit(name, raw[begin:end:end], raw[end-int64(len(v)):end:end]); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func comma(b []byte) []byte {
	if len(b) > 1 {
		b = append(b, ',')
	}
	return b
}
