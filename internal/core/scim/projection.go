package scim

import "strings"

// Projection says which attributes an answer shows, RFC 7644 section 3.4.2.5 and 3.9. A nil Projection shows what is
// returned by default.
type Projection struct {
	show []bool // by Attr.number
}

// ParseProjection reads the parameters attributes and excludedAttributes, names with commas between them, or several of
// them. Names that are not known are passed over. A filter behind a name (emails[type eq "work"]) selects nothing: the whole
// attribute is shown. Errors are *Error.
func (t *ResourceType) ParseProjection(attributes, excluded []string) (*Projection, error) {
	only, without := t.named(attributes), t.named(excluded)
	switch {
	case only != nil && without != nil:
		return nil, bad(InvalidValue, "attributes and excludedAttributes exclude each other (RFC 7644, 3.9). Send one of them.")
	case only == nil && without == nil:
		return nil, nil
	}
	p := &Projection{show: make([]bool, len(t.attrs))}
	for _, a := range t.attrs {
		p.show[a.number] = shows(a, only, without)
	}
	return p, nil
}

// named marks the attributes that are named; nil if no name was sent at all.
func (t *ResourceType) named(lists []string) map[*Attr]bool {
	var out map[*Attr]bool
	for _, list := range lists {
		for name := range strings.SplitSeq(list, ",") {
			if name, _, _ = strings.Cut(strings.TrimSpace(name), "["); name == "" {
				continue
			}
			if out == nil {
				out = map[*Attr]bool{}
			}
			if a := t.Attr(name); a != nil {
				out[a] = true
			} else if strings.EqualFold(name, t.def.Schema) {
				for _, s := range t.root.subs {
					out[s] = out[s] || !s.extension
				}
			}
		}
	}
	return out
}

func shows(a *Attr, only, without map[*Attr]bool) bool {
	above, below := false, false
	for _, c := range a.chain[:len(a.chain)-1] {
		above = above || only[c]
	}
	for _, s := range a.subs {
		below = below || only[s]
		for _, s := range s.subs {
			below = below || only[s]
		}
	}
	switch {
	case a.def.Returned == Never || a.def.Mutability == WriteOnly:
		return false
	case a.def.Returned == Always:
		return true
	case only != nil:
		return only[a] || below || above && a.def.Returned == ByDefault
	case a.def.Returned == OnRequest:
		return false
	}
	return !without[a]
}

// Shows tells whether an answer has the attribute. A store need not read a list that is kept apart and not shown.
func (p *Projection) Shows(a *Attr) bool {
	if p == nil {
		return a.shown
	}
	return p.show[a.number]
}
