package directory

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Table holds the same attributes of many objects: one row for each object, one cell for each column. Rows lie behind
// one another in few large blocks of text, so that a million users with eight attributes are some hundred objects for
// the garbage collector, reading a value allocates nothing, and two rows are equal where their text is. A row may be
// left empty: there is no such object. A Table is immutable and safe for concurrent use.
type Table struct {
	columns []string
	rows    []uint64 // number of the block + 1 in the upper half, offset in the lower; 0: no such object
	blocks  []string
}

// Row is one object of a table: its cells, encoded. It is comparable: equal rows of tables with the same columns hold
// equal values.
type Row string

// A cell is a number that says what it is and how long, then its bytes; a list is its values, each with its length.
const (
	notTold = iota
	null
	text
	list
	kinds
)

// Columns are the names of the columns, in order.
func (t *Table) Columns() []string { return t.columns }

// Column is the place of a column; -1 where there is none of that name.
func (t *Table) Column(name string) int { return slices.Index(t.columns, name) }

// Sources are the columns of a table of source attributes, by the names that mappings and filters use.
type Sources map[string]int

// Sources makes the columns findable by document.SourceKey.
func (t *Table) Sources() Sources {
	s := make(Sources, len(t.columns))
	for i, name := range t.columns {
		s[document.SourceKey(name)] = i
	}
	return s
}

// Column is the place of an attribute; -1, of which every row tells nothing, where there is none.
func (s Sources) Column(name string) int {
	if i, ok := s[document.SourceKey(name)]; ok {
		return i
	}
	return -1
}

// Len is the number of rows, the empty ones too.
func (t *Table) Len() int {
	if t == nil {
		return 0
	}
	return len(t.rows)
}

// Row is one object; empty where there is no such object.
func (t *Table) Row(i uint32) Row {
	at := t.rows[i]
	if at == 0 {
		return ""
	}
	block := t.blocks[at>>32-1][uint32(at):]
	size, n := number(block)
	return Row(block[n : n+size])
}

// Cell is one value of one object; not told where there is no such object or column.
func (t *Table) Cell(i uint32, column int) document.AttributeValue { return t.Row(i).Cell(column) }

// Text is a cell as text; "" where it is null, a list or not told.
func (t *Table) Text(i uint32, column int) string { return t.Row(i).Cell(column).Text }

// Cell is the value of a column.
func (r Row) Cell(column int) document.AttributeValue {
	if column < 0 {
		return document.NotTold
	}
	for len(r) > 0 {
		head, n := number(string(r))
		size := head / kinds
		if column == 0 {
			return value(head%kinds, string(r[n:n+size]))
		}
		r = r[n+size:]
		column--
	}
	return document.NotTold
}

// Cells calls visit with every value in the order of the columns.
func (r Row) Cells(visit func(column int, v document.AttributeValue)) {
	for column := 0; len(r) > 0; column++ {
		head, n := number(string(r))
		size := head / kinds
		visit(column, value(head%kinds, string(r[n:n+size])))
		r = r[n+size:]
	}
}

// After is the row without its first columns.
func (r Row) After(columns int) Row {
	for ; columns > 0 && len(r) > 0; columns-- {
		head, n := number(string(r))
		r = r[n+head/kinds:]
	}
	return r
}

func value(kind int, s string) document.AttributeValue {
	switch kind {
	case null:
		return document.NullValue
	case text:
		return document.AttributeValue{Text: s, Known: true}
	case list:
		values := []string{}
		for len(s) > 0 {
			size, n := number(s)
			values, s = append(values, s[n:n+size]), s[n+size:]
		}
		return document.ListValue(values)
	}
	return document.NotTold
}

// number reads a number of the encoding (unsigned varint) and says how many bytes it takes.
func number(s string) (v, n int) {
	if len(s) > 0 && s[0] < 0x80 {
		return int(s[0]), 1
	}
	shift := 0
	for n < len(s) {
		b := s[n]
		n++
		v |= int(b&0x7f) << shift
		if b < 0x80 {
			break
		}
		shift += 7
	}
	return v, n
}

// blockSize is how much text lies together. A row that is longer has a block of its own.
const blockSize = 1 << 20

// Rows collects the rows of a table.
type Rows struct {
	t     Table
	block []byte
	cells []byte
}

// NewRows starts a table with these columns. Expected is how many rows are likely to come; 0 where nobody knows.
func NewRows(expected int, columns ...string) *Rows {
	return &Rows{t: Table{columns: columns, rows: make([]uint64, 0, expected)}}
}

// Add takes the next object, a value for each column. It panics where their number is another: that is a mistake of
// the program, never of its input.
func (r *Rows) Add(values ...document.AttributeValue) {
	if len(values) != len(r.t.columns) {
		panic(fmt.Sprintf("directory: %d values for the columns %q", len(values), r.t.columns))
	}
	c := r.cells[:0]
	for i := range values {
		c = appendCell(c, &values[i])
	}
	r.cells = c
	r.add(c)
}

// Skip leaves the next row empty.
func (r *Rows) Skip() { r.t.rows = append(r.t.rows, 0) }

func (r *Rows) add(cells []byte) {
	if len(r.block) > 0 && len(r.block)+len(cells)+binary.MaxVarintLen64 > blockSize {
		r.flush()
	}
	if cap(r.block) < blockSize && len(r.block)+len(cells)+binary.MaxVarintLen64 > cap(r.block) { // a small table takes little
		r.block = append(make([]byte, 0, min(blockSize, max(4<<10, 4*cap(r.block)))), r.block...)
	}
	r.t.rows = append(r.t.rows, uint64(len(r.t.blocks)+1)<<32|uint64(len(r.block)))
	r.block = binary.AppendUvarint(r.block, uint64(len(cells)))
	r.block = append(r.block, cells...)
}

func (r *Rows) flush() {
	if len(r.block) > 0 {
		r.t.blocks = append(r.t.blocks, string(r.block))
		r.block = r.block[:0]
	}
}

func appendCell(c []byte, v *document.AttributeValue) []byte {
	switch {
	case !v.Known:
		return append(c, notTold)
	case v.Null:
		return append(c, null)
	case v.Values != nil:
		size := 0
		for _, s := range v.Values {
			size += numberSize(len(s)) + len(s)
		}
		c = binary.AppendUvarint(c, uint64(size*kinds+list))
		for _, s := range v.Values {
			c = append(binary.AppendUvarint(c, uint64(len(s))), s...)
		}
		return c
	}
	return append(binary.AppendUvarint(c, uint64(len(v.Text)*kinds+text)), v.Text...)
}

func numberSize(v int) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// Len is the number of rows so far.
func (r *Rows) Len() int { return len(r.t.rows) }

// Table ends the collection. The collector must not be used again.
func (r *Rows) Table() *Table {
	r.flush()
	t := r.t
	r.block, r.cells, r.t = nil, nil, Table{}
	return &t
}

// Join puts tables with the same columns behind one another; it shares their text.
func Join(tables ...*Table) *Table {
	out := &Table{columns: tables[0].columns}
	for _, t := range tables {
		shift := uint64(len(out.blocks)) << 32
		out.blocks = append(out.blocks, t.blocks...)
		for _, at := range t.rows {
			if at != 0 {
				at += shift
			}
			out.rows = append(out.rows, at)
		}
	}
	return out
}
