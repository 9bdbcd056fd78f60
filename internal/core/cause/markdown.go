package cause

import (
	"fmt"
	"slices"
	"strings"
)

const preamble = `# Causes

<!-- Made from internal/core/cause by "go test ./internal/core/cause -update". Change the catalogue, not this page. -->

Every answer of ` + "`rollcall check` and `rollcall why`" + ` names one of these causes. The codes are stable.
` + "`rollcall causes CODE`" + ` prints an entry.

A cause is named only when the facts prove it. Of several proven causes the more specific one wins: it *outranks*
the others, and they are not named beside it. Outranking goes on: what is outranked by a cause is also outranked by
whatever outranks that cause. A cause cannot be named while one that outranks it is neither proven nor refuted,
because its facts were not read; the verdict is then unknown, and both are listed as alternatives. Causes that do
not outrank each other are independent: one is named, the others are listed under ` + "`also`" + `.

The steps of a fix name the person, group and ids of the case when rollcall prints them; here they stand open.

`

// Markdown is the catalogue as a page, docs/causes.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(preamble)
	for _, f := range Families {
		fmt.Fprintf(&b, "- [%s](#family-%s): %s\n", f.Family, f.Family, f.About)
		for _, c := range catalogue {
			if c.Family == f.Family {
				fmt.Fprintf(&b, "  - [`%s`](#%s) %s\n", c.Code, c.Code, plain(c.Title))
			}
		}
	}
	for _, f := range Families {
		fmt.Fprintf(&b, "\n## Family: %s\n\n%s.\n", f.Family, upper(f.About))
		for _, c := range catalogue {
			if c.Family == f.Family {
				section(&b, c)
			}
		}
	}
	return b.String()
}

func section(b *strings.Builder, c Cause) {
	fmt.Fprintf(b, "\n### %s\n\n**%s.** %s\n\n", c.Code, upper(plain(c.Title)), plain(c.Text))
	fmt.Fprintf(b, "- Proven by: %s\n", plain(c.Proof))
	fmt.Fprintf(b, "- Decided at hop: %s", c.Home)
	if len(c.Shows) > 0 {
		fmt.Fprintf(b, "; shows at: %s", list(c.Shows, func(h Hop) string { return string(h) }))
	}
	b.WriteString("\n")
	if c.Wide {
		b.WriteString("- Concerns: the whole connection\n")
	}
	references(b, "Outranks", c.Outranks)
	references(b, "Outranked by", directlyAbove(c.Code))
	switch {
	case len(c.Links) == 0: // rollcall's own
	case c.Seen:
		b.WriteString("- Reading: as the vendors document it\n")
	default:
		b.WriteString("- Reading: **not verified**. It rests on an assumption about the services that no document or live tenant has confirmed yet\n")
	}
	b.WriteString("\nFix:\n\n")
	for i, step := range c.Fix {
		fmt.Fprintf(b, "%d. %s\n", i+1, plain(c.Render(step, nil)))
	}
	if c.Guard != nil {
		b.WriteString("\nFix with Guard's connector:\n\n")
	}
	for i, step := range c.Guard {
		fmt.Fprintf(b, "%d. %s\n", i+1, plain(c.Render(step, nil)))
	}
	if len(c.Links) > 0 {
		b.WriteString("\nRead more:\n\n")
	}
	for _, l := range c.Links {
		fmt.Fprintf(b, "- [%s](%s)\n", plain(l.Title), l.URL)
	}
}

// directlyAbove lists the causes that name c themselves; OutrankedBy has the rest.
func directlyAbove(c Code) []Code {
	var out []Code
	for _, k := range catalogue {
		if slices.Contains(k.Outranks, c) {
			out = append(out, k.Code)
		}
	}
	return out
}

func references(b *strings.Builder, title string, codes []Code) {
	if len(codes) == 0 {
		return
	}
	codes = slices.Clone(codes)
	slices.SortFunc(codes, func(x, y Code) int { return places[x] - places[y] })
	fmt.Fprintf(b, "- %s: %s\n", title, list(codes, func(c Code) string { return fmt.Sprintf("[`%s`](#%s)", c, c) }))
}

func list[T any](items []T, word func(T) string) string {
	words := make([]string, len(items))
	for i, it := range items {
		words[i] = word(it)
	}
	return strings.Join(words, ", ")
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

var escapes = strings.NewReplacer(`\`, `\\`, `<`, `\<`, `>`, `\>`, `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `|`, `\|`)

// plain keeps Markdown from reading a text as its own signs. What stands between backticks is code already.
func plain(s string) string {
	parts := strings.Split(s, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = escapes.Replace(parts[i])
	}
	return strings.Join(parts, "`")
}
