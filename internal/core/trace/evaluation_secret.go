package trace

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// Redact(…) in an expression says that its argument must not appear in a log. It does not appear in an evaluation
// either, nor does anything that was made of it: an attribute that one mapping redacts is hidden in all of them.
// Expressions are read here as package expr prints them, where only a backslash escapes a quote.

// secrets are the attributes that Redact hides, as expressions name them in brackets, folded.
type secrets []string

func secretsOf(rules mapping.ObjectRules) secrets {
	var out secrets
	for _, a := range rules.Attributes {
		text := printed(a)
		for _, r := range redactions(text) {
			out = append(out, bracketed(facts.Fold(text[r[0]:r[1]]))...)
		}
	}
	return out
}

// bracketed are the attributes that a text names.
func bracketed(text string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "[")
		name, after, closed := strings.Cut(rest, "]")
		if !ok || !closed {
			return out
		}
		out = append(out, "["+name+"]")
		text = after
	}
}

// in tells whether a part of an expression reads a secret, or redacts something.
func (s secrets) in(text string) bool {
	if len(redactions(text)) > 0 {
		return true
	}
	folded := facts.Fold(text)
	for _, name := range s {
		if strings.Contains(folded, name) {
			return true
		}
	}
	return false
}

// hide puts [Redact] in place of a value. Why there is none might quote it.
func hide(v Shown, note string) (Shown, string) {
	switch v.State {
	case NotTaken, Untold, Failed:
		if note != "" {
			note = "not shown, because Redact hides what it is made of"
		}
		return Shown{State: v.State}, note
	case TextShown, ListShown, NullShown, Redacted:
	}
	return Shown{State: Redacted}, ""
}

// redactions finds the calls of Redact that are in no other one: where each begins and ends.
func redactions(text string) [][2]int {
	const name = "redact"
	var out [][2]int
	depth, start, outer, quoted := 0, -1, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			if end := strings.IndexByte(text[i:], ']'); end > 0 {
				i += end
			}
		case c == '(':
			depth++
			if at := i - len(name); start < 0 && at >= 0 && strings.EqualFold(text[at:i], name) && (at == 0 || !wordByte(text[at-1])) {
				start, outer = at, depth
			}
		case c == ')':
			if start >= 0 && depth == outer {
				out = append(out, [2]int{start, i + 1})
				start = -1
			}
			depth--
		}
	}
	if start >= 0 {
		out = append(out, [2]int{start, len(text)})
	}
	return out
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// whole tells whether the text is one call of Redact.
func whole(text string) bool {
	r := redactions(text)
	return len(r) == 1 && r[0] == [2]int{0, len(text)}
}

// mask hides the constants in arguments of Redact.
func mask(text string) string {
	var b strings.Builder
	at := 0
	for _, r := range redactions(text) {
		b.WriteString(text[at:r[0]])
		b.WriteString(maskAll(text[r[0]:r[1]]))
		at = r[1]
	}
	b.WriteString(text[at:])
	return b.String()
}

// maskAll hides every constant.
func maskAll(text string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
			b.WriteByte(c)
			if quoted {
				b.WriteString("[Redact]")
			}
		case !quoted:
			b.WriteByte(c)
		}
	}
	return b.String()
}
