package bundle

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
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
