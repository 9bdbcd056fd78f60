package expr

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse reads an expression. Errors are *ParseError.
func Parse(source string) (*Expr, error) {
	p := &parser{src: source}
	if n := utf8.RuneCountInString(source); n > MaxLength {
		return nil, p.fail(0, "%d characters, more than the %d that Entra accepts", n, MaxLength)
	}
	root, err := p.argument(0)
	if err != nil {
		return nil, err
	}
	if root.kind == omitted {
		return nil, p.fail(p.at, "empty expression")
	}
	if p.at < len(source) {
		return nil, p.fail(p.at, "unexpected %s after the end of the expression", p.next())
	}
	return &Expr{root: root, source: source}, nil
}

type parser struct {
	src string
	at  int // byte offset of what comes next
}

func (p *parser) fail(at int, format string, args ...any) error {
	return newParseError(p.src, at, fmt.Sprintf(format, args...))
}

// next shows the next character in an error.
func (p *parser) next() string {
	if p.at >= len(p.src) {
		return "end of the expression"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.at:])
	return fmt.Sprintf("%q", r)
}

func (p *parser) space() {
	p.at = len(p.src) - len(strings.TrimLeftFunc(p.src[p.at:], unicode.IsSpace))
}

func (p *parser) peek() byte {
	if p.at < len(p.src) {
		return p.src[p.at]
	}
	return 0
}

// argument reads one operand, or two with a comparison between them, or nothing where the argument is left out.
func (p *parser) argument(depth int) (*node, error) {
	p.space()
	start := p.at
	left, err := p.operand(depth)
	if err != nil || left.kind == omitted {
		return left, err
	}
	op := p.operator()
	if op == "" {
		return left, nil
	}
	right, err := p.operand(depth)
	if err != nil {
		return nil, err
	}
	if right.kind == omitted {
		return nil, p.fail(p.at, "nothing to the right of %s", op)
	}
	return &node{kind: compare, text: op, args: []*node{left, right}, at: start}, nil
}

func (p *parser) operator() string {
	for _, op := range []string{"<>", "<=", ">=", "=", "<", ">"} {
		if strings.HasPrefix(p.src[p.at:], op) {
			p.at += len(op)
			return op
		}
	}
	return ""
}

// operand reads an attribute, a constant, a word or a call, with the blanks around it.
func (p *parser) operand(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, p.fail(p.at, "nested deeper than %d calls", maxDepth)
	}
	p.space()
	defer p.space()
	switch c := p.peek(); {
	case p.at >= len(p.src), c == ',', c == ')':
		return &node{kind: omitted, at: p.at}, nil
	case c == '[':
		return p.attribute()
	case c == '"':
		return p.constant()
	}
	start := p.at
	rest := p.src[start:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !isWord(r) })
	if n < 0 {
		n = len(rest)
	}
	if n == 0 {
		return nil, p.fail(start, "unexpected %s; an attribute stands in [brackets], text in \"quotes\"", p.next())
	}
	name := rest[:n]
	p.at += n
	end := p.at
	if p.space(); p.peek() == '(' {
		return p.call(name, start, depth)
	}
	p.at = end
	return &node{kind: word, text: name, at: start}, nil
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.+-&", r)
}

func (p *parser) attribute() (*node, error) {
	end := strings.IndexByte(p.src[p.at:], ']')
	if end < 0 {
		return nil, p.fail(p.at, "[ without ]")
	}
	name := p.src[p.at+1 : p.at+end]
	if strings.TrimSpace(name) == "" {
		return nil, p.fail(p.at, "no attribute between [ and ]")
	}
	start := p.at
	p.at += end + 1
	return &node{kind: attribute, text: name, at: start}, nil
}

func (p *parser) constant() (*node, error) {
	start := p.at
	var b strings.Builder
	for p.at++; p.at < len(p.src); p.at++ {
		c := p.src[p.at]
		switch c {
		case '"':
			p.at++
			return &node{kind: constant, text: b.String(), at: start}, nil
		case '\\':
			p.at++
			if c = p.peek(); c != '\\' && c != '"' {
				return nil, p.fail(p.at-1, `a backslash in a text is written \\`)
			}
		}
		b.WriteByte(c)
	}
	return nil, p.fail(start, "text without closing quote")
}

func (p *parser) call(name string, start, depth int) (*node, error) {
	n := &node{kind: invoke, text: name, fn: lookup(name), at: start}
	p.at++ // (
	for {
		a, err := p.argument(depth + 1)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, a)
		switch p.peek() {
		case ',':
			p.at++
			continue
		case ')':
			p.at++
		default:
			return nil, p.fail(p.at, "expected , or ) after argument %d of %s, found %s", len(n.args), name, p.next())
		}
		break
	}
	if len(n.args) == 1 && n.args[0].kind == omitted {
		n.args = nil
	}
	if n.fn == nil {
		n.missing = unknownFunction(name)
		return n, nil
	}
	if fault := n.fn.fault(len(n.args)); fault != "" {
		return nil, p.fail(start, "%s takes %s, found %d; it is written %s", name, fault, len(n.args), n.fn.signature)
	}
	if n.fn.prepare != nil {
		n.fn.prepare(n)
	}
	return n, nil
}
