package compose

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// assemble makes a world of documents that come from services or a store: they are written down as a bundle in a private
// folder, read as any bundle is, and removed. So what a service says and what a recording of it says is judged alike. Exported
// files are added as to any bundle.
func assemble(ctx context.Context, manifest document.Bundle, progress engine.Progress, fill func(evidence.Recorder) error, with ...string) (w *facts.World, err error) {
	folder, err := os.MkdirTemp("", "rollcall-")
	if err != nil {
		return nil, fmt.Errorf("making a private folder for what the services say: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "world")
	to, err := bundle.Create(path, manifest)
	if err != nil {
		return nil, err
	}
	if err := fill(to); err != nil {
		to.Abort()
		return nil, err
	}
	if err := to.Close(); err != nil {
		return nil, err
	}
	b, err := bundle.OpenWith(path, with...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return b.Load(ctx, nil, bundle.Progress(progress))
}
