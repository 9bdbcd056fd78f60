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
