package rules

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

// part counts from 1, in characters.
func part(s string, start, length int) string {
	r := []rune(s)
	from := min(max(start-1, 0), len(r))
	return string(r[from:min(from+max(length, 0), len(r))])
}

// choose is Switch(source, default, key1, value1, …). Keys are compared exactly. The documented defect, that it gives
// null when another attribute changed, is left out.
func choose(c *evaluation, a []*Expr) []string {
	v := one(c.eval(a[0]))
	for i := 2; i+1 < len(a); i += 2 {
		if c.text(a, i) == v {
			return c.eval(a[i+1])
		}
	}
	if given(a, 1) {
		return c.eval(a[1])
	}
	return nil
}

// replace is Replace(source, oldValue, regexPattern, regexGroupName, replacementValue, replacementAttributeName,
// template). A template takes the source's value in place of oldValue. Patterns are Go's, which differ from .NET's
// in corners that mappings rarely see; one that Go does not take changes nothing.
func replace(c *evaluation, a []*Expr) []string {
	src := c.eval(a[0])
	with := c.text(a, 4)
	switch {
	case given(a, 6) && given(a, 1):
		return []string{strings.ReplaceAll(c.text(a, 6), c.text(a, 1), one(src))}
	case given(a, 1):
		return each(src, func(s string) string { return strings.ReplaceAll(s, c.text(a, 1), with) })
	case !given(a, 2):
		return src
	}
	pattern, err := regexp.Compile(c.text(a, 2))
	if err != nil {
		return src
	}
	if given(a, 5) {
		with = c.text(a, 5)
	}
	group := c.text(a, 3)
	return each(src, func(s string) string {
		at := pattern.SubexpIndex(group)
		if group == "" || at < 0 {
			return pattern.ReplaceAllString(s, with)
		}
		m := pattern.FindStringSubmatchIndex(s)
		if len(m) == 0 || m[2*at] < 0 {
			return s
		}
		return s[:m[2*at]] + with + s[m[2*at+1]:]
	})
}

// roleName is the name of the first role; which one the service takes of several is undefined.
func roleName(v []string) []string {
	if len(v) == 0 {
		return nil
	}
	var r struct{ Value, DisplayName string }
	if err := json.Unmarshal([]byte(v[0]), &r, json.MatchCaseInsensitiveNames(true)); err != nil {
		return v[:1]
	}
	if r.Value != "" {
		return []string{r.Value}
	}
	return []string{r.DisplayName}
}

// plain replaces letters by the page's table, as far as it has single letters of western alphabets.
func plain(s string) string {
	return strings.NewReplacer("ä", "a", "à", "a", "á", "a", "â", "a", "ã", "a", "å", "a", "ç", "c", "č", "c", "é", "e", "è", "e",
		"ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "ł", "l", "ñ", "n", "ö", "o", "ó", "o", "ò", "o", "ô", "o",
		"õ", "o", "ø", "oe", "š", "s", "ß", "ss", "ü", "u", "ú", "u", "ù", "u", "û", "u", "ý", "y", "ž", "z", "Ä", "A", "Å", "A",
		"É", "E", "Ö", "O", "Ø", "OE", "Ü", "U", "Ž", "Z", "Š", "S").Replace(s)
}
