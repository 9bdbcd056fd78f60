package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Expr is a parsed expression: an attribute, a constant, a function, or a comparison inside IIF and CBool.
type Expr struct {
	kind exprKind
	text string // the attribute's name, the constant, the function's name, the operator
	args []*Expr
	do   func(c *evaluation, args []*Expr) []string // of a function
}

type exprKind int

const (
	nothing exprKind = iota // an argument that was left out
	attribute
	constant
	function
	comparison
)

// maxExpression is the length that the service takes (known-issues.md).
const maxExpression = 10_000

// Parse reads an expression such as Join(" ", [givenName], [surname]). An empty text is a source that is not there.
// A function that the lab does not have is an error that names it: the lab evaluates those of the usual mappings.
func Parse(text string) (*Expr, error) {
	if len(text) > maxExpression {
		return nil, fmt.Errorf("the expression has %d characters, more than %d", len(text), maxExpression)
	}
	p := &parser{text: text, functions: table()}
	e, err := p.expr(0)
	if err == nil {
		if p.space(); p.at < len(p.text) {
			err = fmt.Errorf("%q is too much", p.text[p.at:])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the expression %s: at %d: %w", text, p.at+1, err)
	}
	return e, nil
}

type parser struct {
	text      string
	at        int
	functions map[string]spec
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *parser) next() byte {
	if p.space(); p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// maxDepth bounds how deep functions stand in functions.
const maxDepth = 50

func (p *parser) expr(depth int) (*Expr, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("functions stand more than %d deep", maxDepth)
	}
	switch c := p.next(); {
	case c == 0 || c == ',' || c == ')':
		return &Expr{}, nil
	case c == '[':
		end := strings.IndexByte(p.text[p.at:], ']')
		if end < 2 {
			return nil, fmt.Errorf("an attribute's name must stand between [ and ]")
		}
		name := p.text[p.at+1 : p.at+end]
		p.at += end + 1
		return &Expr{kind: attribute, text: name}, nil
	case c == '"':
		s, err := p.quoted()
		return &Expr{kind: constant, text: s}, err
	}
	from := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" \t\r\n,()[]\"=<>", rune(p.text[p.at])) {
		p.at++
	}
	word := p.text[from:p.at]
	if p.next() != '(' {
		if word == "" {
			return nil, fmt.Errorf("%q was not expected", p.text[p.at:p.at+1])
		}
		return &Expr{kind: constant, text: word}, nil
	}
	f, known := p.functions[word]
	if !known {
		return nil, fmt.Errorf("the lab has no function %s", word)
	}
	p.at++
	e := &Expr{kind: function, text: word, do: f.do}
	for {
		a, err := p.argument(depth)
		if err != nil {
			return nil, err
		}
		e.args = append(e.args, a)
		if c := p.next(); c == ',' {
			p.at++
			continue
		} else if c != ')' {
			return nil, fmt.Errorf("%s( does not end", word)
		}
		p.at++
		break
	}
	if n := len(e.args); n < f.least || n > f.most {
		return nil, fmt.Errorf("%s takes %d to %d arguments, not %d", word, f.least, f.most, n)
	}
	return e, nil
}

func (p *parser) quoted() (string, error) {
	var b strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return b.String(), nil
		case c == '\\' && p.at+1 < len(p.text):
			p.at++
			b.WriteByte(p.text[p.at])
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("a text does not end")
}

// argument is an expression or, for IIF and CBool, a comparison of two.
func (p *parser) argument(depth int) (*Expr, error) {
	left, err := p.expr(depth + 1)
	if err != nil || strings.IndexByte("=<>", p.next()) < 0 || p.next() == 0 {
		return left, err
	}
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("=<>", p.text[p.at]) >= 0 {
		p.at++
	}
	op := p.text[from:p.at]
	if !slices.Contains([]string{"=", "<>", "<", "<=", ">", ">="}, op) {
		return nil, fmt.Errorf("%s is no comparison", op)
	}
	right, err := p.expr(depth + 1)
	return &Expr{kind: comparison, text: op, args: []*Expr{left, right}}, err
}

// Reads tells whether the expression names an attribute of the source.
func (e *Expr) Reads(name string) bool {
	return e.kind == attribute && strings.EqualFold(e.text, name) || slices.ContainsFunc(e.args, func(a *Expr) bool { return a.Reads(name) })
}

// Calls tells whether the expression is a call of a function.
func (e *Expr) Calls(name string) bool { return e.kind == function && e.text == name }

// Attributes are the names of the attributes it reads, each once, in order of their appearance.
func (e *Expr) Attributes() []string {
	var out []string
	if e.kind == attribute {
		out = append(out, e.text)
	}
	for _, a := range e.args {
		for _, n := range a.Attributes() {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// Empty tells whether there is no expression.
func (e *Expr) Empty() bool { return e == nil || e.kind == nothing }

// String writes the expression down again.
func (e *Expr) String() string {
	switch e.kind {
	case attribute:
		return "[" + e.text + "]"
	case constant:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(e.text) + `"`
	case comparison:
		return e.args[0].String() + " " + e.text + " " + e.args[1].String()
	case function:
		args := make([]string, len(e.args))
		for i, a := range e.args {
			args[i] = a.String()
		}
		return e.text + "(" + strings.Join(args, ", ") + ")"
	}
	return ""
}
