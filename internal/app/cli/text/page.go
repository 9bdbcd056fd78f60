package text

import (
	"bufio"
	"io"
	"strings"
)

// Ink is how a piece of text is emphasised on a terminal that shows colour. It never carries meaning of its own.
type Ink string

// The inks, as SGR parameters.
const (
	Plain Ink = ""
	Bold  Ink = "1"
	Dim   Ink = "2"
	Bad   Ink = "31"
	Good  Ink = "32"
	Doubt Ink = "33"
	Code  Ink = "36"
)

// Cell is a piece of text in a row.
type Cell struct {
	Text string
	Ink  Ink
}

// Page writes lines of bounded width. Everything that passes through it is cleaned, so no view has to remember to.
type Page struct {
	width int
	color bool
	w     *bufio.Writer
	at    int // columns written on the current line
}

// NewPage starts a page on w, width columns wide (0: no limit). Call Flush at the end.
func NewPage(w io.Writer, width int, color bool) *Page {
	return &Page{width: width, color: color, w: bufio.NewWriterSize(w, 64<<10)}
}

// Flush writes what is left and gives the first error that any write met.
func (p *Page) Flush() error { return p.w.Flush() }

// Blank ends a paragraph.
func (p *Page) Blank() { p.end() }

// Line writes cells side by side without wrapping: for commands, which must stay in one piece.
func (p *Page) Line(indent, gap int, cells ...Cell) {
	next := indent
	for _, c := range cells {
		p.put(next, Clean(c.Text), c.Ink)
		next = p.at + gap
	}
	p.end()
}

// Prompt writes a cell and leaves the line to whoever answers.
func (p *Page) Prompt(indent int, c Cell) {
	p.put(indent, strings.TrimRight(Clean(c.Text), " "), c.Ink)
	_ = p.w.WriteByte(' ')
	p.at = 0
}

// Flow writes cells side by side like Line, and starts a new line where the next cell would not fit. A cell that is wider
// than the page is wrapped.
func (p *Page) Flow(indent, gap int, cells ...Cell) {
	next := indent
	for i, c := range cells {
		t := Clean(c.Text)
		if i > 0 && p.width > 0 && next+Width(t) > p.width {
			p.end()
			next = indent
		}
		lines := []string{t}
		if p.width > 0 && next+Width(t) > p.width {
			lines = Wrap(t, p.room(indent+2))
		}
		for j, line := range lines {
			if j > 0 {
				p.end()
				next = indent + 2
			}
			p.put(next, line, c.Ink)
		}
		next = p.at + gap
	}
	p.end()
}

// Para writes a paragraph, wrapped, every line indented.
func (p *Page) Para(indent int, c Cell) {
	for _, line := range Wrap(Clean(c.Text), p.room(indent)) {
		p.put(indent, line, c.Ink)
		p.end()
	}
}

// narrow is the least width in which a wrapped last column is still pleasant to read.
const narrow = 28

// Table writes rows in aligned columns; the last column wraps under itself, or goes below the one before
// it where the page leaves it no room. A cell that is wider than half the page does not push the whole column: its own row
// goes over two lines. Rows may have different numbers of cells.
func (p *Page) Table(indent, gap int, rows [][]Cell) {
	var widths []int
	for _, row := range rows {
		for i := range max(len(row)-1, 0) {
			if i >= len(widths) {
				widths = append(widths, 0)
			}
			if w := Width(Clean(row[i].Text)); w > widths[i] && (p.width == 0 || w <= p.width/2) {
				widths[i] = w
			}
		}
	}
	for _, row := range rows {
		if len(row) > 0 {
			p.row(indent, gap, widths, row)
		}
	}
}

func (p *Page) row(indent, gap int, widths []int, row []Cell) {
	next, start, pushed := indent, indent, false
	lead, last := row[:len(row)-1], row[len(row)-1]
	for i, c := range lead {
		p.put(next, Clean(c.Text), c.Ink)
		start = next
		next += widths[i] + gap
		if p.at+gap > next {
			next, pushed = p.at+gap, true
		}
	}
	if t := Clean(last.Text); t != "" && p.width > 0 && len(lead) > 0 && (pushed && next+Width(t) > p.width || p.room(next) < min(narrow, Width(t))) {
		p.end()
		next = start + 2
	}
	p.Para(next, last)
}

func (p *Page) room(indent int) int {
	if p.width == 0 {
		return 0
	}
	return max(p.width-indent, 1)
}

// put writes s from a column on, or where the line stands if it is past it. Nothing is written for an empty text, so
// that no line ends in blanks.
func (p *Page) put(column int, s string, ink Ink) {
	if s == "" {
		return
	}
	if column > p.at {
		_, _ = p.w.WriteString(strings.Repeat(" ", column-p.at))
		p.at = column
	}
	p.at += Width(s)
	if p.color && ink != Plain && strings.TrimSpace(s) != "" {
		s = "\x1b[" + string(ink) + "m" + s + "\x1b[0m"
	}
	_, _ = p.w.WriteString(s)
}

func (p *Page) end() {
	_ = p.w.WriteByte('\n')
	p.at = 0
}

// Commands writes a heading and, from a column on, commands in one piece each, with what they are for beside them
// where all of that fits, else below each.
func (p *Page) Commands(head Cell, column int, list [][2]string) {
	beside, fits := 0, true
	for _, c := range list {
		beside = max(beside, column+Width(Clean(c[0]))+3)
	}
	for _, c := range list {
		fits = fits && (p.width == 0 || beside+Width(Clean(c[1])) <= p.width)
	}
	for _, c := range list {
		p.put(0, Clean(head.Text), head.Ink)
		head = Cell{}
		p.put(column, Clean(c[0]), Code)
		if fits {
			p.put(beside, Clean(c[1]), Dim)
		} else {
			p.end()
			p.put(column+2, Clean(c[1]), Dim)
		}
		p.end()
	}
}
