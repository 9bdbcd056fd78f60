package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxDepth bounds how deep mappings and lists may nest. The deepest place that means something is far above it.
const maxDepth = 40

// load turns the text into a tree, or reports why it cannot.
func (p *parser) load(text []byte) *value {
	if len(text) > MaxSize {
		p.faultAt(1, 1, "", fmt.Sprintf("the file is larger than %d KiB", MaxSize>>10), "is this the right file?")
		return nil
	}
	text = withoutBOM(text)
	if at := invalid(text); at >= 0 {
		hint := "save it as UTF-8"
		if utf16(text) {
			hint = "it looks like UTF-16 (an editor's \"Unicode\"): save it as UTF-8"
		}
		line, column := position(text[:at])
		if c := text[at]; c < ' ' && !utf16(text) || c == 0x7f {
			p.faultAt(line, column, "", fmt.Sprintf("a control character (U+%04X) stands here", c), "delete it; an editor may not show it")
			return nil
		}
		p.faultAt(line, column, "", "the file is not UTF-8 text", hint)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithV4Defaults(), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		p.faultAt(1, 1, "", "YAML: "+err.Error(), "")
		return nil
	}
	var doc, more yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF) || err == nil && (len(doc.Content) == 0 || doc.Content[0].Tag == nullTag):
		p.faultAt(1, 1, "", "the file is empty", "it begins with `connections:`")
		return nil
	case err != nil:
		p.syntax(err)
		return nil
	}
	switch err := loader.Load(&more); {
	case errors.Is(err, io.EOF):
	case err != nil:
		p.syntax(err)
	default:
		p.faultAt(more.Line, more.Column, "", "a second document begins here", "one file holds one document: remove the line `---`")
	}
	root := &value{Node: doc.Content[0]}
	p.plain(*root, 0)
	return root
}

// plain reports what YAML offers and a configuration is better without: it is refused wherever it stands. Aliases and
// merge keys let a text mean what is written elsewhere, and a small file become a huge one.
func (p *parser) plain(v value, depth int) {
	if v.Anchor != "" {
		p.fault(v, "an anchor (&)", "write the value where it is meant; anchors and aliases are not read")
	}
	if v.Style&yaml.TaggedStyle != 0 {
		p.fault(v, "a tag (!)", "write the value without it; ids keep their text, 0123 too")
	}
	switch v.Kind {
	case yaml.AliasNode:
		p.fault(v, "an alias (*)", "write the value out; anchors and aliases are not read")
	case yaml.SequenceNode:
		for i := range v.Content {
			p.plain(v.item(i), depth+1)
		}
	case yaml.MappingNode:
		first := map[string]int{}
		for _, e := range v.pairs() {
			switch {
			case e.at.Kind != yaml.ScalarNode:
				p.faultKey(e.value, "a key that is not a text", "")
			case e.at.Tag == mergeTag:
				p.faultKey(e.value, "a merge key (<<)", "write the keys out")
			case first[e.key] > 0:
				name := show(e.key)
				if v.hidden {
					name = mask
				}
				p.faultKey(e.value, fmt.Sprintf("the key %s a second time; the first is in line %d", name, first[e.key]), "keep one of them")
			default:
				first[e.key] = e.at.Line
			}
			if e.at.Anchor != "" || e.at.Style&yaml.TaggedStyle != 0 {
				p.faultKey(e.value, "a key with an anchor or a tag", "write the key alone")
			}
			p.plain(e.value, depth+1)
		}
	}
}

// syntax reports what YAML itself could not read.
func (p *parser) syntax(err error) {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		p.faultAt(1, 1, "", "YAML: the file cannot be read", "")
		return
	}
	line, column := max(at.Mark.Line, 1), max(at.Mark.Column, 1)
	text, hint := "YAML: "+at.Message, ""
	if at.ContextMsg != "" && at.ContextMark.Line > 0 && at.ContextMark.Line != line {
		text += fmt.Sprintf(" (%s that begins in line %d)", at.ContextMsg, at.ContextMark.Line)
	}
	source := p.line(line)
	indent := source[:len(source)-len(strings.TrimLeft(source, " \t"))]
	switch {
	case strings.Contains(at.Message, "unknown anchor"):
		text, hint = "an alias (*)", "write the value out; a text that begins with * needs quotes" // the message repeats the value
	case strings.Contains(at.Message, "max depth"):
		text, hint = fmt.Sprintf("nested deeper than %d levels", maxDepth), ""
	case strings.Contains(at.Message, "cannot start any token") && strings.Contains(indent, "\t"):
		text, hint = "a tab at the beginning of the line", "YAML indents with spaces"
	case strings.Contains(at.Message, "cannot start any token"):
		hint = "a text that begins with @, ` or % needs quotes"
	case strings.Contains(at.Message, "mapping values are not allowed"):
		hint = "a text with a colon and a blank in it needs quotes; keys of one level begin in one column"
	}
	p.faultAt(line, column, "", text, hint)
}

// utf16 tells whether a text begins with the byte order mark of UTF-16.
func utf16(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
}

func withoutBOM(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\ufeff")) }

// invalid is the place of the first byte that YAML's encoding does not allow; -1 where there is none.
func invalid(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			return at
		}
		at += size
	}
	return -1
}

// position is the line and column behind a piece of text.
func position(before []byte) (line, column int) {
	all := splitLines(string(before) + "x")
	return len(all), utf8.RuneCountInString(all[len(all)-1])
}

var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// splitLines cuts a text where YAML does, so that line numbers agree.
func splitLines(text string) []string {
	lines := strings.Split(breaks.Replace(text), "\n")
	if n := len(lines); n > 1 && lines[n-1] == "" {
		lines = lines[:n-1]
	}
	return lines
}
