package scim

import "strings"

// Match tells whether a resource fits. Of lists that are kept apart it asks Resource.Refs.
func (f *Filter) Match(r *Resource) bool {
	switch f.Op {
	case Nothing:
		return false
	case And:
		for _, t := range f.Terms {
			if !t.Match(r) {
				return false
			}
		}
		return true
	case Or:
		for _, t := range f.Terms {
			if t.Match(r) {
				return true
			}
		}
		return false
	case Not:
		return !f.Terms[0].Match(r)
	case NotEqual:
		return !f.any(r)
	}
	return f.any(r)
}

// any tells whether one value of the attribute fits; NotEqual is taken as Equal here.
func (f *Filter) any(r *Resource) bool {
	if f.Attr.special != ordinary {
		return f.ofField(r)
	}
	if list := f.Attr.Apart(); list != nil {
		for ref := range r.refs(list) {
			if f.fitsRef(list, ref) {
				return true
			}
		}
		return false
	}
	return f.below(&r.Attrs, f.Attr.chain)
}

// ofField looks at what is a field of the resource.
func (f *Filter) ofField(r *Resource) bool {
	switch f.Attr.special {
	case isMeta:
		return true // every resource has a type
	case isSchemas:
		for urn := range r.schemas {
			if f.Op == Present || f.Op == Has && f.Terms[0].element(f.Attr, &Value{form: textForm, text: urn}) || f.fits(urn) {
				return true
			}
		}
		return false
	}
	text := r.special(f.Attr.special)
	return text != "" && f.fits(text)
}

// below follows a chain of attributes down to the values, through all lists.
func (f *Filter) below(v *Value, chain []*Attr) bool {
	switch {
	case v.form == listForm:
		for i := range v.parts {
			if f.below(&v.parts[i].Value, chain) {
				return true
			}
		}
		return false
	case len(chain) > 0:
		s := v.slot(chain[0])
		return s != nil && f.below(s, chain[1:])
	case f.Op == Has:
		return f.Terms[0].element(f.Attr, v)
	case f.Op == Present:
		return true
	}
	return v.form != complexForm && f.fits(v.text)
}

// element tells whether one element of a list fits.
func (f *Filter) element(list *Attr, v *Value) bool {
	switch f.Op {
	case Nothing, Has:
		return false
	case And:
		for _, t := range f.Terms {
			if !t.element(list, v) {
				return false
			}
		}
		return true
	case Or:
		for _, t := range f.Terms {
			if t.element(list, v) {
				return true
			}
		}
		return false
	case Not:
		return !f.Terms[0].element(list, v)
	case NotEqual:
		return !f.below(v, f.Attr.chain[len(list.chain):])
	}
	return f.below(v, f.Attr.chain[len(list.chain):])
}

// fitsRef tells whether a reference fits: as an element, or by one of its parts.
func (f *Filter) fitsRef(list *Attr, ref Ref) bool {
	if f.Op == Has {
		v := refValue(list, ref)
		return f.Terms[0].element(list, &v)
	}
	if f.Attr == list {
		return true // Present
	}
	text := ref.part(list, f.Attr.def.Name)
	return text != "" && f.fits(text)
}

// refValue is a reference as a complex value.
func refValue(list *Attr, ref Ref) Value {
	v := Value{form: complexForm}
	for _, s := range list.subs {
		if text := ref.part(list, s.def.Name); text != "" {
			v.parts = append(v.parts, Part{s, textValue(text)})
		}
	}
	return v
}

// MatchRef tells whether an element of a list that is kept apart fits a filter that stands in [ ] behind it.
func (f *Filter) MatchRef(list *Attr, ref Ref) bool {
	v := refValue(list, ref)
	return f.element(list, &v)
}

// fits compares one value.
func (f *Filter) fits(text string) bool {
	a := f.Attr
	switch f.Op {
	case Present:
		return true
	case Equal, NotEqual:
		if a.kind == momentKind {
			when, ok := moment(text)
			return ok && when.Equal(f.When)
		}
		return a.same(text, f.Text)
	case Contains:
		return strings.Contains(a.Key(text), f.key)
	case StartsWith:
		return strings.HasPrefix(a.Key(text), f.key)
	case EndsWith:
		return strings.HasSuffix(a.Key(text), f.key)
	}
	var c int
	if a.kind == momentKind {
		when, ok := moment(text)
		if !ok {
			return false
		}
		c = when.Compare(f.When)
	} else {
		c = a.compare(text, f.Text)
	}
	switch f.Op {
	case Greater:
		return c > 0
	case GreaterOrEqual:
		return c >= 0
	case Less:
		return c < 0
	case LessOrEqual:
		return c <= 0
	}
	return false
}
