package scim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// token passes over a bracket.
func (d *decoder) token() error {
	if _, err := d.ReadToken(); err != nil {
		return syntax(err)
	}
	return nil
}

// raw reads a value as it is written. It is overwritten when more is read.
func (d *decoder) raw() (jsontext.Value, error) {
	raw, err := d.ReadValue()
	if err != nil {
		return nil, syntax(err)
	}
	return raw, nil
}

// lasting reads a value of a body as it is written; it stays.
func (d *decoder) lasting(body []byte) (jsontext.Value, error) {
	raw, err := d.raw()
	if err != nil {
		return nil, err
	}
	end := d.InputOffset()
	return body[end-int64(len(raw)) : end], nil
}

// elements reads a list; read takes each element.
func (d *decoder) elements(read func() error) error {
	if err := d.token(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if err := read(); err != nil {
			return err
		}
	}
	return d.token()
}

// each reads an object; read takes the value behind each name.
func (d *decoder) each(what string, read func(name string) error) error {
	if d.PeekKind() != '{' {
		return d.wrong(what, "an object", "")
	}
	if err := d.token(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		raw, err := d.raw()
		if err != nil {
			return err
		}
		if err := read(unquote(raw)); err != nil {
			return err
		}
	}
	return d.token()
}

func (d *decoder) skip() error {
	if err := d.SkipValue(); err != nil {
		return syntax(err)
	}
	return nil
}

// unquote reads a JSON string that was found valid.
func unquote(raw jsontext.Value) string {
	inner := raw[1 : len(raw)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	b, _ := jsontext.AppendUnquote(nil, raw)
	return string(b)
}

// wrong says that something else stands where an attribute's value should. It prefers what the JSON library says, if it
// is not JSON at all.
func (d *decoder) wrong(what, want, mend string) error {
	k := d.PeekKind()
	if k == 0 || k == jsontext.KindInvalid {
		_, err := d.ReadToken()
		return syntax(err)
	}
	place := ""
	if p := string(d.StackPointer()); strings.Count(p, "/") > 1 {
		place = " at " + show(p)
	}
	t := InvalidValue
	if what == "the body" || what == "the operation" || what == "Operations" {
		t = InvalidSyntax // the message itself, not the value of an attribute
	}
	return bad(t, "%s", strings.TrimSpace(fmt.Sprintf("%s: expected %s, found %s%s. %s", what, want, kindWords(k), place, mend)))
}

func kindWords(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a Boolean"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "something else"
}

// syntax says why a body is no JSON.
func syntax(err error) error {
	s, ok := errors.AsType[*jsontext.SyntacticError](err)
	if !ok {
		return bad(InvalidSyntax, "The body ends in the middle of a value, or is empty. Send one whole JSON value.")
	}
	text := s.Err.Error()
	switch {
	case errors.Is(s.Err, io.ErrUnexpectedEOF), errors.Is(s.Err, io.EOF):
		return bad(InvalidSyntax, "The body ends in the middle of a value. Send one whole JSON value.")
	case errors.Is(s.Err, jsontext.ErrDuplicateName):
		return bad(InvalidSyntax, "The name %s stands twice in one object. Send it once.", show(s.JSONPointer.LastToken()))
	case strings.Contains(text, "max depth"):
		return bad(InvalidSyntax, "The body is nested deeper than 10,000 levels. No attribute is nested deeper than four.")
	case strings.Contains(text, "UTF-8"):
		return bad(InvalidSyntax, "The body holds bytes that are no valid UTF-8, at byte %d. Send UTF-8.", s.ByteOffset)
	}
	return bad(InvalidSyntax, "The body is not JSON: %s, at byte %d.", show(strings.TrimPrefix(text, "jsontext: ")), s.ByteOffset)
}

// blank tells whether a raw value is missing or null.
func blank(raw jsontext.Value) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || raw[0] == 'n'
}
