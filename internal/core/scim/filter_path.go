package scim

// valuePath reads what stands in [ ] behind a list, and a comparison of a part of the same element behind it:
// emails[type eq "work"].value eq "x", as Entra writes it, is emails[type eq "work" and value eq "x"].
func (p *parser) valuePath(a *Attr, start int, in *Attr, depth int) (*Filter, error) {
	if in != nil {
		return nil, p.fail(start, "a value path cannot stand within another one")
	}
	if a != nil {
		if err := p.selectable(a, start); err != nil {
			return nil, err
		}
	}
	inner, err := p.inside(a, depth)
	if err != nil {
		return nil, err
	}
	if p.take('.') {
		at := p.at
		name := p.name()
		var s *Attr
		if a != nil {
			if s, err = p.attr(name, at, a); err != nil {
				return nil, err
			}
		}
		c, err := p.comparison(s, at)
		if err != nil {
			return nil, err
		}
		both := &Filter{Op: And}
		both.join(inner)
		both.join(c)
		inner = both
	}
	if a == nil {
		return &Filter{}, nil
	}
	return &Filter{Op: Has, Attr: a, Terms: []*Filter{inner}}, nil
}

// inside reads a filter up to ], about the elements of a.
func (p *parser) inside(a *Attr, depth int) (*Filter, error) {
	if a == nil {
		a = elsewhere
	}
	defer func(was ScimType) { p.scimType = was }(p.scimType)
	p.scimType = InvalidFilter
	f, err := p.or(a, depth+1)
	if err != nil {
		return nil, err
	}
	if p.space(); !p.take(']') {
		return nil, p.fail(p.at, "%s stands where ] or another comparison should", p.next())
	}
	return f, nil
}

// selectable tells whether a filter in [ ] can select values of an attribute.
func (p *parser) selectable(a *Attr, at int) *Error {
	several := a.def.MultiValued && a.special == ordinary
	one := a.kind == complexKind && !a.extension && a.special == ordinary && p.t.tolerates(OneAsList)
	if (several || one) && a.within() == nil {
		return nil
	}
	return p.fail(at, "%s has one value; a filter in [ ] selects among several", a.path)
}
