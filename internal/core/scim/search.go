package scim

import (
	"strings"
)

// SearchParameters reads the body of a POST to /.search (RFC 7644, 3.4.3; RFC 9865, 3) as the parameters that a GET would
// have, for ParseQuery and ParseQueries. Errors are *Error.
func (s *Service) SearchParameters(body []byte) (Parameters, error) {
	if most := s.rules.Limits.Body; len(body) > most {
		return nil, tooLarge("The body has %d bytes; the most are %d.", len(body), most)
	}
	d := newDecoder(&ResourceType{service: s, schemas: quoted(searchMessage)}, body)
	out := Parameters{}
	err := d.each("the body", func(name string) error {
		switch strings.ToLower(name) {
		case "schemas":
			return d.readSchemas()
		case "attributes", "excludedattributes", "filter", "sortby", "sortorder", "startindex", "count", "cursor":
			return d.parameter(out, name)
		}
		return d.skip()
	})
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return nil, err
	}
	if s.rules.Tolerate&NoSchemas == 0 && !hasFold(d.schemas, searchMessage) {
		return nil, bad(InvalidValue, `schemas does not name %s. Send "schemas": [%q].`, searchMessage, searchMessage)
	}
	return out, nil
}

// parameter reads a text, a number or a list of texts.
func (d *decoder) parameter(out Parameters, name string) error {
	switch k := d.PeekKind(); k {
	case 'n':
		return d.skip()
	case '"', '0':
		raw, err := d.raw()
		if err != nil {
			return err
		}
		text := string(raw)
		if k == '"' {
			text = unquote(raw)
		}
		out[name] = append(out[name], text)
		return nil
	case '[':
		return d.elements(func() error {
			if d.PeekKind() != '"' {
				return d.wrong(name, "texts", "")
			}
			raw, err := d.raw()
			if err == nil {
				out[name] = append(out[name], unquote(raw))
			}
			return err
		})
	}
	return d.wrong(name, "a text, a number or a list of texts", "")
}
