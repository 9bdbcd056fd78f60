package bundle

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Error says what is wrong with a bundle, where, and what to do about it.
type Error struct {
	Path string        // the folder or zip
	File document.File // the document inside; empty: the bundle as a whole
	What string
	Do   string // may be empty
	Err  error  // may be nil
}

func (e *Error) Error() string {
	where := e.Path
	if e.File != "" {
		where = filepath.Join(e.Path, filepath.FromSlash(string(e.File)))
	}
	text := where + ": " + e.What
	if e.Do != "" {
		text += "; " + e.Do
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// wrap says of an error in which bundle and which document it was met.
func (b *Bundle) wrap(f document.File, err error) error {
	if own, ok := errors.AsType[*Error](err); ok {
		if own.Path == "" {
			own.Path = b.path
		}
		if own.File == "" {
			own.File = f
		}
		return own
	}
	e := &Error{Path: b.path, File: f, Err: err, What: err.Error()}
	var broken *document.Error
	switch {
	case errors.As(err, &broken):
		e.What = strings.TrimPrefix(broken.Error(), string(broken.File)+": ")
		e.What = strings.TrimPrefix(e.What, string(broken.File)+", ")
		e.Do = "record it again, or take the file out: what it would tell is then unknown"
	case errors.Is(err, fs.ErrNotExist):
		e.What, e.Do = "there is no such folder or file", "check the path"
	case errors.Is(err, fs.ErrPermission):
		e.What, e.Do = "it may not be read", "check the permissions of the file"
	}
	return e
}
