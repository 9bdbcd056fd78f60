package exports

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// orderCheck watches the dates of one column. Entra writes month/day/year. A file that went through a spreadsheet
// of another country has day/month/year: then some dates can only be read that way, and none only the other way.
type orderCheck struct {
	month, day int // dates that can be read only month first, only day first
	line       int // of the first that can be read only day first
	example    string
	pending    string         // the last date, if it can be read both ways
	doubtful   map[int]string // by index of the caller: dates that can be read both ways
}

// time reads the cell month first where that is possible.
func (o *orderCheck) time(row record, field string) document.Time {
	v := row.text(field)
	t, order := moment(v)
	o.pending = ""
	switch {
	case order == eitherOrder:
		o.pending = v
	case t.Text != "":
		row.note(field, "%q is no date that is known here", clip(v, 60))
	case order == monthDay:
		o.month++
	case order == dayMonth:
		if o.day++; o.day == 1 {
			o.line, o.example = row.line, v
		}
	}
	return t
}

// keep remembers under the caller's index the last date, if it can be read both ways.
func (o *orderCheck) keep(index int) {
	if o.pending == "" {
		return
	}
	if o.doubtful == nil {
		o.doubtful = map[int]string{}
	}
	o.doubtful[index] = strings.Clone(o.pending)
}

// settle tells whether the dates that can be read both ways are day first, and notes what it found.
func (o *orderCheck) settle(src *source, column string) bool {
	switch {
	case o.day == 0:
		return false
	case o.month == 0:
		src.note(o.line, column, "%q can only be day first, so all dates of this column are read day first", clip(o.example, 40))
		return true
	}
	src.note(o.line, column, "%q can only be day first, other dates only month first; those that fit both are read month first", clip(o.example, 40))
	return false
}

// row0 is the header of a field.
func row0(l *layout, field string) string {
	if i, ok := l.at[field]; ok {
		return l.header[i]
	}
	return ""
}
