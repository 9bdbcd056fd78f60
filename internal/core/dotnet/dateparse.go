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
