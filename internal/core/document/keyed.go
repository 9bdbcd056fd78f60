package document

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Keyed reads a document that is an object with one entry for each account id or group name, and hands over the
// entries one by one; an entry is valid until the function returns. An error answer in place of the whole
// document is told by the Extent. A list is read as well where its elements name their key.
func Keyed[T any](f File, r io.Reader, take func(key string, v *T) error) (Extent, error) {
	var x Extent
	s, err := open(f, r)
	if err != nil {
		return x, err
	}
	if _, named := any(new(T)).(keyed); named && s.dec.PeekKind() == jsontext.KindBeginArray {
		if err := each(s, &x, func(_ int64, v *T) error { return take(ownKey(v), v) }); err != nil {
			return x, err
		}
		return x, s.end()
	}
	if s.dec.PeekKind() != jsontext.KindBeginObject {
		return x, s.shape("an object with an entry for each " + keyWord(f))
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return x, s.fault(err)
	}
	for s.dec.PeekKind() != jsontext.KindEndObject {
		s.in.start = s.dec.InputOffset()
		name, err := s.dec.ReadToken()
		if err != nil {
			return x, s.fault(err)
		}
		key := name.String()
		if s.answersError(key) {
			if err := s.beside(&x, key); err != nil {
				return x, err
			}
			continue
		}
		var v T
		if err := json.UnmarshalDecode(s.dec, &v); err != nil {
			return x, s.fault(err)
		}
		x.Items++
		if err := take(key, &v); err != nil {
			return x, err
		}
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return x, s.fault(err)
	}
	return x, s.end()
}

// keyed are elements of a list that name their key.
type keyed interface{ Key() string }

func ownKey(v any) string {
	if k, ok := v.(keyed); ok {
		return k.Key()
	}
	return ""
}

// answersError tells an error answer from an entry: its values are no objects.
func (s *stream) answersError(key string) bool {
	switch key {
	case "errorMessages":
		return true
	case "error", "errors", "message", "detail", "code", "key", "status", "timestamp", "path":
		k := s.dec.PeekKind()
		return k == jsontext.KindString || k == jsontext.KindNumber || k == jsontext.KindBeginArray && key == "errors"
	}
	return false
}

func keyWord(f File) string {
	if base, _ := SplitSite(f); base == JiraGroups {
		return "group name"
	}
	return "account id"
}
