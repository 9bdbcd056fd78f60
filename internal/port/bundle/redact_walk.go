package bundle

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// longest is the longest text outside messages that is redacted; a longer one (a photo, a certificate) is left out.
const longest = 8 << 10

// walk goes through one object of a document.
type walk struct {
	r    *Redaction
	file document.File
	dec  *jsontext.Decoder
	enc  *jsontext.Encoder
}

// place is where a value stands.
type place struct {
	key      string // of the object around it; of a list's items that of the list
	above    string // the key above that one
	constant bool   // schema: it stands in a source of the type Constant
}

func (w *walk) value(at place) error {
	switch w.dec.PeekKind() {
	case '{':
		return w.object(at)
	case '[':
		if err := w.token(); err != nil {
			return err
		}
		for w.dec.PeekKind() != ']' {
			if err := w.value(at); err != nil {
				return err
			}
		}
		return w.token()
	case '"':
		t, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		return w.enc.WriteToken(jsontext.String(w.text(at, t.String())))
	case '0':
		v, err := w.dec.ReadValue()
		if err != nil {
			return err
		}
		if personal.MatchString(at.key) {
			v = jsontext.Value("0")
		}
		return w.enc.WriteValue(v)
	}
	return w.token()
}

// personal are properties whose numbers tell of a person.
var personal = regexp.MustCompile(`(?i)phone|mobile|fax|employee|number$|social|postal|zip`)

func (w *walk) token() error {
	t, err := w.dec.ReadToken()
	if err != nil {
		return err
	}
	return w.enc.WriteToken(t)
}

func (w *walk) object(at place) error {
	constant := false
	if w.file == document.SynchronizationRule || w.file == document.OwnRulesFile {
		v, err := w.dec.ReadValue()
		if err != nil {
			return err
		}
		var of struct {
			Type string `json:"type"`
		}
		constant = json.Unmarshal(v, &of, jsontext.AllowDuplicateNames(true)) == nil && of.Type == "Constant"
		outer := w.dec
		defer func() { w.dec = outer }()
		w.dec = jsontext.NewDecoder(bytes.NewReader(bytes.Clone(v)), jsontext.AllowDuplicateNames(true))
	}
	if err := w.token(); err != nil {
		return err
	}
	for w.dec.PeekKind() != '}' {
		t, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		key := t.String()
		shown := key
		if strings.Contains(key, "@") && !strings.Contains(key, "@odata.") {
			shown = w.r.Name(key)
		}
		if err := w.enc.WriteToken(jsontext.String(shown)); err != nil {
			return err
		}
		if err := w.value(place{key: key, above: at.key, constant: constant}); err != nil {
			return err
		}
	}
	return w.token()
}

// text redacts a text by where it stands.
func (w *walk) text(at place, s string) string {
	switch {
	case s == "":
		return s
	case w.file == document.TroubleshootingLog:
		return w.r.prose(s)
	case w.file == document.OwnRulesFile && at.above == "groups" && (at.key == "name" || at.key == "exclude"):
		return w.r.Name(s)
	case w.file == document.OwnRulesFile && at.above == "groups":
		return w.enumeration(s)
	case w.file == document.SynchronizationRule, w.file == document.OwnRulesFile:
		return w.schema(at, s)
	case at.key == "membershipRule":
		return w.r.formula(s)
	case at.key == "state" && (w.file == document.Users || w.file == document.DeletedUsers): // where somebody lives
	case at.key == "reason" && at.above == "quarantine", enumerations[at.key]:
		return w.enumeration(s)
	case at.key == "displayName" && at.above == "modifiedProperties": // the name of an attribute
		return w.enumeration(s)
	case messages[at.key]:
		return w.r.prose(s)
	}
	if len(s) > longest {
		return ""
	}
	return w.r.Name(s)
}

// enumeration keeps a value of the services. What does not look like one is redacted all the same.
func (w *walk) enumeration(s string) string {
	if !plain.MatchString(s) {
		return w.r.prose(s)
	}
	return s
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_ .,:#/()\[\]+-]{1,200}$`)

// schema redacts the mappings and filters of an Entra job: attributes, operators and functions stay, values do not.
func (w *walk) schema(at place, s string) string {
	switch {
	case at.key == "expression":
		return w.r.formula(s)
	case at.key == "description":
		return w.r.prose(s)
	case at.key == "values" || at.above == "targetOperand" || at.key == "targetOperand":
		return w.r.pattern(s)
	case at.constant && at.key == "name", at.key == "defaultValue", at.key == "value", at.above == "groups", at.above == "inputFilterGroups", at.above == "categoryFilterGroups":
		return w.r.Name(s)
	case w.file == document.OwnRulesFile && (!schemaTexts[at.key] || at.key == "name" && !named[at.above]): // a person chose the file
		if len(s) > longest {
			return ""
		}
		return w.r.Name(s)
	}
	return w.enumeration(s)
}
