package dotnet

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDatesAreReadAndPrintedByFormat(t *testing.T) {
	tests := map[string]struct{ text, in, out, want string }{
		"the documented one":              {"20150123105347.1Z", "yyyyMMddHHmmss.fZ", "yyyy-MM-dd", "2015-01-23"},
		"twelve hours":                    {"3/7/2021 1:05:09 PM", "M/d/yyyy h:mm:ss tt", "yyyy-MM-dd'T'HH:mm:ss", "2021-03-07T13:05:09"},
		"midnight":                        {"3/7/2021 12:05:09 AM", "M/d/yyyy h:mm:ss tt", "HH h hh t tt", "00 12 12 A AM"},
		"noon":                            {"3/7/2021 12:05:09 PM", "M/d/yyyy hh:mm:ss tt", "H h tt", "12 12 PM"},
		"twelve without a half is night":  {"2021-03-07 12", "yyyy-MM-dd hh", "HH", "00"},
		"names":                           {"Sunday, 7 March 2021", "dddd, d MMMM yyyy", "ddd MMM", "Sun Mar"},
		"short names whatever their case": {"SUN 07 mar 21", "ddd dd MMM yy", "dddd MMMM y yy yyy yyyyy", "Sunday March 21 21 2021 02021"},
		"fractions":                       {"2021-03-07T01:02:03.1234567", "yyyy-MM-ddTHH:mm:ss.fffffff", "f ff fff.FFF", "1 12 123.123"},
		"F drops zeros and its point":     {"2021-03-07 01:02:03.1000", "yyyy-MM-dd HH:mm:ss.ffff", "s.FF|s.fff", "3.1|3.100"},
		"F drops all":                     {"2021-03-07 01:02:03", "yyyy-MM-dd HH:mm:ss.FFF", "ss.FFF", "03"},
		"K of UTC":                        {"2021-03-07T01:02:03Z", "yyyy-MM-ddTHH:mm:ssK", "HH:mmK", "01:02Z"},
		"K of no zone":                    {"2021-03-07T01:02:03", "yyyy-MM-ddTHH:mm:ssK", "HH:mmK", "01:02"},
		"sortable":                        {"2021-03-07T01:02:03", "s", "s", "2021-03-07T01:02:03"},
		"round trip":                      {"2021-03-07T01:02:03.0000000Z", "o", "O", "2021-03-07T01:02:03.0000000Z"},
		"RFC 1123":                        {"2021-03-07", "yyyy-MM-dd", "R", "Sun, 07 Mar 2021 00:00:00 GMT"},
		"universal sortable":              {"2021-03-07", "yyyy-MM-dd", "u", "2021-03-07 00:00:00Z"},
		"one letter with a percent sign":  {"2021-03-07", "yyyy-MM-dd", "%d", "7"},
		"quoted and escaped letters":      {"on 2021-03-07", "'on' yyyy-MM-dd", `"day" d \d 'h'`, "day 7 d h"},
		"blanks at the ends":              {"  2021-03-07 ", "yyyy-MM-dd", "dd.MM.yyyy", "07.03.2021"},
		"an old two-digit year":           {"070399", "ddMMyy", "yyyy", "1999"},
		"day and month of one digit":      {"1/2/2021", "d/M/yyyy", "yyyy-MM-dd", "2021-02-01"},
		"no month and day":                {"2021", "yyyy", "yyyy-MM-dd", "2021-01-01"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m, err := ParseDate(tt.text, tt.in, DefaultStyles)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := m.Format(tt.out); err != nil || got != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestStylesDecideOverTheZone(t *testing.T) {
	for _, tt := range [][5]string{
		{"2021-06-30T00:00+08:00", "yyyy-MM-ddTHH:mmzzz", "AdjustToUniversal", "yyyy-MM-dd HH:mmK", "2021-06-29 16:00Z"},
		{"2021-06-30 00:00-3", "yyyy-MM-dd HH:mmz", "DateTimeStyles.AdjustToUniversal", "yyyy-MM-dd HH:mmK", "2021-06-30 03:00Z"},
		{"2021-06-30", "yyyy-MM-dd", "AssumeUniversal, AdjustToUniversal", "yyyy-MM-ddK", "2021-06-30Z"},
		{"2021-06-30", "yyyy-MM-dd", "None", "yyyy-MM-ddK", "2021-06-30"},
	} {
		styles, err := ParseStyles(tt[2])
		if err != nil {
			t.Fatal(err)
		}
		m, err := ParseDate(tt[0], tt[1], styles)
		if err != nil {
			t.Fatalf("%s: %v", tt[2], err)
		}
		if got, err := m.Format(tt[3]); err != nil || got != tt[4] {
			t.Errorf("%s: %q, %v; want %q", tt[2], got, err, tt[4])
		}
	}
}

func TestDatesWithoutAnAnswerSayWhy(t *testing.T) {
	tests := map[string]struct {
		text, in, styles, out, want string
		unsupported                 bool
	}{
		"a zone that becomes local time": {"2021-06-30+08:00", "yyyy-MM-ddzzz", "", "s", "local time of the machine", true},
		"UTC that becomes local time":    {"2021-06-30Z", "yyyy-MM-ddK", "None", "s", "local time of the machine", true},
		"assumed UTC becomes local time": {"2021-06-30", "yyyy-MM-dd", "AssumeUniversal", "s", "local time of the machine", true},
		"a zone in the output":           {"2021-06-30", "yyyy-MM-dd", "", "zzz", "the offset z in an output format (character 1)", true},
		"an era":                         {"2021-06-30", "yyyy-MM-dd", "", "yyyy g", "the era g in a format (character 6)", true},
		"a format of the culture":        {"2021-06-30", "yyyy-MM-dd", "", "d", "the standard format d, which depends on the culture", true},
		"a standard format that is none": {"2021-06-30", "yyyy-MM-dd", "", "x", `"x" is no standard format`, false},
		"RFC 1123 as input":              {"x", "R", "", "s", "the standard format R as an input format", true},
		"no year":                        {"06-30", "MM-dd", "", "s", "without a year", true},
		"a century by version":           {"300640", "ddMMyy", "", "s", "two-digit year 40", true},
		"a style that is not evaluated":  {"2021", "yyyy", "AssumeLocal", "s", `the date style "AssumeLocal"`, true},
		"styles that exclude each other": {"2021", "yyyy", "RoundtripKind, AdjustToUniversal", "s", "RoundtripKind together", false},
		"a quotation mark without end":   {"2021", "yyyy'x", "", "s", "a quotation mark without end in a format (character 5)", false},
		"a percent sign at the end":      {"2021", "yyyy%", "", "s", "% at the end of a format (character 5)", false},
		"too many digits of a second":    {"2021", "yyyy ffffffff", "", "s", "more than seven digits", false},
		"an empty format":                {"2021", "", "", "s", "an empty format", true},
		"another form":                   {"30.6.2021", "yyyy-MM-dd", "", "s", `does not have the form "yyyy-MM-dd"`, false},
		"something behind":               {"2021-06-30x", "yyyy-MM-dd", "", "s", "does not have the form", false},
		"too few digits":                 {"2021-6-30", "yyyy-MM-dd", "", "s", "does not have the form", false},
		"no day of the calendar":         {"2021-02-29", "yyyy-MM-dd", "", "s", "no date of the calendar", false},
		"another weekday":                {"Mon 2021-03-07", "ddd yyyy-MM-dd", "", "s", "weekday", false},
		"two days":                       {"2021-03-07 08", "yyyy-MM-dd dd", "", "s", "does not have the form", false},
		"an hour beyond the day":         {"2021-03-07 24", "yyyy-MM-dd HH", "", "s", "no date of the calendar", false},
		"an offset that is too wide":     {"2021-03-07+15:00", "yyyy-MM-ddzzz", "AdjustToUniversal", "s", "does not have the form", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			styles, err := DefaultStyles, error(nil)
			if tt.styles != "" {
				styles, err = ParseStyles(tt.styles)
			}
			var m Moment
			if err == nil {
				m, err = ParseDate(tt.text, tt.in, styles)
			}
			if err == nil {
				_, err = m.Format(tt.out)
			}
			var u *UnsupportedError
			if err == nil || !strings.Contains(err.Error(), tt.want) || errors.As(err, &u) != tt.unsupported {
				t.Errorf("%v; want %s, unsupported: %v", err, tt.want, tt.unsupported)
			}
		})
	}
}

func TestAPrintedDateIsReadAgain(t *testing.T) {
	formats := []string{"o", "s", "yyyyMMddHHmmss", "M/d/yyyy h:mm:ss tt", "dddd, dd MMMM yyyy HH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "ddd d MMM yyyy hh:mm:ss.fff t"}
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "moment")
		format := rapid.SampledFrom(formats).Draw(t, "format")
		m := Moment{Wall: time.Unix(seconds, 0).UTC()}
		text, err := m.Format(format)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseDate(text, format, DefaultStyles)
		if err != nil || !again.Wall.Equal(m.Wall) {
			t.Fatalf("%s by %s: %q, read as %s, %v", m.Wall, format, text, again.Wall, err)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	f.Add("20150123105347.1Z", "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")
	f.Add("3/7/2021 1:05:09 PM", "M/d/yyyy h:mm:ss tt", `'x' \d %d`)
	f.Fuzz(func(t *testing.T, text, in, out string) {
		m, err := ParseDate(text, in, DefaultStyles)
		if err != nil {
			return
		}
		if m.Wall.Year() < 1 || m.Wall.Year() > 9999 {
			t.Fatalf("%q by %q: year %d", text, in, m.Wall.Year())
		}
		_, _ = m.Format(out)
	})
}
