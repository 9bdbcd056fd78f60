package guard

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// has tells whether an object has a key.
func has(object jsontext.Value, key string) bool {
	var o map[string]jsontext.Value
	return json.Unmarshal(object, &o) == nil && o[key] != nil
}

// with adds to an object what the recorder knows: the members of a group, the address that was asked for.
func with(object jsontext.Value, key string, value any) (jsontext.Value, error) {
	var o map[string]jsontext.Value
	if err := json.Unmarshal(object, &o); err != nil {
		return nil, fmt.Errorf("adding %s to an object: %w", key, err)
	}
	text, err := json.Marshal(value, json.Deterministic(true), json.FormatNilSliceAsNull(false))
	if err != nil {
		return nil, fmt.Errorf("adding %s to an object: %w", key, err)
	}
	o[key] = text
	out, err := json.Marshal(o, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("adding %s to an object: %w", key, err)
	}
	return out, nil
}

// decode reads what is needed of an object.
func decode[T any](object jsontext.Value) (v T, err error) {
	if err := json.Unmarshal(object, &v); err != nil {
		return v, fmt.Errorf("reading an answer: %w", err)
	}
	return v, nil
}
