package scim

import (
	"encoding/base64"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// fromText reads the value of an attribute from a JSON string.
func (d *decoder) fromText(a *Attr, raw jsontext.Value) (Value, error) {
	text := unquote(raw)
	if most := d.t.rules().Limits.Text; len(text) > most && !d.trusted {
		return Value{}, bad(InvalidValue, "%s: the text has %d bytes; the most are %d. Send a shorter one.", a.path, len(text), most)
	}
	switch a.kind {
	case booleanKind:
		if b, ok := asBoolean(text); ok && d.t.tolerates(TextBooleans) {
			return booleanValue(b), nil
		}
	case integerKind, decimalKind:
		if d.t.tolerates(TextNumbers) {
			return d.fromLiteral(a, '0', strings.TrimSpace(text))
		}
	case momentKind:
		if _, ok := moment(text); ok {
			return textValue(text), nil
		}
		return Value{}, bad(InvalidValue, "%s: this is no moment. Write it like 2026-11-20T12:00:00Z.", a.path)
	case binaryKind:
		if !isBase64(text) {
			return Value{}, bad(InvalidValue, "%s: this is not base64 (RFC 4648). Encode the bytes.", a.path)
		}
		return textValue(text), nil
	default:
		return textValue(text), nil
	}
	return Value{}, bad(InvalidValue, "%s: expected %s, found a text.", a.path, a.wanted())
}

// fromLiteral reads it from a number, true or false.
func (d *decoder) fromLiteral(a *Attr, k jsontext.Kind, text string) (Value, error) {
	switch {
	case a.kind == booleanKind && k != '0':
		return booleanValue(text == "true"), nil
	case (a.kind == integerKind || a.kind == decimalKind) && k == '0':
		n, ok := number(text)
		if !ok || !jsontext.Value(text).IsValid() {
			return Value{}, bad(InvalidValue, "%s: this is no number, or one with too many digits.", a.path)
		}
		if a.kind == integerKind && !n.IsInt() {
			return Value{}, bad(InvalidValue, "%s: expected a whole number. Send it without a fraction.", a.path)
		}
		return Value{form: numberForm, text: text}, nil
	case (a.kind == textKind || a.kind == referenceKind) && d.t.tolerates(ScalarTexts):
		return textValue(text), nil
	}
	return Value{}, bad(InvalidValue, "%s: expected %s, found %s.", a.path, a.wanted(), kindWords(k))
}

func (a *Attr) wanted() string {
	switch a.kind {
	case booleanKind:
		return "true or false"
	case integerKind, decimalKind:
		return "a number"
	case complexKind:
		return "an object"
	}
	return "a text"
}

func isBase64(s string) bool {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '\r', '\n', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, s)
	_, err := base64.RawStdEncoding.DecodeString(clean)
	return err == nil
}
