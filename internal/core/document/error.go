package document

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Error says what is wrong with a document, and where. It reads like
//
//	entra/users.json, line 12 column 7, /value/3/mail: expected a string, found a number
type Error struct {
	File    File
	Offset  int64  // bytes before the fault, a byte-order mark not counted
	Line    int    // 1-based; 0 until Locate has found it
	Column  int    // 1-based, in bytes
	Pointer string // JSON pointer (RFC 6901) of the value; empty: the document as a whole
	Want    string // what should stand there; empty where Got says it all
	Got     string // what stands there
	Err     error  // what the reader said, where the fault is not in the text
}

func (e *Error) Error() string {
	place := string(e.File)
	switch {
	case e.Line > 0:
		place += fmt.Sprintf(", line %d column %d", e.Line, e.Column)
	case e.Offset > 0:
		place += fmt.Sprintf(", byte %d", e.Offset+1)
	}
	if e.Pointer != "" {
		place += ", " + shorten(e.Pointer, 120)
	}
	if e.Want == "" {
		return place + ": " + e.Got
	}
	return place + ": expected " + e.Want + ", found " + e.Got
}

func (e *Error) Unwrap() error { return e.Err }

// Locate turns Offset into Line and Column by reading the document once more from its start. Decoders do it
// themselves where the reader can seek.
func (e *Error) Locate(r io.Reader) {
	line, column, left := 1, 1, e.Offset
	buf := make([]byte, 32<<10)
	for text := plainText(r); left > 0; {
		n, err := text.Read(buf[:min(int64(len(buf)), left)])
		for _, b := range buf[:n] {
			if column++; b == '\n' {
				line, column = line+1, 1
			}
		}
		if left -= int64(n); err != nil && left > 0 {
			return
		}
	}
	e.Line, e.Column = line, column
}

// fault turns what the JSON library says into an Error. Faults of the reader (a limit, a broken archive) pass
// through with the name of the document.
func (s *stream) fault(err error) error {
	var own *Error
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &own):
		return own
	case s.in.err != nil:
		return fmt.Errorf("%s: %w", s.file, s.in.err)
	case errors.As(err, &syntax):
		own = &Error{Offset: syntax.ByteOffset, Pointer: string(syntax.JSONPointer), Got: syntaxWords(syntax)}
		if own.Offset == 0 {
			own.Line, own.Column = 1, 1
		}
	case errors.As(err, &meaning) && errors.Is(err, errTwice):
		own = &Error{Offset: meaning.ByteOffset, Pointer: string(meaning.JSONPointer), Got: twice(meaning.JSONPointer)}
	case errors.As(err, &meaning):
		own = &Error{Offset: meaning.ByteOffset, Pointer: string(meaning.JSONPointer), Err: meaning.Err}
		own.Want, own.Got = wanted(meaning.GoType), kindWords(meaning.JSONKind)
		if meaning.Err != nil && (own.Want == "" || meaning.JSONKind == jsontext.KindNumber) {
			own.Want, own.Got = "", meaning.Err.Error()
		}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		own = &Error{Offset: s.dec.InputOffset(), Got: cutOff}
	default:
		return fmt.Errorf("%s: %w", s.file, err)
	}
	return s.place(own)
}

// place completes an Error: the file, and the line where the document can be read again.
func (s *stream) place(e *Error) *Error {
	e.File = s.file
	if again, ok := s.raw.(io.ReadSeeker); ok {
		if _, err := again.Seek(0, io.SeekStart); err == nil {
			e.Locate(again)
		}
	}
	return e
}

// errTwice is the error of a property that stands twice in one object.
var errTwice = errors.New("stands twice")

func twice(at jsontext.Pointer) string {
	return fmt.Sprintf("the name %q stands twice in one object", at.LastToken())
}

const cutOff = "the file ends here, in the middle of a value: it is cut off"

func syntaxWords(e *jsontext.SyntacticError) string {
	text := e.Err.Error()
	switch {
	case errors.Is(e.Err, io.ErrUnexpectedEOF):
		return cutOff
	case errors.Is(e.Err, jsontext.ErrDuplicateName):
		return twice(e.JSONPointer)
	case strings.Contains(text, "max depth"):
		return "nested deeper than 10,000 levels"
	case strings.Contains(text, "UTF-8"):
		return "bytes that are not valid UTF-8"
	}
	return "not JSON: " + strings.TrimPrefix(text, "jsontext: ")
}

func wanted(t reflect.Type) string {
	if t == nil {
		return ""
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Pointer:
		return wanted(t.Elem())
	}
	return ""
}

func kindWords(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a Boolean"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	}
	return "something else"
}

func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n/2]+"…"+s[len(s)-n/2:], "")
}
