package testkit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/google/go-cmp/cmp"
)

// Page holds a generated page of docs/ against what the program would write now, and writes it anew first where update
// says so. command is what a person types for that.
func Page(t TB, name, want, command string, update bool) {
	t.Helper()
	path := filepath.Join(Root(t), "docs", name)
	if update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatalf("writing docs/%s: %v", name, err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("reading docs/%s: %v", name, err)
	}
	if d := cmp.Diff(want, string(have)); d != "" {
		t.Fatalf("docs/%s is stale; write it anew with: %s\n(-program +page)\n%s", name, command, d)
	}
}

var (
	heading   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	reference = regexp.MustCompile(`\]\(#([^)]+)\)`)
)

// Headings are the anchors of a page of Markdown, as anchor makes them of titles. Each must be there once, and every
// reference within the page must lead to one.
func Headings(t interface {
	Helper()
	Errorf(format string, args ...any)
}, page string, anchor func(title string) string,
) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		if found[anchor(m[1])] {
			t.Errorf("two headings share the anchor %q", anchor(m[1]))
		}
		found[anchor(m[1])] = true
	}
	for _, m := range reference.FindAllStringSubmatch(page, -1) {
		if !found[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	return found
}
