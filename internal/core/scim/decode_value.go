package scim

import (
	"strings"
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
		if len(d.stack)-start == most && !d.trusted {
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
