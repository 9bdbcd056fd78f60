package config

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// longLine bounds the lines in which places are looked for, in bytes: nobody writes longer ones by hand.
const longLine = 4096

// column is where a character of a value stands in the file, counted from 0 in the value: plain and quoted texts of one
// line are followed character by character. Elsewhere it is where the value begins.
func (p *parser) column(v value, offset int) int {
	if len(p.line(v.Line)) > longLine {
		return v.Column
	}
	source := []rune(p.line(v.Line))
	if v.Column < 1 || v.Column > len(source) {
		return v.Column
	}
	source = source[v.Column-1:]
	var at []int // for every character of the value, and its end: where it stands in source
	switch {
	case v.Style&yaml.SingleQuotedStyle != 0:
		at = singleQuoted(source)
	case v.Style&yaml.DoubleQuotedStyle != 0:
		at = doubleQuoted(source)
	case v.Style&(yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0 && strings.HasPrefix(string(source), v.Value):
		return v.Column + offset
	}
	if len(at) != len([]rune(v.Value))+1 || offset >= len(at) {
		return v.Column
	}
	return v.Column + at[offset]
}

// singleQuoted finds the characters between single quotes; a doubled quote is one. It is nil where the text does not
// end in this line.
func singleQuoted(source []rune) []int {
	var at []int
	for i := 1; i < len(source); i++ {
		at = append(at, i)
		if source[i] != '\'' {
			continue
		}
		if i+1 == len(source) || source[i+1] != '\'' {
			return at
		}
		i++
	}
	return nil
}

// doubleQuoted does so between double quotes, with escapes.
func doubleQuoted(source []rune) []int {
	var at []int
	for i := 1; i < len(source); i++ {
		at = append(at, i)
		switch source[i] {
		case '"':
			return at
		case '\\':
			i++
			if i < len(source) {
				i += map[rune]int{'x': 2, 'u': 4, 'U': 8}[source[i]]
			}
		}
	}
	return nil
}
