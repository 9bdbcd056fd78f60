package document

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A directory may have millions of memberships. Members are read one by one, and of each only what names it is
// kept: everything else about a member stands in its own document.

// UnmarshalJSONFrom notes that the members were told, then reads their types and ids.
func (m *Members) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	m.Known, m.List = true, nil
	var ids idPool
	return readList(d, func(raw jsontext.Value) error {
		kind, id := field(raw, "@odata.type"), field(raw, "id")
		one := Member{Type: memberType(kind), ID: ids.keep(id)}
		if !asIs(raw, kind, id) {
			one = Member{}
			if err := json.Unmarshal(raw, &one); err != nil {
				return err
			}
		}
		m.List = append(m.List, one)
		return nil
	})
}

func readScimRefs(d *jsontext.Decoder, to *[]ScimRef) error {
	var ids idPool
	return readList(d, func(raw jsontext.Value) error {
		id := field(raw, "value")
		one := ScimRef{Value: ids.keep(id)}
		if !asIs(raw, id) {
			one = ScimRef{}
			if err := json.Unmarshal(raw, &one); err != nil {
				return err
			}
		}
		*to = append(*to, one)
		return nil
	})
}

func readStrings(d *jsontext.Decoder, to *[]string) error {
	var ids idPool
	return readList(d, func(raw jsontext.Value) error {
		if raw.Kind() == jsontext.KindString && bytes.IndexByte(raw, '\\') < 0 {
			*to = append(*to, ids.keep(raw[1:len(raw)-1]))
			return nil
		}
		var one string
		err := json.Unmarshal(raw, &one)
		*to = append(*to, one)
		return err
	})
}

func readJiraUsers(d *jsontext.Decoder, to *[]JiraUser) error {
	var ids idPool
	return readList(d, func(raw jsontext.Value) error {
		id := field(raw, "accountId")
		one := JiraUser{AccountID: ids.keep(id)}
		if !asIs(raw, id) {
			one = JiraUser{}
			if err := json.Unmarshal(raw, &one); err != nil {
				return err
			}
		}
		*to = append(*to, one)
		return nil
	})
}

// readList reads an array value by value; null is an empty one. An error of take gets its place in the document.
func readList(d *jsontext.Decoder, take func(jsontext.Value) error) error {
	switch d.PeekKind() {
	case jsontext.KindNull:
		return d.SkipValue()
	case jsontext.KindBeginArray:
	default:
		var list []jsontext.Value
		return json.UnmarshalDecode(d, &list) // says that it is no list, and where
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for n := 0; d.PeekKind() != jsontext.KindEndArray; n++ {
		if n == MaxMembers {
			return fmt.Errorf("more than %d members; no service answers that", MaxMembers)
		}
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := take(raw); err != nil {
			if e, ok := err.(*json.SemanticError); ok {
				e.ByteOffset += d.InputOffset() - int64(len(raw))
				e.JSONPointer = d.StackPointer() + e.JSONPointer
			}
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// field is the text between the quotes of a string property. The object must be valid JSON. It is nil where the
// object does not have the property, or not as a string.
func field(object jsontext.Value, name string) []byte {
	if object.Kind() != jsontext.KindBeginObject {
		return nil
	}
	for at := 1; ; {
		at += blanks(object[at:])
		if object[at] == '}' {
			return nil
		}
		key := at + 1
		at += valueLen(object[at:])
		end := at - 1
		at += blanks(object[at:])
		at++ // the colon
		at += blanks(object[at:])
		n := valueLen(object[at:])
		if string(object[key:end]) == name {
			if object[at] != '"' {
				return nil
			}
			return object[at+1 : at+n-1]
		}
		at += n
		at += blanks(object[at:])
		if object[at] == ',' {
			at++
		}
	}
}

// asIs tells whether the fields found in an object can be used as they stand: there is an object, nothing was
// escaped, and every field is there. Otherwise the JSON library reads it.
func asIs(object jsontext.Value, found ...[]byte) bool {
	for _, f := range found {
		if f == nil || bytes.IndexByte(f, '\\') >= 0 {
			return false
		}
	}
	return object.Kind() == jsontext.KindBeginObject
}

func blanks(b []byte) int {
	n := 0
	for b[n] == ' ' || b[n] == '\n' || b[n] == '\t' || b[n] == '\r' {
		n++
	}
	return n
}

// valueLen is the length of the value at the start of valid JSON.
func valueLen(b []byte) int {
	switch b[0] {
	case '"':
		return stringLen(b)
	case '{', '[':
		depth := 0
		for at := 0; ; at++ {
			switch b[at] {
			case '"':
				at += stringLen(b[at:]) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return at + 1
				}
			}
		}
	}
	return bytes.IndexAny(b, ",}] \n\t\r")
}

func stringLen(b []byte) int {
	for at := 1; ; at++ {
		switch b[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
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
