package scim

import (
	"strings"
	"unicode/utf8"
)

// ParseFilter reads a filter, RFC 7644 section 3.4.2.2. Errors are *Error.
func (t *ResourceType) ParseFilter(filter string) (*Filter, error) {
	p := &parser{t: t, src: filter, scimType: InvalidFilter}
	return p.whole()
}

// parser reads filters, and the paths of a PATCH.
type parser struct {
	t     *ResourceType
	src   string
	at    int
	terms int

	scimType ScimType // of errors
	among    bool     // attributes that are not known belong to another resource type
	seen     bool     // then: one was known
	strange  *Error   // then: what would have been said about the first one that was not
}

// elsewhere stands for a list of another resource type.
var elsewhere = &Attr{def: &Attribute{}, kind: complexKind}

func (p *parser) whole() (*Filter, error) {
	if len(p.src) > p.t.rules().Limits.Filter {
		return nil, bad(p.scimType, "The filter has %d bytes; the most are %d. Ask several times with shorter ones.", len(p.src), p.t.rules().Limits.Filter)
	}
	f, err := p.or(nil, 0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.src) {
		return nil, p.fail(p.at, "%s stands where the filter should end, or go on with and, or with or", p.next())
	}
	return f, nil
}

// or reads terms with or between them. in is the list whose element the filter is about.
func (p *parser) or(in *Attr, depth int) (*Filter, error) {
	return p.joined(Or, "or", in, depth, p.and)
}

func (p *parser) and(in *Attr, depth int) (*Filter, error) {
	return p.joined(And, "and", in, depth, p.term)
}

func (p *parser) joined(op Op, word string, in *Attr, depth int, read func(*Attr, int) (*Filter, error)) (*Filter, error) {
	first, err := read(in, depth)
	if err != nil {
		return nil, err
	}
	var all *Filter
	for p.word(word) {
		next, err := read(in, depth)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = &Filter{Op: op}
			all.join(first)
		}
		all.join(next)
	}
	if all == nil {
		return first, nil
	}
	return all, nil
}

// join adds a term; terms of the same operator become terms of this one, so that brackets make no difference.
func (f *Filter) join(t *Filter) {
	if t.Op == f.Op {
		f.Terms = append(f.Terms, t.Terms...)
		return
	}
	f.Terms = append(f.Terms, t)
}

// term reads a comparison, a value path, or something in brackets.
func (p *parser) term(in *Attr, depth int) (*Filter, error) {
	p.space()
	if depth > p.t.rules().Limits.Depth {
		return nil, p.fail(p.at, "the filter is nested deeper than %d brackets; write it with fewer", p.t.rules().Limits.Depth)
	}
	if p.take('(') {
		return p.bracket(in, depth)
	}
	start := p.at
	name := p.name()
	if strings.EqualFold(name, "not") {
		p.space()
		if p.take('(') {
			inner, err := p.bracket(in, depth)
			if err != nil {
				return nil, err
			}
			return &Filter{Op: Not, Terms: []*Filter{inner}}, nil
		}
	}
	if name == "" {
		return nil, p.fail(start, "%s stands where an attribute should", p.next())
	}
	if p.terms++; p.terms > p.t.rules().Limits.Terms {
		return nil, p.fail(start, "the filter compares more than %d times; ask several times", p.t.rules().Limits.Terms)
	}
	a, err := p.attr(name, start, in)
	if err != nil {
		return nil, err
	}
	if p.take('[') {
		return p.valuePath(a, start, in, depth)
	}
	return p.comparison(a, start)
}

func (p *parser) bracket(in *Attr, depth int) (*Filter, error) {
	start := p.at - 1
	f, err := p.or(in, depth+1)
	if err != nil {
		return nil, err
	}
	if p.space(); !p.take(')') {
		if p.at >= len(p.src) {
			return nil, p.fail(start, "( is not closed")
		}
		return nil, p.fail(p.at, "%s stands where ) or another comparison should", p.next())
	}
	return f, nil
}

// attr finds the attribute of a name; nil if it belongs to another resource type.
func (p *parser) attr(name string, at int, in *Attr) (*Attr, error) {
	var a *Attr
	switch {
	case in == nil:
		a = p.t.Attr(name)
	case in.kind != complexKind && strings.EqualFold(name, "value"):
		a = in
	default:
		a = in.sub(name)
	}
	if a == nil {
		return nil, p.missing(name, at, in)
	}
	p.seen = true
	if a.def.Returned == Never {
		return nil, p.fail(at, "%s is never returned, and cannot be asked for", a.path)
	}
	return a, nil
}

// missing is the error about an attribute that is not there; nil if it may belong to another resource type.
func (p *parser) missing(name string, at int, in *Attr) error {
	switch {
	case p.among && (in == nil || in == elsewhere):
		if p.strange == nil { // one is enough
			p.strange = p.fail(at, "%s", p.t.missing(name))
		}
		return nil
	case in == nil:
		return p.fail(at, "%s", p.t.missing(name))
	}
	return p.fail(at, "%s", unknown(name, name, in, in.path))
}

func (p *parser) fail(at int, format string, args ...any) *Error {
	e := bad(p.scimType, format, args...)
	what := "Filter"
	if p.scimType == InvalidPath {
		what = "Path"
	}
	e.Detail = what + ", character " + itoa(utf8.RuneCountInString(p.src[:min(at, len(p.src))])+1) + ": " + e.Detail + "."
	return e
}
