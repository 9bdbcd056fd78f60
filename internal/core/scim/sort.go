package scim

import "strings"

// Sort is the order of an answer, RFC 7644 section 3.4.2.3.
type Sort struct {
	Attr       *Attr // holds values; of a list, the primary or first one counts
	Descending bool
}

// ParseSort reads sortBy and sortOrder. Without sortBy there is no order, and nil. Errors are *Error.
func (t *ResourceType) ParseSort(by, order string) (*Sort, error) {
	if by = strings.TrimSpace(by); by == "" {
		return nil, nil
	}
	a := t.Attr(by)
	if a == nil {
		return nil, bad(InvalidPath, "sortBy: %s.", t.missing(by))
	}
	if a.kind == complexKind && a.value != nil && !a.extension {
		a = a.value
	}
	s := &Sort{Attr: a}
	switch {
	case a.kind == complexKind:
		return nil, bad(InvalidPath, "sortBy: %s has parts; sort by one of them, such as %s.", a.path, a.subs[0].path)
	case a.def.Returned == Never:
		return nil, bad(InvalidPath, "sortBy: %s is never returned, and cannot be sorted by.", a.path)
	case a.Apart() != nil:
		return nil, bad(InvalidPath, "sortBy: %s is a list of references, and cannot be sorted by.", a.Apart().path)
	case strings.EqualFold(order, "descending"):
		s.Descending = true
	case order != "" && !strings.EqualFold(order, "ascending"):
		return nil, bad(InvalidValue, "sortOrder is ascending or descending, not %s.", show(order))
	}
	return s, nil
}

// Of is the value by which a resource is sorted; ok is false if it has none.
func (s *Sort) Of(r *Resource) (text string, ok bool) {
	if s.Attr.special != ordinary {
		text = r.special(s.Attr.special)
		return text, text != ""
	}
	v := &r.Attrs
	for _, c := range s.Attr.chain {
		if v = v.slot(c); v == nil {
			return "", false
		}
		if v.form == listForm {
			v = preferred(c, v)
		}
	}
	return v.text, true
}

// preferred is the primary value of a list, or its first one.
func preferred(a *Attr, list *Value) *Value {
	if a.primary != nil {
		for i := range list.parts {
			if list.parts[i].Value.Get(a.primary).IsTrue() {
				return &list.parts[i].Value
			}
		}
	}
	return &list.parts[0].Value
}

// Compare orders two resources, as slices.SortFunc wants it. Who has no value comes last, or first when descending.
func (s *Sort) Compare(x, y *Resource) int {
	a, okA := s.Of(x)
	b, okB := s.Of(y)
	return s.Order(a, okA, b, okB)
}

// Order is Compare of two resources of which only what Of gives is at hand: a store need not keep them all to sort them.
func (s *Sort) Order(a string, okA bool, b string, okB bool) int {
	c := 0
	switch {
	case okA && okB:
		c = s.Attr.compare(a, b)
	case okA:
		c = -1
	case okB:
		c = 1
	}
	if s.Descending {
		return -c
	}
	return c
}
