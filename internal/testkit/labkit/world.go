package labkit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Load reads a recording as the program does, all of it or what a question about some people and groups needs.
func Load(t testing.TB, path string, focus ...string) *facts.World {
	t.Helper()
	b, err := bundle.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Load(t.Context(), focus, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Record makes a recording of what fill records, in a folder of the test. An error of fill is given back and leaves no
// recording.
func Record(t testing.TB, manifest document.Bundle, fill func(evidence.Recorder) error) (folder string, err error) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "live")
	to, err := bundle.Create(folder, manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(to); err != nil {
		to.Abort()
		return "", err
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return folder, nil
}

// Copy brings files and whole folders of a recording into another that has none of them. What is absent is not copied.
func Copy(t testing.TB, from, to string, names ...string) {
	t.Helper()
	for _, name := range names {
		source, target := filepath.Join(from, filepath.FromSlash(name)), filepath.Join(to, filepath.FromSlash(name))
		info, err := os.Stat(source)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil && info.IsDir():
			err = os.CopyFS(target, os.DirFS(source))
		case err == nil:
			var text []byte
			if text, err = os.ReadFile(source); err == nil {
				err = errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, text, 0o600))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
