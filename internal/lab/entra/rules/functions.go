package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// spec is a function: how many arguments it takes, and what it does with them.
type spec struct {
	least, most int
	do          func(c *evaluation, args []*Expr) []string
}

// functions are those of the page "Reference for writing expressions" that mappings for SCIM targets commonly use.
// Where the page does not say what null becomes, null stays null, and Join leaves it out.
func table() map[string]spec {
	text := func(change func(string) string) spec {
		return spec{1, 2, func(c *evaluation, a []*Expr) []string { return each(c.eval(a[0]), change) }}
	}
	test := func(ask func([]string) bool) spec {
		return spec{1, 1, func(c *evaluation, a []*Expr) []string { return truth(ask(c.eval(a[0]))) }}
	}
	empty := func(v []string) bool { return len(v) == 0 || len(v) == 1 && v[0] == "" }
	return map[string]spec{
		"Append": {2, 2, func(c *evaluation, a []*Expr) []string {
			return each(c.eval(a[0]), func(s string) string { return s + c.text(a, 1) })
		}},
		"AppRoleAssignmentsComplex":          {1, 1, func(c *evaluation, a []*Expr) []string { return c.eval(a[0]) }},
		"AssertiveAppRoleAssignmentsComplex": {1, 1, func(c *evaluation, a []*Expr) []string { return c.eval(a[0]) }},
		"CBool": {1, 1, func(c *evaluation, a []*Expr) []string {
			v := one(c.eval(a[0]))
			return truth(v != "" && v != "0" && !strings.EqualFold(v, "false"))
		}},
		"Coalesce": {2, 1 << 10, func(c *evaluation, a []*Expr) []string {
			for _, x := range a {
				if v := c.eval(x); !empty(v) {
					return v
				}
			}
			return nil
		}},
		"Count": {1, 1, func(c *evaluation, a []*Expr) []string { return []string{strconv.Itoa(len(c.eval(a[0])))} }},
		"CStr":  {1, 1, func(c *evaluation, a []*Expr) []string { return c.eval(a[0]) }},
		"IgnoreFlowIfNullOrEmpty": {1, 1, func(c *evaluation, a []*Expr) []string {
			v := c.eval(a[0])
			c.flow = c.flow && !empty(v)
			return v
		}},
		"IIF": {3, 3, func(c *evaluation, a []*Expr) []string {
			if one(c.eval(a[0])) == "True" {
				return c.eval(a[1])
			}
			return c.eval(a[2])
		}},
		"InStr": {2, 4, func(c *evaluation, a []*Expr) []string {
			return []string{strconv.Itoa(strings.Index(c.text(a, 0), c.text(a, 1)) + 1)}
		}},
		"IsNull":        test(func(v []string) bool { return len(v) == 0 }),
		"IsNullOrEmpty": test(empty),
		"IsPresent":     test(func(v []string) bool { return !empty(v) }),
		"IsString":      test(func(v []string) bool { return len(v) == 1 }),
		"Item": {2, 2, func(c *evaluation, a []*Expr) []string {
			v, n := c.eval(a[0]), c.number(a, 1)
			if n < 1 || n > len(v) {
				return nil
			}
			return v[n-1 : n]
		}},
		"Join": {2, 1 << 10, func(c *evaluation, a []*Expr) []string {
			var all []string
			for _, x := range a[1:] {
				for _, s := range c.eval(x) {
					if s != "" {
						all = append(all, s)
					}
				}
			}
			if all == nil {
				return nil
			}
			return []string{strings.Join(all, c.text(a, 0))}
		}},
		"Left": {2, 2, func(c *evaluation, a []*Expr) []string {
			n := c.number(a, 1)
			return each(c.eval(a[0]), func(s string) string {
				if n < 0 {
					return s
				}
				return part(s, 1, n)
			})
		}},
		"Mid": {3, 3, func(c *evaluation, a []*Expr) []string {
			return each(c.eval(a[0]), func(s string) string { return part(s, c.number(a, 1), c.number(a, 2)) })
		}},
		"NormalizeDiacritics": text(plain),
		"Not": {1, 1, func(c *evaluation, a []*Expr) []string {
			v := c.eval(a[0])
			if v == nil {
				return nil
			}
			return truth(!strings.EqualFold(one(v), "True"))
		}},
		"Redact": {1, 1, func(c *evaluation, a []*Expr) []string { return c.eval(a[0]) }},
		"RemoveDuplicates": {1, 1, func(c *evaluation, a []*Expr) []string {
			var out []string
			for _, s := range c.eval(a[0]) {
				if !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
			return out
		}},
		"Replace":                 {2, 7, replace},
		"SingleAppRoleAssignment": {1, 1, func(c *evaluation, a []*Expr) []string { return roleName(c.eval(a[0])) }},
		"Split": {2, 2, func(c *evaluation, a []*Expr) []string {
			v := c.eval(a[0])
			if v == nil {
				return nil
			}
			return strings.Split(v[0], c.text(a, 1))
		}},
		"StripSpaces": text(func(s string) string { return strings.ReplaceAll(s, " ", "") }),
		"Switch":      {3, 1 << 10, choose},
		"ToLower":     text(strings.ToLower),
		"ToUpper":     text(strings.ToUpper),
		"Trim":        text(strings.TrimSpace),
		"Word": {3, 3, func(c *evaluation, a []*Expr) []string {
			words := strings.FieldsFunc(c.text(a, 0), func(r rune) bool { return strings.ContainsRune(c.text(a, 2), r) })
			if n := c.number(a, 1); n >= 1 && n <= len(words) {
				return words[n-1 : n]
			}
			return []string{""}
		}},
	}
}

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
