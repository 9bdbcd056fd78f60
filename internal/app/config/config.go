// Package config reads rollcall.yaml: which connections there are and by which rules they are judged and synced. It
// checks the whole file before anything else happens and reports every fault at once, each with its line, its column
// and what was probably meant. It owns the file's shape and its defaults; it opens no connection
// and decides nothing about people or groups. A secret is read when somebody asks for it (Secret.Read), never before.
//
// Values keep their text: an id 0123 stays "0123". Secrets are references, env:NAME or file:PATH; a secret that stands
// in the file as text is a fault, and neither the fault nor the excerpt beside it shows it.
package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 1 << 20

// File is a configuration without faults.
type File struct {
	Path        string
	Connections []Connection // at least one
	Store       Store
	Inbound     Inbound
	Hub         Hub
	Notify      []Setting // what stands below notify, text by text
}

// Connection is one pair of a source and a target with its rules.
type Connection struct {
	Name         string
	Line, Column int    // of the name
	Method       string // document.Rollcall, document.EntraSCIM, document.GuardNested
	Identifier   string // guard-nested: mail, userPrincipalName, or empty where it was not said
	Selected     *Selected
	Source       Source
	Target       Target
	Scope        Scope
	Match        []string  // SCIM names in the order in which they are tried; nil: the method's default
	Map          []Mapping // in the file's order; a target that is not named keeps the default
	Policies     []Policy  // in the file's order
	Products     []Product // in the file's order
	Limits       Limits
	Every        time.Duration // 0: not said
	Lookback     time.Duration // how far back the services' logs are read; 0: not said
	Import       *Import       // nil: no import
}

// Read reads and checks the file. An error about what it holds is a *Faults; any other says why it could not be read.
func Read(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return Parse(path, text)
}

// Parse checks the text of a file; name stands in the errors, which are *Faults.
func Parse(name string, text []byte) (*File, error) {
	p := newParser(text)
	root := p.load(text)
	out := &File{Path: name}
	if root != nil {
		p.file(*root, out)
	}
	if faults := p.report(name, root); faults != nil {
		return nil, faults
	}
	return out, nil
}

// Connection finds a connection by its name. Without a name it is the only one there is.
func (f *File) Connection(name string) (*Connection, error) {
	names := make([]string, len(f.Connections))
	for i := range f.Connections {
		if names[i] = f.Connections[i].Name; names[i] == name {
			return &f.Connections[i], nil
		}
	}
	known := strings.Join(names, ", ")
	switch {
	case name == "" && len(names) == 1:
		return &f.Connections[0], nil
	case name == "":
		return nil, fmt.Errorf("%s has %d connections (%s): say which one", f.Path, len(names), known)
	case nearest(name, names) != "":
		return nil, fmt.Errorf("%s has no connection %q; did you mean %q? (known: %s)", f.Path, name, nearest(name, names), known)
	}
	return nil, fmt.Errorf("%s has no connection %q (known: %s)", f.Path, name, known)
}

// Locate is a path as the file means it: what is not absolute starts in the file's own folder.
func (f *File) Locate(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.Path), path)
}

// file reads the top of the file.
func (p *parser) file(v value, out *File) {
	p.mapping(v, "a file with `connections`", []field{
		{key: "connections", need: true, read: func(v value) { out.Connections = p.connections(v) }},
		{key: "store", read: func(v value) { out.Store = p.store(v) }},
		{key: "inbound", read: func(v value) { out.Inbound = p.inbound(v) }},
		{key: "hub", read: func(v value) { out.Hub = p.hub(v) }},
		{key: "notify", read: func(v value) {
			if _, ok := p.list(v, "a list of those to notify"); ok {
				out.Notify = p.settings(v, notifySecret)
			}
		}},
	})
}

func (p *parser) connections(v value) []Connection {
	items, ok := p.list(v, "a list of connections")
	if ok && len(items) == 0 {
		p.fault(v, "no connection", "a connection has at least a `name` and a `method`")
	}
	var out []Connection
	lines := map[string]int{}
	for _, item := range items {
		c := p.connection(item)
		if first := lines[c.Name]; c.Name != "" && first > 0 {
			p.faultAt(c.Line, c.Column, item.path+".name", fmt.Sprintf("a second connection of the name %s; the first is in line %d", show(c.Name), first),
				"give each its own name")
		} else if c.Name != "" {
			lines[c.Name] = c.Line
		}
		out = append(out, c)
	}
	return out
}
