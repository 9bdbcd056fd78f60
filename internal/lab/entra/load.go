package entra

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDocument bounds a document that is loaded.
const maxDocument = 4 << 30

// Load reads the documents of a bundle's folder entra/ (users.json, groups.json, …) into the tenant. Each is the
// answer of a Graph call; properties the lab does not know are kept and given out again. Absent files are fine. A
// file that cannot be read, an object without an id or with somebody else's, and a job without an application are
// errors that name their file; the tenant then holds what was read before.
func (l *Lab) Load(fsys fs.FS) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ld := loader{d: &l.dir, fsys: fsys}
	for _, f := range []struct {
		name string
		read func(*jsontext.Decoder) error
	}{
		{"users.json", ld.list("user", ld.enrol)},
		{"deleted-users.json", ld.list("user", ld.gone)},
		{"deleted-groups.json", ld.list("group", ld.gone)},
		{"groups.json", ld.groups},
		{"service-principal.json", ld.app},
		{"app-role-assignments.json", ld.list("appRoleAssignment", ld.assignment)},
		{"synchronization-jobs.json", ld.list("synchronizationJob", ld.job)},
		{"synchronization-schema.json", ld.schema},
		{"synchronization-secrets.json", ld.secrets},
		{"provisioning-logs.json", ld.journal("provisioningObjectSummary", &l.dir.provisioning)},
		{"directory-audits.json", ld.journal("directoryAudit", &l.dir.audits)},
	} {
		if err := ld.file(f.name, f.read); err != nil {
			return fmt.Errorf("loading entra/%s: %w", f.name, err)
		}
	}
	l.dir.reach.forget()
	return nil
}

type loader struct {
	reader
	d     *directory
	fsys  fs.FS
	owner *object // the service principal that jobs belong to
}

func (l *loader) file(name string, read func(*jsontext.Decoder) error) error {
	f, err := l.fsys.Open(path.Join("entra", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	dec := jsontext.NewDecoder(io.LimitReader(f, maxDocument), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := read(dec); err != nil {
		return fmt.Errorf("byte %d: %w", dec.InputOffset(), unexpected(err))
	}
	return nil
}

// list reads {"value":[…]} and hands over each object.
func (l *loader) list(kind string, each func(*object) error) func(*jsontext.Decoder) error {
	return func(dec *jsontext.Decoder) error {
		return values(dec, func() error {
			o, err := l.object(dec, kind)
			if err != nil {
				return err
			}
			return each(o)
		})
	}
}

// values walks through the array "value" of a document; what else it holds is skipped.
func values(dec *jsontext.Decoder, each func() error) error {
	if k := dec.PeekKind(); k != '{' {
		return fmt.Errorf(`expected an object with "value", found %v`, k)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if name.String() != "value" || dec.PeekKind() != '[' {
			if err := dec.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		for dec.PeekKind() != ']' {
			if err := each(); err != nil {
				return err
			}
		}
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func (l *loader) enrol(o *object) error { return l.d.enrol(o) }

// gone takes a soft-deleted object. One without a date of deletion was deleted at an unknown time, not never.
func (l *loader) gone(o *object) error {
	if at := l.d.anywhere(o.id); at != nil {
		return fmt.Errorf("%s %q: a %s has that id already", o.kind, o.id, at.kind)
	}
	o.seq = l.d.next()
	o.deleted = moment(o.text("deletedDateTime"))
	if o.deleted.IsZero() {
		o.deleted = time.Unix(0, 0).UTC()
	}
	if o.kind == "group" {
		o.members = &links{}
	}
	_, gone := l.d.live(o)
	gone.add(o)
	return nil
}

func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// journal reads log entries; one without a moment is refused, since a log is asked by time.
func (l *loader) journal(kind string, into *journal) func(*jsontext.Decoder) error {
	return func(dec *jsontext.Decoder) error {
		var all []logged
		err := l.list(kind, func(o *object) error {
			at := moment(o.text("activityDateTime"))
			if at.IsZero() {
				return fmt.Errorf("entry %q has no activityDateTime", o.id)
			}
			o.seq = l.d.next()
			all = append(all, logged{at, o.seq, o})
			return nil
		})(dec)
		into.load(all)
		return err
	}
}

// secrets reads {"value":[{"key","value"}]}.
func (l *loader) secrets(dec *jsontext.Decoder) error {
	var doc struct {
		Value jsontext.Value `json:"value"`
	}
	if err := json.UnmarshalDecode(dec, &doc); err != nil {
		return err
	}
	if doc.Value.Kind() != '[' {
		return errors.New(`no array "value"`)
	}
	s, err := l.sync()
	if err != nil {
		return err
	}
	s.secrets = doc.Value
	return s.secrets.Compact()
}
