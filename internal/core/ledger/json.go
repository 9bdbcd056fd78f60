package ledger

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The package json leaves open how a duration is written.
var (
	writeNanos = json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, d time.Duration) error {
		return e.WriteToken(jsontext.Int(int64(d)))
	}))
	readNanos = json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, to *time.Duration) error {
		return json.UnmarshalDecode(d, (*int64)(to))
	}))
)

type plainEntry Entry

// MarshalJSONTo writes the entry as JSON.
func (e Entry) MarshalJSONTo(to *jsontext.Encoder) error {
	return json.MarshalEncode(to, plainEntry(e), writeNanos)
}

// UnmarshalJSONFrom reads what MarshalJSONTo writes.
func (e *Entry) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	return json.UnmarshalDecode(from, (*plainEntry)(e), readNanos)
}
