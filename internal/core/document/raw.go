package document

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// What follows reads single properties out of the text of an object that the decoder has found valid: for the
// millions of small objects of which one property is wanted. Names with escapes are not found, which costs nothing:
// the JSON library then reads the object.

// field is the text between the quotes of a string property; nil where the object does not have the property, or
// not as a string.
func field(object jsontext.Value, name string) []byte {
	if v := member(object, name); len(v) >= 2 && v[0] == '"' {
		return v[1 : len(v)-1]
	}
	return nil
}

// member is the value of a property as it stands in the text, which must be valid JSON; nil where there is none.
func member(object jsontext.Value, name string) jsontext.Value {
	if object.Kind() != jsontext.KindBeginObject {
		return nil
	}
	for at := 1; ; {
		at += blanks(object[at:])
		if object[at] == '}' {
			return nil
		}
		key := at + 1
		at += valueLen(object[at:])
		end := at - 1
		at += blanks(object[at:])
		at++ // the colon
		at += blanks(object[at:])
		n := valueLen(object[at:])
		if string(object[key:end]) == name {
			return object[at : at+n]
		}
		at += n
		at += blanks(object[at:])
		if object[at] == ',' {
			at++
		}
	}
}

// asIs tells whether a field that was found can be used as it stands: it is there, and nothing in it is escaped.
// Otherwise the JSON library reads the value.
func asIs(f []byte) bool { return f != nil && bytes.IndexByte(f, '\\') < 0 }

func blanks(b []byte) int {
	n := 0
	for b[n] == ' ' || b[n] == '\n' || b[n] == '\t' || b[n] == '\r' {
		n++
	}
	return n
}

// valueLen is the length of the value at the start of valid JSON.
func valueLen(b []byte) int {
	switch b[0] {
	case '"':
		return stringLen(b)
	case '{', '[':
		depth := 0
		for at := 0; ; at++ {
			switch b[at] {
			case '"':
				at += stringLen(b[at:]) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return at + 1
				}
			}
		}
	}
	return bytes.IndexAny(b, ",}] \n\t\r")
}

func stringLen(b []byte) int {
	for at := 1; ; at++ {
		switch b[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
}

// memberFold is member by a name in lower case that any spelling of the name in the text meets, an escaped one, too.
func memberFold(object jsontext.Value, lower string) jsontext.Value {
	if object.Kind() != jsontext.KindBeginObject {
		return nil
	}
	for at := blanks(object) + 1; ; {
		at += blanks(object[at:])
		switch object[at] {
		case '}':
			return nil
		case ',':
			at++
			continue
		}
		n := stringLen(object[at:])
		name := object[at : at+n]
		at += n
		at += blanks(object[at:]) + 1 // the colon
		at += blanks(object[at:])
		n = valueLen(object[at:])
		if sameFold(name[1:len(name)-1], lower) || bytes.IndexByte(name, '\\') >= 0 && unquotedFold(name, lower) {
			return object[at : at+n]
		}
		at += n
	}
}

// sameFold compares ASCII names, which are all that paths can have.
func sameFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func unquotedFold(name []byte, lower string) bool {
	b, err := jsontext.AppendUnquote(nil, name)
	return err == nil && sameFold(b, lower)
}
