// Package bundle reads a recorded world from a folder, a zip or the CSV exports of the vendors' portals, and gives
// it as facts. It owns the files: finding them, bounding them, refusing what is hostile, and reading them in the
// order that facts need. What the documents mean belongs to package document, what they say together to package
// facts; nothing here decides anything. What a Writer records is such a bundle again, and Record reads one for it.
package bundle

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Bundle is an opened recording. Close it after the last Load.
type Bundle struct {
	Manifest document.Bundle
	Limits   Limits

	path    string
	tree    tree
	files   []entry // the documents that are there, in the order of document.Files
	exports []export
	bare    bool // there is no bundle.json
	notes   []note
}

type note struct {
	file document.File
	text string
}

// Open opens a folder or a zip that holds a bundle. A zip is told by its content, whatever its name.
func Open(path string) (*Bundle, error) { return OpenWith(path) }

// OpenWith opens a bundle and adds files that lie elsewhere.
func OpenWith(path string, extra ...string) (*Bundle, error) {
	b := &Bundle{path: path, Limits: DefaultLimits}
	t, err := openTree(path)
	if err != nil {
		return nil, b.wrap("", err)
	}
	b.tree = t
	if err := b.open(extra); err != nil {
		_ = t.close()
		return nil, err
	}
	return b, nil
}

// Close lets go of the files.
func (b *Bundle) Close() error { return b.tree.close() }

func (b *Bundle) open(extra []string) error {
	all, err := b.tree.list()
	if err != nil {
		return b.wrap("", err)
	}
	for _, arg := range extra {
		if err := b.add(arg); err != nil {
			return err
		}
	}
	if err := b.sort(all); err != nil {
		return err
	}
	if err := b.bounds(); err != nil {
		return err
	}
	switch {
	case slices.ContainsFunc(b.files, func(e entry) bool { return e.file == document.Manifest }):
		return b.readManifest()
	case len(b.exports) > 0 && len(b.files) == 0:
		b.withoutManifest()
		return nil
	}
	return &Error{
		Path: b.path, What: "it has no bundle.json, so nothing says what was recorded and when",
		Do: `point --bundle at the folder or zip that holds bundle.json, or write one: {"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"method":"entra-scim"}}`,
	}
}

// sort tells the documents from exports and from other files.
func (b *Bundle) sort(all []entry) error {
	for _, e := range all {
		f := document.File(e.name)
		if known(f) {
			e.file = f
			b.files = append(b.files, e)
			continue
		}
		why := error(nil)
		if mayBeExport(e.name) {
			if why = b.recognise(e); why == nil {
				continue
			}
			if _, own := errors.AsType[*Error](why); own {
				return b.wrap(f, why)
			}
		}
		switch near := nearest(e.name); {
		case !looksLikeDocument(e.name):
		case near == "" && why != nil && path.Ext(e.name) == ".csv":
			b.note(f, "not read: %s", strings.TrimPrefix(why.Error(), e.name+": "))
		default:
			b.note(f, "%s", notOurs(e.name))
		}
	}
	slices.SortStableFunc(b.files, func(x, y entry) int { return rank(x.file) - rank(y.file) })
	return nil
}

func (b *Bundle) readManifest() error {
	r, err := b.tree.open(string(document.Manifest))
	if err != nil {
		return b.wrap(document.Manifest, err)
	}
	defer r.Close()
	m, err := document.Object[document.Bundle](document.Manifest, r)
	if err != nil {
		return b.wrap(document.Manifest, err)
	}
	b.Manifest = *m
	return b.checkManifest()
}

func (b *Bundle) checkManifest() error {
	m := &b.Manifest
	bad := func(what, do string) error {
		return &Error{Path: b.path, File: document.Manifest, What: what, Do: do}
	}
	if m.Version > 1 {
		return bad(fmt.Sprintf("version is %d; this program reads version 1", m.Version), "use a newer rollcall")
	}
	if m.CapturedAt.IsZero() {
		what := "captured_at is missing: without the moment of the recording nothing can be called late"
		if m.CapturedAt.Text != "" {
			what = fmt.Sprintf("captured_at is %q, which is no time", m.CapturedAt.Text)
		}
		return bad(what, `write the moment of the recording, such as "captured_at":"2026-11-20T12:00:00Z"`)
	}
	methods := []string{document.EntraSCIM, document.GuardNested, document.Rollcall}
	switch {
	case m.Connection.Method == "":
		b.note(document.Manifest, "connection.method is not given; read as %s", document.EntraSCIM)
	case !slices.Contains(methods, m.Connection.Method):
		return bad(fmt.Sprintf("connection.method is %q, which is unknown", m.Connection.Method),
			"write one of "+strings.Join(methods, ", "))
	}
	for _, g := range m.Gaps {
		if !known(document.File(g.File)) {
			b.note(document.Manifest, "a gap names %s", notOurs(g.File))
		}
	}
	return nil
}

func (b *Bundle) note(f document.File, format string, args ...any) {
	b.notes = append(b.notes, note{f, fmt.Sprintf(format, args...)})
}

func openTree(path string) (tree, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return openFolder(path)
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{What: "it is neither a folder nor a file", Do: "point --bundle at a folder or a zip"}
	}
	return openZip(path)
}
