package compose

import (
	"context"
	"errors"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// assemble makes a world of documents that come from services or a store: they are written down as a bundle of this
// process's own, read as any bundle is, and thrown away. So what a service says and what a recording of it says is judged
// alike. Exported files are added as to any bundle.
func assemble(ctx context.Context, manifest document.Bundle, progress engine.Progress, fill func(evidence.Recorder) error, with ...string) (w *facts.World, err error) {
	to := bundle.Aside(manifest)
	if err := fill(to); err != nil {
		to.Abort()
		return nil, err
	}
	b, err := to.Open(with...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return b.Load(ctx, nil, bundle.Progress(progress))
}
