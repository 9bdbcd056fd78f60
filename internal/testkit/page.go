package testkit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

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
