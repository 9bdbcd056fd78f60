package atlassian

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

func (c contract) resolve(o object) object {
	for range 20 {
		ref := str(o["$ref"])
		if ref == "" {
			return o
		}
		var v any = c.doc
		for _, p := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			v = at(v, p)
		}
		o, _ = v.(object)
	}
	return o
}

// check walks a schema and a value together.
func (c contract) check(schema object, v any, where string) []string {
	schema = c.resolve(schema)
	if v == nil {
		if schema["nullable"] == true || schema["type"] == nil {
			return nil
		}
		return []string{where + " is null"}
	}
	var out []string
	for _, s := range listOf(schema["allOf"]) {
		out = append(out, c.check(s, v, where)...)
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		var first []string
		fits := len(listOf(schema[word])) == 0
		for _, s := range listOf(schema[word]) {
			problems := c.check(s, v, where)
			if fits = len(problems) == 0; fits {
				break
			}
			if first == nil {
				first = problems
			}
		}
		if !fits {
			out = append(out, fmt.Sprintf("%s fits none of %s, for one: %v", where, word, first))
		}
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) && !strings.HasSuffix(where, ".meta.resourceType") {
		// Real answers say User where the document has USER.
		out = append(out, fmt.Sprintf("%s is %v, want one of %v", where, v, enum))
	}
	return append(out, c.checkType(schema, v, where)...)
}

func (c contract) checkType(schema object, v any, where string) []string {
	var out []string
	wrong := func(is bool) []string {
		if is {
			return nil
		}
		return []string{fmt.Sprintf("%s is %T, want %v", where, v, schema["type"])}
	}
	switch str(schema["type"]) {
	case "string":
		s, is := v.(string)
		if _, text := v.(object); text && where == "$" {
			return nil // the answers of discovery, which the document types as text
		}
		if is && schema["format"] == "date-time" && !strings.HasSuffix(where, ".serverTime") {
			if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
				return []string{where + ": " + err.Error()}
			}
		}
		return wrong(is)
	case "boolean":
		_, is := v.(bool)
		return wrong(is)
	case "number":
		_, is := v.(float64)
		return wrong(is)
	case "integer":
		f, is := v.(float64)
		return wrong(is && f == math.Trunc(f))
	case "array":
		list, is := v.([]any)
		items, _ := schema["items"].(object)
		for i, e := range list {
			if items != nil {
				out = append(out, c.check(items, e, fmt.Sprintf("%s[%d]", where, i))...)
			}
		}
		return append(out, wrong(is)...)
	case "object":
		o, is := v.(object)
		if !is {
			return wrong(false)
		}
		properties, _ := schema["properties"].(object)
		for _, name := range listOfText(schema["required"]) {
			if _, there := o[name]; !there {
				out = append(out, where+" lacks "+name)
			}
		}
		for _, name := range sortedKeys(o) {
			switch p, known := properties[name].(object); {
			case known:
				out = append(out, c.check(p, o[name], where+"."+name)...)
			case schema["additionalProperties"] == false:
				out = append(out, where+" has "+name+", which the contract does not allow")
			default:
				if more, ok := schema["additionalProperties"].(object); ok {
					out = append(out, c.check(more, o[name], where+"."+name)...)
				}
			}
		}
	}
	return out
}

func listOf(v any) []object {
	list, _ := v.([]any)
	var out []object
	for _, e := range list {
		o, _ := e.(object)
		out = append(out, o)
	}
	return out
}

func listOfText(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, e := range list {
		out = append(out, str(e))
	}
	return out
}
