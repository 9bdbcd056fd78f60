package document

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// pick reads from a list what the path asks for. part reads a part of an element; "" is the element itself.
func pick[T any](p *ScimPath, items []T, part func(*T, string) AttributeValue) AttributeValue {
	if p.filterOn == "" && p.part == "" {
		var values []string
		for i := range items {
			if v := part(&items[i], ""); v.Known && !v.Null {
				values = append(values, v.Text)
			}
		}
		return ListValue(values)
	}
	var found *T
	for i := range items {
		one := &items[i]
		if p.filterOn != "" && !strings.EqualFold(part(one, p.filterOn).Text, p.filterValue) {
			continue
		}
		if primary := part(one, "primary").Text == "True"; primary || found == nil {
			found = one
			if primary {
				break
			}
		}
	}
	if found == nil {
		return NullValue
	}
	return part(found, p.part)
}

func (e *ScimEmail) part(name string) AttributeValue {
	switch name {
	case "", "value":
		return given(e.Value)
	case "type":
		return given(e.Type)
	case "primary":
		return BoolValue(e.Primary.Value)
	}
	return NotTold
}

func (r *ScimRef) part(name string) AttributeValue {
	switch name {
	case "", "value":
		return given(r.Value)
	case "display":
		return given(r.Display)
	case "type":
		return given(r.Type)
	}
	return NotTold
}

// partOf reads a part of a value that is kept as text; "" is the value itself. Of what is no object there is only
// the value. An element that does not say so is not primary.
func partOf(raw *jsontext.Value, name string) AttributeValue {
	v := *raw
	if v[0] != '{' {
		if name == "" || name == "value" {
			return scalar(v)
		}
		return NullValue
	}
	named := name
	if named == "" {
		named = "value"
	}
	m := memberFold(v, named)
	switch {
	case m == nil && name == "primary":
		return BoolValue(false)
	case m == nil && name == "":
		return NotTold // an object that is no value
	case m == nil:
		return NullValue
	}
	return scalar(m)
}

// scalar reads a value that is not made of others; objects and lists within lists are not known.
func scalar(v jsontext.Value) AttributeValue {
	switch v[0] {
	case '"':
		if asIs(v) {
			return given(string(v[1 : len(v)-1]))
		}
		return orNull(fromJSON(v))
	case '{', '[':
		return NotTold
	}
	return fromJSON(v)
}

func given(s string) AttributeValue {
	if s == "" {
		return NullValue
	}
	return TextValue(s)
}

// orNull is the value of a field that was read in full.
func orNull(v AttributeValue) AttributeValue {
	if !v.Known || v.Empty() {
		return NullValue
	}
	return v
}
