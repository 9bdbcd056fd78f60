package scim

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// value reads the value of an attribute: one, or a list of them.
func (d *decoder) value(a *Attr) (Value, error) {
	k := d.PeekKind()
	switch {
	case k == 'n':
		if d.nulls {
			return Value{form: nullForm}, d.skip()
		}
		return Value{}, d.skip()
	case a.def.MultiValued && k == '[':
		return d.values(a)
	case a.def.MultiValued:
		if !d.t.tolerates(LoneValues) {
			return Value{}, d.wrong(a.path, "a list", "Put the value in [ ].")
		}
		v, err := d.one(a)
		if err != nil || v.IsZero() {
			return v, err
		}
		return Value{form: listForm, parts: []Part{{Value: v}}}, nil
	case k == '[' && d.t.tolerates(LoneValues):
		return d.alone(a)
	}
	return d.one(a)
}

// values reads a list.
func (d *decoder) values(a *Attr) (Value, error) {
	start := len(d.stack)
	most, primaries := d.t.rules().Limits.Values, 0
	err := d.elements(func() error {
		if d.PeekKind() == 'n' {
			return d.skip()
		}
		one, err := d.one(a)
		if err != nil {
			return err
		}
		if len(d.stack)-start == most {
			return tooLarge("%s has more than %d values, which are the most. Send fewer.", a.path, most)
		}
		if a.primary != nil && one.Get(a.primary).IsTrue() {
			if primaries++; primaries > 1 {
				return bad(InvalidValue, "%s: more than one value is primary. Mark one of them (RFC 7643, 2.4).", a.path)
			}
		}
		if one = one.normal(); !one.IsZero() {
			d.stack = append(d.stack, Part{Value: one})
		}
		return nil
	})
	if err != nil {
		return Value{}, err
	}
	v := Value{form: listForm, parts: d.pop(start)}
	if len(v.parts) == 0 {
		if d.nulls {
			return Value{form: nullForm}, nil
		}
		return Value{}, nil
	}
	return v, nil
}

// alone reads a list of one value where the attribute has one.
func (d *decoder) alone(a *Attr) (Value, error) {
	if err := d.token(); err != nil {
		return Value{}, err
	}
	var v Value
	if d.PeekKind() != ']' {
		var err error
		if v, err = d.one(a); err != nil {
			return v, err
		}
	} else if d.nulls {
		v.form = nullForm
	}
	if d.PeekKind() != ']' {
		return v, d.wrong(a.path, "one value", "It has one value, not several.")
	}
	return v, d.token()
}

// one reads a value that is no list.
func (d *decoder) one(a *Attr) (Value, error) {
	if a.kind == complexKind {
		return d.complex(a)
	}
	switch k := d.PeekKind(); k {
	case '"', '0', 't', 'f':
		raw, err := d.raw()
		if err != nil {
			return Value{}, err
		}
		if k == '"' {
			return d.fromText(a, raw)
		}
		return d.fromLiteral(a, k, string(raw))
	}
	return Value{}, d.wrong(a.path, a.wanted(), "")
}

// complex reads a complex value, or the text that stands for it.
func (d *decoder) complex(a *Attr) (Value, error) {
	k := d.PeekKind()
	if k == '{' {
		return d.object(a)
	}
	if k != '"' && k != '0' || a.extension {
		return Value{}, d.wrong(a.path, "an object", "")
	}
	raw, err := d.raw()
	if err != nil {
		return Value{}, err
	}
	text := string(raw)
	if k == '"' {
		text = unquote(raw)
	}
	switch {
	case d.t.tolerates(TextObjects) && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{"):
		return d.inner(a, text)
	case text == "" && d.t.tolerates(EmptyReferences):
		if d.nulls {
			return Value{form: nullForm}, nil
		}
		return Value{}, nil
	case a.value != nil && d.t.tolerates(BareValues):
		v, err := newDecoder(d.t, raw).one(a.value)
		if err != nil {
			return Value{}, err
		}
		return Value{form: complexForm, parts: []Part{{a.value, v}}}, nil
	}
	return Value{}, bad(InvalidValue, "%s: expected an object, found a text or number. Send its parts as an object.", a.path)
}

// inner reads an object that was sent as a text.
func (d *decoder) inner(a *Attr, text string) (Value, error) {
	within := newDecoder(d.t, []byte(text))
	within.nulls = d.nulls
	v, err := within.object(a)
	if err == nil {
		err = within.end()
	}
	if err != nil {
		return v, in(a.path+", JSON within a text", err)
	}
	return v, nil
}

// fromText reads the value of an attribute from a JSON string.
func (d *decoder) fromText(a *Attr, raw jsontext.Value) (Value, error) {
	text := unquote(raw)
	switch a.kind {
	case booleanKind:
		if b, ok := asBoolean(text); ok && d.t.tolerates(TextBooleans) {
			return booleanValue(b), nil
		}
	case integerKind, decimalKind:
		if d.t.tolerates(TextNumbers) {
			return d.fromLiteral(a, '0', strings.TrimSpace(text))
		}
	case momentKind:
		if _, ok := moment(text); ok {
			return textValue(text), nil
		}
		return Value{}, bad(InvalidValue, "%s: this is no moment. Write it like 2026-11-20T12:00:00Z.", a.path)
	case binaryKind:
		if !isBase64(text) {
			return Value{}, bad(InvalidValue, "%s: this is not base64 (RFC 4648). Encode the bytes.", a.path)
		}
		return textValue(text), nil
	default:
		return textValue(text), nil
	}
	return Value{}, bad(InvalidValue, "%s: expected %s, found a text.", a.path, a.wanted())
}

// fromLiteral reads it from a number, true or false.
func (d *decoder) fromLiteral(a *Attr, k jsontext.Kind, text string) (Value, error) {
	switch {
	case a.kind == booleanKind && k != '0':
		return booleanValue(text == "true"), nil
	case (a.kind == integerKind || a.kind == decimalKind) && k == '0':
		n, ok := number(text)
		if !ok || !jsontext.Value(text).IsValid() {
			return Value{}, bad(InvalidValue, "%s: this is no number, or one with too many digits.", a.path)
		}
		if a.kind == integerKind && !n.IsInt() {
			return Value{}, bad(InvalidValue, "%s: expected a whole number. Send it without a fraction.", a.path)
		}
		return Value{form: numberForm, text: text}, nil
	case (a.kind == textKind || a.kind == referenceKind) && d.t.tolerates(ScalarTexts):
		return textValue(text), nil
	}
	return Value{}, bad(InvalidValue, "%s: expected %s, found %s.", a.path, a.wanted(), kindWords(k))
}

func (a *Attr) wanted() string {
	switch a.kind {
	case booleanKind:
		return "true or false"
	case integerKind, decimalKind:
		return "a number"
	case complexKind:
		return "an object"
	}
	return "a text"
}

func isBase64(s string) bool {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '\r', '\n', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, s)
	_, err := base64.RawStdEncoding.DecodeString(clean)
	return err == nil
}

// checkRequired looks for what a resource must have.
func (t *ResourceType) checkRequired(v Value, refs map[*Attr][]Ref) error {
	if err := required(t.root, v, refs); err != nil {
		return err
	}
	for _, x := range t.required {
		if v.Get(t.root.sub(x.Schema)).IsZero() {
			return bad(InvalidValue, "A %s needs attributes of the schema %s.", t.def.Name, x.Schema)
		}
	}
	return nil
}

// required looks for the attributes that a complex value must have, and in the parts it has.
func required(a *Attr, v Value, refs map[*Attr][]Ref) error {
	for _, s := range a.subs {
		if !s.def.Required || s.def.Mutability == ReadOnly {
			continue
		}
		if got := v.Get(s); (got.IsZero() || got.form == textForm && strings.TrimSpace(got.text) == "") && len(refs[s]) == 0 {
			return bad(InvalidValue, "%s is required, and must not be empty. Send it.", s.path)
		}
	}
	for _, p := range v.parts {
		if p.Attr == nil || p.Attr.kind != complexKind {
			continue
		}
		if p.Value.form != listForm {
			if err := required(p.Attr, p.Value, nil); err != nil {
				return err
			}
			continue
		}
		for _, one := range p.Value.parts {
			if err := required(p.Attr, one.Value, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSchemas looks whether a body names the schema that it is read by.
func (t *ResourceType) checkSchemas(have []string) error {
	for _, s := range have {
		if strings.EqualFold(s, t.def.Schema) {
			return nil
		}
	}
	if t.tolerates(NoSchemas) {
		return nil
	}
	return bad(InvalidValue, `schemas does not name %s. Send "schemas": [%s].`, t.def.Schema, t.schemas)
}

// DecodeStored reads what AppendStored wrote. It takes everything as it stands.
func (t *ResourceType) DecodeStored(stored []byte) (Value, error) {
	d := newDecoder(t, stored)
	d.trusted = true
	v, err := d.top()
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return Value{}, fmt.Errorf("stored attributes of a %s: %w", t.def.Name, err)
	}
	return v, nil
}

// rawValue is a value of which no schema knows the name; null is nullForm.
func rawValue(name string, raw jsontext.Value) Value {
	if blank(raw) {
		return Value{form: nullForm, text: quoted(name) + ":"}
	}
	raw = raw.Clone()
	if err := raw.Compact(); err != nil {
		return Value{form: nullForm, text: quoted(name) + ":"} // the decoder has found it valid
	}
	return Value{form: rawForm, text: quoted(name) + ":" + string(raw)}
}

// blank tells whether a raw value is missing or null.
func blank(raw jsontext.Value) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || raw[0] == 'n'
}
