package expr

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// ParseError says what is wrong with an expression and where.
type ParseError struct {
	Source  string // the whole expression
	Offset  int    // bytes before the fault
	Column  int    // the character of the fault, counted from 1
	Message string
}

func newParseError(source string, offset int, message string) *ParseError {
	return &ParseError{Source: source, Offset: offset, Column: utf8.RuneCountInString(source[:offset]) + 1, Message: message}
}

// Error names the character and the fault, in one line.
func (e *ParseError) Error() string {
	return fmt.Sprintf("expression, character %d: %s", e.Column, e.Message)
}

// How many columns of the expression an excerpt shows before and behind the fault.
const (
	columnsBefore = 40
	columnsBehind = 35
)

// Excerpt shows the fault in three lines without a line break at the end: what Error says, the expression around the
// fault in one line, cut with … where it is longer, and a caret under the fault.
func (e *ParseError) Excerpt() string {
	before, cut := e.Source[:e.Offset], ""
	for columns := 0; before != ""; {
		r, size := utf8.DecodeLastRuneInString(before)
		if columns += columnsOf(r); columns > columnsBefore {
			cut = "…"
			break
		}
		before = before[:len(before)-size]
	}
	before = cut + shown(e.Source[len(before):e.Offset])
	behind, end := e.Source[e.Offset:], ""
	columns := 0
	for i, r := range behind {
		if columns += columnsOf(r); columns > columnsBehind {
			behind, end = behind[:i], "…"
			break
		}
	}
	caret := 0
	for _, r := range before {
		caret += columnsOf(r)
	}
	return e.Error() + "\n" + before + shown(behind) + end + "\n" + strings.Repeat(" ", caret) + "^"
}

// shown writes every blank and control character as one space, so that an expression of several lines stays in one.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// columnsOf is how many columns a terminal gives to a character.
func columnsOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
		return 2
	}
	return 1
}
