package scimtarget

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// place is where a value stands in a resource, spelled as the service spells it.
type place struct {
	schema   string // of an extension; "": the core schema
	attr     attribute
	on, with string // the element of a list whose part on has this value; on "": no filter
	part     attribute
}

// placeOf finds the place of a path as mappings write it; document.ParseScimPath says which paths there are.
func (s schemas) placeOf(resource, path string) (place, error) {
	if _, err := document.ParseScimPath(path); err != nil {
		return place{}, err
	}
	rest := strings.TrimSpace(path)
	var p place
	schema := resource
	open := len(rest)
	if at := strings.IndexByte(rest, '['); at >= 0 {
		open = at
	}
	if strings.HasPrefix(strings.ToLower(rest), "urn:") {
		at := strings.LastIndexByte(rest[:open], ':')
		schema, rest = strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+1:])
		if !strings.EqualFold(schema, userSchema) && !strings.EqualFold(schema, groupSchema) {
			p.schema = schema
			if known, ok := s[strings.ToLower(schema)]; ok {
				p.schema = known.urn
			}
		} else {
			schema = resource
		}
	}
	end := strings.IndexAny(rest, "[.")
	if end < 0 {
		end = len(rest)
	}
	p.attr = s.attribute(schema, strings.TrimSpace(rest[:end]))
	rest = rest[end:]
	if strings.HasPrefix(rest, "[") {
		shut := strings.LastIndexByte(rest, ']')
		if err := p.filter(rest[1:shut]); err != nil {
			return place{}, fmt.Errorf("target attribute %q: %w", path, err)
		}
		rest = strings.TrimSpace(rest[shut+1:])
	}
	if part := strings.TrimSpace(strings.TrimPrefix(rest, ".")); part != "" {
		p.part = p.attr.part(part)
	}
	if p.attr.many && p.on == "" && p.part.name != "" {
		p.on, p.with = "primary", "true" // of several elements the primary one is meant
	}
	if p.on != "" && p.part.name == "" {
		p.part = p.attr.part("value")
	}
	return p, nil
}

// filter reads type eq "work".
func (p *place) filter(text string) error {
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	p.attr.many = true
	p.on = p.attr.part(name).name
	rest = strings.TrimSpace(strings.TrimSpace(rest)[len("eq"):])
	p.with = rest
	if strings.HasPrefix(rest, `"`) {
		plain, err := jsontext.AppendUnquote(nil, rest)
		if err != nil {
			return err
		}
		p.with = string(plain)
	}
	return nil
}

// element tells places of one element of a list from others.
func (p *place) element() string {
	if p.on == "" {
		return ""
	}
	return strings.ToLower(p.schema + "|" + p.attr.name + "|" + p.on + "|" + p.with)
}

// base is the path of the attribute without filter and part.
func (p *place) base() string {
	if p.schema == "" {
		return p.attr.name
	}
	return p.schema + ":" + p.attr.name
}

// whole is the path of the element, or of the attribute where it is no list.
func (p *place) whole() string {
	if p.on == "" {
		return p.base()
	}
	with := p.with
	if p.attr.part(p.on).kind != "boolean" {
		with = quote(with)
	}
	return p.base() + "[" + p.on + " eq " + with + "]"
}

// path is the whole path.
func (p *place) path() string {
	if p.part.name == "" {
		return p.whole()
	}
	return p.whole() + "." + p.part.name
}

// value gives a value in the type that the service takes at this place.
func (p *place) value(v document.AttributeValue) any {
	a := p.attr
	if p.part.name != "" {
		a = p.part
		return typed(a.kind, v.Text)
	}
	texts := v.Values
	if !v.Multi() {
		if !a.many {
			if a.kind == "complex" {
				return map[string]any{"value": v.Text}
			}
			return typed(a.kind, v.Text)
		}
		texts = []string{v.Text}
	}
	out := make([]any, len(texts))
	for i, t := range texts {
		if out[i] = typed(a.kind, t); a.kind == "complex" {
			out[i] = map[string]any{"value": t}
		}
	}
	return out
}

// typed gives a text as the JSON value that it stands for.
func typed(kind, text string) any {
	switch kind {
	case "boolean":
		if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
			return strings.EqualFold(text, "true")
		}
	case "integer", "decimal":
		if raw := jsontext.Value(text); raw.IsValid() && raw.Kind() == jsontext.KindNumber {
			return raw
		}
	}
	return text
}

// quote writes a text as filters and paths take it: as JSON.
func quote(text string) string {
	out, err := jsontext.AppendQuote(nil, text) // bytes that are no UTF-8 are written as U+FFFD, and are an error besides
	if err != nil {
		out, _ = jsontext.AppendQuote(nil, strings.ToValidUTF8(text, "\uFFFD"))
	}
	return string(out)
}
