package store

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// RecordLinks writes down what is ours, as a bundle has it.
func RecordLinks(links []Link, to evidence.Recorder) error {
	for _, l := range links {
		object, err := json.Marshal(document.OwnLink{Kind: l.Kind, Source: l.Source, Target: l.Target})
		if err != nil {
			return fmt.Errorf("writing down what is rollcall's: %w", err)
		}
		if err := to.Add(document.OwnLinks, "", object); err != nil {
			return err
		}
	}
	return to.Whole(document.OwnLinks)
}
