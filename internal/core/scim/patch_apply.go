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
		w.raw(s)
		return nil
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
func (w *work) raw(s *step) {
	if s.value.form == rawForm {
		w.attrs.setRaw(s.value)
		return
	}
	w.attrs.parts = slices.DeleteFunc(w.attrs.parts, func(p Part) bool { return p.Value.form == rawForm && rawName(p.Value.text) == s.value.text })
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

// append adds values to a list. One that is there already, by its value and type, is brought up to date instead: no pair of
// them should be there twice (RFC 7643, 2.4).
func (w *work) append(list *Value, a *Attr, more []Part) error {
	touched := map[int]bool{}
	for _, m := range more {
		if err := w.spend(len(list.parts)); err != nil {
			return err
		}
		one := m.Value.normal()
		if one.IsZero() {
			continue
		}
		if at := slices.IndexFunc(list.parts, func(p Part) bool { return a.twins(p.Value, one) }); at >= 0 {
			touched[at] = true
			if one.form == complexForm {
				if err := merge(&list.parts[at].Value, one); err != nil {
					return err
				}
			}
			continue
		}
		touched[len(list.parts)] = true
		if most := w.t.rules().Limits.Values; len(list.parts) >= most {
			return tooLarge("%s would have more than %d values, which are the most.", a.path, most)
		}
		list.parts = append(list.parts, Part{Value: one})
	}
	return w.onePrimary(list, a, func(i int) bool { return touched[i] })
}

// twins tells whether two elements of a list stand for the same: they are equal, or have the same value and type.
func (a *Attr) twins(x, y Value) bool {
	if a.kind != complexKind {
		return a.same(x.text, y.text)
	}
	if a.value == nil || x.slot(a.value) == nil || y.slot(a.value) == nil {
		return x.Equal(y)
	}
	same := a.value.same(x.Get(a.value).text, y.Get(a.value).text)
	if kind := a.sub("type"); kind != nil {
		same = same && kind.same(x.Get(kind).text, y.Get(kind).text)
	}
	return same
}

// onePrimary keeps one value of a list primary: where a touched one is, the others are not any more (RFC 7644, 3.5.2).
func (w *work) onePrimary(list *Value, a *Attr, touched func(int) bool) error {
	if a.primary == nil {
		return nil
	}
	if err := w.spend(len(list.parts)); err != nil {
		return err
	}
	chosen := -1
	for i := range list.parts {
		if touched(i) && list.parts[i].Value.Get(a.primary).IsTrue() {
			if chosen >= 0 {
				return bad(InvalidValue, "%s: more than one value would be primary. Select one of them.", a.path)
			}
			chosen = i
		}
	}
	if chosen < 0 {
		return nil
	}
	for i := range list.parts {
		if s := list.parts[i].Value.slot(a.primary); i != chosen && s != nil {
			*s = booleanValue(false)
		}
	}
	return nil
}
