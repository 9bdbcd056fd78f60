package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// obj is a JSON object whose keys keep their order: key, value, key, value.
type obj []any

// MarshalJSONTo writes the pairs in order.
func (o obj) MarshalJSONTo(e *jsontext.Encoder) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i := 0; i < len(o); i += 2 {
		if err := e.WriteToken(jsontext.String(o[i].(string))); err != nil {
			return err
		}
		if err := json.MarshalEncode(e, o[i+1]); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

// document is a value as an indented file.
func document(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := json.MarshalWrite(&b, v, jsontext.WithIndent(" ")); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// id makes the same UUID from the same name, every time.
func id(kind, name string) string {
	h := sha256.Sum256([]byte("fabrikam/" + kind + "/" + name))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
