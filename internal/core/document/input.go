package document

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds on what one document may ask of memory. They lie far above what the services can answer.
const (
	MaxToken   = 4 << 20   // bytes of one string or of one value that is kept as it came
	MaxElement = 4 << 20   // bytes of one element of a list
	MaxGroup   = 256 << 20 // bytes of a group with its members: more than two million of them
	MaxMembers = 4_000_000 // members of one group
)

var (
	errTooLong  = errors.New("one value is longer than 4 MiB; no service answers that")
	errTooLarge = errors.New("one element is larger than 4 MiB, or one group than 256 MiB; no service answers that")
)

// input feeds a JSON decoder and watches how far it lags behind: a value that the decoder cannot finish keeps
// growing in memory.
type input struct {
	r     *bufio.Reader
	dec   *jsontext.Decoder
	given int64 // bytes handed to the decoder
	start int64 // where the current element starts
	most  int64 // bytes that it may have
	err   error // what the reader said, unless it was the end
	mark  int64 // length of the byte-order mark; less than 0 where the file is not UTF-8
}

func newInput(f File, r io.Reader) *input {
	text, mark := decodeText(r)
	in := &input{r: text, mark: mark, most: MaxElement}
	switch base, _ := SplitSite(f); base {
	case Groups, ScimGroups, OrgGroups, JiraGroups:
		in.most = MaxGroup
	}
	return in
}

// fileOffset is where the current element begins in the file.
func (in *input) fileOffset() int64 {
	if in.mark < 0 {
		return -1
	}
	return in.mark + in.start
}

func (in *input) Read(p []byte) (int, error) {
	if in.given-in.dec.InputOffset() > MaxToken {
		in.err = errTooLong
		return 0, in.err
	}
	if in.given-in.start > in.most {
		in.err = errTooLarge
		return 0, in.err
	}
	n, err := in.r.Read(p)
	in.given += int64(n)
	if err != nil && err != io.EOF {
		in.err = err
	}
	return n, err
}

// plainText gives UTF-8 without byte-order mark. UTF-16 with a mark, which Windows tools like to write, is
// converted.
func plainText(r io.Reader) *bufio.Reader {
	text, _ := decodeText(r)
	return text
}

func decodeText(r io.Reader) (text *bufio.Reader, mark int64) {
	b := bufio.NewReaderSize(r, 128<<10)
	head, _ := b.Peek(3)
	switch {
	case len(head) >= 3 && string(head) == "\xEF\xBB\xBF":
		_, _ = b.Discard(3)
		return b, 3
	case len(head) >= 2 && string(head[:2]) == "\xFF\xFE":
		_, _ = b.Discard(2)
		return bufio.NewReader(&utf16Reader{r: b, order: binary.LittleEndian}), -1
	case len(head) >= 2 && string(head[:2]) == "\xFE\xFF":
		_, _ = b.Discard(2)
		return bufio.NewReader(&utf16Reader{r: b, order: binary.BigEndian}), -1
	}
	return b, 0
}

// utf16Reader converts UTF-16 to UTF-8. Half a surrogate pair becomes U+FFFD.
type utf16Reader struct {
	r     *bufio.Reader
	order binary.ByteOrder
	rest  []byte
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		c, err := u.unit()
		if err != nil {
			return 0, err
		}
		if utf16.IsSurrogate(c) {
			low, err := u.unit()
			if err != nil {
				return 0, err
			}
			c = utf16.DecodeRune(c, low)
		}
		u.rest = utf8.AppendRune(u.rest[:0], c)
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

func (u *utf16Reader) unit() (rune, error) {
	var pair [2]byte
	if _, err := io.ReadFull(u.r, pair[:]); err != nil {
		if err == io.ErrUnexpectedEOF {
			return utf8.RuneError, nil // an odd byte at the end
		}
		return 0, err
	}
	return rune(u.order.Uint16(pair[:])), nil
}
