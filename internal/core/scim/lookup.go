package scim

import "slices"

// Lookup is one question to an index: which resources have this value of this attribute?
type Lookup struct {
	Attr *Attr
	Key  string // as Attr.Key makes it of the value
}

// Lookups are questions of which one at least is answered by every resource that fits the filter: the candidates, for Match
// to decide about. indexed tells for which attributes there is an index. Without answer, ok is false: every resource is a
// candidate. Of the terms of an and, the one with the fewest questions counts.
func (f *Filter) Lookups(indexed func(*Attr) bool) (questions []Lookup, ok bool) {
	switch f.Op {
	case Nothing:
		return nil, true
	case Equal:
		switch f.Attr.kind {
		case textKind, referenceKind, binaryKind, booleanKind:
			if indexed(f.Attr) {
				return []Lookup{{f.Attr, f.key}}, true
			}
		}
	case Has:
		return f.Terms[0].Lookups(indexed)
	case And:
		for _, t := range f.Terms {
			if qs, answered := t.Lookups(indexed); answered && (!ok || len(qs) < len(questions)) {
				questions, ok = qs, true
			}
		}
		return questions, ok
	case Or:
		for _, t := range f.Terms {
			qs, answered := t.Lookups(indexed)
			if !answered {
				return nil, false
			}
			for _, q := range qs {
				if !slices.Contains(questions, q) {
					questions = append(questions, q)
				}
			}
		}
		return questions, true
	}
	return nil, false
}
