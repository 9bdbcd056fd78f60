package entra

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Props are properties of an object as Graph names them. Values are what encoding to JSON gives; nil is null.
type Props map[string]any

// object is one entity: its properties as raw JSON in the order in which they came, nothing forgotten.
type object struct {
	kind   string // "user", "group", "servicePrincipal", "device", …
	id     string
	seq    uint64 // its place in lists; later objects have larger ones
	fields []field

	deleted time.Time // soft-deleted at; zero: alive
	purged  bool      // deleted for good
	born    int       // how many changes there were when it had come; 0: it was loaded

	members *links    // of a group
	parents []*object // groups that it is a direct member of
}

type field struct {
	name string
	raw  jsontext.Value
	set  bool // by a change after loading: delta then shows it even when it is null
}

func (o *object) alive() bool { return o.deleted.IsZero() && !o.purged }

func (o *object) get(name string) jsontext.Value {
	for i := range o.fields {
		if o.fields[i].name == name {
			return o.fields[i].raw
		}
	}
	return nil
}

// text is a property's string; "" if it is absent, null or of another type.
func (o *object) text(name string) string { return unquote(o.get(name)) }

func unquote(raw jsontext.Value) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	b, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return ""
	}
	return string(b)
}

// put sets a property and tells whether that changed it.
func (o *object) put(name string, raw jsontext.Value) bool {
	for i := range o.fields {
		if f := &o.fields[i]; f.name == name {
			changed := !bytes.Equal(f.raw, raw)
			f.raw, f.set = raw, f.set || changed
			return changed
		}
	}
	o.fields = append(o.fields, field{name: name, raw: raw, set: true})
	return true
}

// encode gives properties as raw JSON.
func encode(v any) (jsontext.Value, error) {
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	return jsontext.Value(b), err
}

// reader turns JSON objects into objects. It keeps one copy of every property name.
type reader struct {
	names map[string]string
	// member is called for every element of a group's "members"; without it they are a property like any other.
	member func(kind, id string) error
}

// object reads the next value of the stream, which must be an object with an id.
func (r *reader) object(dec *jsontext.Decoder, kind string) (*object, error) {
	if dec.PeekKind() != '{' {
		return nil, fmt.Errorf("expected a JSON object, found %v", dec.PeekKind())
	}
	o := &object{kind: kind}
	var arena []byte
	var ends []int
	_, err := dec.ReadToken()
	for err == nil && dec.PeekKind() == '"' {
		var name string
		if name, err = r.name(dec); err != nil {
			break
		}
		if name == "members" && r.member != nil && dec.PeekKind() == '[' {
			err = r.members(dec)
			continue
		}
		var v jsontext.Value
		if v, err = dec.ReadValue(); err != nil {
			break
		}
		if k := v.Kind(); k == '{' || k == '[' {
			v = v.Clone()
			err = v.Compact()
		}
		arena = append(arena, v...)
		ends = append(ends, len(arena))
		o.fields = append(o.fields, field{name: name})
	}
	if err == nil {
		_, err = dec.ReadToken()
	}
	if err != nil {
		return nil, unexpected(err)
	}
	start := 0
	for i, end := range ends {
		o.fields[i].raw = jsontext.Value(arena[start:end:end])
		start = end
	}
	if o.id = o.text("id"); o.id == "" {
		return nil, errors.New("an object without an id")
	}
	return o, nil
}

func (r *reader) name(dec *jsontext.Decoder) (string, error) {
	t, err := dec.ReadToken()
	if err != nil {
		return "", err
	}
	s := t.String()
	if r.names == nil {
		r.names = map[string]string{}
	}
	if known, ok := r.names[s]; ok {
		return known, nil
	}
	r.names[s] = s
	return s, nil
}

// members reads a group's list of members: {"@odata.type":"#microsoft.graph.user","id":"…"} each.
func (r *reader) members(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '{' {
		var m struct {
			Type string `json:"@odata.type"`
			ID   string `json:"id"`
		}
		if err := json.UnmarshalDecode(dec, &m); err != nil {
			return err
		}
		if m.ID == "" {
			return errors.New("a member without an id")
		}
		if err := r.member(kindOf(m.Type), m.ID); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
