package scim

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// pathless makes steps of the attributes of a value, RFC 7644 section 3.5.2.1 and 3.5.2.3.
func (r *patchReader) pathless(o operation, value jsontext.Value) error {
	d := newDecoder(r.t, value)
	if d.PeekKind() != '{' {
		return bad(InvalidValue, "Without a path the value is an object of attributes. Send one, or add a path.")
	}
	return r.attributes(o, d, value, r.t.root)
}

// attributes makes steps of the attributes of the object that comes next, which is a resource or an extension.
func (r *patchReader) attributes(o operation, d *decoder, body jsontext.Value, of *Attr) error {
	return d.each("value", func(name string) error {
		if of == r.t.root && strings.EqualFold(name, "schemas") {
			return d.skip()
		}
		p := path{attr: of.sub(name)}
		if p.attr == nil && of == r.t.root {
			var err error
			if p, err = r.keyed(name); err != nil {
				return err
			}
		}
		if p.attr != nil && p.attr.extension && p.filter == nil && d.PeekKind() == '{' {
			return r.attributes(o, d, body, p.attr)
		}
		raw, err := d.lasting(body)
		if err != nil {
			return err
		}
		switch {
		case p.attr == nil:
			return r.strange(o, of, name, raw)
		case p.attr.def.Mutability == ReadOnly && r.t.tolerates(EchoedValues):
			return nil
		}
		return r.step(o, p, raw)
	})
}

// keyed reads a name that may be a path. One that names no attribute gives no path and no error: it is an unknown name.
func (r *patchReader) keyed(name string) (path, error) {
	if a := r.t.bare(name); a != nil {
		return path{attr: a}, nil
	}
	qualified := len(name) > 4 && strings.EqualFold(name[:4], "urn:")
	if !qualified && (!strings.ContainsAny(name, ".[") || !r.t.tolerates(DottedKeys)) {
		return path{}, nil
	}
	if !strings.Contains(name, "[") {
		return path{attr: r.t.Attr(name)}, nil
	}
	return r.t.parsePath(name)
}

// strange handles a name that no schema knows.
func (r *patchReader) strange(o operation, of *Attr, name string, raw jsontext.Value) error {
	switch r.t.rules().Unknown {
	case RefuseUnknown:
		return bad(InvalidPath, "%s. Leave it out, or add it to a schema.", unknown(name, name, of, whole(of, r.t)))
	case KeepUnknown:
		if of != r.t.root {
			return nil
		}
		v := rawValue(name, raw)
		r.out.steps = append(r.out.steps, step{number: r.count, op: o, value: v})
	}
	return nil
}
