package scim

import (
	"fmt"
	"slices"
)

// Change is what a PATCH makes of a resource: all of it, or an error and nothing.
type Change struct {
	Attrs   Value // complex: the attributes afterwards
	Changed bool  // they are others than before; a resource of which nothing changes keeps its version

	// Refs are the changes of lists that are kept apart, one for each list, in the order in which the PATCH names
	// them. Whether they change anything is for the store to find out.
	Refs []RefChange
}

// Apply works out what a PATCH makes of a resource, of which ID and Attrs are read. The resource stays as it is. Errors
// are *Error; they name the operation.
func (p *Patch) Apply(r *Resource) (*Change, error) {
	w := work{t: p.t, attrs: r.Attrs.clone(), left: p.t.rules().Limits.Work}
	for i := range p.steps {
		s := &p.steps[i]
		if err := w.do(s); err != nil {
			return nil, in(fmt.Sprintf("Operation %d", s.number), err)
		}
	}
	c := &Change{Attrs: r.Attrs, Refs: w.changes()}
	after := w.attrs.normal()
	if c.Changed = !after.Equal(r.Attrs); c.Changed {
		c.Attrs = after
		if err := p.t.checkRequired(after, nil); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// work is a resource in the middle of a PATCH.
type work struct {
	t     *ResourceType
	attrs Value
	refs  []*refWork
	left  int // values that may still be looked at
}

func (w *work) do(s *step) error {
	a := s.to.attr
	switch {
	case a == nil:
		return w.raw(s)
	case a.apart:
		return w.references(s)
	case s.to.filter != nil:
		return w.selected(s)
	case a.within() != nil:
		return w.everywhere(s, a.within())
	case s.op == remove:
		return w.remove(s)
	}
	return w.assign(w.container(a), a, s.op, s.value.clone())
}

// spend counts values that are looked at, so that many operations on a long list come to an end.
func (w *work) spend(n int) error {
	if w.left -= n + 1; w.left < 0 {
		return tooLarge("The operations look at more than %d values. Send fewer operations in one request.", w.t.rules().Limits.Work)
	}
	return nil
}

// raw changes what no schema knows.
func (w *work) raw(s *step) error {
	if err := w.spend(len(w.attrs.parts)); err != nil {
		return err
	}
	if s.value.form == rawForm {
		w.attrs.setRaw(s.value)
		return nil
	}
	w.attrs.parts = slices.DeleteFunc(w.attrs.parts, func(p Part) bool { return p.Value.form == rawForm && rawName(p.Value.text) == s.value.text })
	return nil
}

// container is the complex value that holds an attribute. It is made where there is none.
func (w *work) container(a *Attr) *Value {
	v := &w.attrs
	for _, c := range a.chain[:len(a.chain)-1] {
		s := v.slot(c)
		if s == nil {
			v.form = complexForm
			v.parts = append(v.parts, Part{c, Value{form: complexForm}})
			s = &v.parts[len(v.parts)-1].Value
		}
		v = s
	}
	return v
}

// assign adds or replaces an attribute within its container.
func (w *work) assign(within *Value, a *Attr, op operation, to Value) error {
	if to.form == nullForm {
		return unassign(within, a)
	}
	have := within.slot(a)
	switch {
	case a.def.Mutability == Immutable && have != nil && !have.Equal(to.normal()):
		return bad(NotMutable, "%s is immutable: it has a value, which cannot be changed.", a.path)
	case a.def.MultiValued && op == add && have != nil:
		return w.append(have, a, to.parts)
	case a.kind == complexKind && !a.def.MultiValued && have != nil:
		return merge(have, to)
	}
	within.set(a, to.normal())
	return nil
}

// merge writes the parts of a complex value over those of another one; null takes away. Other parts stay (RFC 7644,
// 3.5.2.1 and 3.5.2.3).
func merge(have *Value, to Value) error {
	for _, p := range to.parts {
		switch {
		case p.Attr == nil:
			have.setRaw(p.Value)
		case p.Value.form == nullForm:
			if err := unassign(have, p.Attr); err != nil {
				return err
			}
		default:
			if old := have.slot(p.Attr); old != nil && p.Attr.def.Mutability == Immutable && !old.Equal(p.Value) {
				return bad(NotMutable, "%s is immutable: it has a value, which cannot be changed.", p.Attr.path)
			}
			have.set(p.Attr, p.Value)
		}
	}
	return nil
}

// unassign takes an attribute away.
func unassign(from *Value, a *Attr) error {
	if from.slot(a) == nil {
		return nil
	}
	if a.def.Required || a.def.Mutability == Immutable {
		return bad(NotMutable, "%s is required or immutable, and cannot be removed.", a.path)
	}
	from.set(a, Value{})
	return nil
}
