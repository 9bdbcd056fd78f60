// Package engine holds what rollcall can do, as verbs: Check and Why. A verb loads a world through a small port, asks
// the pure core, and returns values; it prints nothing and names no connector (package compose chooses those).
package engine

import (
	"context"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// Worlds gives the recorded or live world that a verb judges.
type Worlds interface {
	// Load reads the world. Focus names the subjects that will be asked about; what touches none of them may be left
	// out. An empty focus asks for everything.
	Load(ctx context.Context, focus []string, progress Progress) (*facts.World, error)
}

// Progress is told how far a step has come, as often as the step likes. Total is 0 where it is not known. It may be
// called from several goroutines.
type Progress func(step string, done, total int64)

// Engine carries out the verbs over one source of worlds.
type Engine struct {
	Worlds   Worlds
	Progress Progress // may be nil

	history []plan.Removal // what earlier runs took away
}

func (e *Engine) load(ctx context.Context, focus []string) (*facts.World, error) {
	return e.Worlds.Load(ctx, focus, e.progress)
}

func (e *Engine) progress(step string, done, total int64) {
	if e.Progress != nil {
		e.Progress(step, done, total)
	}
}
