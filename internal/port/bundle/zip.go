package bundle

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// maxDirectory bounds what the zip's own list of files may take: reading it costs memory before any limit on
// documents can act.
const maxDirectory = 16 << 20

// archive is a bundle in a zip. What its headers say of sizes is not trusted: what comes out is counted.
type archive struct {
	f      *os.File
	zip    *zip.Reader
	inside string // the folder in the zip that holds the bundle, with its slash; mostly empty
	files  map[string]*zip.File
}

func openZip(name string) (*archive, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	t, err := readZip(f)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return t, nil
}

func readZip(f *os.File) (*archive, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var magic [4]byte
	if n, _ := f.ReadAt(magic[:], 0); string(magic[:n]) != "PK\x03\x04" && string(magic[:n]) != "PK\x05\x06" {
		return nil, &Error{What: "it is neither a folder nor a zip", Do: "point --bundle at the folder that holds bundle.json, or at a zip of it; downloads from the portals go into a folder"}
	}
	bounded := &boundedDirectory{r: f, left: maxDirectory}
	z, err := zip.NewReader(bounded, info.Size())
	switch {
	case bounded.left < 0:
		return nil, &Error{What: "the zip lists far more files than a bundle has", Do: "pack the bundle's folder alone"}
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, &Error{What: "the zip is damaged: " + strings.TrimPrefix(err.Error(), "zip: "), Do: "fetch or pack it again", Err: err}
	}
	bounded.open = true
	t := &archive{f: f, zip: z, files: map[string]*zip.File{}}
	return t, t.index()
}

// index checks every name. A name that leads out of the folder, or that stands twice, is not guessed about.
func (t *archive) index() error {
	all := map[string]*zip.File{}
	for _, f := range t.zip.File {
		name := f.Name
		if strings.HasSuffix(name, "/") && fs.ValidPath(strings.TrimSuffix(name, "/")) || strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		if strings.Contains(name, `\`) {
			return &Error{What: fmt.Sprintf("the zip holds %q, a name with a backslash", short(name)), Do: "pack the folder with a program that writes forward slashes"}
		}
		if !fs.ValidPath(name) {
			return &Error{What: fmt.Sprintf("the zip holds %q, a name that leads out of the bundle", short(name)), Do: "do not use this zip; pack the folder again"}
		}
		if all[name] != nil {
			return &Error{File: document.File(name), What: "the zip holds it twice", Do: "pack the folder again"}
		}
		all[name] = f
	}
	t.inside = insideOf(all)
	for name, f := range all {
		rest, ok := strings.CutPrefix(name, t.inside)
		if ok && !strings.HasPrefix(path.Base(rest), ".") {
			t.files[rest] = f
		}
	}
	return nil
}

// insideOf finds the one folder that was packed as a whole, with its slash; nothing where the files are at the top.
func insideOf(all map[string]*zip.File) string {
	found := ""
	for name := range all {
		dir, _, deep := strings.Cut(name, "/")
		switch {
		case !deep || slices.Contains(folders, dir):
			return ""
		case found == "":
			found = dir
		case found != dir:
			return ""
		}
	}
	if found == "" {
		return ""
	}
	return found + "/"
}

func (t *archive) close() error { return t.f.Close() }

func (t *archive) list() ([]entry, error) {
	var all []entry
	for name, f := range t.files {
		top, _, deep := strings.Cut(name, "/")
		if deep && !slices.Contains(folders, top) {
			continue
		}
		if !f.Mode().IsRegular() {
			if looksLikeDocument(name) {
				return nil, &Error{File: document.File(name), What: "it is no regular file in the zip", Do: "pack the file itself"}
			}
			continue
		}
		size := int64(f.UncompressedSize64)
		if size < 0 {
			size = 1<<63 - 1
		}
		all = append(all, entry{name: name, size: size, modified: f.Modified})
	}
	slices.SortFunc(all, func(x, y entry) int { return strings.Compare(x.name, y.name) })
	return all, nil
}

func (t *archive) open(name string) (io.ReadCloser, error) {
	f := t.files[name]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, &Error{File: document.File(name), What: "it is encrypted in the zip", Do: "pack it without a password"}
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, &Error{File: document.File(name), What: fmt.Sprintf("it is packed with a method (%d) that is not supported", f.Method), Do: "pack with the usual method (deflate)"}
	}
	if err != nil {
		return nil, &Error{File: document.File(name), What: "the zip is damaged: " + strings.TrimPrefix(err.Error(), "zip: "), Do: "fetch or pack it again", Err: err}
	}
	return &zipped{r, name}, nil
}

// zipped words the faults that show only while reading: a wrong checksum, a broken stream.
type zipped struct {
	io.ReadCloser
	name string
}

func (z *zipped) Read(p []byte) (int, error) {
	n, err := z.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = &Error{File: document.File(z.name), What: "the zip is damaged here: " + strings.TrimPrefix(err.Error(), "zip: "), Do: "fetch or pack it again", Err: err}
	}
	return n, err
}

// boundedDirectory lets the zip reader have its list of files, up to a bound; then everything.
type boundedDirectory struct {
	r    io.ReaderAt
	left int64
	open bool
}

func (b *boundedDirectory) ReadAt(p []byte, off int64) (int, error) {
	if !b.open {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, io.ErrUnexpectedEOF
		}
	}
	return b.r.ReadAt(p, off)
}

func short(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:77], "") + "…"
	}
	return s
}
