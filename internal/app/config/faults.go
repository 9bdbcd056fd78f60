package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Fault is one thing that is wrong in the file.
type Fault struct {
	Line, Column int    // from 1; a column counts characters
	Path         string // connections[0].scope.groups[1].nested; empty: the file as a whole
	Text         string // what is wrong
	Hint         string // what was probably meant, or what is allowed; may be empty
}

// Faults is everything that is wrong in a file, in the order of the file.
type Faults struct {
	File string
	List []Fault
	More int // faults beyond those that are listed

	excerpts []string
}

// maxFaults bounds how many faults are listed: a file that is no configuration has one a line.
const maxFaults = 100

// Error prints one line per fault: file:line:column: what; hint.
func (f *Faults) Error() string {
	var b strings.Builder
	for i, one := range f.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s", f.File, one.Line, one.Column, one.Text)
		if one.Hint != "" {
			b.WriteString("; " + one.Hint)
		}
	}
	if f.More > 0 {
		fmt.Fprintf(&b, "\n%s: and %d more", f.File, f.More)
	}
	return b.String()
}

// Excerpt shows the line of List[i] and a caret below the column. Secrets that stand in it as text are left out.
func (f *Faults) Excerpt(i int) string {
	if i < 0 || i >= len(f.excerpts) {
		return ""
	}
	return f.excerpts[i]
}

// parser collects faults while the file is read.
type parser struct {
	lines   []string
	faults  []Fault
	known   map[string]bool     // every key that some part of the parser asked for
	strange map[*yaml.Node]bool // values of unknown keys: it may be a misspelled secret, so they are not shown
}

func newParser(text []byte) *parser {
	p := &parser{known: map[string]bool{}, strange: map[*yaml.Node]bool{}, lines: []string{""}}
	if len(text) <= MaxSize {
		p.lines = splitLines(string(withoutBOM(text)))
	}
	return p
}

func (p *parser) fault(v value, text, hint string) { p.faultAt(v.Line, v.Column, v.path, text, hint) }

// faultKey points at the key instead of its value.
func (p *parser) faultKey(v value, text, hint string) {
	if v.at == nil {
		p.fault(v, text, hint)
		return
	}
	p.faultAt(v.at.Line, v.at.Column, v.path, text, hint)
}

func (p *parser) faultAt(line, column int, path, text, hint string) {
	p.faults = append(p.faults, Fault{Line: line, Column: column, Path: path, Text: text, Hint: hint})
}

// line is the source of a line; empty outside the file.
func (p *parser) line(n int) string {
	if n < 1 || n > len(p.lines) {
		return ""
	}
	return p.lines[n-1]
}

// report sorts and bounds the faults and takes down the lines they stand in. It is nil where there are none.
func (p *parser) report(name string, root *value) *Faults {
	if len(p.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(p.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	p.faults = slices.Compact(p.faults)
	out := &Faults{File: name, List: p.faults}
	if len(out.List) > maxFaults {
		out.List, out.More = slices.Clone(out.List[:maxFaults]), len(out.List)-maxFaults
	}
	hidden := p.hidden(root)
	for i := range out.List {
		f := &out.List[i]
		if f.Line > len(p.lines) { // the end of the file is behind its last line
			f.Line, f.Column = len(p.lines), MaxSize
		}
		f.Line = max(f.Line, 1)
		f.Column = min(max(f.Column, 1), utf8.RuneCountInString(p.line(f.Line))+1)
		out.excerpts = append(out.excerpts, p.excerpt(*f, hidden[f.Line]))
	}
	return out
}
