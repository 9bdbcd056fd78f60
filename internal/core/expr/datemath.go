package expr

import (
	"fmt"
	"math"
	"time"
)

// interval is the first argument of DateAdd and DateDiff.
func (c call) interval() (string, error) {
	s, err := c.some(0, "an interval")
	if err != nil {
		return "", err
	}
	switch s {
	case "yyyy", "m", "d", "ww", "h", "n", "s":
		return s, nil
	}
	return "", notEvaluated("%s by the interval %q, none of yyyy, m, d, ww, h, n and s, is not documented", c.node.text, s)
}

// evalDateAdd keeps a day that the month does not have at the month's last one, as every date function of .NET does.
func evalDateAdd(c call) (Value, error) {
	interval, err := c.interval()
	if err != nil {
		return Value{}, err
	}
	n, err := c.integer(1, "the value")
	if err != nil {
		return Value{}, err
	}
	t, err := c.date(2)
	if err != nil {
		return Value{}, err
	}
	if unit := intervals[interval]; unit > 0 {
		if n > int(math.MaxInt64/unit) || n < -int(math.MaxInt64/unit) {
			return Value{}, notEvaluated("DateAdd of %d × %s is more than is computed here", n, interval)
		}
		return dateValue(t.Add(time.Duration(n) * unit))
	}
	if n > 200_000 || n < -200_000 {
		return Value{}, fmt.Errorf("DateAdd of %d × %s lies outside .NET's calendar", n, interval)
	}
	if interval == "yyyy" {
		n *= 12
	}
	months := t.Year()*12 + int(t.Month()) - 1 + n
	if months < 12 {
		return Value{}, fmt.Errorf("DateAdd of %d months lies outside .NET's calendar", n)
	}
	first := time.Date(months/12, time.Month(months%12+1), 1, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateValue(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// intervals are the intervals that have a fixed length.
var intervals = map[string]time.Duration{
	"d": 24 * time.Hour, "ww": 7 * 24 * time.Hour, "h": time.Hour, "n": time.Minute, "s": time.Second,
}

// evalDateDiff answers where all readings agree that fit the documented examples: the difference of the calendar's
// units (as in Visual Basic, weeks from Sunday), the elapsed time cut (not for weeks), and the elapsed time rounded.
func evalDateDiff(c call) (Value, error) {
	interval, err := c.interval()
	if err != nil {
		return Value{}, err
	}
	from, err := c.date(1)
	if err != nil {
		return Value{}, err
	}
	to, err := c.date(2)
	if err != nil {
		return Value{}, err
	}
	calendar, cut, rounded := differences(interval, from, to)
	if calendar != rounded || cut != calendar && interval != "ww" {
		return Value{}, notEvaluated("DateDiff by %s over %s and %s: Entra does not document whether a part of the interval counts", interval, from.Format(dateForm), to.Format(dateForm))
	}
	return intValue(int(calendar)), nil
}

// differences counts the units between two dates in three ways. An exact half rounds to no whole number.
func differences(interval string, from, to time.Time) (calendar, cut, rounded float64) {
	elapsed := float64(to.Unix() - from.Unix())
	switch interval {
	case "yyyy":
		elapsed /= 365.2425 * 86400
		calendar, cut = float64(to.Year()-from.Year()), math.Trunc(fullMonths(from, to)/12)
	case "m":
		elapsed /= 365.2425 * 86400 / 12
		calendar, cut = monthsBetween(from, to), fullMonths(from, to)
	default:
		unit := intervals[interval].Seconds()
		begin := func(t time.Time) float64 { return math.Floor(float64(t.Unix()) / unit) }
		if interval == "ww" {
			begin = func(t time.Time) float64 { // of the Sunday before: 1970 began on a Thursday
				return math.Floor((float64(t.Unix())/86400 + 4) / 7)
			}
		}
		elapsed /= unit
		calendar, cut = begin(to)-begin(from), math.Trunc(elapsed)
	}
	if rounded = math.Round(elapsed); math.Abs(elapsed-math.Trunc(elapsed)) == 0.5 {
		rounded = math.NaN()
	}
	return calendar, cut, rounded
}

func monthsBetween(from, to time.Time) float64 {
	return float64((to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month()))
}

// fullMonths counts the months that have passed to the second.
func fullMonths(from, to time.Time) float64 {
	if to.Before(from) {
		return -fullMonths(to, from)
	}
	n := monthsBetween(from, to)
	inMonth := func(t time.Time) time.Duration {
		return time.Duration(t.Day())*24*time.Hour + time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	}
	if n > 0 && inMonth(to) < inMonth(from) {
		n--
	}
	return n
}
