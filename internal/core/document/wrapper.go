package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Lists of the services stand under one of these keys.
var listKeys = map[File][]string{
	ScimUsers:        {"Resources"},
	ScimGroups:       {"Resources"},
	ScimLinks:        {"scimLinks", "data"},
	OrgUsers:         {"data"},
	OrgGroups:        {"data"},
	Domains:          {"data"},
	Events:           {"data"},
	ApplicationRoles: {"values", "value"},
	OwnLinks:         {"links"},
	OwnRuns:          {"runs"},
	OwnLog:           {"entries"},
}

func keysOf(f File) []string {
	base, _ := SplitSite(f)
	if keys, ok := listKeys[base]; ok {
		return keys
	}
	return []string{"value"}
}

// wrapper reads the object around a list. Keys beside the list are read for signs of more pages, or of an error
// answer that was saved in place of the list.
func (s *stream) wrapper(x *Extent, list func() error) error {
	if _, err := s.dec.ReadToken(); err != nil {
		return s.fault(err)
	}
	keys, found := keysOf(s.file), false
	var others []string
	for s.dec.PeekKind() != jsontext.KindEndObject {
		s.in.start = s.dec.InputOffset()
		name, err := s.dec.ReadToken()
		if err != nil {
			return s.fault(err)
		}
		key := name.String()
		if slices.Contains(keys, key) {
			if found {
				return s.fault(&json.SemanticError{ByteOffset: s.dec.InputOffset(), JSONPointer: s.dec.StackPointer(), Err: errTwice})
			}
			found = true
			if err := list(); err != nil {
				return err
			}
			continue
		}
		if len(others) < 8 {
			others = append(others, key)
		}
		if err := s.beside(x, key); err != nil {
			return err
		}
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return s.fault(err)
	}
	if !found && x.Refused == "" {
		return s.place(&Error{Want: "a list, or an object that holds one under " + quoted(keys), Got: "an object with " + quoted(others)})
	}
	if found {
		x.Refused = ""
	}
	return nil
}

func quoted(names []string) string {
	if len(names) == 0 {
		return "no keys"
	}
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", shorten(n, 60)))
	}
	return strings.Join(out, ", ")
}
