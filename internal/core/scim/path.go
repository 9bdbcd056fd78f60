package scim

// path is where an operation of a PATCH aims, RFC 7644 figure 7: an attribute; with a filter, the elements of a list that
// fit; with a part, that part of them.
type path struct {
	attr   *Attr   // with a filter, the list
	filter *Filter // about an element; nil: none
	part   *Attr   // behind the filter; nil: none
	weight int     // comparisons of the filter
}

// parsePath reads a path. Errors are *Error.
func (t *ResourceType) parsePath(s string) (path, error) {
	p := parser{t: t, src: s, scimType: InvalidPath}
	if len(s) > t.rules().Limits.Filter {
		return path{}, bad(InvalidPath, "The path has %d bytes; the most are %d.", len(s), t.rules().Limits.Filter)
	}
	p.space()
	start := p.at
	name := p.name()
	if name == "" {
		return path{}, p.fail(start, "%s stands where an attribute should", p.next())
	}
	a := t.Attr(name)
	if a == nil {
		return path{}, p.fail(start, "%s", t.missing(name))
	}
	to := path{attr: a}
	if p.take('[') {
		if err := p.selectable(a, start); err != nil {
			return path{}, err
		}
		var err error
		if to.filter, err = p.inside(a, 0); err != nil {
			return path{}, err
		}
		to.weight = p.terms
		if p.take('.') {
			at := p.at
			name := p.name()
			if to.part = a.sub(name); to.part == nil {
				return path{}, p.fail(at, "%s", unknown(name, name, a, a.path))
			}
		}
	}
	if p.space(); p.at < len(p.src) {
		return path{}, p.fail(p.at, "%s stands where the path should end", p.next())
	}
	return to, nil
}

// equals are the texts that a filter wants an element's parts to have, where it is nothing but such wishes:
// type eq "work" and primary eq true. ok is false for any other filter.
func (f *Filter) equals() (parts []Part, ok bool) {
	switch f.Op {
	case And:
		for _, t := range f.Terms {
			more, ok := t.equals()
			if !ok {
				return nil, false
			}
			parts = append(parts, more...)
		}
		return parts, true
	case Equal:
		v := textValue(f.Text)
		switch f.Attr.kind {
		case booleanKind:
			v.form = booleanForm
		case integerKind, decimalKind:
			v.form = numberForm
		}
		return []Part{{f.Attr, v}}, true
	}
	return nil, false
}
