package cause

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// codesOf reads the constants of codes.go, so that a new code without an entry is noticed.
func codesOf(t *testing.T) []Code {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatalf("reading the codes: %v", err)
	}
	var out []Code
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			for _, e := range v.Values {
				s, err := strconv.Unquote(e.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatalf("reading the codes: %v", err)
				}
				out = append(out, Code(s))
			}
		}
		return true
	})
	if len(out) < 50 {
		t.Fatalf("codes.go has only %d codes: the test reads it wrongly", len(out))
	}
	return out
}

func TestEveryCodeHasExactlyOneEntry(t *testing.T) {
	var listed []Code
	for _, c := range All() {
		listed = append(listed, c.Code)
	}
	want := codesOf(t)
	slices.Sort(listed)
	slices.Sort(want)
	if d := cmp.Diff(want, listed); d != "" {
		t.Errorf("codes.go and the catalogue differ (-codes +catalogue):\n%s", d)
	}
}

func TestEveryEntryIsComplete(t *testing.T) {
	families := map[Family]bool{}
	for _, f := range Families {
		families[f.Family] = true
		if f.About == "" {
			t.Errorf("family %s has no description", f.Family)
		}
	}
	for _, c := range All() {
		if !families[c.Family] {
			t.Errorf("%s: unknown family %q", c.Code, c.Family)
		}
		if !slices.Contains(Hops, c.Home) {
			t.Errorf("%s: unknown home hop %q", c.Code, c.Home)
		}
		for i, h := range c.Shows {
			if !slices.Contains(Hops, h) || h == c.Home || slices.Contains(c.Shows[:i], h) {
				t.Errorf("%s: hop %q must exist, once, and not be home", c.Code, h)
			}
		}
		if n := utf8.RuneCountInString(c.Title); n == 0 || n > 60 {
			t.Errorf("%s: the title has %d characters, want 1 to 60: %q", c.Code, n, c.Title)
		}
		if strings.HasSuffix(c.Title, ".") {
			t.Errorf("%s: a title ends without a full stop", c.Code)
		}
		for what, s := range map[string]string{"text": c.Text, "proof": c.Proof} {
			if !strings.HasSuffix(s, ".") {
				t.Errorf("%s: the %s must be sentences: %q", c.Code, what, s)
			}
		}
		if n := len(c.Fix); n < 1 || n > 4 {
			t.Errorf("%s: %d steps to mend it, want 1 to 4", c.Code, n)
		}
		if rollcallsOwn := c.Code == NotApplied || c.Code == HeldForApproval; len(c.Links) == 0 != rollcallsOwn {
			t.Errorf("%s: no page of a vendor", c.Code)
		}
	}
}

func TestFamiliesStandTogetherInTheirOrder(t *testing.T) {
	var got, want []Family
	for _, c := range All() {
		got = append(got, c.Family)
	}
	for _, f := range Families {
		want = append(want, f.Family)
	}
	if d := cmp.Diff(want, slices.Compact(got)); d != "" {
		t.Errorf("order of families (-Families +All):\n%s", d)
	}
}

func TestGetFindsWhatAllLists(t *testing.T) {
	for _, c := range All() {
		got, ok := Get(c.Code)
		if !ok {
			t.Errorf("%s is not found", c.Code)
		}
		if d := cmp.Diff(c, got); d != "" {
			t.Errorf("%s (-All +Get):\n%s", c.Code, d)
		}
	}
	if _, ok := Get("no-such-cause"); ok {
		t.Error("a code that does not exist is found")
	}
}

func TestLinksAreAddressesOfTheVendors(t *testing.T) {
	hosts := regexp.MustCompile(`^https://(learn\.microsoft\.com|support\.atlassian\.com|developer\.atlassian\.com|confluence\.atlassian\.com|community\.atlassian\.com|jira\.atlassian\.com)/\S+$`)
	for _, c := range All() {
		for _, l := range c.Links {
			if !hosts.MatchString(l.URL) || l.Title == "" {
				t.Errorf("%s: %q is no titled page of a vendor", c.Code, l.URL)
			}
		}
	}
}

func TestFixesNameOnlyCommandsThatExist(t *testing.T) {
	command := regexp.MustCompile(`rollcall ([a-z]+)`)
	for _, c := range All() {
		for _, step := range c.Fix {
			if strings.Count(step, "`")%2 != 0 {
				t.Errorf("%s: backticks do not pair in %q", c.Code, step)
			}
			for _, m := range command.FindAllStringSubmatch(step, -1) {
				if !slices.Contains([]string{"check", "why", "plan", "apply", "approve", "causes", "flatten", "with"}, m[1]) {
					t.Errorf("%s: %q names a command that does not exist", c.Code, step)
				}
			}
		}
	}
}
