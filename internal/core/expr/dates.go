package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/dotnet"
)

// dateForm is M/d/yyyy h:mm:ss tt, the documented form of every date that a function returns. It is always UTC.
const dateForm = "1/2/2006 3:04:05 PM"

// noOffset is the rule behind a date that tells no time zone.
const noOffset = "a date without an offset is read as UTC; Entra shows that only in the examples of DateDiff"

func dateValue(t time.Time) (Value, error) {
	if t.Year() < 1 || t.Year() > 9999 {
		return Value{}, fmt.Errorf("the year %d lies outside .NET's calendar", t.Year())
	}
	return document.TextValue(t.UTC().Format(dateForm)), nil
}

// date is an argument that a function of dates returned.
func (c call) date(i int) (time.Time, error) {
	s, err := c.some(i, "a date")
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(dateForm, s)
	if err != nil || t.Year() < 1 {
		return time.Time{}, notEvaluated("%s of %q, which CDate was not put around, is not documented", c.node.text, s)
	}
	return t, nil
}

// isoForms are the forms of ISO 8601 that are read; the fraction of a second may follow the seconds.
var isoForms = []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"}

// iso reads a date of ISO 8601. offset tells whether it has one; otherwise the time is that of UTC.
func iso(s string) (t time.Time, offset, ok bool) {
	if strings.ContainsAny(s, ",") || len(s) > 40 {
		return t, false, false
	}
	if _, fraction, found := strings.Cut(s, "."); found && len(fraction)-len(strings.TrimLeft(fraction, "0123456789")) > 7 {
		return t, false, false
	}
	for _, form := range isoForms {
		if t, err := time.Parse(form, s); err == nil {
			return t, false, t.Year() > 0
		}
		if t, err := time.Parse(form+"Z07:00", s); err == nil {
			_, seconds := t.Zone()
			return t.UTC(), true, t.Year() > 0 && seconds >= -14*3600 && seconds <= 14*3600
		}
	}
	return t, false, false
}

func evalCDate(c call) (Value, error) {
	s, err := c.some(0, "a date")
	if err != nil {
		return Value{}, err
	}
	s = strings.TrimSpace(s)
	if t, err := time.Parse(dateForm, s); err == nil && t.Year() > 0 {
		return dateValue(t)
	}
	t, offset, ok := iso(s)
	if !ok {
		return Value{}, notEvaluated("CDate of %q: only ISO 8601 and M/d/yyyy h:mm:ss tt are evaluated", s)
	}
	if !offset {
		c.note(noOffset)
	}
	return dateValue(t)
}

func evalNow(c call) (Value, error) {
	if c.ev.now.IsZero() {
		return Value{}, notEvaluated("Now is not evaluated: the moment of the run is not told")
	}
	return dateValue(c.ev.now.UTC())
}

// epoch is the first moment of Active Directory's file time, which counts 100 nanoseconds.
var epoch = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)

const ticks = 10_000_000

func evalDateFromNum(c call) (Value, error) {
	s, err := c.some(0, "a value")
	if err != nil {
		return Value{}, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	switch {
	case err != nil:
		return Value{}, fmt.Errorf("DateFromNum of %q, not a whole number", s)
	case n < 0 || n == math.MaxInt64:
		return Value{}, notEvaluated("DateFromNum of %s, which is no date, is not documented", s)
	}
	return dateValue(time.Unix(epoch.Unix()+n/ticks, 0).UTC())
}

func evalNumFromDate(c call) (Value, error) {
	s, err := c.some(0, "a date")
	if err != nil {
		return Value{}, err
	}
	t, err := time.Parse(dateForm, s)
	if err != nil {
		var offset, ok bool
		if t, offset, ok = iso(s); !ok || !offset {
			return Value{}, notEvaluated("NumFromDate of %q: only ISO 8601 with an offset is evaluated", s)
		}
	}
	if t.Before(epoch) {
		return Value{}, notEvaluated("NumFromDate of a date before 1601 is not documented")
	}
	n := (t.Unix()-epoch.Unix())*ticks + int64(t.Nanosecond()/100)
	return document.TextValue(strconv.FormatInt(n, 10)), nil
}

func evalFormatDateTime(c call) (Value, error) {
	source, err := c.some(0, "a date")
	if err != nil {
		return Value{}, err
	}
	styles := dotnet.DefaultStyles
	if c.given(1) {
		names, err := c.some(1, "date styles")
		if err != nil {
			return Value{}, err
		}
		if styles, err = dotnet.ParseStyles(names); err != nil {
			return Value{}, c.refuse(err)
		}
	}
	in, err := c.some(2, "an input format")
	if err != nil {
		return Value{}, err
	}
	out, err := c.some(3, "an output format")
	if err != nil {
		return Value{}, err
	}
	m, err := dotnet.ParseDate(source, in, styles)
	if err != nil {
		return Value{}, c.refuse(err)
	}
	s, err := m.Format(out)
	if err != nil {
		return Value{}, c.refuse(err)
	}
	return document.TextValue(s), nil
}
