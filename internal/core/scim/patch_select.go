package scim

import "slices"

// selected changes the elements of a list that fit a filter, or a part of them.
func (w *work) selected(s *step) error {
	a := s.to.attr
	within := w.container(a)
	have := within.slot(a)
	if have == nil {
		return w.create(s, within)
	}
	if !a.def.MultiValued { // one value, selected as if it were among several
		if !s.to.filter.element(a, have) {
			return w.create(s, within)
		}
		if s.to.part == nil {
			return w.assign(within, a, replace, s.value.clone())
		}
		return w.assign(have, s.to.part, s.op, s.value.clone())
	}
	if err := w.spend(len(have.parts) * s.to.weight); err != nil {
		return err
	}
	touched := make([]bool, len(have.parts))
	found := false
	for i := range have.parts {
		touched[i] = s.to.filter.element(a, &have.parts[i].Value)
		found = found || touched[i]
	}
	if !found {
		return w.create(s, within)
	}
	if s.value.form == nullForm && s.to.part == nil {
		return drop(within, a, touched)
	}
	for i := range have.parts {
		if touched[i] {
			if err := w.element(&have.parts[i].Value, s); err != nil {
				return err
			}
		}
	}
	return w.onePrimary(have, a, func(i int) bool { return touched[i] })
}

// element changes one element that was selected.
func (w *work) element(one *Value, s *step) error {
	switch {
	case s.to.part != nil:
		return w.assign(one, s.to.part, s.op, s.value.clone())
	case s.op == add && one.form == complexForm:
		return merge(one, s.value.clone())
	}
	*one = s.value.clone()
	return nil
}

// drop takes the marked elements out of a list.
func drop(within *Value, a *Attr, marked []bool) error {
	list := within.slot(a)
	keep := list.parts[:0]
	for i, p := range list.parts {
		if !marked[i] {
			keep = append(keep, p)
		}
	}
	clear(list.parts[len(keep):])
	if list.parts = keep; len(keep) == 0 {
		return unassign(within, a)
	}
	return nil
}

// create makes an element where a filter selects none: one of the kind that the filter wants. A removal is content.
func (w *work) create(s *step, within *Value) error {
	a := s.to.attr
	if s.value.form == nullForm {
		return nil
	}
	wishes, ok := s.to.filter.equals()
	if !ok || !w.t.tolerates(NewElements) {
		return bad(NoTarget, "%s: no value fits the filter of the path. Add one first, or send a filter that one fits.", a.path)
	}
	one := s.value.clone()
	if a.kind == complexKind {
		one = Value{form: complexForm}
		for _, p := range wishes {
			one.set(p.Attr, p.Value)
		}
		if s.to.part != nil {
			one.set(s.to.part, s.value.clone())
		} else if err := merge(&one, s.value.clone()); err != nil {
			return err
		}
	}
	if !a.def.MultiValued {
		return w.assign(within, a, replace, one)
	}
	if within.slot(a) == nil {
		within.set(a, Value{form: listForm})
	}
	return w.append(within.slot(a), a, []Part{{Value: one}})
}

// everywhere changes a part of all elements of a list: emails.display. Where there are none, it makes one.
func (w *work) everywhere(s *step, list *Attr) error {
	within := w.container(list)
	have := within.slot(list)
	if have == nil {
		if s.value.form == nullForm {
			return nil
		}
		one := Value{form: complexForm, parts: []Part{{s.to.attr, s.value.clone()}}}
		return w.assign(within, list, add, Value{form: listForm, parts: []Part{{Value: one}}})
	}
	if err := w.spend(len(have.parts)); err != nil {
		return err
	}
	for i := range have.parts {
		if err := w.assign(&have.parts[i].Value, s.to.attr, s.op, s.value.clone()); err != nil {
			return err
		}
	}
	return w.onePrimary(have, list, func(int) bool { return true })
}

// remove takes an attribute away, or of a list what the value names.
func (w *work) remove(s *step) error {
	a := s.to.attr
	within := w.container(a)
	have := within.slot(a)
	if have == nil || !s.listed {
		return unassign(within, a)
	}
	marked := make([]bool, len(have.parts))
	for _, m := range s.value.parts {
		if err := w.spend(len(have.parts)); err != nil {
			return err
		}
		for i := range have.parts {
			marked[i] = marked[i] || covers(a, m.Value, have.parts[i].Value)
		}
	}
	if !slices.Contains(marked, true) {
		return nil
	}
	return drop(within, a, marked)
}

// covers tells whether everything that is wanted is in a value.
func covers(a *Attr, want, have Value) bool {
	if want.form != complexForm {
		return a.same(want.text, have.text)
	}
	for _, p := range want.parts {
		if p.Attr == nil || p.Value.form == nullForm {
			continue
		}
		if got := have.slot(p.Attr); got == nil || !p.Attr.same(p.Value.text, got.text) {
			return false
		}
	}
	return true
}
