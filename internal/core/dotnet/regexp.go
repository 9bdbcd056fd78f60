package dotnet

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Bounds of our own: bytes of a pattern, ranges and instructions of its program, matches that are replaced in one
// text, and work (program × text).
const (
	maxPattern = 4096
	maxRanges  = 100_000
	maxSteps   = 20_000
	maxMatches = 100_000
	maxWork    = 1 << 26
)

// cultureLetters are İ, ı, ſ and the Kelvin sign: whether they are another case of i, s and k, .NET decides by culture.
const cultureLetters = "\u0130\u0131\u017f\u212a"

// Regexp is a .NET regular expression. It is immutable and may be used from several goroutines.
type Regexp struct {
	re     *regexp.Regexp
	next   func() *regexp.Regexp // the same pattern behind one character and as few others as possible
	steps  int                   // instructions of the program, about
	groups []group
	names  map[string]int // ordinal in groups, from 1
	watch  watch
}

// group is a capturing group, in the order of their opening parentheses.
type group struct {
	name   string // empty: numbered
	number int    // .NET numbers the groups without a name first
}

// watch says over which texts Go and .NET differ although the pattern is translated.
type watch struct {
	boundary bool // \b and \B know letters outside ASCII only in .NET
	end      bool // $ and \Z also match before a final line break
	fold     bool // (?i) and the letters whose case depends on the culture
}

// Compile translates a pattern. The error is *SyntaxError where .NET refuses the pattern as well and
// *UnsupportedError where the pattern holds something that Go's engine lacks or reads differently.
func Compile(pattern string, ignoreCase bool) (*Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, &UnsupportedError{What: fmt.Sprintf("a regular expression that is too long, more than %d bytes,", maxPattern)}
	}
	if !utf8.ValidString(pattern) {
		return nil, &UnsupportedError{What: "a regular expression that is not valid UTF-8"}
	}
	p := &reParser{src: []rune(pattern), opts: options{fold: ignoreCase}, names: map[string]int{}}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	if root.steps() > maxSteps || root.ranges() > maxRanges {
		return nil, &UnsupportedError{What: "a regular expression whose repetitions are too large"}
	}
	var b strings.Builder
	root.print(&b)
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil, &UnsupportedError{What: "a regular expression whose repetitions are too large"}
	}
	next := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\A(?s:.)(?s:.*?)(` + b.String() + `)`) })
	return &Regexp{re: re, next: next, steps: root.steps(), groups: p.number(), names: p.names, watch: p.watch}, nil
}

// Match finds the pattern anywhere in the text, as IsMatch does. The error is *UnsupportedError where .NET may
// answer differently over this text.
func (r *Regexp) Match(text string) (bool, error) {
	if err := r.check(text); err != nil {
		return false, err
	}
	return r.re.MatchString(text), nil
}

// HasGroup tells whether the pattern has a group of that name.
func (r *Regexp) HasGroup(name string) bool { return r.names[name] > 0 }

// Find gives the text of a named group in the first match. Found tells whether the pattern matched and the group
// took part in it.
func (r *Regexp) Find(text, group string) (value string, found bool, err error) {
	if err := r.check(text); err != nil {
		return "", false, err
	}
	m := r.re.FindStringSubmatchIndex(text)
	i := r.names[group]
	if m == nil || i == 0 || m[2*i] < 0 {
		return "", false, nil
	}
	return text[m[2*i]:m[2*i+1]], true, nil
}

// Spans gives the places of a named group in all matches, as byte offsets [from, to), in order. A match in which
// the group took no part is left out.
func (r *Regexp) Spans(text, group string) ([][2]int, error) {
	i := r.names[group]
	var spans [][2]int
	err := r.each(text, func(m []int) {
		if i > 0 && m[2*i] >= 0 {
			spans = append(spans, [2]int{m[2*i], m[2*i+1]})
		}
	})
	return spans, err
}

// each visits the matches as .NET finds them: unlike Go it takes an empty match right behind a match.
func (r *Regexp) each(text string, visit func(match []int)) error {
	if err := r.check(text); err != nil {
		return err
	}
	m := r.re.FindStringSubmatchIndex(text)
	work := 0
	for n := 0; m != nil; n++ {
		work += (len(text) - m[0]) * r.steps
		if n == maxMatches || work > maxWork {
			return &UnsupportedError{What: "a regular expression over a text with so many matches"}
		}
		visit(m)
		at := m[1]
		if m[0] == m[1] {
			if at == len(text) {
				return nil
			}
			_, width := utf8.DecodeRuneInString(text[at:])
			at += width
		}
		m = r.from(text, at)
	}
	return nil
}

// from finds the first match at or behind a place inside the text. The character before it goes in front, so that
// anchors see what stands there.
func (r *Regexp) from(text string, at int) []int {
	_, width := utf8.DecodeLastRuneInString(text[:at])
	start := at - width
	m := r.next().FindStringSubmatchIndex(text[start:])
	if m == nil {
		return nil
	}
	m = m[2:]
	for i := range m {
		if m[i] >= 0 {
			m[i] += start
		}
	}
	return m
}

// check refuses texts over which the answers may differ. .NET works on UTF-16 units: a character outside the first
// plane is two of them.
func (r *Regexp) check(text string) error {
	if len(text)*r.steps > maxWork {
		return &UnsupportedError{What: "a regular expression of this size over a text of this length"}
	}
	if r.watch.end && strings.HasSuffix(text, "\n") {
		return &UnsupportedError{What: `$ over a text that ends with a line break`}
	}
	for i, c := range text {
		switch {
		case c < utf8.RuneSelf:
		case c > 0xFFFF:
			return &UnsupportedError{What: fmt.Sprintf("a regular expression over %q, which .NET reads in two halves,", c)}
		case c == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			return &UnsupportedError{What: "a regular expression over text that is not valid UTF-8"}
		case r.watch.boundary:
			return &UnsupportedError{What: `\b over letters outside ASCII`}
		case r.watch.fold && strings.ContainsRune(cultureLetters, c):
			return &UnsupportedError{What: fmt.Sprintf("letter case of %q", c)}
		}
	}
	return nil
}
