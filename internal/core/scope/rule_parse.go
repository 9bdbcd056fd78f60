package scope

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a rule; Entra's own limit is 3,072 characters.
const (
	maxRule      = 10_000
	maxRuleDepth = 50
)

// unread says what of a rule is not read here.
type unread struct{ text string }

func (e *unread) Error() string { return e.text }

func notRead(format string, args ...any) error { return &unread{fmt.Sprintf(format, args...)} }

type tokenKind uint8

const (
	ending tokenKind = iota
	text             // "quoted"
	name             // user.department, -eq, true, 5
	sign             // ( ) [ ] ,
)

type token struct {
	kind tokenKind
	text string
}

func (t token) is(s string) bool { return t.kind == sign && t.text == s }

// word is the token as an operator: letter case and the leading hyphen, which editors turn into a dash, are free.
func (t token) word() string {
	if t.kind != name {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(t.text), "-"), "–")
}

// tokens takes a rule apart.
func tokens(rule string) ([]token, error) {
	var out []token
	for rest := rule; ; {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return append(out, token{}), nil
		}
		// A rule that was written in a shell keeps the backtick in front of its quotes: user.city -eq `"Lagos`".
		bare := strings.TrimPrefix(rest, "`")
		switch {
		case strings.ContainsAny(rest[:1], "()[],"):
			out, rest = append(out, token{sign, rest[:1]}), rest[1:]
		case bare != "" && strings.ContainsAny(bare[:1], `"'`):
			s, n := quoted(rest, bare[:1])
			if n == 0 {
				return nil, notRead("a text without closing quote")
			}
			out, rest = append(out, token{text, s}), rest[n:]
		default:
			n := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`()[],"'`, r) })
			if n < 0 {
				n = len(rest)
			}
			out, rest = append(out, token{name, rest[:n]}), rest[n:]
		}
	}
}

// quoted reads a quoted text and tells how many bytes it took; 0 where the closing quote is missing. Inside, a double
// quote is escaped with a backtick and a single quote is doubled.
func quoted(s, quote string) (value string, n int) {
	open := strings.Index(s, quote) + 1
	shell := open == 2 // `"text`"
	var b strings.Builder
	for i := open; i < len(s); i++ {
		next := s[i+1:]
		switch {
		case s[i] == '`' && strings.HasPrefix(next, quote):
			if shell {
				return b.String(), i + 2
			}
			i++
		case s[i] == quote[0] && quote == "'" && strings.HasPrefix(next, quote):
			i++
		case s[i] == quote[0]:
			return b.String(), i + 1
		}
		b.WriteByte(s[i])
	}
	return "", 0
}

// condition is a parsed rule: a comparison, or and/or/not over others.
type condition struct {
	op        string // and, or, not; else the comparison's operator
	parts     []*condition
	attribute string
	operands  []operand
	pattern   *pattern
}

// operand is a value that is compared with; null and Booleans stand without quotes.
type operand struct {
	text string
	null bool
}

type ruleParser struct {
	toks []token
}

func (p *ruleParser) next() token {
	t := p.toks[0]
	if t.kind != ending {
		p.toks = p.toks[1:]
	}
	return t
}

func parseRule(rule string) (*condition, error) {
	if n := utf8.RuneCountInString(rule); n > maxRule {
		return nil, notRead("a rule of %d characters", n)
	}
	toks, err := tokens(rule)
	if err != nil {
		return nil, err
	}
	p := &ruleParser{toks}
	c, err := p.either(0)
	if err != nil {
		return nil, err
	}
	if t := p.next(); t.kind != ending {
		return nil, notRead("%s after the end of the rule", t.text)
	}
	return c, nil
}

// either reads conditions joined by -or; -and binds tighter, -not tightest.
func (p *ruleParser) either(depth int) (*condition, error) { return p.joined("or", depth, p.both) }

func (p *ruleParser) both(depth int) (*condition, error) { return p.joined("and", depth, p.one) }

func (p *ruleParser) joined(op string, depth int, read func(int) (*condition, error)) (*condition, error) {
	first, err := read(depth)
	if err != nil {
		return nil, err
	}
	all := &condition{op: op, parts: []*condition{first}}
	for p.toks[0].word() == op {
		p.next()
		c, err := read(depth)
		if err != nil {
			return nil, err
		}
		all.parts = append(all.parts, c)
	}
	if len(all.parts) == 1 {
		return first, nil
	}
	return all, nil
}

func (p *ruleParser) one(depth int) (*condition, error) {
	if depth > maxRuleDepth {
		return nil, notRead("a rule nested deeper than %d", maxRuleDepth)
	}
	switch t := p.toks[0]; {
	case t.word() == "not":
		p.next()
		c, err := p.one(depth + 1)
		if err != nil {
			return nil, err
		}
		return &condition{op: "not", parts: []*condition{c}}, nil
	case t.is("("):
		p.next()
		c, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		if t := p.next(); !t.is(")") {
			return nil, notRead("a parenthesis that is not closed")
		}
		return c, nil
	}
	return p.comparison()
}

// comparisons are the operators that are read here.
var comparisons = []string{
	"eq", "ne", "in", "notin", "startswith", "notstartswith", "endswith", "notendswith", "contains", "notcontains", "match", "notmatch",
}

func (p *ruleParser) comparison() (*condition, error) {
	left := p.next()
	object, attribute, ok := strings.Cut(left.text, ".")
	if left.kind != name || !ok || !strings.EqualFold(object, "user") || attribute == "" {
		return nil, notRead("%s", orEnd(left.text))
	}
	op := p.next()
	c := &condition{op: op.word(), attribute: attribute}
	if !slices.Contains(comparisons, c.op) {
		return nil, notRead("%s", orEnd(op.text))
	}
	var err error
	if c.operands, err = p.operands(c.op == "in" || c.op == "notin"); err != nil {
		return nil, err
	}
	if c.op == "match" || c.op == "notmatch" {
		var why string
		if c.pattern, why = compilePattern(c.operands[0].text, true); why != "" {
			return nil, notRead("%s", why)
		}
	}
	return c, nil
}

func (p *ruleParser) operands(list bool) ([]operand, error) {
	if !list {
		v, err := p.operand()
		return []operand{v}, err
	}
	if t := p.next(); !t.is("[") {
		return nil, notRead("a list without [")
	}
	var all []operand
	for !p.toks[0].is("]") {
		v, err := p.operand()
		if err != nil {
			return nil, err
		}
		all = append(all, v)
		if !p.toks[0].is(",") {
			break
		}
		p.next()
	}
	if t := p.next(); !t.is("]") {
		return nil, notRead("a list without ]")
	}
	return all, nil
}

func (p *ruleParser) operand() (operand, error) {
	t := p.next()
	switch {
	case t.kind == text:
		return operand{text: t.text}, nil
	case t.kind == name && (t.word() == "null" || t.text == "$null"):
		return operand{null: true}, nil
	case t.kind == name && (t.word() == "true" || t.word() == "false" || isNumber(t.text)):
		return operand{text: t.text}, nil
	}
	return operand{}, notRead("the value %s", orEnd(t.text))
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func orEnd(s string) string {
	if s == "" {
		return "the end of the rule"
	}
	return s
}
