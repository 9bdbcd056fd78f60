package scimtarget

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// keys are the properties of a resource by which it is found.
type keys struct {
	ID          string          `json:"id"`
	UserName    string          `json:"userName"`
	ExternalID  string          `json:"externalId"`
	DisplayName string          `json:"displayName"`
	Members     *jsontext.Value `json:"members"` // nil: not told
}

// ref is a member.
type ref struct {
	Value string `json:"value"`
}

// keysOf reads a resource as far as it must be understood.
func keysOf(object jsontext.Value) (keys, error) {
	var k keys
	if err := json.Unmarshal(object, &k, lenient); err != nil {
		return k, fmt.Errorf("a resource cannot be read: %w", err)
	}
	if k.ID == "" {
		return k, errors.New("a resource has no id")
	}
	return k, nil
}

// memberIDs are the ids of the members; none where they were not told.
func (k *keys) memberIDs() (map[string]bool, error) {
	out := map[string]bool{}
	if k.Members == nil || k.Members.Kind() == jsontext.KindNull {
		return out, nil
	}
	var refs []ref
	if err := json.Unmarshal(*k.Members, &refs, lenient); err != nil {
		return nil, fmt.Errorf("the members of %s cannot be read: %w", k.DisplayName, err)
	}
	for _, r := range refs {
		out[r.Value] = true
	}
	return out, nil
}

// without is an object without one of its properties, otherwise as it was.
func without(object jsontext.Value, name string) jsontext.Value {
	var out bytes.Buffer
	d := jsontext.NewDecoder(bytes.NewReader(object), jsontext.AllowDuplicateNames(true))
	e := jsontext.NewEncoder(&out, jsontext.AllowDuplicateNames(true))
	if d.PeekKind() != jsontext.KindBeginObject {
		return object
	}
	for {
		kind := d.PeekKind()
		if depth := d.StackDepth(); depth == 1 && kind == jsontext.KindString {
			key, err := d.ReadToken()
			if err != nil {
				return object
			}
			if strings.EqualFold(key.String(), name) {
				if d.SkipValue() != nil {
					return object
				}
				continue
			}
			text := jsontext.String(key.String())
			value, err := d.ReadValue()
			if err != nil || e.WriteToken(text) != nil || e.WriteValue(value) != nil {
				return object
			}
			continue
		}
		token, err := d.ReadToken() // the braces
		if err != nil || e.WriteToken(token) != nil {
			return object
		}
		if d.StackDepth() == 0 {
			return bytes.TrimSpace(out.Bytes())
		}
	}
}

// with is an object with one more property at its end.
func with(object jsontext.Value, name, value string) jsontext.Value {
	text := bytes.TrimSpace(object)
	head := bytes.TrimSpace(text[:len(text)-1])
	comma := ","
	if len(head) == 1 {
		comma = ""
	}
	return jsontext.Value(string(head) + comma + quote(name) + ":" + value + "}")
}
