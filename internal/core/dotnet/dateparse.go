package dotnet

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Styles are the DateTimeStyles that change how a date is read.
type Styles struct{ toUniversal, assumeUniversal, roundtrip, leading, trailing bool }

// DefaultStyles are those that Entra's FormatDateTime names as its default.
var DefaultStyles = Styles{roundtrip: true, leading: true, trailing: true}

// ParseStyles reads names with commas between them, with or without "DateTimeStyles." in front.
func ParseStyles(s string) (Styles, error) {
	var out Styles
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimPrefix(strings.TrimSpace(name), "DateTimeStyles.")
		switch name {
		case "None":
		case "AllowLeadingWhite":
			out.leading = true
		case "AllowTrailingWhite":
			out.trailing = true
		case "AdjustToUniversal":
			out.toUniversal = true
		case "AssumeUniversal":
			out.assumeUniversal = true
		case "RoundtripKind":
			out.roundtrip = true
		default:
			return Styles{}, &UnsupportedError{What: fmt.Sprintf("the date style %q", name)}
		}
	}
	if out.roundtrip && (out.toUniversal || out.assumeUniversal) {
		return Styles{}, &SyntaxError{What: "RoundtripKind together with another style for the time zone"}
	}
	return out, nil
}

// errForm says that a text does not have the form of the format.
var errForm = errors.New("the date does not have the form")

// dateReader reads a date against a format. Parts that were not read are -1.
type dateReader struct {
	rest                                     string
	year, month, day, hour, minute, second   int
	nanosecond, half, weekday, offsetMinutes int
	zone                                     byte // 0 none, 'Z' UTC, 'o' an offset
	twelve                                   bool
}

// ParseDate reads a date as DateTime.ParseExact does. Texts that do not fit give an error that is neither
// *UnsupportedError nor *SyntaxError.
func ParseDate(text, format string, styles Styles) (Moment, error) {
	if format == "" {
		return Moment{}, &UnsupportedError{What: "an empty format"}
	}
	if len(format) == 1 && strings.ContainsAny(format, "RrUu") {
		return Moment{}, &UnsupportedError{What: fmt.Sprintf("the standard format %s as an input format", format), At: 1}
	}
	length := len(format)
	if styles.leading {
		text, format = strings.TrimLeftFunc(text, unicode.IsSpace), strings.TrimLeftFunc(format, unicode.IsSpace)
	}
	if styles.trailing {
		text, format = strings.TrimRightFunc(text, unicode.IsSpace), strings.TrimRightFunc(format, unicode.IsSpace)
	}
	long := format
	if len(format) == 1 && length > 1 {
		long = "%" + format // it was no standard format before the blanks went
	}
	list, err := tokens(long)
	if err != nil {
		return Moment{}, err
	}
	r := &dateReader{rest: text, year: -1, month: -1, day: -1, hour: -1, minute: -1, second: -1, nanosecond: -1, half: -1, weekday: -1}
	for i, t := range list {
		if err := r.token(t, list[i+1:]); err != nil {
			if errors.Is(err, errForm) {
				err = fmt.Errorf("%q: %w %q", text, err, format)
			}
			return Moment{}, err
		}
	}
	if r.rest != "" {
		return Moment{}, fmt.Errorf("%q: %w %q", text, errForm, format)
	}
	return r.moment(text, styles)
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

// moment puts the parts together. Without a year .NET takes that of today.
func (r *dateReader) moment(text string, styles Styles) (Moment, error) {
	if r.year < 0 {
		return Moment{}, &UnsupportedError{What: "an input format without a year"}
	}
	year, month, day := r.year, max(r.month, 0), max(r.day, 0)
	if r.month < 0 {
		month = 1
	}
	if r.day < 0 {
		day = 1
	}
	hour, minute, second := max(r.hour, 0), max(r.minute, 0), max(r.second, 0)
	if r.twelve {
		if hour > 12 {
			return Moment{}, fmt.Errorf("%q is no date: hour %d of twelve", text, hour)
		}
		hour %= 12
		if r.half == 1 {
			hour += 12
		}
	} else if r.half >= 0 && r.hour >= 0 && (r.half == 1) != (hour >= 12) {
		return Moment{}, &UnsupportedError{What: "AM or PM beside an hour of 24"}
	}
	wall := time.Date(year, time.Month(month), day, hour, minute, second, max(r.nanosecond, 0), time.UTC)
	if year < 1 || wall.Year() != year || int(wall.Month()) != month || wall.Day() != day || hour > 23 || minute > 59 || second > 59 {
		return Moment{}, fmt.Errorf("%q is no date of the calendar", text)
	}
	if r.weekday >= 0 && int(wall.Weekday()) != r.weekday {
		return Moment{}, fmt.Errorf("%q names a weekday that the date does not have", text)
	}
	switch {
	case r.zone == 'Z' && (styles.roundtrip || styles.toUniversal):
		return Moment{Wall: wall, UTC: true}, nil
	case r.zone == 'o' && styles.toUniversal:
		wall = wall.Add(-time.Duration(r.offsetMinutes) * time.Minute)
		if wall.Year() < 1 || wall.Year() > 9999 {
			return Moment{}, fmt.Errorf("%q lies outside the calendar", text)
		}
		return Moment{Wall: wall, UTC: true}, nil
	case r.zone == 0 && styles.assumeUniversal && styles.toUniversal:
		return Moment{Wall: wall, UTC: true}, nil
	case r.zone == 0 && !styles.assumeUniversal:
		return Moment{Wall: wall}, nil
	}
	return Moment{}, &UnsupportedError{What: "a date with a time zone, which .NET turns into the local time of the machine it runs on (the style AdjustToUniversal gives UTC),"}
}
