package scim

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// step reads the value of a step by the attribute it is for, and checks that the attribute can be changed.
func (r *patchReader) step(o operation, to path, raw jsontext.Value) error {
	s := step{number: r.count, op: o, to: to}
	target := to.attr
	if to.part != nil {
		target = to.part
	}
	for _, a := range target.chain {
		if a.def.Mutability == ReadOnly {
			return bad(NotMutable, "%s is read-only. Leave the operation out.", a.path)
		}
	}
	var err error
	switch {
	case target.extension && (o == remove || blank(raw)):
		s.op, s.value.form = remove, nullForm
	case target.extension:
		d := newDecoder(r.t, raw)
		if d.PeekKind() != '{' {
			return bad(InvalidValue, "%s: expected an object of its attributes.", target.path)
		}
		return r.attributes(o, d, raw, target)
	case target.Apart() != nil:
		err = r.referenceStep(&s, target, raw)
	case o == remove && (!target.def.MultiValued || to.filter != nil || blank(raw) || !r.t.tolerates(ListedRemovals)):
		s.value.form = nullForm // a value of such a removal says nothing
	default:
		s.listed = o == remove
		s.value, err = r.read(to, target, raw)
	}
	if err != nil {
		return err
	}
	r.out.steps = append(r.out.steps, s)
	return nil
}

// read reads the value for a target: of a filter without a part, one element; else whatever the attribute has.
func (r *patchReader) read(to path, target *Attr, raw jsontext.Value) (v Value, err error) {
	if blank(raw) {
		return Value{form: nullForm}, nil
	}
	r.value.Reset(bytes.NewBuffer(raw))
	switch {
	case to.filter == nil || to.part != nil:
		v, err = r.value.value(target)
	case r.value.PeekKind() == '[':
		v, err = r.value.alone(target)
	default:
		v, err = r.value.one(target)
	}
	if err == nil && v.IsZero() {
		v.form = nullForm
	}
	return v, err
}

// referenceStep reads a change of a list that is kept apart.
func (r *patchReader) referenceStep(s *step, target *Attr, raw jsontext.Value) error {
	list := target.Apart()
	switch {
	case target != list:
		return bad(NotMutable, "%s cannot be changed in place. Remove the element and add another one.", target.path)
	case s.to.filter != nil && s.op == remove:
		return nil
	case s.to.filter != nil:
		return r.selectedReference(s, list)
	case s.op == remove && (blank(raw) || !r.t.tolerates(ListedRemovals)):
		return nil
	}
	s.listed = s.op == remove
	r.value.Reset(bytes.NewBuffer(raw))
	r.value.nulls = false
	defer func() { r.value.nulls = true }()
	var err error
	s.refs, err = r.value.references(list)
	return err
}

// selectedReference reads an addition to members[value eq "id"]: that member is to be there.
func (r *patchReader) selectedReference(s *step, list *Attr) error {
	ids, ok := s.to.filter.ids(list)
	if !ok || !r.t.tolerates(NewElements) {
		return bad(InvalidPath, "%s: elements cannot be changed in place. Remove them and add others.", list.path)
	}
	s.op, s.to.filter = add, nil
	for _, id := range ids {
		s.refs = append(s.refs, Ref{Value: id})
	}
	return nil
}

// ids are the values that a filter about elements of a list names, where it is nothing but value eq "id", or several with
// or between them.
func (f *Filter) ids(list *Attr) (ids []string, ok bool) {
	switch {
	case f.Op == Equal && f.Attr == list.value:
		return []string{f.Text}, true
	case f.Op == Or:
		for _, t := range f.Terms {
			more, ok := t.ids(list)
			if !ok {
				return nil, false
			}
			ids = append(ids, more...)
		}
		return ids, true
	}
	return nil, false
}
