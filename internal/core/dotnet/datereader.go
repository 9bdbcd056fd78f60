package dotnet

import (
	"fmt"
	"strings"
	"time"
)

// dateReader reads a date against a format. Parts that were not read are -1.
type dateReader struct {
	rest                                     string
	year, month, day, hour, minute, second   int
	nanosecond, half, weekday, offsetMinutes int
	zone                                     byte // 0 none, 'Z' UTC, 'o' an offset
	twelve                                   bool
}

func (r *dateReader) token(t token, behind []token) error {
	switch t.kind {
	case 'd', 'M':
		return r.dayOrMonth(t)
	case 'y':
		return r.readYear(t)
	case 'h':
		r.twelve = true
		return r.number(&r.hour, t.n)
	case 'H':
		return r.number(&r.hour, t.n)
	case 'm':
		return r.number(&r.minute, t.n)
	case 's':
		return r.number(&r.second, t.n)
	case 'f', 'F':
		return r.fraction(t)
	case 't':
		return r.oneOf(&r.half, []string{"AM", "PM"}, min(t.n, 2))
	case 'z', 'K':
		return r.readZone(t)
	}
	if t.kind == 'Z' {
		if r.zone != 0 {
			return errForm
		}
		r.zone = 'Z' // a bare Z in a format means UTC, and matches GMT as well
		if rest, ok := strings.CutPrefix(r.rest, "GMT"); ok {
			r.rest = rest
			return nil
		}
	}
	rest, ok := strings.CutPrefix(r.rest, t.text)
	if !ok {
		if t.text == "." && len(behind) > 0 && behind[0].kind == 'F' {
			return nil
		}
		return errForm
	}
	r.rest = rest
	return nil
}

// digits takes exactly n digits, or one or two where n is 1.
func (r *dateReader) digits(n int) (int, error) {
	low, high := n, n
	if n == 1 {
		high = 2
	}
	value, width := 0, 0
	for width < high && width < len(r.rest) && r.rest[width] >= '0' && r.rest[width] <= '9' {
		value = value*10 + int(r.rest[width]-'0')
		width++
	}
	if width < low {
		return 0, errForm
	}
	r.rest = r.rest[width:]
	return value, nil
}

func (r *dateReader) number(to *int, n int) error {
	value, err := r.digits(min(n, 2))
	if err != nil {
		return err
	}
	return keep(to, value)
}

// keep keeps a part; a part that comes twice must be the same twice.
func keep(to *int, value int) error {
	if *to >= 0 && *to != value {
		return errForm
	}
	*to = value
	return nil
}

func (r *dateReader) dayOrMonth(t token) error {
	to := &r.day
	var names []string
	if t.kind == 'M' {
		to = &r.month
		for m := time.January; m <= time.December; m++ {
			names = append(names, m.String())
		}
	} else {
		for d := time.Sunday; d <= time.Saturday; d++ {
			names = append(names, d.String())
		}
	}
	if t.n <= 2 {
		return r.number(to, t.n)
	}
	short := 0
	if t.n == 3 {
		short = 3
	}
	if t.kind == 'd' {
		return r.oneOf(&r.weekday, names, short)
	}
	month := -1
	if err := r.oneOf(&month, names, short); err != nil {
		return err
	}
	return keep(&r.month, month+1)
}

// oneOf takes a name, its first letters only if short is not 0.
func (r *dateReader) oneOf(to *int, names []string, short int) error {
	for i, name := range names {
		if short > 0 {
			name = name[:short]
		}
		if len(r.rest) >= len(name) && strings.EqualFold(r.rest[:len(name)], name) {
			r.rest = r.rest[len(name):]
			return keep(to, i)
		}
	}
	return errForm
}

func (r *dateReader) readYear(t token) error {
	if t.n == 3 || t.n > 4 {
		return &UnsupportedError{What: fmt.Sprintf("a year of %d digits in an input format", t.n), At: t.at + 1}
	}
	year, err := r.digits(t.n)
	if err != nil {
		return err
	}
	if t.n <= 2 {
		if year >= 30 && year < 50 {
			return &UnsupportedError{What: fmt.Sprintf("the two-digit year %02d, whose century depends on the version of .NET,", year), At: t.at + 1}
		}
		year += 2000
		if year >= 2050 {
			year -= 100
		}
	}
	return keep(&r.year, year)
}

func (r *dateReader) fraction(t token) error {
	width := 0
	for width < t.n && width < len(r.rest) && r.rest[width] >= '0' && r.rest[width] <= '9' {
		width++
	}
	if t.kind == 'f' && width < t.n {
		return errForm
	}
	value := 0
	for i := range 9 {
		value *= 10
		if i < width {
			value += int(r.rest[i] - '0')
		}
	}
	r.rest = r.rest[width:]
	return keep(&r.nanosecond, value)
}

func (r *dateReader) readZone(t token) error {
	if r.zone != 0 {
		return errForm
	}
	if t.kind == 'K' {
		if rest, ok := strings.CutPrefix(r.rest, "Z"); ok {
			r.rest, r.zone = rest, 'Z'
			return nil
		}
		if r.rest == "" || r.rest[0] != '+' && r.rest[0] != '-' {
			return nil
		}
	}
	if r.rest == "" || r.rest[0] != '+' && r.rest[0] != '-' {
		return errForm
	}
	sign := 1
	if r.rest[0] == '-' {
		sign = -1
	}
	r.rest = r.rest[1:]
	width := 2
	if t.kind == 'z' && t.n == 1 {
		width = 1
	}
	hours, err := r.digits(width)
	minutes := 0
	if err == nil && (t.kind == 'K' || t.n > 2) {
		rest, ok := strings.CutPrefix(r.rest, ":")
		if !ok {
			return &UnsupportedError{What: "an offset that is not written ±hh:mm", At: t.at + 1}
		}
		r.rest = rest
		minutes, err = r.digits(2)
	}
	if err != nil || minutes > 59 || hours*60+minutes > 14*60 {
		return errForm
	}
	r.zone, r.offsetMinutes = 'o', sign*(hours*60+minutes)
	return nil
}
