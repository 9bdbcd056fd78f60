package document

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Opt is a value that the document may not speak of. Known is false where the key was absent;
// a key with null is Known and Null. Services leave keys out for many reasons ($select, a missing
// permission, an older API), and "not told" must never be read as "empty".
type Opt[T any] struct {
	Value T
	Known bool
	Null  bool
}

// Some is a value that the document tells.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Known: true} }

// Is tells whether the document says exactly this.
func Is[T comparable](o Opt[T], v T) bool { return o.Known && !o.Null && o.Value == v }

// UnmarshalJSONFrom notes that the key was there, then reads the value unless it is null.
func (o *Opt[T]) UnmarshalJSONFrom(d *jsontext.Decoder) (err error) {
	if o.Known {
		return errTwice
	}
	o.Known = true
	if d.PeekKind() == jsontext.KindNull {
		o.Null = true
		return d.SkipValue()
	}
	switch v := any(&o.Value).(type) {
	case *bool:
		return readBool(d, v)
	case *[]ScimRef:
		*v, err = readScimRefs(d)
	case *[]JiraUser:
		*v, err = readJiraUsers(d)
	case *[]string:
		*v, err = readStrings(d)
	default:
		err = json.UnmarshalDecode(d, &o.Value)
	}
	return err
}

// readBool reads a Boolean, or its name: some services and every CSV say "True" where the contract says true.
func readBool(d *jsontext.Decoder, to *bool) error {
	if d.PeekKind() != jsontext.KindString {
		return json.UnmarshalDecode(d, to)
	}
	var s string
	if err := json.UnmarshalDecode(d, &s); err != nil {
		return err
	}
	*to = strings.EqualFold(s, "true")
	return nil
}

// MarshalJSONTo writes null for what is not known.
func (o Opt[T]) MarshalJSONTo(e *jsontext.Encoder) error {
	if !o.Known || o.Null {
		return e.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(e, o.Value)
}

// Time is a moment as the services write it: RFC 3339 with or without zone and fraction, a plain
// date, or Microsoft's 0001-01-01 for "never". What cannot be read is the zero time and keeps its text.
type Time struct {
	time.Time
	Text string // only where the text could not be read
}

// At makes a Time.
func At(t time.Time) Time { return Time{Time: t} }

// ParseTime reads the forms that the services and their exports use.
func ParseTime(s string) Time {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasPrefix(s, "0001-01-01") {
		return Time{}
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "1/2/2006 3:04:05 PM", "1/2/2006 15:04:05", "1/2/2006 3:04 PM", "02 Jan 2006", "2 Jan 2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return Time{Time: t.UTC()}
		}
	}
	return Time{Text: s}
}

// UnmarshalJSONFrom reads a time leniently: a moment that cannot be read must not lose the record.
func (t *Time) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == 'n' {
		return d.SkipValue()
	}
	if d.PeekKind() != jsontext.KindString {
		var s string
		return json.UnmarshalDecode(d, &s) // says that it is no string, and where
	}
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	if asIs(raw[1 : len(raw)-1]) {
		readTime(raw[1:len(raw)-1], t)
		return nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	*t = ParseTime(s)
	return nil
}

// readTime reads a text without escapes. The usual form costs no string.
func readTime(text []byte, to *Time) {
	if len(text) >= 20 && to.Time.UnmarshalText(text) == nil && to.Time.Year() > 1 {
		*to = Time{Time: to.Time.UTC()}
		return
	}
	*to = ParseTime(string(text))
}

// MarshalJSONTo writes RFC 3339, or null for the zero time.
func (t Time) MarshalJSONTo(e *jsontext.Encoder) error {
	if t.IsZero() {
		return e.WriteToken(jsontext.Null)
	}
	return e.WriteToken(jsontext.String(t.UTC().Format(time.RFC3339)))
}
