package exports

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Note says what a reader should know of a file: how something was understood, or what could not be used.
type Note struct {
	File     string // as the caller named it; empty: what all files together leave open
	Line     int    // of the row's first line; 0: the whole file
	Column   string // as the file's header spells it; a JSON pointer in JSON files
	Text     string
	Document document.File // the document that the fact would have gone into
}

// String is the note with its place: "users.csv, line 7, column mail: …".
func (n Note) String() string {
	var b strings.Builder
	if n.File == "" {
		return n.Text
	}
	b.WriteString(n.File)
	if n.Line > 0 {
		fmt.Fprintf(&b, ", line %d", n.Line)
	}
	if n.Column != "" {
		fmt.Fprintf(&b, ", column %s", n.Column)
	}
	return b.String() + ": " + n.Text
}

// notesPerKind is how many notes of one kind a file may write one by one; the rest are counted. A file of two
// million bad rows must not become two million sentences.
const notesPerKind = 100

// notebook collects the notes of one file, or those of joining files.
type notebook struct {
	list []Note
	more map[string]*overflow
	keys []string
}

type overflow struct {
	seen, last int
	file       string
	example    string
	document   document.File
}

// add notes something. what is a format that also says which notes are alike.
func (b *notebook) add(at Note, what string, args ...any) {
	key := at.File + "\x00" + what
	if b.more == nil {
		b.more = map[string]*overflow{}
	}
	o := b.more[key]
	if o == nil {
		o = &overflow{file: at.File, document: at.Document}
		b.more[key] = o
		b.keys = append(b.keys, key)
	}
	o.seen++
	o.last = at.Line
	if o.seen <= notesPerKind {
		at.Text = clip(fmt.Sprintf(what, args...), 600)
		o.example = first(o.example, at.Text)
		b.list = append(b.list, at)
	}
}

// all is every note, with one line for each kind that had too many.
func (b *notebook) all() []Note {
	out := b.list
	for _, k := range b.keys {
		o := b.more[k]
		if o.seen <= notesPerKind {
			continue
		}
		out = append(out, Note{File: o.file, Document: o.document, Text: fmt.Sprintf("%d more rows with the same trouble, the last at line %d; the first was: %s", o.seen-notesPerKind, o.last, clip(o.example, 120))})
	}
	return out
}

// clip shortens a text for people, never inside a character.
func clip(s string, most int) string {
	runes := 0
	for i := range s {
		if runes == most {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}

// count is a number with its noun: "1 row", "2 rows", "2 people".
func count(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case one == "person":
		return fmt.Sprintf("%d people", n)
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// listed shows names to a person, at most a dozen.
func listed(names []string) string {
	const most = 12
	shown := make([]string, 0, most)
	for _, n := range names {
		if len(shown) == most {
			return strings.Join(shown, ", ") + fmt.Sprintf(" and %d more", len(names)-most)
		}
		shown = append(shown, clip(n, 60))
	}
	return strings.Join(shown, ", ")
}
