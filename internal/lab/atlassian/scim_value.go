package atlassian

import (
	"fmt"
	"net/http"
	"strings"
)

// fieldOf finds an attribute of a user by its name in any letter case, with or without the schema before it.
func fieldOf(name string) (field, bool) {
	if rest, ok := cutPrefixFold(name, userURN+":"); ok {
		name = rest
	}
	for _, f := range userFields {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return field{}, false
}

// part finds the spelling of a part of an attribute, empty if there is none.
func (f field) part(name string) string {
	for _, p := range f.parts {
		if strings.EqualFold(p, name) {
			return p
		}
	}
	return ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// badValue is what is wrong with a request, as the answer says it.
type badValue struct {
	status       int
	kind, detail string
}

func (b badValue) Error() string { return b.detail }

func bad(kind, format string, args ...any) error {
	return badValue{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

func (b badValue) answer() answer { return scimError(b.status, b.kind, b.detail) }

func refusal(err error) answer {
	if b, ok := err.(badValue); ok { //nolint:errorlint // made by bad above, never wrapped
		return b.answer()
	}
	return scimError(http.StatusBadRequest, "invalidSyntax", "the body is no JSON object: "+err.Error())
}

// attributes takes what a user may be sent with from a request, in the spelling of the schema. What is read-only or
// unknown is left out.
func attributes(in object) (object, error) {
	out := object{}
	for _, name := range sortedKeys(in) {
		f, known := fieldOf(name)
		if !known {
			continue
		}
		v, err := f.value(in[name])
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[f.name] = v
		}
	}
	return out, nil
}

// value reads what was sent for an attribute; nil means that it is cleared. Text stands for a boolean where Entra
// sends it so.
func (f field) value(v any) (any, error) {
	switch {
	case v == nil || v == "":
		return nil, nil
	case f.kind == "boolean":
		return boolean(f.name, v)
	case f.several:
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		out := []any{}
		for _, e := range list {
			o, err := f.element(e)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		if len(out) == 0 {
			return nil, nil
		}
		return out, nil
	case f.parts != nil:
		return f.element(v)
	}
	if _, isText := v.(string); !isText {
		return nil, bad("invalidValue", "%s must be text", f.name)
	}
	return v, nil
}

// element reads an object with the parts of an attribute.
func (f field) element(v any) (object, error) {
	in, isObject := v.(object)
	if !isObject {
		return nil, bad("invalidValue", "%s must be an object", f.name)
	}
	out := object{}
	for _, name := range sortedKeys(in) {
		part := f.part(name)
		if part == "" || in[name] == nil {
			continue
		}
		x, err := partValue(f.name, part, in[name])
		if err != nil {
			return nil, err
		}
		out[part] = x
	}
	return out, nil
}

func partValue(name, part string, v any) (any, error) {
	if part == "primary" {
		return boolean(name+".primary", v)
	}
	if _, isText := v.(string); !isText {
		return nil, bad("invalidValue", "%s.%s must be text", name, part)
	}
	return v, nil
}

func boolean(name string, v any) (any, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		switch strings.ToLower(v) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
	}
	return nil, bad("invalidValue", "%s must be true or false", name)
}

// complete tells what a user lacks that it must have.
func complete(attrs object) error {
	if str(attrs["userName"]) == "" {
		return bad("invalidValue", "userName is required")
	}
	primary := 0
	list, _ := attrs["emails"].([]any)
	for _, e := range list {
		if e, ok := e.(object); ok && e["primary"] == true && str(e["value"]) != "" {
			primary++
		}
	}
	if primary != 1 {
		return bad("invalidValue", "emails must have one value marked primary")
	}
	if !strings.Contains(primaryEmail(attrs), "@") {
		return bad("invalidValue", "the primary e-mail is no address")
	}
	return nil
}
