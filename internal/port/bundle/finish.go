package bundle

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// mostGaps bounds the gaps of one document: where there are more, the document counts as not read, so that bundle.json
// stays readable.
const mostGaps = 5000

// Close ends the recording and puts the bundle into its place. After an error there is no bundle, and nothing is left.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return w.err
	}
	err := w.err
	if err == nil {
		err = w.finish()
	}
	if err != nil {
		w.err = err
		w.discard()
	}
	w.ended = true
	return err
}

// Abort throws away what was recorded. After Close it does nothing.
func (w *Writer) Abort() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.discard()
		w.ended = true
	}
}

func (w *Writer) discard() {
	for _, p := range w.pages {
		_ = p.on.discard()
	}
	if w.dir != "" {
		_ = os.RemoveAll(w.dir)
	}
}

func (w *Writer) finish() error {
	if err := w.complete(); err != nil {
		return err
	}
	if err := w.free(); err != nil {
		return err
	}
	files := slices.DeleteFunc(w.files(), func(f document.File) bool { return f == document.Manifest || w.pages[f].none() })
	files = append(files, document.Manifest) // last: without it a folder is no bundle
	if w.zipped() {
		return w.pack(files)
	}
	return w.place(files)
}

// complete writes the end of every document, and the manifest.
func (w *Writer) complete() error {
	for _, f := range w.files() {
		p := w.pages[f]
		if !p.whole && !w.hidden(f) {
			w.gaps = append(w.gaps, document.Gap{File: string(f), What: fmt.Sprintf("everything after the first %d", p.items), Why: "the reading ended before the document did", Call: document.Of(f).Call})
		}
		if p.shape.single && p.items == 0 && !w.hidden(f) {
			w.gaps = append(w.gaps, document.Gap{File: string(f), What: "the whole document", Why: "the service has none", Call: document.Of(f).Call})
		}
		if err := p.end(); err != nil {
			return w.failed(f, err)
		}
	}
	return w.writeManifest()
}

// hidden tells whether a gap says that the document as a whole was not read.
func (w *Writer) hidden(f document.File) bool {
	return slices.ContainsFunc(w.gaps, func(g document.Gap) bool { return g.File == string(f) && g.Subject == "" })
}

func (w *Writer) writeManifest() error {
	m := w.manifest
	if m.Version == 0 {
		m.Version = 1
	}
	m.Gaps = append(slices.Clone(m.Gaps), fewer(w.gaps)...)
	text, err := json.Marshal(m, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		return w.failed(document.Manifest, err)
	}
	p := &page{on: w.sheet(document.Manifest), items: 1}
	w.pages[document.Manifest] = p
	_, err = p.write(string(text) + "\n")
	if ended := p.on.end(); err == nil {
		err = ended
	}
	if err != nil {
		return w.failed(document.Manifest, err)
	}
	return nil
}

// fewer sorts the gaps, leaves out those that stand twice, and puts one in the place of too many.
func fewer(gaps []document.Gap) []document.Gap {
	slices.SortFunc(gaps, func(x, y document.Gap) int {
		return cmp.Or(byRank(document.File(x.File), document.File(y.File)), cmp.Compare(x.Subject, y.Subject), cmp.Compare(x.What, y.What), cmp.Compare(x.Why, y.Why), cmp.Compare(x.Call, y.Call))
	})
	gaps = slices.Compact(gaps)
	count := map[string]int{}
	for _, g := range gaps {
		count[g.File]++
	}
	var out []document.Gap
	for _, g := range gaps {
		if n := count[g.File]; n > mostGaps {
			if len(out) == 0 || out[len(out)-1].File != g.File {
				out = append(out, document.Gap{File: g.File, What: fmt.Sprintf("%d parts of the document", n), Why: "so many could not be read that the document counts as not read; the first: " + g.Why, Call: g.Call})
			}
			continue
		}
		out = append(out, g)
	}
	return out
}

// place makes the folder the bundle. Where an empty folder of that name is there already, it stays and is filled.
func (w *Writer) place(files []document.File) error {
	if _, err := os.Stat(w.path); err != nil {
		if err := os.Rename(w.dir, w.path); err != nil {
			return w.failed("", err)
		}
		return nil
	}
	for _, f := range files {
		to := filepath.Join(w.path, filepath.FromSlash(string(f)))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return w.failed(f, err)
		}
		if err := os.Rename(filepath.Join(w.dir, filepath.FromSlash(string(f))), to); err != nil {
			return w.failed(f, err)
		}
	}
	if err := os.RemoveAll(w.dir); err != nil {
		return w.failed("", err)
	}
	return nil
}

// pack makes a zip of the folder, which is then taken away.
func (w *Writer) pack(files []document.File) (err error) {
	part := filepath.Join(w.dir, "bundle.zip.part")
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return w.failed("", err)
	}
	z := zip.NewWriter(out)
	for _, f := range files {
		if err = w.packOne(z, f); err != nil {
			break
		}
	}
	if shut := z.Close(); err == nil {
		err = shut
	}
	if shut := out.Close(); err == nil {
		err = shut
	}
	if err == nil {
		err = os.Rename(part, w.path)
	}
	if err == nil {
		err = os.RemoveAll(w.dir)
	}
	if err != nil {
		return w.failed("", err)
	}
	return nil
}

func (w *Writer) packOne(z *zip.Writer, f document.File) error {
	in, err := os.Open(filepath.Join(w.dir, filepath.FromSlash(string(f))))
	if err != nil {
		return err
	}
	defer in.Close()
	head := &zip.FileHeader{Name: string(f), Method: zip.Deflate, Modified: w.manifest.CapturedAt.UTC()}
	head.SetMode(0o600)
	to, err := z.CreateHeader(head)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, in)
	return err
}
