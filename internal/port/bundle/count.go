package bundle

import (
	"maps"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Count says how many objects there are of a document of which only some are recorded: a live question asks for those
// that matter to it.
func (w *Writer) Count(file document.File, n int) error {
	if !known(file) {
		return w.fault(file, "a bundle has no document of that name", "")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	totals := maps.Clone(w.manifest.Totals)
	if totals == nil {
		totals = map[document.File]int{}
	}
	totals[file] = max(totals[file], n)
	w.manifest.Totals = totals
	return w.err
}
