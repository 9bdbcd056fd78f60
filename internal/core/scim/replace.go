package scim

// Replace works out what a PUT makes of a resource, RFC 7644 section 3.5.1. What is read-only stays. What was not sent is gone,
// with two exceptions, both of which the RFC allows: what a client cannot read and so cannot repeat (a password), and lists
// that are kept apart, so that nobody empties a group by leaving its members out; an empty list empties it. Errors are *Error.
func (b *Body) Replace(r *Resource) (*Change, error) {
	after := b.Attrs.clone()
	if err := keep(r.Attrs, &after); err != nil {
		return nil, err
	}
	c := &Change{Attrs: r.Attrs}
	if c.Changed = !after.Equal(r.Attrs); c.Changed {
		c.Attrs = after
	}
	for _, a := range r.Type.apart {
		if refs, sent := b.Refs[a]; sent {
			c.Refs = append(c.Refs, RefChange{List: a, Replace: true, Add: refs})
		}
	}
	return c, nil
}

// keep carries over what a PUT does not change, and refuses a change of what is immutable. Elements of lists are not paired:
// those of a PUT are new ones.
func keep(before Value, after *Value) error {
	for _, p := range before.parts {
		a := p.Attr
		if a == nil {
			continue
		}
		now := after.Get(a)
		switch {
		case a.def.Mutability == ReadOnly, a.def.Mutability == WriteOnly && now.IsZero():
			after.set(a, p.Value)
		case a.def.Mutability == Immutable && now.IsZero():
			after.set(a, p.Value)
		case a.def.Mutability == Immutable && !now.Equal(p.Value):
			return bad(NotMutable, "%s is immutable: it has a value, which cannot be changed. Send that value, or leave it out.", a.path)
		case a.kind == complexKind && !a.def.MultiValued && !now.IsZero():
			if err := keep(p.Value, after.slot(a)); err != nil {
				return err
			}
		}
	}
	return nil
}
