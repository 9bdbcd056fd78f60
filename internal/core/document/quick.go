package document

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// People are by far the most rows, and nearly all of them look alike: plain strings, Booleans, short lists. Their
// types are read from the text of the row, which the decoder has found valid, without a token for every value. Where
// anything looks different (an escape, a wrong type, a name twice) the JSON library reads the row, or says what is
// wrong with it; a test holds that both read the same.
type quickReader interface {
	// quick reads a row; false means that the library should.
	quick(q *quick, row jsontext.Value) bool
}

// quick keeps the strings of one document in blocks: a row has a dozen short ones.
type quick struct {
	block          strings.Builder
	texts          []byte            // a block of objects that are kept as they stand
	shared         map[string][]byte // the first of these, by their text
	rest           jsontext.Value    // of the row at hand: the properties without a field, as an object
	org, directory string            // of the last link: nearly always those of the next one
}

func (q *quick) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if q.block.Cap()-q.block.Len() < len(b) {
		q.block = strings.Builder{}
		q.block.Grow(max(4<<10, len(b)))
	}
	from := q.block.Len()
	q.block.Write(b)
	return q.block.String()[from:]
}

// Objects that stand again and again are kept once: language, company and department of a record, where there is no
// telephone number among them, are those of hundreds of others. These bound what looking for them may cost.
const (
	maxShared     = 4096
	maxSharedSize = 512
)

// keepText is keep for the text of an object; nil where there is none. Nobody may write to it.
func (q *quick) keepText(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	if same, ok := q.shared[string(b)]; ok {
		return same
	}
	if cap(q.texts)-len(q.texts) < len(b) {
		q.texts = make([]byte, 0, max(4<<10, len(b)))
	}
	from := len(q.texts)
	q.texts = append(q.texts, b...)
	kept := q.texts[from:len(q.texts):len(q.texts)] // no room: what is appended cannot reach the next one
	if len(q.shared) < maxShared && len(b) <= maxSharedSize {
		if q.shared == nil {
			q.shared = map[string][]byte{}
		}
		q.shared[string(b)] = kept
	}
	return kept
}

// str reads a string; null is the empty one.
func (q *quick) str(v jsontext.Value, to *string) bool {
	if v[0] == 'n' {
		*to = ""
		return true
	}
	if v[0] != '"' || bytes.IndexByte(v, '\\') >= 0 {
		return false
	}
	*to = q.keep(v[1 : len(v)-1])
	return true
}

// word is str for values of which there are few, so that they are kept once.
func (q *quick) word(v jsontext.Value, to *string, words ...string) bool {
	if v[0] == '"' {
		if at := slices.IndexFunc(words, func(w string) bool { return w == string(v[1:len(v)-1]) }); at >= 0 {
			*to = words[at]
			return true
		}
	}
	return q.str(v, to)
}

func (q *quick) optStr(v jsontext.Value, to *Opt[string]) bool {
	if to.Known {
		return false
	}
	to.Known, to.Null = true, v[0] == 'n'
	return q.str(v, &to.Value)
}

func (q *quick) optBool(v jsontext.Value, to *Opt[bool]) bool {
	if to.Known {
		return false
	}
	to.Known, to.Null, to.Value = true, v[0] == 'n', v[0] == 't'
	return v[0] == 'n' || v[0] == 't' || v[0] == 'f'
}

func (q *quick) time(v jsontext.Value, to *Time) bool {
	if v[0] == 'n' {
		return true
	}
	if v[0] != '"' || bytes.IndexByte(v, '\\') >= 0 {
		return false
	}
	readTime(v[1:len(v)-1], to)
	return true
}

func (q *quick) strs(v jsontext.Value, to *[]string) bool {
	if v[0] == 'n' {
		return *to == nil
	}
	*to = []string{}
	return eachItem(v, func(item jsontext.Value) bool {
		*to = append(*to, "")
		return q.str(item, &(*to)[len(*to)-1])
	})
}

// eachField hands over the properties of an object, names without quotes, until take says no. It is false for what
// is no object, or has a name with an escape.
func eachField(object jsontext.Value, take func(name []byte, v jsontext.Value) bool) bool {
	if object[0] != '{' {
		return false
	}
	for at := 1; ; {
		at += blanks(object[at:])
		if object[at] == '}' {
			return true
		}
		if object[at] == ',' {
			at++
			continue
		}
		n := stringLen(object[at:])
		name := object[at+1 : at+n-1]
		at += n
		at += blanks(object[at:]) + 1 // the colon
		at += blanks(object[at:])
		n = valueLen(object[at:])
		if bytes.IndexByte(name, '\\') >= 0 || !take(name, object[at:at+n]) {
			return false
		}
		at += n
	}
}

// eachItem hands over the values of an array, until take says no. It is false for what is no array.
func eachItem(array jsontext.Value, take func(v jsontext.Value) bool) bool {
	if array[0] != '[' {
		return false
	}
	for at := 1; ; {
		at += blanks(array[at:])
		switch array[at] {
		case ']':
			return true
		case ',':
			at++
			continue
		}
		n := valueLen(array[at:])
		if !take(array[at : at+n]) {
			return false
		}
		at += n
	}
}
