package scim

import (
	"slices"
)

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
