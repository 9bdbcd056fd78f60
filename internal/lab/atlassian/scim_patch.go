package atlassian

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// operation is one of a PATCH.
type operation struct {
	op    string // add, remove, replace
	path  string
	value any
}

// maxOperations bounds a PATCH.
const maxOperations = 10_000

// operations reads a PATCH. Letter case of op does not matter; the vendor's own document spells the list in two ways.
func operations(body object) ([]operation, error) {
	var list []any
	for _, k := range sortedKeys(body) {
		if strings.EqualFold(k, "Operations") {
			list, _ = body[k].([]any)
		}
	}
	if len(list) == 0 {
		return nil, bad("invalidSyntax", "Operations is empty")
	}
	if len(list) > maxOperations {
		return nil, bad("tooMany", "more than %d operations", maxOperations)
	}
	var out []operation
	for _, e := range list {
		in, _ := e.(object)
		o := operation{op: strings.ToLower(str(in["op"])), path: strings.TrimSpace(str(in["path"])), value: in["value"]}
		if o.op != "add" && o.op != "remove" && o.op != "replace" {
			return nil, bad("invalidSyntax", "op must be add, remove or replace")
		}
		if o.op == "remove" && o.path == "" {
			return nil, bad("noTarget", "remove needs a path")
		}
		out = append(out, o)
	}
	return out, nil
}

// path is where an operation works: an attribute, the elements of it that fit, a part of them.
type path struct {
	field         string
	chosen        bool // only elements with …
	part, operand string
	sub           string
}

// splitPath reads attribute, attribute.part, attribute[part eq "value"] and attribute[part eq "value"].part, each
// also with its schema in front.
func splitPath(text string) (path, error) {
	var p path
	for _, urn := range []string{userURN, groupURN} {
		if rest, ok := cutPrefixFold(text, urn+":"); ok {
			text = rest
		}
	}
	if rest, ok := cutPrefixFold(text, enterpriseURN); ok && (rest == "" || rest[0] == ':' || rest[0] == '.') {
		return path{field: enterpriseURN, sub: strings.TrimLeft(rest, ":.")}, nil
	}
	if rest, ok := cutPrefixFold(text, atlassianURN); ok {
		return path{field: atlassianURN, sub: strings.TrimLeft(rest, ":.")}, nil
	}
	open := strings.IndexByte(text, '[')
	if open < 0 {
		p.field, p.sub, _ = strings.Cut(text, ".")
		return p, nil
	}
	shut := strings.LastIndexByte(text, ']')
	if shut < open {
		return p, bad("invalidPath", "the bracket in %s does not end", text)
	}
	p.field, p.chosen, p.sub = text[:open], true, strings.TrimPrefix(text[shut+1:], ".")
	inside := strings.Fields(text[open+1 : shut])
	if len(inside) < 3 || !strings.EqualFold(inside[1], "eq") {
		return p, bad("invalidFilter", "only eq is understood in %s", text)
	}
	p.part = inside[0]
	raw := strings.TrimSpace(text[open+1 : shut])
	raw = strings.TrimSpace(raw[strings.Index(raw, inside[0])+len(inside[0]):])
	raw = strings.TrimSpace(raw[len(inside[1]):])
	var operand any
	if err := json.Unmarshal([]byte(raw), &operand); err != nil {
		return p, bad("invalidFilter", "the value in %s cannot be read", text)
	}
	switch v := operand.(type) {
	case string:
		p.operand = v
	case bool:
		p.operand = map[bool]string{true: "true", false: "false"}[v]
	default:
		return p, bad("invalidFilter", "the value in %s is neither text nor true or false", text)
	}
	return p, nil
}

// patchUser applies the operations to a copy of a user's attributes.
func patchUser(attrs object, ops []operation) (object, error) {
	out := deepCopy(attrs)
	for _, o := range ops {
		if o.path != "" {
			if err := set1(out, o.op, o.path, o.value); err != nil {
				return nil, err
			}
			continue
		}
		values, isObject := o.value.(object)
		if !isObject {
			return nil, bad("invalidValue", "without a path the value must be an object")
		}
		for _, name := range sortedKeys(values) {
			if err := set1(out, o.op, name, values[name]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func deepCopy(o object) object {
	out := make(object, len(o))
	for k, v := range o {
		out[k] = deepValue(v)
	}
	return out
}

func deepValue(v any) any {
	switch v := v.(type) {
	case object:
		return deepCopy(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = deepValue(x)
		}
		return out
	}
	return v
}

func sortedKeys(o object) []string { return slices.Sorted(maps.Keys(o)) }
