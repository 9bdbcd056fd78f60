// Package compose puts the program together: it is the only package that names concrete connectors, and turns what a
// person named (a folder, a zip, exported files) into the ports that the engine works with. It decides nothing else.
package compose

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/bundle"
)

// Bundle opens a recorded world: a folder or a zip, with further exported files (FILE or GROUP=FILE).
func Bundle(path string, with []string) (engine.Worlds, error) {
	b, err := bundle.OpenWith(path, with...)
	if err != nil {
		return nil, err
	}
	return recorded{b}, nil
}

// Documents gives the world that documents in memory or elsewhere tell of; name is what messages call it.
func Documents(files fs.FS, name string) (engine.Worlds, error) {
	b, err := bundle.OpenFS(files, name)
	if err != nil {
		return nil, err
	}
	return recorded{b}, nil
}

// Files opens a recorded world for those who read its documents themselves: a folder or a zip. Close it afterwards.
func Files(path string) (document.Bundle, fs.FS, io.Closer, error) {
	b, err := bundle.Open(path)
	return read(b, err)
}

// Within does the same with documents in memory or elsewhere; name is what messages call them.
func Within(files fs.FS, name string) (document.Bundle, fs.FS, io.Closer, error) {
	b, err := bundle.OpenFS(files, name)
	return read(b, err)
}

func read(b *bundle.Bundle, err error) (document.Bundle, fs.FS, io.Closer, error) {
	if err != nil {
		return document.Bundle{}, nil, nil, err
	}
	files, err := b.Files()
	if err != nil {
		return document.Bundle{}, nil, nil, errors.Join(err, b.Close())
	}
	return b.Manifest, files, b, nil
}

type recorded struct{ b *bundle.Bundle }

// Load reads the recording once and lets go of its files.
func (r recorded) Load(ctx context.Context, focus *engine.Focus, progress engine.Progress) (*facts.World, error) {
	defer r.b.Close()
	return r.b.Load(ctx, focus.Texts(), bundle.Progress(progress))
}
