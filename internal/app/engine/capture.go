package engine

import (
	"context"
	"errors"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
)

// CaptureRequest says where a world is written down.
type CaptureRequest struct {
	Path   string // a folder, or a file whose name ends in .zip; neither may be there
	Redact bool   // names, addresses and texts are replaced
}

// Captured is a world that was written down as a bundle.
type Captured struct {
	Path      string             `json:"path"`
	Name      string             `json:"connection"`
	Method    string             `json:"method"`
	At        time.Time          `json:"at"`
	Redacted  bool               `json:"redacted"`
	Documents []CapturedDocument `json:"documents"` // in the order of document.Files
	Gaps      []document.Gap     `json:"gaps"`      // what could not be read
}

// CapturedDocument is one file of the bundle.
type CapturedDocument struct {
	File    document.File `json:"file"`
	Objects int           `json:"objects"`
}

// Capturer are worlds that can be written down.
type Capturer interface {
	Capture(ctx context.Context, r CaptureRequest, progress Progress) (Captured, error)
}

var errUncaptured = errors.New("this world cannot be written down")

// Capture writes the world down as a bundle, from which everything that is asked of it is answered offline as it is now.
// After an error there is no bundle.
func (e *Engine) Capture(ctx context.Context, r CaptureRequest) (Captured, error) {
	c, ok := e.Worlds.(Capturer)
	if !ok {
		return Captured{}, errUncaptured
	}
	return c.Capture(ctx, r, e.progress)
}
