package scim

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Append writes a resource as JSON. base is the address of the service, without a slash at its end, before the location of
// the resource and of what it refers to.
func (r *Resource) Append(dst []byte, base string, p *Projection) []byte {
	w := writer{base: base, p: p}
	dst = append(dst, `{"schemas":[`...)
	dst = append(dst, r.Type.schemas...)
	for _, part := range r.Attrs.parts {
		if part.Attr != nil && part.Attr.extension && p.Shows(part.Attr) {
			dst = append(dst, ',')
			dst = append(dst, part.Attr.key[:len(part.Attr.key)-1]...)
		}
	}
	dst = append(dst, `],"id":`...)
	dst = text(dst, r.ID)
	for i := range r.Attrs.parts {
		dst = w.part(dst, &r.Attrs.parts[i])
	}
	for _, a := range r.Type.apart {
		if p.Shows(a) {
			dst = w.refs(dst, r, a)
		}
	}
	return append(w.meta(dst, r), '}')
}

// AppendStored writes everything that a client wrote, for a store to keep: what is never returned included, nothing that
// is kept apart or that the resource's other fields hold.
func (r *Resource) AppendStored(dst []byte) []byte {
	w := writer{all: true}
	return w.value(dst, &r.Attrs, true)
}

type writer struct {
	base string
	p    *Projection
	all  bool

	endpoint string // of the location that was written last
	place    []byte // what stood before the id in it, with the quote
}

// part writes a comma, the name and the value of an attribute, or nothing where nothing is to be shown.
func (w *writer) part(dst []byte, part *Part) []byte {
	if part.Attr == nil { // what no schema knows
		dst = append(dst, ',')
		return append(dst, part.Value.text...)
	}
	if !w.all && !w.p.Shows(part.Attr) {
		return dst
	}
	start := len(dst)
	dst = append(dst, ',')
	dst = append(dst, part.Attr.key...)
	before := len(dst)
	if dst = w.value(dst, &part.Value, false); len(dst) == before {
		return dst[:start]
	}
	return dst
}

// value writes a value. An object or list of which nothing is shown is not written at all, unless it must be.
func (w *writer) value(dst []byte, v *Value, must bool) []byte {
	start := len(dst)
	switch v.form {
	case textForm:
		return text(dst, v.text)
	case numberForm, booleanForm:
		return append(dst, v.text...)
	case listForm:
		for i := range v.parts {
			at := len(dst)
			dst = append(dst, ',')
			if dst = w.value(dst, &v.parts[i].Value, false); len(dst) == at+1 {
				dst = dst[:at]
			}
		}
		if len(dst) == start {
			return dst
		}
		dst[start] = '['
		return append(dst, ']')
	case complexForm:
		for i := range v.parts {
			dst = w.part(dst, &v.parts[i])
		}
		if len(dst) > start {
			dst[start] = '{'
			return append(dst, '}')
		}
	}
	if must {
		dst = append(dst, "{}"...)
	}
	return dst
}

// refs writes a list that is kept apart; nothing where it is empty.
func (w *writer) refs(dst []byte, r *Resource, a *Attr) []byte {
	start := len(dst)
	dst = append(dst, ',')
	dst = append(dst, a.key...)
	before := len(dst)
	for ref := range r.refs(a) {
		at := len(dst)
		dst = append(dst, ',')
		if dst = w.ref(dst, a, ref); len(dst) == at+1 {
			dst = dst[:at]
		}
	}
	if len(dst) == before {
		return dst[:start]
	}
	dst[before] = '['
	return append(dst, ']')
}

func (w *writer) ref(dst []byte, a *Attr, ref Ref) []byte {
	start := len(dst)
	for _, s := range a.subs {
		if !w.p.Shows(s) {
			continue
		}
		if s.def.Name == "$ref" {
			if endpoint := a.endpointOf(ref); endpoint != "" {
				dst = append(append(dst, ','), s.key...)
				dst = w.location(dst, endpoint, ref.Value)
			}
			continue
		}
		if v := ref.part(a, s.def.Name); v != "" {
			dst = append(append(dst, ','), s.key...)
			dst = text(dst, v)
		}
	}
	if len(dst) == start {
		return dst
	}
	dst[start] = '{'
	return append(dst, '}')
}

// text writes a string. Bytes that are no UTF-8 become U+FFFD.
func text(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
