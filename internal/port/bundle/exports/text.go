package exports

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf8Text gives the file as UTF-8 without a byte-order mark. Portals write UTF-8 with or without a mark; Excel
// and PowerShell redirections write UTF-16. UTF-16 without a mark is taken for it only where every other byte of
// the beginning is zero, which no other text looks like.
func utf8Text(r *bufio.Reader) io.Reader {
	head, _ := r.Peek(512) // shorter files give what there is; a read error comes again with the first read
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		_, _ = r.Discard(3)
		return r
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		_, _ = r.Discard(2)
		return &utf16Reader{src: r}
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		_, _ = r.Discard(2)
		return &utf16Reader{src: r, big: true}
	}
	if little, big := zeroHalves(head); little || big {
		return &utf16Reader{src: r, big: big}
	}
	return r
}

// zeroHalves tells whether the odd (little-endian) or the even (big-endian) bytes are zero and the others are not.
func zeroHalves(head []byte) (little, big bool) {
	pairs := len(head) / 2
	if pairs < 4 {
		return false, false
	}
	even, odd := 0, 0
	for i := range pairs {
		if head[2*i] == 0 {
			even++
		}
		if head[2*i+1] == 0 {
			odd++
		}
	}
	most := pairs * 9 / 10
	return odd >= most && even == 0, even >= most && odd == 0
}

// utf16Reader turns UTF-16 into UTF-8. Halves of surrogate pairs that stand alone, and an odd last byte, become
// the replacement character.
type utf16Reader struct {
	src  *bufio.Reader
	big  bool
	rest []byte // UTF-8 that did not fit into the caller's buffer
	next rune   // a unit read ahead; 0: none
	held bool
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(u.rest) > 0 {
			c := copy(p[n:], u.rest)
			u.rest, n = u.rest[c:], n+c
			continue
		}
		r, err := u.char()
		if err != nil {
			if n > 0 {
				return n, nil // the error comes again with the next read
			}
			return 0, err
		}
		u.rest = utf8.AppendRune(u.rest[:0:0], r)
	}
	return n, nil
}

func (u *utf16Reader) char() (rune, error) {
	r, err := u.unit()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	second, err := u.unit()
	if err != nil {
		return utf8.RuneError, nil //nolint:nilerr // the lone half is the last character; the error comes again with the next read
	}
	if whole := utf16.DecodeRune(r, second); whole != utf8.RuneError {
		return whole, nil
	}
	u.next, u.held = second, true
	return utf8.RuneError, nil
}

func (u *utf16Reader) unit() (rune, error) {
	if u.held {
		u.held = false
		return u.next, nil
	}
	a, err := u.src.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := u.src.ReadByte()
	if err != nil {
		return utf8.RuneError, nil //nolint:nilerr // an odd last byte; the error comes again with the next read
	}
	if u.big {
		a, b = b, a
	}
	return rune(b)<<8 | rune(a), nil
}

// windows1252 holds what the bytes 0x80 to 0x9F mean there; the other bytes are the characters of that number.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}

// fromWindows1252 reads bytes that are no UTF-8: Excel saves "CSV" in the code page of the machine.
func fromWindows1252(b []byte) string {
	out := make([]byte, 0, len(b)+len(b)/4)
	for _, c := range b {
		if c >= 0x80 && c < 0xA0 {
			out = utf8.AppendRune(out, windows1252[c-0x80])
		} else {
			out = utf8.AppendRune(out, rune(c))
		}
	}
	return string(out)
}

// asUTF8 gives the bytes as text, whichever of the two they are.
func asUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return fromWindows1252(b)
}
