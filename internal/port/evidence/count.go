package evidence

import "github.com/rollcall/rollcall/internal/core/document"

// Counter is a Recorder that takes how many objects there are of a document of which only some were asked for, so that
// "no record among 1203" is true of a question about one person, too.
type Counter interface {
	Count(file document.File, n int) error
}

// Count tells a recorder how many there are, if it can be told.
func Count(to Recorder, file document.File, n int) error {
	if c, ok := to.(Counter); ok {
		return c.Count(file, n)
	}
	return nil
}
