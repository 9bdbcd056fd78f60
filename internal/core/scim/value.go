package scim

import (
	"slices"
	"strings"
)

// Value is the value of an attribute: a text, a number with all of its digits, a Boolean, a complex value, or a list. The
// zero Value is none: RFC 7643 takes null, an empty list and an absent attribute for the same (2.5). Values are not
// changed once they are made.
type Value struct { //nolint:recvcheck // what makes a value changes it in place; whoever reads one has it by value
	form  form
	text  string
	parts []Part // of a complex value, each with its Attr; of a list, without
}

// Part is one attribute of a complex value, or one element of a list.
type Part struct {
	Attr  *Attr // nil: an element of a list, or what no schema knows
	Value Value
}

type form uint8

const (
	absent form = iota
	textForm
	numberForm
	booleanForm
	complexForm
	listForm
	rawForm // what no schema knows: text is the JSON of name and value, "x":{…}
	nullForm
)

// IsZero tells whether there is no value.
func (v Value) IsZero() bool { return v.form == absent }

// Text is a text, a number as it was written, or true or false. Empty for what has parts.
func (v Value) Text() string { return v.text }

// IsTrue tells whether the value is the Boolean true.
func (v Value) IsTrue() bool { return v.form == booleanForm && v.text == "true" }

// Parts are the attributes of a complex value or the elements of a list. They must not be changed.
func (v Value) Parts() []Part { return v.parts }

// Get reads an attribute of a complex value.
func (v Value) Get(a *Attr) Value {
	if p := v.slot(a); p != nil {
		return *p
	}
	return Value{}
}

// Equal compares two values. The order of the attributes of a complex value does not count, that of a list does; so does
// case, whatever the schema says: the question is whether anything changed.
func (v Value) Equal(w Value) bool {
	if v.form != w.form || v.text != w.text || len(v.parts) != len(w.parts) {
		return false
	}
	for i, p := range v.parts {
		is := func(q Part) bool { return p.Attr == q.Attr && p.Value.Equal(q.Value) }
		if !is(w.parts[i]) && (v.form == listForm || !slices.ContainsFunc(w.parts, is)) {
			return false
		}
	}
	return true
}

// slot is the place of an attribute in a complex value; nil if it has none.
func (v *Value) slot(a *Attr) *Value {
	for i := range v.parts {
		if v.parts[i].Attr == a {
			return &v.parts[i].Value
		}
	}
	return nil
}

// set writes an attribute of a complex value; the zero Value takes it away.
func (v *Value) set(a *Attr, to Value) {
	for i := range v.parts {
		if v.parts[i].Attr == a {
			if to.IsZero() {
				v.parts = slices.Delete(v.parts, i, i+1)
			} else {
				v.parts[i].Value = to
			}
			return
		}
	}
	if !to.IsZero() {
		v.form = complexForm
		v.parts = append(v.parts, Part{a, to})
	}
}

// setRaw writes what no schema knows, in the form of rawForm.
func (v *Value) setRaw(raw Value) {
	name := rawName(raw.text)
	for i, p := range v.parts {
		if p.Value.form == rawForm && rawName(p.Value.text) == name {
			v.parts[i].Value = raw
			return
		}
	}
	v.form = complexForm
	v.parts = append(v.parts, Part{Value: raw})
}

// rawName is the quoted name before a raw value, with the colon.
func rawName(text string) string {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[:i+2]
		}
	}
	return text
}

// clone copies a value as far down as a PATCH can change it.
func (v Value) clone() Value {
	if len(v.parts) > 0 {
		v.parts = slices.Clone(v.parts)
		for i := range v.parts {
			if len(v.parts[i].Value.parts) > 0 {
				v.parts[i].Value = v.parts[i].Value.clone()
			}
		}
	}
	return v
}

// normal is a value without what is empty: null, lists and complex values without parts.
func (v Value) normal() Value {
	switch v.form {
	case nullForm:
		return Value{}
	case complexForm, listForm:
		keep := v.parts[:0]
		for _, p := range v.parts {
			if p.Value = p.Value.normal(); !p.Value.IsZero() {
				keep = append(keep, p)
			}
		}
		if v.parts = keep; len(keep) == 0 {
			return Value{}
		}
	}
	return v
}

func textValue(s string) Value { return Value{form: textForm, text: s} }

func booleanValue(b bool) Value {
	if b {
		return Value{form: booleanForm, text: "true"}
	}
	return Value{form: booleanForm, text: "false"}
}

// asBoolean reads the texts that Entra writes for true and false.
func asBoolean(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}
