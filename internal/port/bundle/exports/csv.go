package exports

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits bound what one file may cost. The zero value of a field means the default.
type Limits struct {
	Rows      int   // rows of one file; default 2,000,000
	RowBytes  int   // one row; default 1 MiB
	FileBytes int64 // one file, as it lies on disk; default 1 GiB
}

func (l Limits) orDefault() Limits {
	if l.Rows == 0 {
		l.Rows = 2_000_000
	}
	if l.RowBytes == 0 {
		l.RowBytes = 1 << 20
	}
	if l.FileBytes == 0 {
		l.FileBytes = 1 << 30
	}
	return l
}

// maxColumns is far above any export: the widest has two columns for each app on each site.
const maxColumns = 4096

// csvRow is one row. Cells are valid until the next row is read.
type csvRow struct {
	line, last int // first and last line in the file, from 1
	cells      []string
	cut        bool // the file ends right behind the last cell, without a line break
	foreign    bool // was not UTF-8 and was read as Windows-1252
	nul        bool // held NUL bytes, which were taken out
}

// csvReader reads rows as spreadsheets and portals write them: cells in quotes may hold separators and line
// breaks, a doubled quote is one quote. It forgives what people's scripts do: blanks before a quote, text behind
// a closing quote, a quote inside a plain cell. encoding/csv either refuses these or, with LazyQuotes, lets one
// stray quote swallow rows without a word, and it cannot bound a row.
type csvReader struct {
	src   *bufio.Reader
	comma byte
	limit Limits
	line  int // of the next byte

	buf   []byte
	ends  []int
	cells []string
}

func newCSVReader(r io.Reader, comma byte, l Limits) *csvReader {
	return &csvReader{src: bufio.NewReaderSize(r, 64<<10), comma: comma, limit: l.orDefault(), line: 1}
}

// next gives the next row that is not blank, or io.EOF.
func (c *csvReader) next() (csvRow, error) {
	for {
		row, err := c.row()
		if err != nil {
			return csvRow{}, err
		}
		if len(row.cells) > 1 || strings.TrimSpace(row.cells[0]) != "" {
			return row, nil
		}
	}
}

type place uint8

const (
	cellStart   place = iota
	plainCell         // no quotes
	insideQuote       // between quotes
	afterQuote        // behind the closing quote
)

func (c *csvReader) row() (csvRow, error) {
	c.buf, c.ends = c.buf[:0], c.ends[:0]
	first, opened, at, some := c.line, 0, cellStart, false
	for {
		b, err := c.src.ReadByte()
		if errors.Is(err, io.EOF) {
			switch {
			case !some:
				return csvRow{}, io.EOF
			case at == insideQuote:
				return csvRow{}, fmt.Errorf("line %d: a quote is opened and never closed; the rest of the file cannot be told apart: close it, or download the file again", opened)
			}
			return c.finish(first, true), nil
		}
		if err != nil {
			return csvRow{}, fmt.Errorf("line %d: %w", c.line, err)
		}
		some = true
		if len(c.buf) >= c.limit.RowBytes {
			return csvRow{}, c.tooLong(first, opened, at)
		}
		switch {
		case at == insideQuote:
			at = c.quoted(b)
		case b == c.comma:
			c.ends = append(c.ends, len(c.buf))
			if len(c.ends) >= maxColumns {
				return csvRow{}, fmt.Errorf("line %d: more than %d columns", first, maxColumns)
			}
			at = cellStart
		case b == '\n' || b == '\r':
			if b == '\r' {
				c.skip('\n')
			}
			c.line++
			return c.finish(first, false), nil
		case b == '"' && at == cellStart && c.blankCell():
			c.buf = c.buf[:c.begin()]
			at, opened = insideQuote, c.line
		default:
			c.buf = append(c.buf, b)
			if at == cellStart && b != ' ' {
				at = plainCell
			}
		}
	}
}

// quoted takes one byte between quotes and says where that leads.
func (c *csvReader) quoted(b byte) place {
	switch {
	case b == '"' && c.skip('"'):
	case b == '"':
		return afterQuote
	case b == '\r':
		c.skip('\n')
		b = '\n' // line breaks inside values are one character, whatever system wrote them
	}
	if b == '\n' {
		c.line++
	}
	c.buf = append(c.buf, b)
	return insideQuote
}

// skip passes over the next byte if it is the one.
func (c *csvReader) skip(b byte) bool {
	next, err := c.src.Peek(1)
	if err != nil || next[0] != b {
		return false
	}
	_, _ = c.src.Discard(1)
	return true
}

func (c *csvReader) tooLong(first, opened int, at place) error {
	if at == insideQuote {
		return fmt.Errorf("line %d: the row is longer than %d bytes; the quote opened in line %d is probably not closed", first, c.limit.RowBytes, opened)
	}
	return fmt.Errorf("line %d: the row is longer than %d bytes", first, c.limit.RowBytes)
}

// begin is where the present cell begins in buf.
func (c *csvReader) begin() int {
	if n := len(c.ends); n > 0 {
		return c.ends[n-1]
	}
	return 0
}

func (c *csvReader) blankCell() bool { return len(bytes.TrimLeft(c.buf[c.begin():], " ")) == 0 }

func (c *csvReader) finish(first int, cut bool) csvRow {
	c.ends = append(c.ends, len(c.buf))
	row := csvRow{line: first, last: max(first, c.line-1), cut: cut}
	if cut {
		row.last = c.line
	}
	c.cells = c.cells[:0]
	row.nul = bytes.IndexByte(c.buf, 0) >= 0
	row.foreign = !utf8.Valid(c.buf)
	whole := string(c.buf)
	from := 0
	for _, to := range c.ends {
		cell := whole[from:to]
		if row.foreign {
			cell = asUTF8(c.buf[from:to])
		}
		if row.nul {
			cell = strings.ReplaceAll(cell, "\x00", "")
		}
		c.cells = append(c.cells, cell)
		from = to
	}
	row.cells = c.cells
	return row
}

// startTable skips a line that is no row ("sep=;" for Excel, "#TYPE …" of PowerShell), finds the separator and gives
// the header row.
func startTable(r io.Reader, l Limits) (*csvReader, csvRow, error) {
	c := newCSVReader(r, ',', l)
	head, _ := c.src.Peek(64 << 10) // a shorter file gives what there is
	text := strings.TrimLeft(string(head), "\r\n")
	line, rest, _ := strings.Cut(text, "\n")
	s := strings.Trim(strings.TrimSpace(line), `"`)
	named := len(s) == 5 && strings.EqualFold(s[:4], "sep=")
	if named || strings.HasPrefix(s, "#TYPE ") {
		c.comma = 0 // the line is one cell, whatever stands in it
		if _, err := c.next(); err != nil {
			return nil, csvRow{}, err
		}
		text = rest
	}
	if c.comma = separator(strings.TrimLeft(text, "\r\n")); named {
		c.comma = s[4]
	}
	row, err := c.next()
	return c, row, err
}

// separator tells which character separates the cells of the header line: comma, semicolon or tab, whichever
// stands there most often outside of quotes.
func separator(head string) byte {
	var commas, semicolons, tabs int
	quoted := false
	for i := 0; i < len(head) && (quoted || head[i] != '\n' && head[i] != '\r'); i++ {
		switch b := head[i]; {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == ',':
			commas++
		case b == ';':
			semicolons++
		case b == '\t':
			tabs++
		}
	}
	switch {
	case tabs > commas && tabs > semicolons:
		return '\t'
	case semicolons > commas:
		return ';'
	}
	return ','
}
