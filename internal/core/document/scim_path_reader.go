package document

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// pathReader goes through a path once, from left to right; at is the byte where it is, or where it stopped.
type pathReader struct {
	text string
	at   int
}

// value reads a text in quotes, true, false or a number.
func (r *pathReader) value() (string, error) {
	rest := r.text[r.at:]
	if strings.HasPrefix(rest, `"`) {
		raw := jsontext.Value(rest[:closing(rest)])
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return "", errors.New("this text has no end, or an escape that JSON does not have")
		}
		r.at += len(raw)
		r.blanks()
		return string(text), nil
	}
	word := rest
	if end := strings.IndexAny(rest, " ]"); end >= 0 {
		word = rest[:end]
	}
	kind := jsontext.Value(word).Kind()
	if (kind != 't' && kind != 'f' && kind != '0' || !jsontext.Value(word).IsValid()) && !strings.EqualFold(word, "true") && !strings.EqualFold(word, "false") {
		return "", errors.New("here should stand a text in quotes, true, false or a number")
	}
	r.at += len(word)
	r.blanks()
	return word, nil
}

// closing is the length of the text in quotes at the start; all of it where the end is missing.
func closing(s string) int {
	for at := 1; at < len(s); at++ {
		switch s[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(s)
}

// name reads a name and the blanks behind it.
func (r *pathReader) name(what string) (string, error) {
	start := r.at
	for r.at < len(r.text) && isNameByte(r.text[r.at], r.at == start) {
		r.at++
	}
	name := strings.ToLower(r.text[start:r.at])
	if name == "" {
		return "", fmt.Errorf("the name of %s should stand here", what)
	}
	r.blanks()
	return name, nil
}

// isNameByte follows RFC 7643 2.1; "$" begins $ref.
func isNameByte(c byte, first bool) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return true
	case first:
		return c == '$'
	}
	return '0' <= c && c <= '9' || c == '-' || c == '_'
}

func (r *pathReader) take(c byte) bool {
	if r.at >= len(r.text) || r.text[r.at] != c {
		return false
	}
	r.at++
	r.blanks()
	return true
}

func (r *pathReader) blanks() {
	for r.at < len(r.text) && r.text[r.at] == ' ' {
		r.at++
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
