package scim

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Patch is the body of a PATCH, read and checked against the schemas; it can be applied to any number of resources, or to
// one again after somebody else changed it meanwhile.
type Patch struct {
	t     *ResourceType
	steps []step
}

// step is one change of one attribute. An operation without a path is as many steps as its value has attributes.
type step struct {
	number int // of the operation, from 1
	op     operation
	to     path
	value  Value // nullForm: null, or none was sent
	refs   []Ref // instead, of a list that is kept apart
	listed bool  // a removal takes away what value or refs list
}

type operation uint8

const (
	add operation = iota
	replace
	remove
)

// ParsePatch reads the body of a PATCH, RFC 7644 section 3.5.2. Errors are *Error; they name the operation by its number.
func (t *ResourceType) ParsePatch(body []byte) (*Patch, error) {
	if err := t.fits(body); err != nil {
		return nil, err
	}
	r := patchReader{decoder: newDecoder(t, body), body: body, value: newDecoder(t, nil), out: &Patch{t: t}}
	r.value.nulls = true
	if err := r.whole(); err != nil {
		return nil, err
	}
	return r.out, nil
}

// patchReader reads the operations of a PATCH.
type patchReader struct {
	*decoder
	body  []byte
	value *decoder // reads the values, one after the other
	found bool     // there were Operations
	count int
	out   *Patch
}

func (r *patchReader) whole() error {
	err := r.each("the body", func(name string) error {
		switch strings.ToLower(name) {
		case "schemas":
			return r.readSchemas()
		case "operations":
			r.found = true
			return r.operations()
		}
		return r.skip()
	})
	if err == nil {
		err = r.end()
	}
	switch {
	case err != nil:
		return err
	case !r.t.tolerates(NoSchemas) && !hasFold(r.schemas, patchMessage):
		return bad(InvalidValue, `schemas does not name %s. Send "schemas": [%q].`, patchMessage, patchMessage)
	case !r.found:
		return bad(InvalidSyntax, "There are no Operations. Send a list of them.")
	case r.count == 0 && !r.t.tolerates(NoOperations):
		return bad(InvalidValue, "Operations is empty. Send at least one operation.")
	}
	return nil
}

func hasFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}

func (r *patchReader) operations() error {
	if r.PeekKind() == 'n' {
		return r.skip()
	}
	if r.PeekKind() != '[' {
		return r.wrong("Operations", "a list", "Put the operation in [ ].")
	}
	most := r.t.rules().Limits.Operations
	return r.elements(func() error {
		if r.count++; r.count > most {
			return tooLarge("There are more than %d operations, which are the most. Send the others in a second request.", most)
		}
		if err := r.operation(); err != nil {
			return in(fmt.Sprintf("Operation %d", r.count), err)
		}
		return nil
	})
}

var operationNames = map[string]operation{"add": add, "replace": replace, "remove": remove}

// operation reads one operation and makes its steps.
func (r *patchReader) operation() error {
	var op, to string
	var value jsontext.Value
	hasPath := false
	err := r.each("the operation", func(name string) error {
		name = strings.ToLower(name)
		if name != "op" && name != "path" && name != "value" {
			return r.skip()
		}
		k := r.PeekKind()
		raw, err := r.lasting(r.body)
		if err != nil {
			return err
		}
		switch {
		case name == "value":
			value = raw
		case name == "path" && k == 'n':
		case k != '"':
			return bad(InvalidSyntax, "%s: expected a text, found %s.", name, kindWords(k))
		case name == "op":
			op = unquote(raw)
		default:
			to, hasPath = unquote(raw), true
		}
		return nil
	})
	if err != nil {
		return err
	}
	// Entra capitalises the operations, and nothing in the RFC tells that case counts in values of op.
	o, ok := operationNames[strings.ToLower(op)]
	if !ok {
		return bad(InvalidSyntax, "%s is no operation. op is add, replace or remove.", show(op))
	}
	hasPath = hasPath && strings.TrimSpace(to) != ""
	switch {
	case !hasPath && o == remove:
		return bad(NoTarget, "remove needs a path. Say which attribute to remove.")
	case !hasPath:
		return r.pathless(o, value)
	case len(value) == 0 && o == add:
		return bad(InvalidValue, "add needs a value.")
	}
	p, err := r.t.parsePath(to)
	if err != nil {
		return err
	}
	return r.step(o, p, value)
}

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
	p, err := r.t.parsePath(name)
	if err != nil && !strings.Contains(name, "[") {
		return path{}, nil // the rule for unknown names decides
	}
	return p, err
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
