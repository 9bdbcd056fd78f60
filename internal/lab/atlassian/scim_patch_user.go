package atlassian

import (
	"maps"
	"slices"
	"strings"
)

// set1 applies one operation at one path to a user's attributes. What is read-only or unknown is ignored, as in PUT.
func set1(attrs object, op, at string, v any) error {
	p, err := splitPath(at)
	if err != nil {
		return err
	}
	f, known := fieldOf(p.field)
	if !known {
		return nil
	}
	switch {
	case p.chosen:
		return f.setChosen(attrs, op, p, v)
	case p.sub != "" && f.several:
		return bad("invalidPath", "%s has several values: choose one in brackets", f.name)
	case p.sub != "":
		return f.setPart(attrs, op, p.sub, v)
	case op == "remove":
		delete(attrs, f.name)
		return nil
	}
	value, err := f.value(v)
	if err != nil {
		return err
	}
	f.set(attrs, op, value)
	return nil
}

// set gives an attribute a value. Parts that were not sent stay; values of a list are replaced or added.
func (f field) set(attrs object, op string, value any) {
	switch value := value.(type) {
	case nil:
		delete(attrs, f.name)
	case object:
		old, _ := attrs[f.name].(object)
		merged := clone(old)
		maps.Copy(merged, value)
		attrs[f.name] = merged
	case []any:
		if op == "replace" {
			attrs[f.name] = value
			return
		}
		list, _ := attrs[f.name].([]any)
		for _, e := range value {
			list = addElement(list, e)
		}
		attrs[f.name] = list
	default:
		attrs[f.name] = value
	}
}

// addElement adds to a list what is not there yet. A new primary value takes the mark from the old one.
func addElement(list []any, e any) []any {
	added, _ := e.(object)
	for _, x := range list {
		if x, ok := x.(object); ok && x["value"] == added["value"] && x["type"] == added["type"] {
			maps.Copy(x, added)
			onlyPrimary(list, x)
			return list
		}
	}
	list = append(list, added)
	onlyPrimary(list, added)
	return list
}

func onlyPrimary(list []any, keeper object) {
	if keeper["primary"] != true {
		return
	}
	for _, x := range list {
		if x, ok := x.(object); ok && x["primary"] == true && (x["value"] != keeper["value"] || x["type"] != keeper["type"]) {
			x["primary"] = false
		}
	}
}

// setPart changes one part of an attribute with a single value.
func (f field) setPart(attrs object, op, sub string, v any) error {
	part := f.part(sub)
	if part == "" {
		return nil
	}
	old, _ := attrs[f.name].(object)
	changed := clone(old)
	if op == "remove" || v == nil || v == "" {
		delete(changed, part)
	} else {
		value, err := partValue(f.name, part, v)
		if err != nil {
			return err
		}
		changed[part] = value
	}
	attrs[f.name] = changed
	if len(changed) == 0 {
		delete(attrs, f.name)
	}
	return nil
}

// setChosen works on the elements that a bracket chooses. Where none fits, one is made that does: Entra counts on it.
func (f field) setChosen(attrs object, op string, p path, v any) error {
	by := f.part(p.part)
	if !f.several || by == "" {
		return bad("invalidPath", "%s cannot be chosen by %s", p.field, p.part)
	}
	list, _ := attrs[f.name].([]any)
	var fit []object
	for _, e := range list {
		if e, ok := e.(object); ok && partFits(e[by], p.operand) {
			fit = append(fit, e)
		}
	}
	if op == "remove" && p.sub == "" {
		attrs[f.name] = slices.DeleteFunc(list, func(e any) bool {
			o, _ := e.(object)
			return o != nil && partFits(o[by], p.operand)
		})
		return nil
	}
	if len(fit) == 0 && op != "remove" {
		made, err := partValue(f.name, by, p.operand)
		if err != nil {
			return err
		}
		fit = []object{{by: made}}
		list = append(list, fit[0])
	}
	for _, e := range fit {
		if err := f.setElement(e, op, p.sub, v); err != nil {
			return err
		}
		onlyPrimary(list, e)
	}
	attrs[f.name] = list
	return nil
}

func (f field) setElement(e object, op, sub string, v any) error {
	if sub == "" {
		value, err := f.element(v)
		if err != nil {
			return err
		}
		maps.Copy(e, value)
		return nil
	}
	part := f.part(sub)
	switch {
	case part == "":
		return nil
	case op == "remove" || v == nil:
		delete(e, part)
		return nil
	}
	value, err := partValue(f.name, part, v)
	if err != nil {
		return err
	}
	e[part] = value
	return nil
}

func partFits(v any, operand string) bool {
	switch v := v.(type) {
	case string:
		return strings.EqualFold(v, operand)
	case bool:
		return v == strings.EqualFold(operand, "true")
	}
	return false
}
