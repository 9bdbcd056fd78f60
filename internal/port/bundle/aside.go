package bundle

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rollcall/rollcall/internal/core/document"
)

// aside are recordings that only this process reads, once. What is small of them never sees a disk.
const (
	asideName = "what the services say"
	asideKept = 512 << 10 // bytes of one document
)

// Aside begins a bundle that only this process reads, by Open. A document of up to half a megabyte stays in memory, a
// larger one goes to a private folder, which goes away when the opened bundle is closed, or by Abort.
func Aside(manifest document.Bundle) *Writer {
	return &Writer{Limits: DefaultLimits, path: asideName, keep: asideKept, manifest: manifest, pages: map[document.File]*page{}}
}

// folder is the private folder, made when something needs it first.
func (w *Writer) folder() (string, error) {
	if w.dir != "" {
		return w.dir, nil
	}
	dir, err := os.MkdirTemp("", "rollcall-")
	if err != nil {
		return "", fmt.Errorf("making a private folder for %s: %w", asideName, err)
	}
	w.dir = dir
	return dir, nil
}

// Open ends what Aside began, and opens it as any bundle is opened, with files that lie elsewhere added to it.
func (w *Writer) Open(extra ...string) (*Bundle, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	if w.err == nil {
		w.err = w.complete()
	}
	if w.err != nil {
		w.discard()
		return nil, w.err
	}
	b := &Bundle{path: w.path, Limits: w.Limits, tree: &answers{w}}
	if err := b.open(extra); err != nil {
		w.discard()
		return nil, err
	}
	return b, nil
}

// answers is a recording as a tree of files.
type answers struct{ w *Writer }

func (t *answers) list() ([]entry, error) {
	var all []entry
	for f, p := range t.w.pages {
		if !p.none() {
			all = append(all, entry{name: string(f), size: p.size})
		}
	}
	return all, nil
}

func (t *answers) open(name string) (io.ReadCloser, error) {
	s := t.w.pages[document.File(name)].on
	if s.f == nil {
		return io.NopCloser(bytes.NewReader(s.text)), nil
	}
	return os.Open(s.name)
}

func (t *answers) close() error {
	if t.w.dir == "" {
		return nil
	}
	return os.RemoveAll(filepath.Clean(t.w.dir))
}
