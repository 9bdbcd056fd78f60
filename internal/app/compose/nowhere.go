package compose

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// nowhere takes documents that nobody keeps.
type nowhere struct{}

// Add implements evidence.Recorder.
func (nowhere) Add(document.File, string, jsontext.Value) error { return nil }

// Whole implements evidence.Recorder.
func (nowhere) Whole(document.File) error { return nil }

// Gap implements evidence.Recorder.
func (nowhere) Gap(document.Gap) error { return nil }
