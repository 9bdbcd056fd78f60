package cause

import (
	"flag"
	"regexp"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/causes.md anew")

func TestThePageOfCausesIsFresh(t *testing.T) {
	testkit.Page(t, "causes.md", Markdown(), "go test ./internal/core/cause -update", *update)
}

func TestEveryReferenceOnThePageLeadsToAHeading(t *testing.T) {
	page := Markdown()
	headings := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		anchor := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(m[1]), ":", ""), " ", "-")
		if headings[anchor] {
			t.Errorf("two headings share the anchor %q", anchor)
		}
		headings[anchor] = true
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(page, -1) {
		if !headings[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	for _, c := range All() {
		if !headings[string(c.Code)] {
			t.Errorf("%s has no heading", c.Code)
		}
	}
}

func TestMarkdownSignsInTextsAreEscapedOutsideCode(t *testing.T) {
	got := plain("a <b> [c] d_e *f* `<g> [h]` i|j \\")
	want := "a \\<b\\> \\[c\\] d\\_e \\*f\\* `<g> [h]` i\\|j \\\\"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
