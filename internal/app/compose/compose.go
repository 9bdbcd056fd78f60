// Package compose puts the program together: it is the only package that names concrete connectors, and turns what a
// person named (a folder, a zip, exported files) into the ports that the engine works with. It decides nothing else.
package compose

import (
	"context"

	"github.com/rollcall/rollcall/internal/app/engine"
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

type recorded struct{ b *bundle.Bundle }

// Load reads the recording once and lets go of its files.
func (r recorded) Load(ctx context.Context, focus []string, progress engine.Progress) (*facts.World, error) {
	defer r.b.Close()
	return r.b.Load(ctx, focus, bundle.Progress(progress))
}
