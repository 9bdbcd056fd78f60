package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/bundle/exports"
)

// export is a file that an administrator downloaded by hand: in the bundle's folder or in its folder exports, or
// named beside the bundle.
type export struct {
	name     string // for people
	group    string // members: the group that the caller named
	size     int64
	modified time.Time
	open     func() (io.ReadCloser, error)
}

// mayBeExport tells where exports are looked for.
func mayBeExport(name string) bool {
	dir := path.Dir(name)
	return (dir == "." || dir == "exports") && looksLikeDocument(name)
}

// recognise takes a file of the bundle for an export if its beginning is one; else the error says why not.
func (b *Bundle) recognise(e entry) error {
	r, err := b.tree.open(e.name)
	if err != nil {
		return err
	}
	defer r.Close()
	head := make([]byte, exports.HeadBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if _, err := exports.Recognise(e.name, head[:n]); err != nil {
		return err
	}
	b.exports = append(b.exports, export{e.name, "", e.size, e.modified, func() (io.ReadCloser, error) { return b.tree.open(e.name) }})
	return nil
}

// add takes a file that lies elsewhere: FILE, or GROUP=FILE for the members of a group.
func (b *Bundle) add(arg string) error {
	group, file := "", arg
	info, err := os.Stat(arg)
	for at := strings.IndexByte(arg, '='); err != nil && at >= 0; {
		group, file = strings.TrimSpace(arg[:at]), arg[at+1:]
		if info, err = os.Stat(file); err == nil {
			break
		}
		next := strings.IndexByte(arg[at+1:], '=')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	say := func(what, do string, err error) error { return &Error{Path: file, What: what, Do: do, Err: err} }
	switch {
	case err != nil:
		return say("there is no such file", "name an export that you downloaded: FILE, or GROUP=FILE for the members of a group", err)
	case !info.Mode().IsRegular():
		return say("it is no regular file", "name an export that you downloaded", nil)
	case info.Size() > b.Limits.Document:
		return say(fmt.Sprintf("it is %s, and a file may be %s", size(info.Size()), size(b.Limits.Document)), "filter the download or split it", nil)
	}
	open := func() (io.ReadCloser, error) { return os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0) }
	b.exports = append(b.exports, export{filepath.Base(file), group, info.Size(), info.ModTime(), open})
	return nil
}

// withoutManifest is the manifest of a folder that holds exports only.
func (b *Bundle) withoutManifest() {
	var newest time.Time
	for _, x := range b.exports {
		if x.modified.After(newest) {
			newest = x.modified
		}
	}
	abs, err := filepath.Abs(b.path)
	if err != nil {
		abs = b.path
	}
	name := strings.TrimSuffix(filepath.Base(abs), ".zip")
	b.Manifest = document.Bundle{Version: 1, CapturedAt: document.At(newest.UTC()), Connection: document.Connection{Name: name, Method: document.EntraSCIM}}
	b.bare = true
}

// gather reads all exports.
func (l *loader) gather() (*exports.Set, error) {
	if len(l.b.exports) == 0 {
		return nil, nil
	}
	connection := l.b.Manifest.Connection
	set := &exports.Set{Application: connection.Application}
	if connection.Method == document.GuardNested {
		set.Selected = cmp.Or(connection.Selected, &document.Selected{})
	}
	for _, x := range l.b.exports {
		if err := l.addTo(set, x); err != nil {
			if l.ctx.Err() != nil {
				return nil, fmt.Errorf("reading %s: %w", x.name, l.ctx.Err())
			}
			if _, own := errors.AsType[*Error](err); own {
				return nil, l.b.wrap("", err)
			}
			return nil, &Error{Path: l.b.path, What: err.Error(), Do: "download it again, or take it out", Err: err}
		}
	}
	return set, nil
}

func (l *loader) addTo(set *exports.Set, x export) error {
	r, err := x.open()
	if err != nil {
		return err
	}
	m := &metered{ctx: l.ctx, r: r, g: l.g, file: document.File(x.name)}
	defer m.Close()
	if x.group != "" {
		return set.AddMembers(x.group, x.name, m)
	}
	return set.Add(x.name, m)
}

// A document that was recorded from the API says more than an export of the same, so the export then adds nothing,
// except to logs: those are joined.

func (l *loader) recorded(f document.File) bool {
	return slices.ContainsFunc(l.b.files, func(e entry) bool { return e.file == f })
}

func (l *loader) feedPeople(set *exports.Set) {
	d := set.Documents()
	feed(l, document.Users, d.Users, l.to.User)
	feed(l, document.DeletedUsers, d.Deleted, l.to.DeletedUser)
	feed(l, document.OrgUsers, d.OrgUsers, l.to.OrgUser)
}

func (l *loader) feedRest(set *exports.Set) {
	d := set.Documents()
	feed(l, document.Groups, d.Groups, l.to.Group)
	feed(l, document.OrgGroups, d.OrgGroups, l.to.OrgGroup)
	feed(l, document.AppRoleAssignments, d.Assignments, l.to.Assignment)
	for _, r := range d.Records {
		l.to.Record(r)
	}
	for _, line := range d.GuardLog {
		l.to.LogLine(line)
	}
	for _, n := range set.Notes() {
		l.to.Note(n.Document, "%s", n)
	}
	for _, g := range set.Gaps() {
		if !l.recorded(document.File(g.File)) {
			l.to.Gap(g)
		}
	}
	for _, f := range set.Have() {
		l.to.Have(f)
	}
	for _, f := range set.Files() {
		if l.recorded(f.Document) && f.Document != document.ProvisioningLogs && f.Document != document.TroubleshootingLog {
			l.to.Note(f.Document, "%s is not used: %s was recorded from the API and says more", f.Name, f.Document)
		}
	}
}

// from names the exports that stand for each document that was not recorded. An export of users with their groups
// stands for both.
func (l *loader) from(set *exports.Set) map[document.File][]string {
	names := map[document.File][]string{}
	for _, f := range set.Files() {
		if l.recorded(f.Document) {
			continue
		}
		names[f.Document] = append(names[f.Document], f.Name)
		if f.Document == document.OrgUsers && !l.recorded(document.OrgGroups) {
			names[document.OrgGroups] = append(names[document.OrgGroups], f.Name)
		}
	}
	return names
}

func feed[T any](l *loader, f document.File, list []T, take func(T)) {
	if l.recorded(f) {
		return
	}
	for _, v := range list {
		take(v)
	}
}
