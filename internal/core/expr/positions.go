package expr

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Positions count UTF-16 units, as .NET does.
func units(s string) []uint16    { return utf16.Encode([]rune(s)) }
func fromUnits(u []uint16) Value { return document.TextValue(string(utf16.Decode(u))) }

// cut takes the characters [from, to) of a text; both are bounded by its length. ASCII needs no conversion.
func cut(s string, from, to int) Value {
	if ascii(s) {
		from = min(from, len(s))
		return document.TextValue(s[from:min(to, len(s))])
	}
	u := units(s)
	from = min(from, len(u))
	return fromUnits(u[from:min(to, len(u))])
}

// length counts UTF-16 units.
func length(s string) int {
	if ascii(s) {
		return len(s)
	}
	return len(units(s))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func evalLeft(c call) (Value, error) {
	s, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	n, err := c.integer(1, "the number of characters")
	if err != nil {
		return Value{}, err
	}
	if n < 0 {
		return document.TextValue(s), nil
	}
	return cut(s, 0, n), nil
}

func evalMid(c call) (Value, error) {
	v, err := c.single(0)
	if err != nil || v.Null {
		return v, err
	}
	start, err := c.integer(1, "start")
	if err != nil {
		return Value{}, err
	}
	count, err := c.integer(2, "length")
	if err != nil {
		return Value{}, err
	}
	size := length(v.Text)
	if start < 1 || count < 0 {
		return Value{}, notEvaluated("Mid from %d, %d characters, is not documented", start, count)
	}
	if start > size && size > 0 {
		return Value{}, notEvaluated("Mid from character %d of a text of %d is not documented", start, size)
	}
	return cut(v.Text, start-1, start-1+min(count, size)), nil
}

// evalInStr answers 0 where nothing is found: so says the reference of Entra Connect, with the same examples.
func evalInStr(c call) (Value, error) {
	s, err := c.some(0, "a text to search")
	if err != nil {
		return Value{}, err
	}
	sought, err := c.some(1, "a text to find")
	if err != nil {
		return Value{}, err
	}
	start := 1
	if c.given(2) {
		if start, err = c.integer(2, "start"); err != nil {
			return Value{}, err
		}
	}
	mode := ""
	if c.given(3) {
		if mode, err = c.some(3, "a way to compare"); err != nil {
			return Value{}, err
		}
	}
	if start < 1 || sought == "" {
		return Value{}, notEvaluated("InStr for %q from %d is not documented", sought, start)
	}
	minding, folding := indexFrom(s, sought, start), indexFrom(lowerASCII(s), lowerASCII(sought), start)
	// What is the same text to a culture is only sure for ASCII, and for signs such as @ and blanks in any text.
	sure := ascii(sought) && (ascii(s) || !strings.ContainsFunc(sought, unicode.IsLetter))
	switch mode {
	case "vbBinaryCompare":
		return intValue(minding), nil
	case "vbTextCompare":
		if !sure {
			return Value{}, notEvaluated("InStr with vbTextCompare over letters outside ASCII depends on the culture")
		}
		return intValue(folding), nil
	case "":
		if !sure || minding != folding {
			return Value{}, notEvaluated("InStr without a way to compare: Entra does not document whether it minds letter case")
		}
		return intValue(minding), nil
	}
	return Value{}, notEvaluated("InStr with the comparison %q is not documented", mode)
}

// indexFrom is the position of the first occurrence at or behind a position, both counted from 1; 0 is none.
func indexFrom(s, sought string, start int) int {
	if ascii(s) {
		if start > len(s) {
			return 0
		}
		if at := strings.Index(s[start-1:], sought); at >= 0 {
			return start + at
		}
		return 0
	}
	u := units(s)
	if start > len(u) {
		return 0
	}
	// A half character in front cannot be part of a find.
	rest := string(utf16.Decode(u[start-1:]))
	before, _, found := strings.Cut(rest, sought)
	if !found {
		return 0
	}
	return start + length(before)
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// evalWord picks a word. Entra does not say whether two delimiters in a row have an empty word between them; where
// the two readings differ there is no answer.
func evalWord(c call) (Value, error) {
	s, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	number, err := c.integer(1, "the number of the word")
	if err != nil {
		return Value{}, err
	}
	delimiters, _, err := c.text(2)
	if err != nil {
		return Value{}, err
	}
	isDelimiter := func(r rune) bool { return strings.ContainsRune(delimiters, r) }
	if s == "" || number < 1 || !strings.ContainsFunc(s, isDelimiter) {
		return document.TextValue(""), nil
	}
	var every []string
	for rest, more := s, true; more; {
		at := strings.IndexFunc(rest, isDelimiter)
		if more = at >= 0; !more {
			every = append(every, rest)
			break
		}
		every = append(every, rest[:at])
		_, width := utf8.DecodeRuneInString(rest[at:])
		rest = rest[at+width:]
	}
	a, b := pick(every, number), pick(strings.FieldsFunc(s, isDelimiter), number)
	if a != b {
		return Value{}, notEvaluated("Word over two delimiters in a row is not documented")
	}
	return document.TextValue(a), nil
}

func pick(words []string, number int) string {
	if number > len(words) {
		return ""
	}
	return words[number-1]
}
