package expr

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/document"
)

func evalAppend(c *call) (Value, error) {
	source, null, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	suffix, nothing, err := c.text(1)
	if err != nil {
		return Value{}, err
	}
	if null || nothing {
		return Value{}, notEvaluated("Append of an empty attribute is not documented")
	}
	return document.TextValue(source + suffix), nil
}

// evalJoin flattens lists and leaves out what is empty: the documented Join(", ", "", [surname], [givenName]) gives
// "Doe, John" without a separator in front.
func evalJoin(c *call) (Value, error) {
	sep, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	var parts []string
	for i := 1; i < len(c.args); i++ {
		v, err := c.value(i)
		if err != nil {
			return Value{}, err
		}
		if v.Multi() {
			parts = append(parts, v.Values...)
		} else if v.Text != "" {
			parts = append(parts, v.Text)
		}
		size := len(sep) * len(parts)
		for _, p := range parts {
			size += len(p)
		}
		if size > maxText {
			return Value{}, c.tooLong()
		}
	}
	if parts == nil {
		return document.NullValue, nil
	}
	return document.TextValue(strings.Join(parts, sep)), nil
}

// Positions count UTF-16 units, as .NET does.
func units(s string) []uint16    { return utf16.Encode([]rune(s)) }
func fromUnits(u []uint16) Value { return document.TextValue(string(utf16.Decode(u))) }

func evalLeft(c *call) (Value, error) {
	s, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	n, err := c.integer(1, "the number of characters")
	if err != nil {
		return Value{}, err
	}
	u := units(s)
	if n < 0 || n > len(u) {
		n = len(u)
	}
	return fromUnits(u[:n]), nil
}

func evalMid(c *call) (Value, error) {
	v, err := c.single(0)
	if err != nil || v.Null {
		return v, err
	}
	start, err := c.integer(1, "start")
	if err != nil {
		return Value{}, err
	}
	length, err := c.integer(2, "length")
	if err != nil {
		return Value{}, err
	}
	if start < 1 || length < 0 {
		return Value{}, notEvaluated("Mid from %d, %d characters, is not documented", start, length)
	}
	u := units(v.Text)
	from := min(start-1, len(u))
	return fromUnits(u[from:][:min(length, len(u)-from)]), nil
}

// evalWord picks a word. Entra does not say whether two delimiters in a row have an empty word between them; where
// the two readings differ there is no answer.
func evalWord(c *call) (Value, error) {
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

func evalItem(c *call) (Value, error) {
	v, err := c.value(0)
	if err != nil || v.Null {
		return v, err
	}
	index, err := c.integer(1, "index")
	if err != nil {
		return Value{}, err
	}
	if !v.Multi() || index < 1 || index > len(v.Values) {
		return Value{}, notEvaluated("Item %d of %q is not documented", index, v.String())
	}
	return document.TextValue(v.Values[index-1]), nil
}

// evalSplit trims the blanks around the pieces, as the documented example does.
func evalSplit(c *call) (Value, error) {
	v, err := c.single(0)
	if err != nil || v.Null {
		return v, err
	}
	sep, _, err := c.text(1)
	if err != nil {
		return Value{}, err
	}
	if sep == "" {
		return Value{}, notEvaluated("Split without a delimiter is not documented")
	}
	parts := strings.Split(v.Text, sep)
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return document.ListValue(parts), nil
}

func evalRemoveDuplicates(c *call) (Value, error) {
	v, err := c.value(0)
	if err != nil || !v.Multi() {
		return v, err
	}
	var once []string
	for _, s := range v.Values {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return document.ListValue(once), nil
}

// evalReplace evaluates the two modes without a regular expression: old and new value, old value and template.
func evalReplace(c *call) (Value, error) {
	const source, old, pattern, group, replacement, attr, template = 0, 1, 2, 3, 4, 5, 6
	if c.given(pattern) || c.given(group) || c.given(attr) {
		return Value{}, notEvaluated("Replace with a regular expression is not evaluated yet")
	}
	v, err := c.single(source)
	if err != nil {
		return v, err
	}
	from, null, err := c.text(old)
	if err != nil {
		return Value{}, err
	}
	if null || from == "" {
		return Value{}, notEvaluated("Replace without a value to replace is not documented")
	}
	in, to := v, v
	switch {
	case c.given(template) && c.given(replacement):
		return Value{}, notEvaluated("Replace with both a replacement and a template is not documented")
	case c.given(template):
		in, err = c.single(template)
	case c.given(replacement):
		to, err = c.single(replacement)
	default:
		return Value{}, notEvaluated("Replace without a replacement is not documented")
	}
	if err != nil || v.Null {
		return v, err
	}
	if len(in.Text)+strings.Count(in.Text, from)*len(to.Text) > maxText {
		return Value{}, c.tooLong()
	}
	return document.TextValue(strings.ReplaceAll(in.Text, from, to.Text)), nil
}
