package dotnet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// refusedGroups are the grouping constructs that Go's engine has nothing for.
var refusedGroups = []struct{ sign, name string }{
	{"=", "the lookahead (?="},
	{"!", "the negative lookahead (?!"},
	{"<=", "the lookbehind (?<="},
	{"<!", "the negative lookbehind (?<!"},
	{">", "the atomic group (?>"},
	{"(", "the conditional (?("},
}

// group reads what follows an opening parenthesis, and the closing one. It gives nil where only options are set.
func (p *reParser) group(start, depth int) (*reNode, error) {
	if !p.take("?") {
		captures := !p.opts.explicit
		if captures {
			p.groups = append(p.groups, group{})
		}
		return p.body(start, depth, captures)
	}
	for _, r := range refusedGroups {
		if p.peek(r.sign) {
			return nil, p.unsupported(start, "%s", r.name)
		}
	}
	for open, end := range map[string]rune{"<": '>', "'": '\''} {
		if p.take(open) {
			if err := p.name(start, end); err != nil {
				return nil, err
			}
			return p.body(start, depth, true)
		}
	}
	opts, ok := p.inline()
	switch {
	case ok && p.take(")"):
		p.opts = opts
		return nil, nil
	case ok && p.take(":"):
		before := p.opts
		p.opts = opts
		n, err := p.body(start, depth, false)
		p.opts = before
		return n, err
	}
	return nil, p.wrong(start, "a group that .NET does not know")
}

func (p *reParser) body(start, depth int, captures bool) (*reNode, error) {
	n, err := p.alternation(depth + 1)
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.wrong(start, "a parenthesis without end")
	}
	if captures {
		return &reNode{kind: capture, subs: []*reNode{n}}, nil
	}
	return n, nil
}

// name reads the name of a group and its end.
func (p *reParser) name(start int, end rune) error {
	length := slices.Index(p.src[p.at:], end)
	if length < 0 {
		return p.wrong(start, "a group name without end")
	}
	name := string(p.src[p.at : p.at+length])
	p.at += length + 1
	isWord := func(r rune) bool { return unicode.In(r, unicode.L, unicode.Mn, unicode.Nd, unicode.Pc) }
	switch {
	case strings.Contains(name, "-"):
		return p.unsupported(start, "the balancing group %s", name)
	case name == "" || strings.ContainsFunc(name, func(r rune) bool { return !isWord(r) }):
		return p.wrong(start, "the group name %q", name)
	case strings.IndexFunc(name, unicode.IsDigit) == 0:
		return p.unsupported(start, "a group with the number %s for its name", name)
	case p.names[name] > 0:
		return p.unsupported(start, "a second group named %s", name)
	}
	p.groups = append(p.groups, group{name: name})
	p.names[name] = len(p.groups)
	return nil
}

// inline reads options such as i, -x or im-s.
func (p *reParser) inline() (options, bool) {
	o, on := p.opts, true
	for ; p.more(); p.at++ {
		switch p.src[p.at] {
		case '-':
			on = false
		case '+':
			on = true
		case 'i':
			o.fold = on
		case 'm':
			o.multiline = on
		case 'n':
			o.explicit = on
		case 's':
			o.dotAll = on
		case 'x':
			o.spaced = on
		case ')', ':':
			return o, true
		default:
			return o, false
		}
	}
	return o, false
}

// number gives the groups their numbers: those without a name first, then the named ones.
func (p *reParser) number() []group {
	next := 1
	for _, named := range []bool{false, true} {
		for i := range p.groups {
			if (p.groups[i].name != "") == named {
				p.groups[i].number = next
				next++
			}
		}
	}
	return p.groups
}

// quantifier reads *, +, ?, {n}, {n,} or {n,m}; low is -1 where there is none. A brace that is none of these is a
// character like others.
func (p *reParser) quantifier() (low, high, width int) {
	if !p.more() {
		return -1, 0, 0
	}
	switch p.src[p.at] {
	case '*':
		return 0, -1, 1
	case '+':
		return 1, -1, 1
	case '?':
		return 0, 1, 1
	case '{':
	default:
		return -1, 0, 0
	}
	end := slices.Index(p.src[p.at:], '}')
	if end < 0 {
		return -1, 0, 0
	}
	first, second, ranged := strings.Cut(string(p.src[p.at+1:p.at+end]), ",")
	number := func(s string) int {
		if s == "" || strings.Trim(s, "0123456789") != "" {
			return -1
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return 1 << 30
		}
		return min(n, 1<<30)
	}
	low, high = number(first), number(second)
	switch {
	case low < 0:
		return -1, 0, 0
	case !ranged:
		high = low
	case second == "":
		high = -1
	case high < 0:
		return -1, 0, 0
	}
	return low, high, end + 1
}

// quantified reads the quantifier behind a piece. Around a piece that can match nothing the engines count
// differently, so that is refused.
func (p *reParser) quantified(n *reNode, start int) (*reNode, error) {
	if err := p.skip(); err != nil {
		return nil, err
	}
	low, high, width := p.quantifier()
	if low < 0 {
		return n, nil
	}
	at := p.at
	p.at += width
	if err := p.skip(); err != nil {
		return nil, err
	}
	out := &reNode{kind: repeat, subs: []*reNode{n}, low: low, high: high, lazy: p.take("?")}
	if err := p.skip(); err != nil {
		return nil, err
	}
	if again, _, _ := p.quantifier(); again >= 0 {
		return nil, p.wrong(p.at, "a quantifier behind a quantifier (.NET has no possessive ones)")
	}
	switch {
	case high >= 0 && high < low:
		return nil, p.wrong(at, "a repetition from %d to %d times", low, high)
	case max(low, high) > maxRepeat:
		return nil, p.unsupported(at, "a repetition of more than %d times", maxRepeat)
	case n.nullable() && (low != 0 || high != 1 || n.captures()):
		return nil, p.unsupported(start, "a repetition of what can be empty")
	case high == 0 && n.captures():
		return nil, p.unsupported(start, "a group that is repeated 0 times")
	}
	return out, nil
}
