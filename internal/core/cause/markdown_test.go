package cause

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/causes.md anew")

func TestThePageOfCausesIsFresh(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "causes.md")
	want := Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatalf("writing the page of causes: %v", err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("reading the page of causes: %v", err)
	}
	if d := cmp.Diff(want, string(have)); d != "" {
		t.Errorf("docs/causes.md is stale; write it anew with: go test ./internal/core/cause -update\n(-catalogue +page)\n%s", d)
	}
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
