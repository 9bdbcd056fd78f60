package document

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// stream reads one document.
type stream struct {
	file File
	raw  io.Reader
	in   *input
	dec  *jsontext.Decoder
}

func newStream(f File, r io.Reader, in *input) *stream {
	// Looking for names that stand twice costs a tenth of reading. Where the second would take the place of a list,
	// it is refused (Opt, Members, wrapper); of two plain values the last counts.
	s := &stream{file: f, raw: r, in: in, dec: jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true))}
	in.dec = s.dec
	return s
}

func open(f File, r io.Reader) (*stream, error) {
	s := newStream(f, r, newInput(f, r))
	if s.dec.PeekKind() == jsontext.KindInvalid {
		_, err := s.dec.ReadToken()
		if errors.Is(err, io.EOF) && s.in.err == nil {
			return nil, &Error{File: f, Got: "the file is empty"}
		}
		return nil, s.fault(err)
	}
	return s, nil
}

// end makes sure that nothing follows the document.
func (s *stream) end() error {
	_, err := s.dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return s.place(&Error{Offset: s.dec.InputOffset() - 1, Got: "a second JSON document begins here; a file holds one"})
	}
	return s.fault(err)
}

// shape says that the value ahead is not what the document should hold there.
func (s *stream) shape(want string) error {
	kind, length := s.dec.PeekKind(), 1
	if kind == jsontext.KindBeginObject || kind == jsontext.KindBeginArray {
		if _, err := s.dec.ReadToken(); err != nil {
			return s.fault(err)
		}
	} else {
		v, err := s.dec.ReadValue()
		if err != nil {
			return s.fault(err)
		}
		length = len(v)
	}
	return s.place(&Error{Offset: s.dec.InputOffset() - int64(length), Pointer: string(s.dec.StackPointer()), Want: want, Got: kindWords(kind)})
}

// Each reads a document that is a list and hands over its elements one by one; an element is valid until the
// function returns. The list may stand under its key ({"value":[…]}, {"Resources":[…]}, {"data":[…]},
// {"scimLinks":[…]}) or bare.
func Each[T any](f File, r io.Reader, take func(*T) error) (Extent, error) {
	return EachAt(f, r, func(_ int64, v *T) error { return take(v) })
}

// EachAt is Each that tells where in the file the text of the element begins, so that it can be found again with
// One; less than 0 where that is not possible.
func EachAt[T any](f File, r io.Reader, take func(at int64, v *T) error) (Extent, error) {
	var x Extent
	s, err := open(f, r)
	if err != nil {
		return x, err
	}
	switch s.dec.PeekKind() {
	case jsontext.KindBeginArray:
		err = each(s, &x, take)
	case jsontext.KindBeginObject:
		err = s.wrapper(&x, func() error { return each(s, &x, take) })
	default:
		err = s.shape("a list, or an object that holds one under " + quoted(keysOf(f)))
	}
	if err != nil {
		return x, err
	}
	return x, s.end()
}

func each[T any](s *stream, x *Extent, take func(at int64, v *T) error) error {
	if s.dec.PeekKind() != jsontext.KindBeginArray {
		return s.shape("a list")
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return s.fault(err)
	}
	var v, zero T
	var q quick
	for s.dec.PeekKind() != jsontext.KindEndArray {
		s.in.start = s.dec.InputOffset()
		if s.dec.PeekKind() == jsontext.KindNull {
			return s.shape("an object")
		}
		v = zero
		if err := readRow(s, &q, &v); err != nil {
			return s.fault(err)
		}
		x.Items++
		if err := take(s.in.fileOffset(), &v); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	if err != nil {
		return s.fault(err)
	}
	return nil
}

// One reads the element whose text begins at the front of the reader.
func One[T any](f File, r io.Reader) (*T, error) {
	b := bufio.NewReaderSize(r, 4<<10)
	for {
		c, err := b.ReadByte()
		if err != nil {
			return nil, fmt.Errorf("%s: the element is not there any more: %w", f, err)
		}
		if c != ',' && c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			break
		}
	}
	if err := b.UnreadByte(); err != nil {
		return nil, err
	}
	s := newStream(f, r, &input{r: b, most: MaxElement})
	v := new(T)
	if err := readRow(s, new(quick), v); err != nil {
		return nil, s.fault(err)
	}
	return v, nil
}

// readRow reads the element ahead.
func readRow[T any](s *stream, q *quick, to *T) error {
	row, quickly := any(to).(quickReader)
	if !quickly || s.dec.PeekKind() != jsontext.KindBeginObject {
		return json.UnmarshalDecode(s.dec, to)
	}
	text, err := s.dec.ReadValue()
	if err != nil {
		return err
	}
	if row.quick(q, text) {
		return nil
	}
	*to = *new(T)
	return placed(s.dec, text, json.Unmarshal(text, to, jsontext.AllowDuplicateNames(true)))
}
