package plan

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// fieldJSON is a field as it is written: a value is text, a list of texts, or null.
type fieldJSON struct {
	Path string         `json:"path"`
	Old  jsontext.Value `json:"old"`
	New  jsontext.Value `json:"new"`
}

// MarshalJSONTo writes the field.
func (f Field) MarshalJSONTo(e *jsontext.Encoder) error {
	before, err := encode(f.Old)
	if err != nil {
		return err
	}
	after, err := encode(f.New)
	if err != nil {
		return err
	}
	return json.MarshalEncode(e, fieldJSON{f.Path, before, after})
}

// UnmarshalJSONFrom reads what MarshalJSONTo wrote.
func (f *Field) UnmarshalJSONFrom(d *jsontext.Decoder) (err error) {
	var in fieldJSON
	if err := json.UnmarshalDecode(d, &in); err != nil {
		return err
	}
	f.Path = in.Path
	if f.Old, err = decode(in.Old); err != nil {
		return err
	}
	f.New, err = decode(in.New)
	return err
}

// badBytes lets a value with bytes that are no UTF-8 through: they are written as U+FFFD. One such value is no reason to
// have no plan.
var badBytes = jsontext.AllowInvalidUTF8(true)

func encode(v document.AttributeValue) (jsontext.Value, error) {
	switch {
	case absent(v):
		return jsontext.Value("null"), nil
	case v.Multi():
		return json.Marshal(v.Values, badBytes)
	}
	return json.Marshal(v.Text, badBytes)
}

func decode(raw jsontext.Value) (document.AttributeValue, error) {
	switch raw.Kind() {
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return document.TextValue(s), err
	case '[':
		var list []string
		err := json.Unmarshal(raw, &list)
		return document.ListValue(list), err
	case 'n':
		return document.NullValue, nil
	}
	return document.NullValue, errors.New("a value is a text, a list of texts or null")
}
