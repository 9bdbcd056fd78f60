package atlassian

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// maxDocument bounds a document that is loaded.
const maxDocument = 2 << 30

// loader carries what a bundle says into a world.
type loader struct {
	files  fs.FS
	w      *world
	dir    *directory
	hasOrg bool // org-groups.json is there: a group that it lacks is not in the organization
}

// Load fills the lab with a recorded world: the documents below atlassian/ and jira/ of a bundle, as the services
// answered them, unknown fields kept. Any may be absent. It must be the first use of the lab. Keys are those of the
// lab's fields or the defaults; the loaded directory takes the key of the first one. With a connector it is the
// connector's, and what was loaded as synced is what it synced.
func (l *Lab) Load(files fs.FS) error {
	l.mu.Lock()
	used := l.w != nil
	l.mu.Unlock()
	if used {
		return errors.New("loading a bundle: the lab is in use already")
	}
	ld := &loader{files: files}
	if err := ld.manifest(l); err != nil {
		return err
	}
	w := l.lock()
	defer l.mu.Unlock()
	ld.w, ld.dir = w, w.directories[0]
	if w.connector != nil {
		ld.dir = w.connector.dir
	}
	for _, step := range []func() error{
		ld.domains, ld.accounts, ld.groups, ld.users, ld.scimGroups, ld.links, ld.sites, ld.manage, ld.policies, ld.events, ld.lines,
	} {
		if err := step(); err != nil {
			l.w = nil
			return err
		}
	}
	w.touch()
	return nil
}

// manifest takes from bundle.json what the world is called.
func (ld *loader) manifest(l *Lab) error {
	var m struct {
		Connection struct {
			Directory, Org string
			Sites          []string
		}
	}
	if _, err := ld.read("bundle.json", &m); err != nil {
		return err
	}
	if m.Connection.Org != "" {
		l.Org.ID = m.Connection.Org
	}
	if id := m.Connection.Directory; id != "" && l.Connector != nil {
		c := *l.Connector
		c.Directory = id
		l.Connector = &c
	} else if id != "" {
		first := Directory{ID: id, Name: id, Key: DefaultKey}
		if len(l.Directories) > 0 {
			first = l.Directories[0]
			first.ID = id
			l.Directories = l.Directories[1:]
		}
		l.Directories = append([]Directory{first}, l.Directories...)
	}
	for _, address := range m.Connection.Sites {
		host := strings.TrimSuffix(strings.TrimPrefix(address, "https://"), "/")
		known := false
		for _, s := range l.Sites {
			known = known || strings.EqualFold(s.Host, host)
		}
		if !known {
			l.Sites = append(l.Sites, Site{Host: host, Email: DefaultEmail, Token: DefaultToken})
		}
	}
	return nil
}

// read decodes a document. It tells whether the document is there.
func (ld *loader) read(name string, into any) (bool, error) {
	f, err := ld.files.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("loading %s: %w", name, err)
	}
	defer f.Close()
	d := json.NewDecoder(&io.LimitedReader{R: f, N: maxDocument})
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return false, fmt.Errorf("loading %s: %w", name, err)
	}
	return true, nil
}

// list reads a document that holds objects below one name.
func (ld *loader) list(name, below string) ([]object, bool, error) {
	var doc map[string]json.RawMessage
	there, err := ld.read(name, &doc)
	if err != nil || !there || doc[below] == nil {
		return nil, there, err
	}
	d := json.NewDecoder(strings.NewReader(string(doc[below])))
	d.UseNumber()
	var out []object
	if err := d.Decode(&out); err != nil {
		return nil, there, fmt.Errorf("loading %s: %w", name, err)
	}
	return slices.DeleteFunc(out, func(o object) bool { return o == nil }), there, nil
}

func (ld *loader) lines() error {
	text, err := fs.ReadFile(ld.files, "atlassian/troubleshooting-log.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("loading the troubleshooting log: %w", err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimRight(line, "\r"); line != "" {
			ld.w.lines = append(ld.w.lines, line)
		}
	}
	return nil
}

// fields of loose objects.

func child(o object, name string) object {
	c, _ := o[name].(object)
	return c
}

func number(v any) int {
	n, _ := v.(json.Number)
	i, err := n.Int64()
	if err != nil {
		return 0
	}
	return int(i)
}

func objects(v any) []object {
	list, _ := v.([]any)
	var out []object
	for _, e := range list {
		if o, ok := e.(object); ok {
			out = append(out, o)
		}
	}
	return out
}
