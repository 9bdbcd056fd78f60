package cause

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestRenderFillsPlaceholdersAndFallsBackToWords(t *testing.T) {
	values := map[string]string{"user": "lena@fabrikam.example", "value": "l.vogel@fabrikam.example", "other": "{group}"}
	for name, c := range map[string]struct{ in, want string }{
		"a value is filled in":                           {"enable {user} now", "enable lena@fabrikam.example now"},
		"a missing value becomes a word":                 {"open {group} › Members", "open the group › Members"},
		"a missing value in a call becomes a gap":        {"`DELETE /org/{org}/user/{account}` for {account}", "`DELETE /org/<organization id>/user/<account id>` for the account"},
		"a value in a call is filled in":                 {"`rollcall why {user}`", "`rollcall why lena@fabrikam.example`"},
		"a bracket with its value stays":                 {"the address ({value}) is taken", "the address (l.vogel@fabrikam.example) is taken"},
		"a bracket without its value goes":               {"the record ({record}) is stale", "the record is stale"},
		"a value that looks like a placeholder stays":    {"see {other}", "see {group}"},
		"what is no placeholder stays":                   {"send `{\"criteria\": {}}` to {nowhere}", "send `{\"criteria\": {}}` to {nowhere}"},
		"a brace that is not closed stays":               {"odd {user", "odd {user"},
		"an unknown brace does not hide the next one":    {"{x {user}", "{x lena@fabrikam.example"},
		"text without placeholders is returned as it is": {"nothing to fill", "nothing to fill"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (Cause{}).Render(c.in, values); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestEveryPlaceholderIsKnownAndEveryKnownOneIsUsed(t *testing.T) {
	word := regexp.MustCompile(`\{([a-z_]+)\}`)
	used := map[string]bool{}
	for _, c := range All() {
		for _, s := range append([]string{c.Title, c.Text, c.Proof}, c.Fix...) {
			for _, m := range word.FindAllStringSubmatch(s, -1) {
				used[m[1]] = true
				if !slices.ContainsFunc(Placeholders, func(p Placeholder) bool { return p.Name == m[1] }) {
					t.Errorf("%s: unknown placeholder %s in %q", c.Code, m[0], s)
				}
			}
		}
	}
	for _, p := range Placeholders {
		if !used[p.Name] {
			t.Errorf("no text uses {%s}", p.Name)
		}
	}
}

func TestFixesReadWellWithoutAnyValue(t *testing.T) {
	for _, c := range All() {
		for _, s := range c.Fix {
			got := c.Render(s, nil)
			bad := []string{"the the ", "()", "  ", " ,", " :"}
			for _, p := range Placeholders {
				bad = append(bad, p.Prose+" "+p.Prose)
			}
			for _, b := range bad {
				if strings.Contains(got, b) {
					t.Errorf("%s: %q in %q", c.Code, b, got)
				}
			}
		}
	}
}
