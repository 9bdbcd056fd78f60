package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheCommittedExampleIsWhatTheGeneratorWrites(t *testing.T) {
	want, err := world()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "fabrikam")
	got := map[string][]byte{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		got[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range got {
		if want[path] == nil {
			t.Errorf("examples/fabrikam/%s is no longer written; delete it", path)
		}
	}
	for path, b := range want {
		if d := cmp.Diff(string(b), string(got[path])); d != "" {
			t.Errorf("examples/fabrikam/%s is stale, run: go generate ./examples/gen\n%s", path, d)
		}
	}
}
