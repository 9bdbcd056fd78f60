package scim

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

var operators = map[string]Op{
	"pr": Present, "eq": Equal, "ne": NotEqual, "co": Contains, "sw": StartsWith, "ew": EndsWith,
	"gt": Greater, "ge": GreaterOrEqual, "lt": Less, "le": LessOrEqual,
}

// comparison reads an operator and what it compares with. a is nil where the attribute belongs to another type.
func (p *parser) comparison(a *Attr, start int) (*Filter, error) {
	p.space()
	at := p.at
	word := p.name()
	op, ok := operators[strings.ToLower(word)]
	switch {
	case word == "":
		return nil, p.fail(at, "%s stands where an operator should: eq, ne, co, sw, ew, pr, gt, ge, lt or le", p.next())
	case !ok:
		return nil, p.fail(at, "%s is no operator; there are eq, ne, co, sw, ew, pr, gt, ge, lt and le", show(word))
	case op == Present:
		if a == nil {
			return &Filter{}, nil
		}
		return &Filter{Op: Present, Attr: a}, nil
	}
	p.space()
	at = p.at
	text, form, err := p.literal()
	if err != nil {
		return nil, err
	}
	if a == nil {
		return &Filter{}, nil
	}
	if form == nullForm {
		return p.null(op, a, at)
	}
	if a.kind == complexKind {
		if a.value == nil || a.extension {
			return nil, p.fail(start, "%s has parts; compare one of them, such as %s", a.path, a.subs[0].path)
		}
		a = a.value
	}
	f := &Filter{Op: op, Attr: a, Text: text}
	return f, p.typed(f, form, at)
}

// null reads a comparison with null as a question whether there is a value.
func (p *parser) null(op Op, a *Attr, at int) (*Filter, error) {
	present := &Filter{Op: Present, Attr: a}
	switch op {
	case Equal:
		return &Filter{Op: Not, Terms: []*Filter{present}}, nil
	case NotEqual:
		return present, nil
	}
	return nil, p.fail(at, "null can be compared with eq and ne alone")
}

// typed checks a comparison against the attribute's type, and makes it ready.
func (p *parser) typed(f *Filter, form form, at int) error {
	a := f.Attr
	ordered := f.Op >= Greater
	partial := f.Op == Contains || f.Op == StartsWith || f.Op == EndsWith
	switch a.kind {
	case booleanKind:
		b, ok := asBoolean(f.Text)
		if !ok || form == numberForm {
			return p.fail(at, "%s is true or false", a.path)
		}
		if ordered || partial {
			return p.fail(at, "%s is true or false; %s cannot compare it", a.path, f.Op)
		}
		f.Text = strconv.FormatBool(b)
	case integerKind, decimalKind:
		if _, ok := number(f.Text); !ok || !jsontext.Value(f.Text).IsValid() {
			return p.fail(at, "%s is a number", a.path)
		}
		if partial {
			return p.fail(at, "%s is a number; %s cannot compare it", a.path, f.Op)
		}
	case momentKind:
		when, ok := moment(f.Text)
		if !ok && !partial {
			return p.fail(at, "%s is a moment; write it like \"2026-11-20T12:00:00Z\"", a.path)
		}
		f.When = when
	case binaryKind:
		if ordered {
			return p.fail(at, "%s is binary; %s cannot compare it", a.path, f.Op)
		}
	}
	f.key = a.Key(f.Text)
	return nil
}

// literal reads what an attribute is compared with.
func (p *parser) literal() (text string, form form, err error) {
	start := p.at
	if p.at < len(p.src) && p.src[p.at] == '"' {
		for p.at++; p.at < len(p.src) && p.src[p.at] != '"'; p.at++ {
			if p.src[p.at] == '\\' {
				p.at++
			}
		}
		if p.at >= len(p.src) {
			p.at = len(p.src)
			return "", 0, p.fail(start, "a text without closing quote")
		}
		p.at++
		b, err := jsontext.AppendUnquote(nil, p.src[start:p.at])
		if err != nil {
			return "", 0, p.fail(start, "a text that is written like no text of JSON; write a quote as \\\" and a backslash as \\\\")
		}
		return string(b), textForm, nil
	}
	for p.at < len(p.src) && !strings.ContainsRune(" \t\r\n()[]\"", rune(p.src[p.at])) {
		p.at++
	}
	word := p.src[start:p.at]
	switch {
	case word == "":
		return "", 0, p.fail(start, "%s stands where a value should", p.next())
	case strings.EqualFold(word, "null"):
		return "", nullForm, nil
	case strings.EqualFold(word, "true"), strings.EqualFold(word, "false"):
		return strings.ToLower(word), booleanForm, nil
	case jsontext.Value(word).IsValid():
		return word, numberForm, nil
	case !utf8.ValidString(word):
		return "", 0, p.fail(start, "a value that is no valid UTF-8")
	case !p.t.tolerates(BareWords):
		return "", 0, p.fail(start, "a text stands in quotes")
	}
	return word, textForm, nil
}

// name reads the name of an attribute, an operator or a keyword.
func (p *parser) name() string {
	start := p.at
	for p.at < len(p.src) {
		if c := p.src[p.at]; c <= ' ' || c >= utf8.RuneSelf || strings.IndexByte("()[]\"\\,;<>", c) >= 0 {
			break
		}
		p.at++
	}
	return p.src[start:p.at]
}

// word takes a keyword, if it comes next.
func (p *parser) word(w string) bool {
	p.space()
	end := p.at + len(w)
	if end > len(p.src) || !strings.EqualFold(p.src[p.at:end], w) {
		return false
	}
	if end < len(p.src) && p.src[end] != ' ' && p.src[end] != '(' && p.src[end] != '\t' && p.src[end] != '\n' && p.src[end] != '\r' {
		return false
	}
	p.at = end
	return true
}

func (p *parser) take(c byte) bool {
	if p.at < len(p.src) && p.src[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) space() {
	for p.at < len(p.src) && (p.src[p.at] == ' ' || p.src[p.at] == '\t' || p.src[p.at] == '\n' || p.src[p.at] == '\r') {
		p.at++
	}
}

// next shows the next character in an error.
func (p *parser) next() string {
	if p.at >= len(p.src) {
		return "the end"
	}
	_, n := utf8.DecodeRuneInString(p.src[p.at:])
	return show(p.src[p.at : p.at+n])
}

func itoa(n int) string { return strconv.Itoa(n) }
