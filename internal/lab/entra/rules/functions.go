package rules

import (
	"slices"
	"strconv"
	"strings"
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
			delimiters := c.text(a, 2)
			words := strings.FieldsFunc(c.text(a, 0), func(r rune) bool { return strings.ContainsRune(delimiters, r) })
			if n := c.number(a, 1); n >= 1 && n <= len(words) {
				return words[n-1 : n]
			}
			return []string{""}
		}},
	}
}
