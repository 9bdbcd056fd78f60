package document

import (
	"bytes"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxSmall bounds a document that is read as a whole: the manifest, a schema, a list of jobs.
const MaxSmall = 16 << 20

// Object reads a document that is one object.
func Object[T any](f File, r io.Reader) (*T, error) {
	b, err := whole(f, r)
	if err != nil {
		return nil, err
	}
	return object[T](f, b)
}

func object[T any](f File, b []byte) (*T, error) {
	s, err := open(f, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if s.dec.PeekKind() != jsontext.KindBeginObject {
		return nil, s.shape("an object")
	}
	v := new(T)
	if err := json.UnmarshalDecode(s.dec, v); err != nil {
		return nil, s.fault(err)
	}
	return v, s.end()
}

// Objects reads a small document whose objects may stand alone, in a list, or in a list under its key: people save
// the answer of …/jobs and the answer of …/jobs/{id} under the same name.
func Objects[T any](f File, r io.Reader) ([]*T, Extent, error) {
	b, err := whole(f, r)
	if err != nil {
		return nil, Extent{}, err
	}
	if single, refused := alone(b); single {
		if refused != "" {
			return nil, Extent{Refused: refused}, nil
		}
		v, err := object[T](f, b)
		if err != nil {
			return nil, Extent{}, err
		}
		return []*T{v}, Extent{Items: 1}, nil
	}
	var all []*T
	x, err := Each(f, bytes.NewReader(b), func(v *T) error {
		c := *v
		all = append(all, &c)
		return nil
	})
	return all, x, err
}

// alone tells a single object from a list, and from an error answer.
func alone(b []byte) (single bool, refused string) {
	d := jsontext.NewDecoder(bytes.NewBuffer(b))
	if d.PeekKind() != jsontext.KindBeginObject {
		return false, ""
	}
	var probe struct {
		Value jsontext.Value `json:"value"`
		ID    jsontext.Value `json:"id"`
		Error jsontext.Value `json:"error"`
	}
	if json.Unmarshal(b, &probe) != nil {
		return true, "" // decoding it says what is wrong
	}
	if probe.Value.Kind() == jsontext.KindBeginArray {
		return false, ""
	}
	if probe.ID == nil && probe.Error != nil {
		return true, refusal(probe.Error)
	}
	return true, ""
}

func whole(f File, r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(plainText(r), MaxSmall+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f, err)
	}
	if len(b) > MaxSmall {
		return nil, &Error{File: f, Got: "larger than 16 MiB, which this document never is"}
	}
	return b, nil
}
