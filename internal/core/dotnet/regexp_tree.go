package dotnet

import (
	"fmt"
	"strings"
)

type reKind uint8

const (
	oneOf   reKind = iota // a character of a set
	anchor                // text is the Go anchor
	capture               // subs[0]
	concat                // subs one behind the other
	either                // subs, the first that matches
	repeat                // subs[0], low to high times
)

// reNode is a piece of a pattern. What .NET and Go share is left; everything else was translated or refused.
type reNode struct {
	kind      reKind
	chars     set
	text      string
	subs      []*reNode
	low, high int // high -1: no end
	lazy      bool
}

// ranges counts the ranges of characters, which repetitions share.
func (n *reNode) ranges() int {
	total := len(n.chars)
	for _, s := range n.subs {
		total += s.ranges()
	}
	return total
}

// steps is about the number of instructions of the program, with repetitions written out.
func (n *reNode) steps() int {
	total := 1
	for _, s := range n.subs {
		total += s.steps()
	}
	if n.kind == repeat {
		total *= max(n.low, n.high, 1)
	}
	return min(total, 1<<30)
}

// nullable tells whether the piece can match nothing.
func (n *reNode) nullable() bool {
	switch n.kind {
	case oneOf:
		return false
	case anchor:
		return true
	case capture:
		return n.subs[0].nullable()
	case concat:
		for _, s := range n.subs {
			if !s.nullable() {
				return false
			}
		}
		return true
	case either:
		for _, s := range n.subs {
			if s.nullable() {
				return true
			}
		}
		return false
	case repeat:
		return n.low == 0 || n.subs[0].nullable()
	}
	return true
}

func (n *reNode) captures() bool {
	if n.kind == capture {
		return true
	}
	for _, s := range n.subs {
		if s.captures() {
			return true
		}
	}
	return false
}

// print writes the piece in Go's syntax.
func (n *reNode) print(b *strings.Builder) {
	switch n.kind {
	case oneOf:
		n.chars.print(b)
	case anchor:
		b.WriteString(n.text)
	case capture:
		b.WriteByte('(')
		n.subs[0].print(b)
		b.WriteByte(')')
	case concat:
		for _, s := range n.subs {
			s.print(b)
		}
	case either:
		b.WriteString("(?:")
		for i, s := range n.subs {
			if i > 0 {
				b.WriteByte('|')
			}
			s.print(b)
		}
		b.WriteByte(')')
	case repeat:
		b.WriteString("(?:")
		n.subs[0].print(b)
		b.WriteByte(')')
		switch {
		case n.high < 0:
			fmt.Fprintf(b, "{%d,}", n.low)
		default:
			fmt.Fprintf(b, "{%d,%d}", n.low, n.high)
		}
		if n.lazy {
			b.WriteByte('?')
		}
	}
}

func (s set) print(b *strings.Builder) {
	if len(s) == 1 && s[0][0] == s[0][1] {
		fmt.Fprintf(b, `\x{%x}`, s[0][0])
		return
	}
	if len(s) == 0 {
		b.WriteString(`[^\x{0}-\x{10ffff}]`)
		return
	}
	b.WriteByte('[')
	for _, r := range s {
		fmt.Fprintf(b, `\x{%x}-\x{%x}`, r[0], r[1])
	}
	b.WriteByte(']')
}
