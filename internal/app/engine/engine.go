// Package engine holds what rollcall can do, as verbs: Check and Why. A verb loads a world through a small port, asks
// the pure core, and returns values; it prints nothing and names no connector (package compose chooses those).
package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Worlds gives the recorded or live world that a verb judges.
type Worlds interface {
	// Load reads the world. Focus says what will be asked; what touches none of it may be left out. Nil asks for
	// everything.
	Load(ctx context.Context, focus *Focus, progress Progress) (*facts.World, error)
}

// Focus is what will be asked of a world, as a person typed it.
type Focus struct {
	Subjects []string // at least one
	Groups   []string // in which they are asked about; they are not asked about themselves
	History  bool     // what the logs say of them is asked for, too, not only how they are
}

// Texts are the subjects and the groups.
func (f *Focus) Texts() []string {
	if f == nil {
		return nil
	}
	return slices.Concat(f.Subjects, f.Groups)
}

// focusOn is the focus of questions.
func focusOn(queries ...trace.Query) *Focus {
	f := &Focus{}
	for _, q := range queries {
		f.Subjects = append(f.Subjects, q.Subject)
		if q.Group != "" && !slices.Contains(f.Groups, q.Group) {
			f.Groups = append(f.Groups, q.Group)
		}
	}
	return f
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

func (e *Engine) load(ctx context.Context, focus *Focus) (*facts.World, error) {
	w, err := e.Worlds.Load(ctx, focus, e.progress)
	if err != nil || w.OwnRules == nil || w.Method() != document.Rollcall {
		return w, err
	}
	if _, _, err := plan.Own(w); err != nil && !errors.Is(err, plan.ErrNoSchema) {
		return nil, fmt.Errorf("the rules by which rollcall provisions cannot be used (%s): %w", document.OwnRulesFile, err)
	}
	return w, nil
}

func (e *Engine) progress(step string, done, total int64) {
	if e.Progress != nil {
		e.Progress(step, done, total)
	}
}
