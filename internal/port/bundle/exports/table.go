package exports

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// source is one file that is being read.
type source struct {
	name  string
	kind  Kind
	limit Limits
	notebook
	rows   int  // used
	unused int  // could not be used; each has a note
	whole  bool // read to its end with nothing cut off
}

func (s *source) document() document.File { return about[s.kind].file }

// note says something about a row; line 0 is the file.
func (s *source) note(line int, column, what string, args ...any) {
	s.add(Note{File: s.name, Line: line, Column: column, Document: s.document()}, what, args...)
}

// table reads the rows of a file whose layout is known.
type table struct {
	*source
	*layout
}

// record is one row.
type record struct {
	t     *table
	line  int
	cells []string
}

// read calls take for every row that can be used.
func (t *table) read(r io.Reader, take func(record)) error {
	c, _, err := startTable(r, t.limit)
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	t.sayLayout()
	t.whole = true
	var foreign, nul bool
	for {
		row, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if t.rows+t.unused >= c.limit.Rows {
			return fmt.Errorf("%s: line %d: more than %d rows; filter the download or split it", t.name, row.line, c.limit.Rows)
		}
		if row.foreign && !foreign {
			foreign = true
			t.note(row.line, "", "not UTF-8; this and other such rows are read as Windows-1252")
		}
		if row.nul && !nul {
			nul = true
			t.note(row.line, "", "holds NUL bytes; they are left out here and in other rows")
		}
		if !t.even(row) {
			t.unused++
			continue
		}
		t.rows++
		take(record{t, row.line, row.cells})
	}
}

// drop takes back a row that its reader could not use, with the reason.
func (r record) drop(field, why string) {
	r.t.rows--
	r.t.unused++
	r.note(field, "%s; the row is not used", why)
}

// even judges a row that does not have the header's number of cells. Cells too many mean that a separator or a
// quote inside a value was not protected: every value behind it may stand under the wrong header. Cells too few
// at the end of a file that breaks off mean that the last value is cut.
func (t *table) even(row csvRow) bool {
	want, have := len(t.header), len(row.cells)
	switch {
	case have > want:
		for _, extra := range row.cells[want:] {
			if strings.TrimSpace(extra) != "" {
				t.note(row.line, "", "%d cells where the header has %d%s; the row is not used, because its values may stand under the wrong headers", have, want, span(row))
				return false
			}
		}
	case have < want && row.cut:
		t.whole = false
		t.note(row.line, "", "the file breaks off after %d of %d cells; the row is not used, and more rows may be missing: download it again", have, want)
		return false
	case have < want:
		t.note(row.line, "", "%d cells where the header has %d%s; the others are taken as not told", have, want, span(row))
	}
	return true
}

func span(row csvRow) string {
	if row.last > row.line {
		return fmt.Sprintf(" (the row goes on to line %d)", row.last)
	}
	return ""
}

// sayLayout notes how the header was understood where that is not plain.
func (t *table) sayLayout() {
	for _, f := range t.guessed {
		t.note(1, t.header[t.at[f]], "taken for %s by its values", f)
	}
	for _, h := range t.twice {
		t.note(1, h, "means the same as another column; that one is used")
	}
	if t.kind == EntraUsers { // every column is kept there
		return
	}
	var other []string
	for _, i := range t.other {
		other = append(other, t.header[i])
	}
	if len(other) > 0 {
		t.note(1, "", "columns that mean nothing here: %s", listed(other))
	}
}

// has tells whether the file has the column and the row reaches it.
func (r record) has(field string) bool {
	i, ok := r.t.at[field]
	return ok && i < len(r.cells)
}

// text is a cell without surrounding blanks, "" where there is none.
func (r record) text(field string) string {
	if i, ok := r.t.at[field]; ok && i < len(r.cells) {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

func (r record) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// column is the header of a field, as the file spells it.
func (r record) column(field string) string {
	if i, ok := r.t.at[field]; ok {
		return strings.TrimSpace(r.t.header[i])
	}
	return field
}

func (r record) note(field, what string, args ...any) {
	if field != "" {
		field = r.column(field)
	}
	r.t.note(r.line, field, what, args...)
}

// opt is a text that the file tells; an empty cell is told to be empty.
func (r record) opt(field string) document.Opt[string] {
	if !r.has(field) {
		return document.Opt[string]{}
	}
	v := r.text(field)
	return document.Opt[string]{Value: v, Known: true, Null: v == ""}
}

// truth is a Boolean that the file tells. An empty cell tells nothing; a word that is no Boolean is noted.
func (r record) truth(field string) document.Opt[bool] {
	v := r.text(field)
	if v == "" {
		return document.Opt[bool]{}
	}
	b, ok := truth(v)
	if !ok {
		r.note(field, "%q is neither yes nor no; the value is taken as not told", clip(v, 60))
		return document.Opt[bool]{}
	}
	return document.Some(b)
}

// time is a moment that the file tells. What cannot be read is noted and keeps its text.
func (r record) time(field string) document.Time {
	v := r.text(field)
	t, order := moment(v)
	switch {
	case t.Text != "":
		r.note(field, "%q is no date that is known here", clip(v, 60))
	case order == dayMonth:
		r.note(field, "%q cannot be month first, as this portal writes dates; it is read day first", clip(v, 60))
	}
	return t
}
