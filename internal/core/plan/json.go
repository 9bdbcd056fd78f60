package plan

import (
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Saved is a plan as it was written down: the document of `plan --json` and `plan --out`.
type Saved struct {
	ID         string      `json:"id"`
	At         time.Time   `json:"at"`
	Connection string      `json:"connection"`
	Method     string      `json:"method"`
	Digests    Digests     `json:"digests"`
	Counts     Counts      `json:"counts"`
	Steps      []Step      `json:"steps"`
	Verdicts   []Judgement `json:"verdicts"`
	Guards     []Guard     `json:"guards"`
	Gaps       []string    `json:"gaps"`
	Complete   bool        `json:"complete"`
}

// Write writes the plan as one JSON document, step by step, so that the largest plan takes no more memory than its
// largest step. keep narrows what is written to some steps and judgements; nil keeps all. With all, judgements of
// everybody are written, not only of those who are not as they should be.
func (p *Plan) Write(to io.Writer, all bool, keep *Keep) error {
	e := jsontext.NewEncoder(to, jsontext.Multiline(true), jsontext.WithIndent(" "))
	w := writer{e: e}
	w.token(jsontext.BeginObject)
	w.member("id", p.ID)
	w.member("at", p.At.UTC().Format(time.RFC3339Nano))
	w.member("connection", p.Connection)
	w.member("method", p.Method)
	w.member("digests", p.Digests)
	w.member("counts", p.Counts)
	w.list("steps")
	for s := range p.Steps() {
		if w.err != nil {
			break
		}
		if keep.step(&s) {
			w.value(s)
		}
	}
	w.token(jsontext.EndArray)
	w.list("verdicts")
	for j := range p.Verdicts(all) {
		if w.err != nil {
			break
		}
		if keep.subject(j.Subject) {
			w.value(j)
		}
	}
	w.token(jsontext.EndArray)
	w.member("guards", nonNil(p.Guards))
	w.member("gaps", nonNil(p.Gaps))
	w.member("complete", p.Complete())
	w.token(jsontext.EndObject)
	if w.err != nil {
		return fmt.Errorf("writing the plan: %w", w.err)
	}
	return nil
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Keep narrows what is shown of a plan to some subjects. Nil keeps everything.
type Keep struct {
	Step    func(*Step) bool
	Subject func(Subject) bool
}

func (k *Keep) step(s *Step) bool      { return k == nil || k.Step(s) }
func (k *Keep) subject(s Subject) bool { return k == nil || k.Subject(s) }

type writer struct {
	e   *jsontext.Encoder
	err error
}

func (w *writer) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.e.WriteToken(t)
	}
}

func (w *writer) value(v any) {
	if w.err == nil {
		w.err = json.MarshalEncode(w.e, v)
	}
}

func (w *writer) member(name string, v any) {
	w.token(jsontext.String(name))
	w.value(v)
}

func (w *writer) list(name string) {
	w.token(jsontext.String(name))
	w.token(jsontext.BeginArray)
}

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

func encode(v document.AttributeValue) (jsontext.Value, error) {
	switch {
	case !v.Known || v.Null:
		return jsontext.Value("null"), nil
	case v.Multi():
		return json.Marshal(v.Values)
	}
	return json.Marshal(v.Text)
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
	}
	return document.NullValue, nil
}
