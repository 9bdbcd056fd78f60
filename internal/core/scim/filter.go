package scim

import (
	"strings"
	"time"
)

// Filter is a filter as a tree of typed comparisons. A store walks it to ask its indexes; Match is the answer that it must
// give.
//
// What compares names an Attr that holds values: a complex attribute stands for its value (emails for emails.value). With
// several values one that fits is enough, but for NotEqual, which is the opposite of Equal: no value is equal. There are no
// comparisons with null: title eq null is not (title pr).
type Filter struct {
	Op    Op
	Attr  *Attr     // what is compared; of Has, the list; nil of And, Or, Not and Nothing
	Text  string    // what it is compared with: the text, the number as it was written, true or false
	When  time.Time // the same, of a dateTime
	Terms []*Filter // two or more of And and Or; one of Not; of Has, one that holds for a single element

	key string // Text as Attr compares it
}

// Op is what a node of a filter does.
type Op uint8

// The operators.
const (
	Nothing Op = iota // holds for no resource: the attribute belongs to another resource type
	And
	Or
	Not
	Has // an element of the list fits: emails[type eq "work"]
	Present
	Equal
	NotEqual
	Contains
	StartsWith
	EndsWith
	Greater
	GreaterOrEqual
	Less
	LessOrEqual
)

var words = [...]string{
	And: "and", Or: "or", Not: "not", Present: "pr", Equal: "eq", NotEqual: "ne", Contains: "co", StartsWith: "sw", EndsWith: "ew",
	Greater: "gt", GreaterOrEqual: "ge", Less: "lt", LessOrEqual: "le",
}

// String is the operator as a filter writes it.
func (o Op) String() string { return words[o] }

// Key is what Attr.Key of an equal value is: what an index is asked for.
func (f *Filter) Key() string { return f.key }

// Walk visits the filter and everything below it, from the outside in; false keeps it from going below a node.
func (f *Filter) Walk(visit func(*Filter) bool) {
	if !visit(f) {
		return
	}
	for _, t := range f.Terms {
		t.Walk(visit)
	}
}

// String writes the filter in one form for all spellings of it; reading it again gives the same filter.
func (f *Filter) String() string {
	var b strings.Builder
	f.print(&b, nil, false)
	return b.String()
}

// print writes the filter; in is the list whose element it is about, and bound whether it is part of something that binds
// more tightly.
func (f *Filter) print(b *strings.Builder, in *Attr, bound bool) {
	switch f.Op {
	case And, Or:
		if bound {
			b.WriteByte('(')
		}
		for i, t := range f.Terms {
			if i > 0 {
				b.WriteString(" " + f.Op.String() + " ")
			}
			t.print(b, in, f.Op == And || t.Op == Or)
		}
		if bound {
			b.WriteByte(')')
		}
	case Not:
		b.WriteString("not (")
		f.Terms[0].print(b, in, false)
		b.WriteByte(')')
	case Has:
		b.WriteString(f.Attr.path + "[")
		f.Terms[0].print(b, f.Attr, false)
		b.WriteByte(']')
	case Nothing:
		b.WriteString("not (id pr)") // every resource has one
	default:
		b.WriteString(f.name(in) + " " + f.Op.String())
		if f.Op == Present {
			return
		}
		switch f.Attr.kind {
		case booleanKind, integerKind, decimalKind:
			b.WriteString(" " + f.Text)
		default:
			b.WriteString(" " + quoted(f.Text))
		}
	}
}

func (f *Filter) name(in *Attr) string {
	switch in {
	case nil:
		return f.Attr.path
	case f.Attr:
		return "value" // of a list of single values
	}
	return f.Attr.def.Name
}
