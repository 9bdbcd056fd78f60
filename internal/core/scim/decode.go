package scim

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Body is what a POST or a PUT says.
type Body struct {
	Attrs Value           // complex: what a client may write; nothing that is read-only
	Refs  map[*Attr][]Ref // lists that are kept apart, each reference once; a list that was not sent is absent
}

// Decode reads the body of a POST or a PUT. What is read-only is passed over (RFC 7644, 3.3 and 3.5.1), null and empty
// lists are no values, and what is required must be there. Errors are *Error.
func (t *ResourceType) Decode(body []byte) (*Body, error) {
	if err := t.fits(body); err != nil {
		return nil, err
	}
	d := newDecoder(t, body)
	attrs, err := d.top()
	if err != nil {
		return nil, err
	}
	if err := d.end(); err != nil {
		return nil, err
	}
	if err := t.checkSchemas(d.schemas); err != nil {
		return nil, err
	}
	if err := t.checkRequired(attrs, d.refs); err != nil {
		return nil, err
	}
	return &Body{Attrs: attrs, Refs: d.refs}, nil
}

// decoder reads JSON by the attributes of a resource type.
type decoder struct {
	*jsontext.Decoder
	t       *ResourceType
	nulls   bool // keep null as a value: a PATCH takes away what is null
	trusted bool // what we wrote ourselves
	schemas []string
	refs    map[*Attr][]Ref
	stack   []Part // of the values that are being read, the innermost last
}

func newDecoder(t *ResourceType, body []byte) *decoder {
	return &decoder{Decoder: jsontext.NewDecoder(bytes.NewBuffer(body)), t: t}
}

// top reads a whole resource.
func (d *decoder) top() (Value, error) {
	if d.PeekKind() != '{' {
		return Value{}, d.wrong("the body", "an object", "Send a resource as a JSON object.")
	}
	return d.object(d.t.root)
}

// end makes sure that nothing follows.
func (d *decoder) end() error {
	switch _, err := d.ReadToken(); {
	case err == nil:
		return bad(InvalidSyntax, "Something follows after the JSON value, at byte %d. Send one value.", d.InputOffset())
	case !errors.Is(err, io.EOF):
		return syntax(err)
	}
	return nil
}

// object reads a complex value, the resource itself included.
func (d *decoder) object(a *Attr) (Value, error) {
	if err := d.token(); err != nil {
		return Value{}, err
	}
	start := len(d.stack)
	for d.PeekKind() != '}' {
		name, err := d.raw()
		if err != nil {
			return Value{}, err
		}
		if err := d.member(start, a, name); err != nil {
			return Value{}, err
		}
	}
	if err := d.token(); err != nil {
		return Value{}, err
	}
	v := Value{form: complexForm, parts: d.pop(start)}
	if len(v.parts) == 0 && !d.nulls {
		return Value{}, nil
	}
	return v, nil
}

// pop takes the parts that were found since the stack was as long as start. So each list of parts is made once, as long as
// it is.
func (d *decoder) pop(start int) []Part {
	found := d.stack[start:]
	d.stack = d.stack[:start]
	if len(found) == 0 {
		return nil
	}
	return slices.Clone(found)
}

// member reads the value behind one name of an object, of which the parts so far lie on the stack from start on.
func (d *decoder) member(start int, a *Attr, raw jsontext.Value) error {
	s := a.names[string(raw[1:len(raw)-1])]
	if s == nil {
		name := unquote(raw)
		if s = a.sub(name); s == nil {
			return d.unknown(start, a, name)
		}
	}
	switch {
	case s.special == isSchemas:
		return d.readSchemas()
	case d.trusted: // everything counts
	case s.def.Mutability == ReadOnly:
		return d.skip()
	case s.apart:
		return d.list(s)
	}
	if slices.ContainsFunc(d.stack[start:], func(p Part) bool { return p.Attr == s }) {
		return bad(InvalidSyntax, "%s stands twice in one object, in different cases. Send it once.", s.path)
	}
	got, err := d.value(s)
	if err != nil {
		return err
	}
	if !got.IsZero() {
		d.stack = append(d.stack, Part{s, got})
	}
	return nil
}

// unknown reads a value of which no schema knows the name.
func (d *decoder) unknown(start int, in *Attr, name string) error {
	rule := d.t.rules().Unknown
	if d.trusted {
		rule = KeepUnknown // the rule may have been another one then
	}
	switch rule {
	case RefuseUnknown:
		return bad(InvalidSyntax, "%s. Leave it out, or add it to a schema.", unknown(name, name, in, whole(in, d.t)))
	case KeepUnknown:
		raw, err := d.raw()
		if err != nil {
			return err
		}
		if most := d.t.rules().Limits.Values + len(in.subs); len(d.stack)-start >= most && !d.trusted {
			return tooLarge("There are more than %d attributes in one object, which are the most. Send fewer.", most)
		}
		if one := rawValue(name, raw); one.form == rawForm {
			d.stack = append(d.stack, Part{Value: one})
		}
		return nil
	}
	return d.skip()
}

func whole(a *Attr, t *ResourceType) string {
	if a.path == "" {
		return t.def.Name
	}
	return a.path
}

func (d *decoder) readSchemas() error {
	if d.PeekKind() != '[' {
		if d.PeekKind() != '"' || !d.t.tolerates(LoneValues) {
			return d.wrong("schemas", "a list of texts", `Send "schemas": [`+d.t.schemas+`].`)
		}
		return d.schema()
	}
	return d.elements(d.schema)
}

func (d *decoder) schema() error {
	if d.PeekKind() != '"' {
		return d.wrong("schemas", "texts", "List the URNs of the schemas.")
	}
	raw, err := d.raw()
	if err == nil && len(d.schemas) < 100 { // nobody has as many
		d.schemas = append(d.schemas, unquote(raw))
	}
	return err
}

// DecodeStored reads what AppendStored wrote. It takes everything as it stands, whatever the rules and limits are now. The
// error is no *Error.
func (t *ResourceType) DecodeStored(stored []byte) (Value, error) {
	d := newDecoder(t, stored)
	d.trusted = true
	v, err := d.top()
	if err == nil {
		err = d.end()
	}
	if err != nil {
		// No *Error within: it is not the sender of a request who is at fault.
		return Value{}, errors.New("stored attributes of a " + t.def.Name + ": " + err.Error())
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
