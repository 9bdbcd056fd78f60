package scope

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reference is the pattern as a regular expression.
func reference(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for _, c := range strings.ToLower(strings.TrimSpace(pattern)) {
		switch c {
		case '*':
			b.WriteString(`.*`)
		case '?':
			b.WriteString(`.`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return regexp.MustCompile(b.String() + `\z`)
}

func TestAPatternFitsAsItsRegularExpression(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("abAB.\\[( ßÄä\n")), 0, 8, -1)
	pattern := rapid.StringOfN(rapid.RuneFrom([]rune("aabB**??.\\[( Ä\n")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		p, n := pattern.Draw(t, "pattern"), text.Draw(t, "name")
		if rapid.Bool().Draw(t, "made to fit") {
			n = strings.NewReplacer("*", text.Draw(t, "any"), "?", "b").Replace(p)
		}
		want := reference(p).MatchString(strings.ToLower(strings.TrimSpace(n)))
		if got := Like(p, n); got != want {
			t.Fatalf("%q fits %q: %v, want %v", n, p, got, want)
		}
	})
}

func TestALongPatternTakesNoLongTime(t *testing.T) {
	if Like(strings.Repeat("*a", 500)+"b", strings.Repeat("a", 5000)) {
		t.Error("a pattern with b at its end fits a name without b")
	}
}

func TestTheFirstRuleThatFitsDecides(t *testing.T) {
	r := Rules{Nested: Direct, Groups: []GroupRule{{Name: "jira-admins", Nested: Direct}, {Name: "jira-*", Nested: Flatten, Depth: 2}}}
	for name, want := range map[string]struct {
		depth int
		named bool
	}{
		"JIRA-Admins": {0, true}, "jira-users": {2, true}, "jira-": {2, true}, "other": {0, false}, "": {0, false},
	} {
		rule, named := r.rule(name)
		if rule.depth() != want.depth || named != want.named {
			t.Errorf("%q is read to the depth %d, named: %v; want %+v", name, rule.depth(), named, want)
		}
	}
}
