package scim

import (
	"fmt"
	"strings"
)

// build turns definitions into the Attrs of one resource type.
type build struct {
	all []*Attr
}

// attr makes an Attr and all below it. prefix is what its path begins with.
func (b *build) attr(def *Attribute, parent *Attr, prefix string) (*Attr, error) {
	k, ok := kinds[def.Type]
	switch {
	case !ok:
		return nil, fmt.Errorf("attribute %s: unknown type %q", prefix+def.Name, def.Type)
	case !nameable(def.Name):
		return nil, fmt.Errorf("attribute %q: a name is made of letters, digits, - and _ and begins with a letter", prefix+def.Name)
	case (k == complexKind) != (len(def.SubAttributes) > 0):
		return nil, fmt.Errorf("attribute %s: sub-attributes and the type complex belong together", prefix+def.Name)
	case parent != nil && !parent.extension && k == complexKind:
		return nil, fmt.Errorf("attribute %s: a complex attribute cannot be within another one (RFC 7643, 2.3.8)", prefix+def.Name)
	}
	a := b.bare(def, k, parent, prefix)
	if err := b.subs(a, def.SubAttributes, a.path+"."); err != nil {
		return nil, err
	}
	return a, nil
}

// bare makes an Attr without what is below it.
func (b *build) bare(def *Attribute, k kind, parent *Attr, prefix string) *Attr {
	a := &Attr{def: def, kind: k, parent: parent, path: prefix + def.Name, number: len(b.all), key: quoted(def.Name) + ":"}
	b.all = append(b.all, a)
	if parent != nil {
		a.chain = append(a.chain, parent.chain...)
	}
	a.chain = append(a.chain, a)
	a.special = specials[a.path]
	a.shown = (def.Returned == Always || def.Returned == ByDefault) && def.Mutability != WriteOnly
	return a
}

func (b *build) subs(a *Attr, defs []Attribute, prefix string) error {
	if a.names == nil {
		a.names = map[string]*Attr{}
	}
	parent := a
	if a.path == "" {
		parent = nil // the root is no part of a path
	}
	for i := range defs {
		s, err := b.attr(&defs[i], parent, prefix)
		if err != nil {
			return err
		}
		if err := a.add(s); err != nil {
			return err
		}
	}
	a.value, a.primary = a.names["value"], a.names["primary"]
	if a.primary != nil && a.primary.kind != booleanKind {
		a.primary = nil
	}
	return nil
}

func (a *Attr) add(s *Attr) error {
	folded := strings.ToLower(s.def.Name)
	if a.names[folded] != nil {
		return fmt.Errorf("attribute %s is there twice", s.path)
	}
	a.subs = append(a.subs, s)
	a.names[s.def.Name], a.names[folded] = s, s
	return nil
}

// nameable tells whether a name fits RFC 7643 section 2.1, with the $ of $ref.
func nameable(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 && c != '$' || i > 0 && c != '-' && c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != ""
}

// complete fills in what a definition leaves out.
func complete(defs []Attribute) []Attribute {
	out := make([]Attribute, len(defs))
	for i, d := range defs {
		if d.Type == "" {
			d.Type = String
		}
		if d.Mutability == "" {
			d.Mutability = ReadWrite
		}
		if d.Returned == "" {
			d.Returned = ByDefault
		}
		if d.Uniqueness == "" && d.Type != Complex && d.Type != Boolean {
			d.Uniqueness = None
		}
		if len(d.SubAttributes) > 0 {
			d.SubAttributes = complete(d.SubAttributes)
		}
		out[i] = d
	}
	return out
}
