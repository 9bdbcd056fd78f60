package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Writer records a bundle: a folder, or a zip where the name ends in .zip. It is an evidence.Recorder for several
// goroutines. What it records lies in a folder of its own beside the bundle (its name ends in .part-…) and becomes the
// bundle at Close; until then nothing of the bundle's name is there, so that a recording that broke off is never taken
// for one. Objects go to the disk as they come: no document is in memory as a whole.
//
// Folders are for their owner alone (0700), files too (0600).
type Writer struct {
	Limits Limits // what a reader takes; more is an error at once

	path     string
	dir      string // where it is recorded; empty: nothing needed a folder yet
	keep     int    // how much of a document may stay in memory; see sheet
	manifest document.Bundle

	mu    sync.Mutex
	pages map[document.File]*page
	gaps  []document.Gap
	total int64
	err   error // the first fault of the disk: nothing is recorded any more
	ended bool
}

// Create begins a bundle. A file of that name, or a folder with something in it, is refused. The manifest's gaps stay,
// those that are recorded come behind them.
func Create(path string, manifest document.Bundle) (*Writer, error) {
	path = filepath.Clean(path)
	w := &Writer{Limits: DefaultLimits, path: path, keep: -1, manifest: manifest, pages: map[document.File]*page{}}
	if err := w.free(); err != nil {
		return nil, err
	}
	if manifest.CapturedAt.IsZero() {
		return nil, w.fault("", "the moment of the recording is not given", "")
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return nil, &Error{Path: path, What: "it cannot be written: " + reason(err), Do: "name a place in a folder that is there and may be written to", Err: err}
	}
	w.dir = dir
	return w, nil
}

// free makes sure that nothing is written over.
func (w *Writer) free() error {
	info, err := os.Stat(w.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return &Error{Path: w.path, What: reason(err), Err: err}
	case !info.IsDir():
		return w.fault("", "there is a file of that name already", "nothing is written over: name another one, or take it away")
	case w.zipped():
		return w.fault("", "there is a folder of that name already", "name a file that is not there")
	}
	within, err := os.ReadDir(w.path)
	if err != nil {
		return &Error{Path: w.path, What: reason(err), Err: err}
	}
	if len(within) > 0 {
		return w.fault("", "the folder is not empty", "nothing is written over: name a new or an empty folder")
	}
	return nil
}

func (w *Writer) zipped() bool { return strings.EqualFold(filepath.Ext(w.path), ".zip") }

// Add takes the next object of a document. Key names it where the document holds objects by name; one that comes again
// unchanged is left out, and one that differs makes what is known of it a gap. A line of the troubleshooting log is a
// JSON text. An error says that the object, or everything, cannot be recorded.
func (w *Writer) Add(file document.File, key string, object jsontext.Value) error {
	compact := jsontext.Value(bytes.Clone(object))
	if err := compact.Compact(jsontext.AllowDuplicateNames(true)); err != nil {
		return w.fault(file, "what is to be recorded is no JSON: "+err.Error(), "")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p, err := w.page(file)
	if err != nil {
		return err
	}
	if p.shape.keyed {
		same, again, err := p.seen(key, compact)
		if again && !same {
			w.gaps = append(w.gaps, document.Gap{File: string(file), Subject: key, What: "what it is", Why: "two answers differ", Call: document.Of(file).Call})
		}
		if err != nil || again {
			return err
		}
	}
	n, err := p.add(key, compact)
	if err != nil {
		return w.failed(file, err)
	}
	if w.total += n; w.total > w.Limits.Total || p.size > w.Limits.Document {
		return w.failed(file, fmt.Errorf("it grows beyond what a bundle may hold (%s a document, %s in all)", size(w.Limits.Document), size(w.Limits.Total)))
	}
	return nil
}

// Whole says that a document was read to its end; one without objects becomes an empty document.
func (w *Writer) Whole(file document.File) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, err := w.page(file)
	if err == nil {
		p.whole = true
	}
	return err
}

// Gap notes what could not be read.
func (w *Writer) Gap(gap document.Gap) error {
	if !known(document.File(gap.File)) {
		return w.fault(document.File(gap.File), "a bundle has no document of that name", "")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gaps = append(w.gaps, gap)
	return w.err
}

// page is the document as far as it is written.
func (w *Writer) page(file document.File) (*page, error) {
	switch {
	case w.ended:
		return nil, w.fault(file, "the recording is over", "")
	case w.err != nil:
		return nil, w.err
	case w.pages[file] != nil:
		return w.pages[file], nil
	case !known(file) || file == document.Manifest || !fs.ValidPath(string(file)) || strings.ContainsAny(string(file), "\\\x00"):
		return nil, w.fault(file, "a bundle has no document of that name", "")
	}
	p, err := newPage(w.sheet(file), file)
	if err != nil {
		return nil, w.failed(file, err)
	}
	w.pages[file] = p
	return p, nil
}

func (w *Writer) sheet(file document.File) *sheet {
	return &sheet{name: filepath.FromSlash(string(file)), keep: w.keep, dir: w.folder}
}

// failed keeps the first fault of the disk.
func (w *Writer) failed(file document.File, err error) error {
	if w.err == nil {
		w.err = &Error{Path: w.path, File: file, What: "it cannot be recorded: " + reason(err), Err: err}
	}
	return w.err
}

func (w *Writer) fault(file document.File, what, do string) error {
	return &Error{Path: w.path, File: file, What: what, Do: do}
}

// files are the documents so far, in the order of document.Files.
func (w *Writer) files() []document.File {
	var all []document.File
	for f := range w.pages {
		all = append(all, f)
	}
	slices.SortFunc(all, byRank)
	return all
}

func byRank(x, y document.File) int {
	if a, b := rank(x), rank(y); a != b {
		return a - b
	}
	return strings.Compare(string(x), string(y))
}

// reason is what an error of the file system says, without the path of the folder in which is recorded.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}
