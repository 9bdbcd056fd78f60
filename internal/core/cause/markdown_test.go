package cause

import (
	"flag"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/causes.md anew")

func TestThePageOfCausesIsFresh(t *testing.T) {
	testkit.Page(t, "causes.md", Markdown(), "go test ./internal/core/cause -update", *update)
}

func TestEveryReferenceOnThePageLeadsToAHeading(t *testing.T) {
	headings := testkit.Headings(t, Markdown(), func(title string) string {
		return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(title), ":", ""), " ", "-")
	})
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
