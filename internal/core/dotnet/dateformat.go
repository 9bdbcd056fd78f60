package dotnet

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Moment is a date as .NET has it between parsing and printing: a wall clock, and whether it is known to be UTC.
// Where .NET would turn it into the local time of the machine it runs on, there is no Moment: that zone is not told.
type Moment struct {
	Wall time.Time // in time.UTC, whatever the zone
	UTC  bool
}

// token is a part of a custom format: a specifier letter and how often it stands there, or literal text.
type token struct {
	kind rune // 0: literal
	n    int
	text string
	at   int // character, from 0
}

// maxFormat bounds formats.
const maxFormat = 1000

const specifiers = "dfFghHKmMstyz:/"

// standard are the formats of one letter that are the same in every culture.
var standard = map[string]string{
	"O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK", "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
	"R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'", "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
	"s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss", "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
}

// tokens splits a format. A format of one letter is a standard one; those that depend on the culture are refused.
func tokens(format string) ([]token, error) {
	if utf8.RuneCountInString(format) == 1 {
		long, ok := standard[format]
		switch {
		case ok:
			format = long
		case strings.ContainsAny(format, "dDfFgGMmtTUYy"):
			return nil, &UnsupportedError{What: fmt.Sprintf("the standard format %s, which depends on the culture,", format), At: 1}
		default:
			return nil, &SyntaxError{What: fmt.Sprintf("%q is no standard format", format), At: 1}
		}
	}
	if len(format) > maxFormat {
		return nil, &UnsupportedError{What: fmt.Sprintf("a format of more than %d bytes", maxFormat)}
	}
	runes := []rune(format)
	var out []token
	for i := 0; i < len(runes); {
		start, c := i, runes[i]
		i++
		t := token{text: string(c), at: start}
		switch {
		case c == '\'' || c == '"':
			text, next, ok := quoted(runes, i, c)
			if !ok {
				return nil, &SyntaxError{What: "a quotation mark without end in a format", At: start + 1}
			}
			t.text, i = text, next
		case c == '\\' || c == '%':
			if i == len(runes) || c == '%' && runes[i] == '%' {
				return nil, &SyntaxError{What: fmt.Sprintf("%c at the end of a format", c), At: start + 1}
			}
			if c == '%' {
				continue
			}
			t.text = string(runes[i])
			i++
		case c == 'Z':
			t.kind = c // printed as it is, read as UTC
		case strings.ContainsRune(specifiers, c):
			t.kind, t.n = c, 1
			for i < len(runes) && runes[i] == c && c != ':' && c != '/' && c != 'K' {
				t.n++
				i++
			}
		}
		if err := t.check(); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func quoted(runes []rune, i int, end rune) (text string, next int, ok bool) {
	var b strings.Builder
	for ; i < len(runes); i++ {
		switch runes[i] {
		case end:
			return b.String(), i + 1, true
		case '\\':
			if i++; i == len(runes) {
				return "", i, false
			}
		}
		b.WriteRune(runes[i])
	}
	return "", i, false
}

func (t token) check() error {
	switch {
	case t.kind == 'g':
		return &UnsupportedError{What: "the era g in a format", At: t.at + 1}
	case (t.kind == 'f' || t.kind == 'F') && t.n > 7:
		return &SyntaxError{What: "more than seven digits of a second in a format", At: t.at + 1}
	}
	return nil
}

// Format prints the moment in a custom or standard format.
func (m Moment) Format(format string) (string, error) {
	if format == "" {
		return "", &UnsupportedError{What: "an empty format"}
	}
	list, err := tokens(format)
	if err != nil {
		return "", err
	}
	var b []byte
	for _, t := range list {
		if t.kind == 'z' {
			return "", &UnsupportedError{What: "the offset z in an output format", At: t.at + 1}
		}
		b = m.print(b, t)
	}
	return string(b), nil
}

func (m Moment) print(b []byte, t token) []byte {
	w := m.Wall
	pad := func(value, width int) []byte { return fmt.Appendf(b, "%0*d", width, value) }
	switch t.kind {
	case 'd':
		switch {
		case t.n <= 2:
			return pad(w.Day(), t.n)
		case t.n == 3:
			return append(b, w.Weekday().String()[:3]...)
		}
		return append(b, w.Weekday().String()...)
	case 'M':
		switch {
		case t.n <= 2:
			return pad(int(w.Month()), t.n)
		case t.n == 3:
			return append(b, w.Month().String()[:3]...)
		}
		return append(b, w.Month().String()...)
	case 'y':
		if t.n <= 2 {
			return pad(w.Year()%100, t.n)
		}
		return pad(w.Year(), t.n)
	case 'h':
		return pad((w.Hour()+11)%12+1, min(t.n, 2))
	case 'H':
		return pad(w.Hour(), min(t.n, 2))
	case 'm':
		return pad(w.Minute(), min(t.n, 2))
	case 's':
		return pad(w.Second(), min(t.n, 2))
	case 'f':
		return append(b, fmt.Sprintf("%09d", w.Nanosecond())[:t.n]...)
	case 'F':
		digits := strings.TrimRight(fmt.Sprintf("%09d", w.Nanosecond())[:t.n], "0")
		if digits == "" && len(b) > 0 && b[len(b)-1] == '.' {
			return b[:len(b)-1]
		}
		return append(b, digits...)
	case 't':
		mark := "AM"
		if w.Hour() >= 12 {
			mark = "PM"
		}
		return append(b, mark[:min(t.n, 2)]...)
	case 'K':
		if m.UTC {
			return append(b, 'Z')
		}
		return b
	}
	return append(b, t.text...)
}
