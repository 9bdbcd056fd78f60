package document

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A directory may have millions of memberships. Members are read one by one, and of each only what names it is
// kept: everything else about a member stands in its own document.

// UnmarshalJSONFrom notes that the members were told, then reads their types and ids.
func (m *Members) UnmarshalJSONFrom(d *jsontext.Decoder) (err error) {
	if m.Known {
		return errTwice
	}
	m.Known = true
	m.List, err = readList(d, func(raw jsontext.Value, ids *idPool) (Member, error) {
		kind, id := field(raw, "@odata.type"), field(raw, "id")
		if asIs(kind) && asIs(id) {
			return Member{Type: memberType(kind), ID: ids.keep(id)}, nil
		}
		return byLibrary[Member](raw)
	})
	return err
}

func readScimRefs(d *jsontext.Decoder) ([]ScimRef, error) {
	return readList(d, func(raw jsontext.Value, ids *idPool) (ScimRef, error) {
		if id := field(raw, "value"); asIs(id) {
			return ScimRef{Value: ids.keep(id)}, nil
		}
		return byLibrary[ScimRef](raw)
	})
}

func readJiraUsers(d *jsontext.Decoder) ([]JiraUser, error) {
	return readList(d, func(raw jsontext.Value, ids *idPool) (JiraUser, error) {
		if id := field(raw, "accountId"); asIs(id) {
			return JiraUser{AccountID: ids.keep(id)}, nil
		}
		return byLibrary[JiraUser](raw)
	})
}

func readStrings(d *jsontext.Decoder) ([]string, error) {
	return readList(d, func(raw jsontext.Value, ids *idPool) (string, error) {
		if raw.Kind() == jsontext.KindString && asIs(raw[1:len(raw)-1]) {
			return ids.keep(raw[1 : len(raw)-1]), nil
		}
		return byLibrary[string](raw)
	})
}

func byLibrary[T any](raw jsontext.Value) (T, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

// scratch holds lists while they grow; what is handed out is copied once, at its size.
var scratch sync.Pool

// readList reads an array value by value; null is an empty one. An error of read gets its place in the document.
func readList[T any](d *jsontext.Decoder, read func(jsontext.Value, *idPool) (T, error)) ([]T, error) {
	switch d.PeekKind() {
	case jsontext.KindNull:
		return nil, d.SkipValue()
	case jsontext.KindBeginArray:
	default:
		var list []T
		return nil, json.UnmarshalDecode(d, &list) // says that it is no list, and where
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var ids idPool
	var list []T
	if used, ok := scratch.Get().(*[]T); ok {
		list = (*used)[:0]
	}
	for d.PeekKind() != jsontext.KindEndArray {
		if len(list) == MaxMembers {
			return nil, fmt.Errorf("more than %d members; no service answers that", MaxMembers)
		}
		raw, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		one, err := read(raw, &ids)
		if err != nil {
			return nil, placed(d, raw, err)
		}
		list = append(list, one)
	}
	out := append(make([]T, 0, len(list)), list...)
	clear(list)
	scratch.Put(&list)
	_, err := d.ReadToken()
	return out, err
}

// placed moves a fault inside a value to its place in the document.
func placed(d *jsontext.Decoder, raw jsontext.Value, err error) error {
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		e.ByteOffset += d.InputOffset() - int64(len(raw))
		e.JSONPointer = d.StackPointer() + e.JSONPointer
	}
	return err
}

func memberType(b []byte) string {
	switch string(b) {
	case "#microsoft.graph.user":
		return "#microsoft.graph.user"
	case "#microsoft.graph.group":
		return "#microsoft.graph.group"
	}
	return string(b)
}

// idPool keeps short strings in blocks: one allocation for some hundred of them.
type idPool struct{ block strings.Builder }

func (p *idPool) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if p.block.Cap()-p.block.Len() < len(b) {
		size := min(max(512, 2*p.block.Cap()), 8<<10)
		p.block = strings.Builder{}
		p.block.Grow(max(size, len(b)))
	}
	from := p.block.Len()
	p.block.Write(b)
	return p.block.String()[from:]
}
