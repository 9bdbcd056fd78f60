package bundle

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/rollcall/rollcall/internal/core/document"
)

// maxFiles bounds what is listed of one folder: a bundle has two dozen documents and a few for each Jira site.
const maxFiles = 20_000

// folder is a bundle in a folder. All access goes through os.Root, so no link leads out of it.
type folder struct{ root *os.Root }

func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &folder{root}, nil
}

func (t *folder) close() error { return t.root.Close() }

func (t *folder) list() ([]entry, error) {
	var all []entry
	err := t.walk(".", &all)
	slices.SortFunc(all, func(x, y entry) int { return strings.Compare(x.name, y.name) })
	return all, err
}

func (t *folder) walk(dir string, all *[]entry) error {
	d, err := t.root.Open(dir)
	if err != nil {
		return refused(dir, err)
	}
	defer d.Close()
	for n := 0; ; {
		found, err := d.ReadDir(512)
		for _, e := range found {
			if n++; n > maxFiles {
				return &Error{File: document.File(dir), What: fmt.Sprintf("more than %d files in one folder", maxFiles), Do: "point --bundle at the folder that holds bundle.json"}
			}
			if err := t.visit(path.Join(dir, e.Name()), all); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refused(dir, err)
		}
	}
}

func (t *folder) visit(name string, all *[]entry) error {
	depth := strings.Count(name, "/")
	top, _, _ := strings.Cut(name, "/")
	ours := slices.Contains(folders, top) || depth == 0 && looksLikeDocument(name)
	if !ours || strings.HasPrefix(path.Base(name), ".") {
		return nil
	}
	info, err := t.root.Stat(name)
	switch {
	case err != nil:
		return refused(name, err)
	case info.IsDir():
		if depth == 0 || depth == 1 && top == "jira" {
			return t.walk(name, all)
		}
	case info.Mode().IsRegular():
		*all = append(*all, entry{name: name, size: info.Size(), modified: info.ModTime()})
	case looksLikeDocument(name):
		return &Error{File: document.File(name), What: "it is no regular file but " + modeWords(info.Mode()), Do: "put a plain file there, or take it out"}
	}
	return nil
}

// open does not wait for a pipe: somebody may have exchanged the file since it was listed.
func (t *folder) open(name string) (io.ReadCloser, error) {
	f, err := t.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, refused(name, err)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, &Error{File: document.File(name), What: "it is no regular file"}
	}
	return f, nil
}

// refused words the errors of the file system, a link out of the folder among them.
func refused(name string, err error) error {
	if strings.Contains(err.Error(), "escapes from parent") {
		return &Error{File: document.File(name), What: "it is a link that leads out of the bundle", Do: "copy the file into the bundle in its place", Err: err}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{File: document.File(name), What: "it is a link to nothing", Do: "copy the file into the bundle in its place", Err: err}
	}
	if errors.Is(err, fs.ErrPermission) {
		return &Error{File: document.File(name), What: "it may not be read", Do: "check its permissions", Err: err}
	}
	return &Error{File: document.File(name), What: err.Error(), Err: err}
}

func modeWords(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
