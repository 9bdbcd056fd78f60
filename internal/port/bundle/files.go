package bundle

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// OpenFS opens a recording that lies in memory or elsewhere; name is what messages call it. Closing it does nothing, so
// that it may be loaded again and again.
func OpenFS(files fs.FS, name string) (*Bundle, error) {
	b := &Bundle{path: name, Limits: DefaultLimits, tree: within{files}}
	if err := b.open(nil); err != nil {
		return nil, err
	}
	return b, nil
}

// Files are the documents of the bundle as files, the manifest among them. A bundle with exports of the portals is refused,
// as in Record. They can be read until Close.
func (b *Bundle) Files() (fs.FS, error) {
	if len(b.exports) > 0 {
		return nil, &Error{Path: b.path, What: "it holds exports of the portals, which are no documents", Do: "take out the exports, or record the services"}
	}
	return documents{b.tree}, nil
}

type documents struct{ tree tree }

// Open implements fs.FS.
func (d documents) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) || !known(document.File(name)) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	r, err := d.tree.open(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return opened{r, name}, nil
}

// opened is a document that is read; what it is like as a file is nobody's business.
type opened struct {
	io.ReadCloser
	name string
}

// Stat implements fs.File.
func (o opened) Stat() (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: o.name, Err: errors.ErrUnsupported}
}

// within is a bundle in a file system that is not the machine's.
type within struct{ files fs.FS }

func (within) close() error { return nil }

func (t within) open(name string) (io.ReadCloser, error) { return t.files.Open(name) }

func (t within) list() ([]entry, error) {
	var all []entry
	seen := 0
	err := fs.WalkDir(t.files, ".", func(name string, d fs.DirEntry, err error) error {
		switch top, _, deep := strings.Cut(name, "/"); {
		case err != nil:
			return err
		case d.IsDir() && name != "." && !slices.Contains(folders, top):
			return fs.SkipDir
		case !d.Type().IsRegular(), deep && !slices.Contains(folders, top):
			return nil
		}
		if seen++; seen > maxFiles {
			return errors.New("it holds far more files than a bundle has")
		}
		about, err := d.Info()
		if err != nil {
			return err
		}
		all = append(all, entry{name: name, size: about.Size(), modified: about.ModTime()})
		return nil
	})
	if err != nil {
		return nil, &Error{What: "its files cannot be listed: " + err.Error(), Err: err}
	}
	slices.SortFunc(all, func(x, y entry) int { return strings.Compare(x.name, y.name) })
	return all, nil
}
