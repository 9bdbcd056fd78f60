package scim

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/spelling"
)

// Attr finds an attribute by its full name in any case: userName, emails.value, urn:…:User:department, or the URN of an
// extension. nil if there is none.
func (t *ResourceType) Attr(path string) *Attr {
	from, rest := t.from(path)
	if from == nil || rest == "" {
		return from
	}
	name, part, dotted := strings.Cut(rest, ".")
	a := from.sub(name)
	if a == nil && from == t.root {
		a = t.bare(name)
	}
	if a == nil || a.extension {
		return nil
	}
	if dotted {
		return a.sub(part)
	}
	return a
}

// missing says why there is no attribute of a full name, and offers what was probably meant. It takes longer than looking
// for the attribute does.
func (t *ResourceType) missing(path string) string {
	from, rest := t.from(path)
	if from == nil {
		return fmt.Sprintf("%s begins with a schema that %s does not have; it has %s", show(path), t.def.Name, t.urns())
	}
	name, part, _ := strings.Cut(rest, ".")
	a := from.sub(name)
	switch {
	case a == nil || a.extension:
		return unknown(rest, name, from, t.def.Name)
	case a.kind != complexKind:
		return a.path + " has no parts"
	}
	return unknown(rest, part, a, a.path)
}

// from is where the look-up of a full name begins, and the name without the URN before it. Without a rest, the name is that
// of an extension.
func (t *ResourceType) from(path string) (from *Attr, rest string) {
	if len(path) > 4 && strings.EqualFold(path[:4], "urn:") {
		return t.byURN(path)
	}
	if path == "" {
		return nil, ""
	}
	return t.root, path
}

// bare finds an attribute of an extension by its name without the URN, where that is tolerated.
func (t *ResourceType) bare(name string) *Attr {
	if !t.tolerates(BareNames) {
		return nil
	}
	for _, x := range t.root.subs {
		if a := x.sub(name); x.extension && a != nil {
			return a
		}
	}
	return nil
}

// byURN splits off the URN that a path begins with: the core schema's leads to the root, an extension's to the
// extension.
func (t *ResourceType) byURN(path string) (from *Attr, rest string) {
	if r, ok := afterURN(path, t.def.Schema); ok && r != "" {
		return t.root, r
	}
	for _, a := range t.root.subs {
		if a.extension {
			if r, ok := afterURN(path, a.def.Name); ok {
				return a, r
			}
		}
	}
	return nil, ""
}

func afterURN(path, urn string) (rest string, ok bool) {
	if len(path) < len(urn) || !strings.EqualFold(path[:len(urn)], urn) {
		return "", false
	}
	rest = path[len(urn):]
	if rest == "" {
		return "", true
	}
	return rest[1:], rest[0] == ':' && len(rest) > 1
}

func (t *ResourceType) urns() string {
	urns := []string{t.def.Schema}
	for _, x := range t.def.Extensions {
		urns = append(urns, x.Schema)
	}
	return strings.Join(urns, ", ")
}

// unknown says that there is no such attribute, and which one is near.
func unknown(whole, name string, in *Attr, of string) string {
	text := fmt.Sprintf("%s is not an attribute of %s", show(whole), of)
	if near := nearest(name, in); near != "" {
		text += " (did you mean " + near + "?)"
	}
	return text
}

const maxWord = 100 // bytes of a name for which a near one is looked for

// nearest is the name that was probably meant, few slips away; empty if none is near.
func nearest(name string, in *Attr) string {
	if len(name) > maxWord {
		return ""
	}
	name = strings.ToLower(name)
	best, least := "", 1+max(1, len(name)/3)
	for _, s := range in.subs {
		if s.extension {
			continue
		}
		if d := spelling.Distance(name, strings.ToLower(s.def.Name)); d < least {
			best, least = s.def.Name, d
		}
	}
	return best
}

// show makes a foreign word fit for a sentence: short, in quotes, without characters that act on a terminal.
func show(s string) string {
	const longest = 60
	var b strings.Builder
	b.WriteByte('"')
	n := 0
	for _, r := range s {
		if n++; n > longest {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}

func quoted(s string) string {
	b, _ := jsontext.AppendQuote(nil, s)
	return string(b)
}

// Fold makes texts equal that differ in case only: Fold(a) == Fold(b) exactly where strings.EqualFold(a, b).
func Fold(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c-'A' < 26 {
			return strings.Map(foldRune, s)
		}
	}
	return s
}

// foldRune takes the smallest of the runes that are the same but for case; of the letters of ASCII, the small one.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf && r != 'k' && r != 's' && r != 'K' && r != 'S' { // those two have relatives beyond ASCII
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A'
	}
	return least
}
