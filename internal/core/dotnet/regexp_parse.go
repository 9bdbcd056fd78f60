package dotnet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxNesting bounds parentheses; maxRepeat is what Go's engine repeats at most.
const (
	maxNesting = 100
	maxRepeat  = 1000
)

// options are the inline options: i, m, n, s and x.
type options struct{ fold, multiline, explicit, dotAll, spaced bool }

type reParser struct {
	src    []rune
	at     int
	opts   options
	groups []group
	names  map[string]int
	watch  watch
}

func (p *reParser) unsupported(at int, format string, args ...any) error {
	return &UnsupportedError{What: fmt.Sprintf(format, args...), At: at + 1}
}

func (p *reParser) wrong(at int, format string, args ...any) error {
	return &SyntaxError{What: fmt.Sprintf(format, args...), At: at + 1}
}

func (p *reParser) more() bool { return p.at < len(p.src) }

func (p *reParser) peek(text string) bool {
	return strings.HasPrefix(string(p.src[p.at:min(len(p.src), p.at+len(text))]), text)
}

func (p *reParser) take(text string) bool {
	if !p.peek(text) {
		return false
	}
	p.at += len(text)
	return true
}

func (p *reParser) parse() (*reNode, error) {
	n, err := p.alternation(0)
	if err == nil && p.more() {
		err = p.wrong(p.at, "a closing parenthesis too many")
	}
	return n, err
}

// alternation reads up to the end or a closing parenthesis. Options that are set inside end with it.
func (p *reParser) alternation(depth int) (*reNode, error) {
	if depth > maxNesting {
		return nil, p.unsupported(p.at, "parentheses nested deeper than %d", maxNesting)
	}
	before := p.opts
	defer func() { p.opts = before }()
	n := &reNode{kind: either}
	for {
		branch, err := p.sequence(depth)
		if err != nil {
			return nil, err
		}
		n.subs = append(n.subs, branch)
		if !p.take("|") {
			break
		}
	}
	if len(n.subs) == 1 {
		return n.subs[0], nil
	}
	return n, nil
}

func (p *reParser) sequence(depth int) (*reNode, error) {
	n := &reNode{kind: concat}
	for {
		if err := p.skip(); err != nil {
			return nil, err
		}
		if !p.more() || p.src[p.at] == '|' || p.src[p.at] == ')' {
			return n, nil
		}
		start := p.at
		piece, err := p.piece(depth)
		if err != nil {
			return nil, err
		}
		if piece == nil { // an option such as (?i)
			continue
		}
		if piece, err = p.quantified(piece, start); err != nil {
			return nil, err
		}
		n.subs = append(n.subs, piece)
	}
}

// skip passes comments, and with (?x) blanks too.
func (p *reParser) skip() error {
	for p.more() {
		switch {
		case p.opts.spaced && strings.ContainsRune(" \t\n\f\r", p.src[p.at]):
			p.at++
		case p.opts.spaced && p.src[p.at] == '#':
			for p.more() && p.src[p.at] != '\n' {
				p.at++
			}
		case p.peek("(?#"):
			end := slices.Index(p.src[p.at:], ')')
			if end < 0 {
				return p.wrong(p.at, "a comment without end")
			}
			p.at += end + 1
		default:
			return nil
		}
	}
	return nil
}

func (p *reParser) piece(depth int) (*reNode, error) {
	start := p.at
	c := p.src[p.at]
	if low, _, _ := p.quantifier(); low >= 0 {
		return nil, p.wrong(start, "a quantifier behind nothing")
	}
	p.at++
	switch c {
	case '(':
		return p.group(start, depth)
	case '[':
		s, err := p.class(start, 0)
		return &reNode{kind: oneOf, chars: s}, err
	case '.':
		if p.opts.dotAll {
			return &reNode{kind: oneOf, chars: set{{0, lastRune}}}, nil
		}
		return &reNode{kind: oneOf, chars: single('\n').negate()}, nil
	case '^':
		if p.opts.multiline {
			return &reNode{kind: anchor, text: `(?m:^)`}, nil
		}
		return &reNode{kind: anchor, text: `\A`}, nil
	case '$':
		if p.opts.multiline {
			return &reNode{kind: anchor, text: `(?m:$)`}, nil
		}
		p.watch.end = true
		return &reNode{kind: anchor, text: `\z`}, nil
	case '\\':
		return p.escape(start)
	}
	return p.literal(start, c)
}

func (p *reParser) literal(at int, c rune) (*reNode, error) {
	if c > lastRune {
		return nil, p.unsupported(at, "%q, which .NET reads in two halves,", c)
	}
	s, err := p.fold(at, single(c))
	return &reNode{kind: oneOf, chars: s}, err
}

func (p *reParser) fold(at int, s set) (set, error) {
	if !p.opts.fold {
		return s, nil
	}
	p.watch.fold = true
	f, ok := s.folded()
	if !ok {
		return nil, p.unsupported(at, "(?i) over letters whose case depends on the culture")
	}
	return f, nil
}

func (p *reParser) escape(start int) (*reNode, error) {
	if !p.more() {
		return nil, p.wrong(start, "a backslash at the end")
	}
	c := p.src[p.at]
	switch {
	case c == 'A':
		p.at++
		return &reNode{kind: anchor, text: `\A`}, nil
	case c == 'z':
		p.at++
		return &reNode{kind: anchor, text: `\z`}, nil
	case c == 'Z':
		p.at++
		p.watch.end = true
		return &reNode{kind: anchor, text: `\z`}, nil
	case c == 'b' || c == 'B':
		p.at++
		p.watch.boundary = true
		return &reNode{kind: anchor, text: `\` + string(c)}, nil
	case c == 'G':
		return nil, p.unsupported(start, `the anchor \G`)
	case c == 'k' || c >= '1' && c <= '9':
		return nil, p.unsupported(start, `the back reference \%c`, c)
	case strings.ContainsRune("dDwWsSpP", c):
		s, err := p.shorthand(start)
		return &reNode{kind: oneOf, chars: s}, err
	}
	c, err := p.character(start)
	if err != nil {
		return nil, err
	}
	return p.literal(start, c)
}

// shorthand reads what follows the backslash of \d, \w, \s or \p{…}.
func (p *reParser) shorthand(start int) (set, error) {
	letter := p.src[p.at]
	p.at++
	if letter != 'p' && letter != 'P' {
		return shorthand(letter), nil
	}
	end := slices.Index(p.src[p.at:], '}')
	if !p.peek("{") || end < 0 {
		return nil, p.wrong(start, `\%c without {name}`, letter)
	}
	name := string(p.src[p.at+1 : p.at+end])
	p.at += end + 1
	s, ok := property(name)
	if !ok {
		return nil, p.unsupported(start, `\%c{%s}`, letter, name)
	}
	if letter == 'P' {
		s = s.negate()
	}
	return s, nil
}

// character reads what follows a backslash as one character.
func (p *reParser) character(start int) (rune, error) {
	c := p.src[p.at]
	p.at++
	if at := strings.IndexRune("abtrvfne", c); at >= 0 {
		return []rune("\a\b\t\r\v\f\n\x1b")[at], nil
	}
	switch {
	case c >= '0' && c <= '7':
		p.at--
		value := rune(0)
		for n := 0; n < 3 && p.more() && p.src[p.at] >= '0' && p.src[p.at] <= '7'; n++ {
			value = value*8 + p.src[p.at] - '0'
			p.at++
		}
		return value & 0xFF, nil
	case c == 'x' || c == 'u':
		width := map[rune]int{'x': 2, 'u': 4}[c]
		digits := string(p.src[p.at:min(len(p.src), p.at+width)])
		value, err := strconv.ParseUint(digits, 16, 16)
		if err != nil || len(digits) != width {
			return 0, p.wrong(start, `\%c without %d hexadecimal digits`, c, width)
		}
		p.at += width
		return rune(value), nil
	case c == 'c':
		if p.more() {
			if control := unicode.ToUpper(p.src[p.at]) - '@'; control >= 0 && control < ' ' && p.src[p.at] < 0x80 {
				p.at++
				return control, nil
			}
		}
		return 0, p.wrong(start, `\c without a control character`)
	case c == '_' || unicode.In(c, unicode.L, unicode.Mn, unicode.Nd, unicode.Pc):
		return 0, p.wrong(start, `\%c, which is no escape of .NET`, c)
	}
	return c, nil
}
