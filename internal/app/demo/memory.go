package demo

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// memory is a folder of files in memory, by their paths.
type memory map[string][]byte

// Open implements fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if b, ok := m[name]; ok {
		return &file{info{path.Base(name), int64(len(b)), 0o444}, bytes.NewReader(b)}, nil
	}
	if in := m.below(name); len(in) > 0 {
		return &folder{info{path.Base(name), 0, fs.ModeDir | 0o555}, in}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// below are the entries of a folder, sorted by name; none where there is no such folder.
func (m memory) below(dir string) []fs.DirEntry {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	found := map[string]info{}
	for name, b := range m {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if first, _, deep := strings.Cut(rest, "/"); deep {
			found[first] = info{first, 0, fs.ModeDir | 0o555}
		} else {
			found[first] = info{first, int64(len(b)), 0o444}
		}
	}
	out := make([]fs.DirEntry, 0, len(found))
	for _, i := range found {
		out = append(out, fs.FileInfoToDirEntry(i))
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

type file struct {
	about info
	*bytes.Reader
}

func (f *file) Stat() (fs.FileInfo, error) { return f.about, nil }
func (*file) Close() error                 { return nil }

type folder struct {
	about info
	left  []fs.DirEntry
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.about, nil }
func (*folder) Close() error                 { return nil }

func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.about.name, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.left)
	} else if len(f.left) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.left))
	out := f.left[:n]
	f.left = f.left[n:]
	return out, nil
}

type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string      { return i.name }
func (i info) Size() int64       { return i.size }
func (i info) Mode() fs.FileMode { return i.mode }
func (info) ModTime() time.Time  { return time.Time{} }
func (i info) IsDir() bool       { return i.mode.IsDir() }
func (info) Sys() any            { return nil }
