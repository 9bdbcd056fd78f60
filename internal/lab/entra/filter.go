package entra

import (
	"strings"
)

// node is a piece of a $filter: a comparison, or "and", "or", "not" over other nodes.
type node struct {
	op   string // and or not eq ne gt ge lt le in startswith endswith contains any
	args []*node
	path []string  // the property; inside any(x: …) without x
	lits []literal // what it is compared with; several for in
}

// literal is a constant of a filter.
type literal struct {
	kind byte // 's' text, 'b' boolean, 'n' null, 'd' a moment, number or GUID written without quotes
	text string
}

// badFilter is why a filter was not understood.
type badFilter string

func (e badFilter) Error() string { return string(e) }

const invalidClause = badFilter("Invalid filter clause")

// parseFilter reads a $filter expression. Depth and length are bounded by the length of a URL.
func parseFilter(s string) (*node, error) {
	toks, err := scan(s)
	if err != nil {
		return nil, err
	}
	p := &filterParser{toks: toks}
	n, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(p.toks) {
		return nil, invalidClause
	}
	return n, nil
}

type filterParser struct {
	toks []filterToken
	at   int
	self string // the variable of the lambda that is being read
}

const maxFilterDepth = 50

func (p *filterParser) peek(text string) bool {
	return p.at < len(p.toks) && p.toks[p.at].kind != 's' && strings.EqualFold(p.toks[p.at].text, text)
}

func (p *filterParser) take(text string) bool {
	if p.peek(text) {
		p.at++
		return true
	}
	return false
}

func (p *filterParser) or(depth int) (*node, error) {
	return p.chain("or", depth, func(d int) (*node, error) { return p.chain("and", d, p.unary) })
}

func (p *filterParser) chain(op string, depth int, part func(int) (*node, error)) (*node, error) {
	if depth > maxFilterDepth {
		return nil, invalidClause
	}
	n, err := part(depth)
	if err != nil {
		return nil, err
	}
	if !p.peek(op) {
		return n, nil
	}
	all := &node{op: op, args: []*node{n}}
	for p.take(op) {
		if n, err = part(depth); err != nil {
			return nil, err
		}
		all.args = append(all.args, n)
	}
	return all, nil
}

func (p *filterParser) unary(depth int) (*node, error) {
	switch {
	case depth > maxFilterDepth:
		return nil, invalidClause
	case p.take("not"):
		n, err := p.unary(depth + 1)
		if err != nil {
			return nil, err
		}
		return &node{op: "not", args: []*node{n}}, nil
	case p.take("("):
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, invalidClause
		}
		return n, nil
	}
	return p.comparison(depth)
}

// comparison reads `path op value`, `path in (…)`, `startswith(path,'x')` or `path/any(x: …)`.
func (p *filterParser) comparison(depth int) (*node, error) {
	word, ok := p.word()
	if !ok {
		return nil, invalidClause
	}
	switch fn := strings.ToLower(word); {
	case (fn == "startswith" || fn == "endswith" || fn == "contains") && p.take("("):
		path, ok := p.word()
		if !ok || !p.take(",") {
			return nil, invalidClause
		}
		lit, ok := p.literal()
		if !ok || !p.take(")") {
			return nil, invalidClause
		}
		return &node{op: fn, path: p.property(path), lits: []literal{lit}}, nil
	case strings.HasSuffix(fn, "/any") && p.take("("):
		return p.lambda(word[:len(word)-len("/any")], depth)
	}
	op, ok := p.word()
	if !ok {
		return nil, invalidClause
	}
	n := &node{op: strings.ToLower(op), path: p.property(word)}
	switch n.op {
	case "eq", "ne", "gt", "ge", "lt", "le":
		lit, ok := p.literal()
		if !ok {
			return nil, invalidClause
		}
		n.lits = []literal{lit}
		return n, nil
	case "in":
		return p.list(n)
	}
	return nil, invalidClause
}

func (p *filterParser) list(n *node) (*node, error) {
	if !p.take("(") {
		return nil, invalidClause
	}
	for {
		lit, ok := p.literal()
		if !ok {
			return nil, invalidClause
		}
		n.lits = append(n.lits, lit)
		if p.take(")") {
			return n, nil
		}
		if !p.take(",") {
			return nil, invalidClause
		}
	}
}

func (p *filterParser) lambda(path string, depth int) (*node, error) {
	self, ok := p.word()
	if !ok || !p.take(":") || p.self != "" {
		return nil, invalidClause
	}
	p.self = self
	inner, err := p.or(depth + 1)
	p.self = ""
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, invalidClause
	}
	return &node{op: "any", path: strings.Split(path, "/"), args: []*node{inner}}, nil
}

// property splits a path; inside a lambda it begins with the variable, which is left out.
func (p *filterParser) property(word string) []string {
	path := strings.Split(word, "/")
	if p.self != "" && path[0] == p.self {
		return path[1:]
	}
	return path
}
