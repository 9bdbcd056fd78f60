package expr

import (
	"fmt"
	"strings"
)

const preamble = `# Expressions

<!-- Made from the table in internal/core/expr by "go test ./internal/core/expr -update". Change the table, not this page. -->

rollcall reads Entra's attribute-mapping expressions: those of a tenant's synchronization schema, and those of its own
configuration. This page says what every function does and where there is no answer.

An expression is an attribute in brackets, a text in quotation marks, a number, or a function of these. Functions nest.
In a text, ` + "`\\` and `\"` are written `\\\\` and `\\\"`" + `. An argument that is left out leaves its place empty between two commas.
At most 10,000 characters are accepted, as in Entra.

What comes out is one of four:

- **a value**: a text, a list, or null;
- **not known**: an attribute that matters is not in the documents;
- **not evaluated**: Entra may have an answer, but Microsoft does not document it, or it is none that can be computed
  here (random values, for example). rollcall says which part and why, and never guesses;
- **an error** that Entra meets as well, such as a date that does not have the form of its format.

Rules that concern every mapping:

- Entra does not write null to the target: an attribute that is cleared at the source keeps its old value at the target.
- The default value of a mapping takes effect only when an account is created, not when it is updated.
- Letter case of function names is forgiven. A name that the table does not have is shown with the nearest one.

`

const regexps = `
## Regular expressions

The patterns of Replace and of scoping filters are .NET's. They are translated where Go's engine can give the same
answer. ` + "`\\d`, `\\w` and `\\s`" + ` mean all of Unicode, as in .NET. Understood are groups ` + "`(…)`, `(?<name>…)`, `(?'name'…)`, `(?:…)`" + `,
inline options ` + "`(?imnsx-imnsx)`" + `, comments, class subtraction ` + "`[a-z-[aeiou]]`, `\\p{Lu}`, blocks such as `\\p{IsGreek}`" + `, and all quantifiers,
greedy and lazy. In a replacement ` + "`$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'` and `$_`" + ` are filled in.

Refused by name, with the character where it stands:

- lookahead and lookbehind, back references, atomic groups, conditionals, balancing groups, ` + "`\\G`" + `;
- a repetition around something that can be empty, such as ` + "`(a*)*`" + `, and more than 1000 repetitions;
- ` + "`(?i)`" + ` over letters whose case depends on the culture;
- groups named by a number, or two groups of one name; ` + "`$+`" + ` in a replacement.

Refused for a single text, because the engines would differ over it: ` + "`$` or `\\Z`" + ` where the text ends with a line break,
` + "`\\b`" + ` where it has letters outside ASCII, ` + "`(?i)`" + ` where it has İ, ı, ſ or the Kelvin sign, and any pattern where the text has
characters beyond U+FFFF, which .NET sees as two.
`

// Markdown is the table as a page, docs/expressions.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(preamble)
	for _, f := range families {
		fmt.Fprintf(&b, "- [%s](#%s): ", f.title, anchor(f.title))
		for i, fn := range f.functions {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "[%s](#%s)", fn.name, anchor(fn.name))
		}
		b.WriteString("\n")
	}
	b.WriteString("- [Regular expressions](#regular-expressions)\n")
	for _, f := range families {
		fmt.Fprintf(&b, "\n## %s\n", f.title)
		for _, fn := range f.functions {
			fn.section(&b)
		}
	}
	b.WriteString(regexps)
	return b.String()
}

func (f *function) section(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s\n\n`%s`\n\n%s\n", f.name, f.signature, plain(f.text))
	if f.refused != "" {
		fmt.Fprintf(b, "\n**Not evaluated:** %s.\n", plain(f.refused))
	}
	if f.example != "" {
		yields := "`" + f.yields + "`"
		if f.yields == "" {
			yields = "the empty text"
		}
		fmt.Fprintf(b, "\n`%s` gives %s.\n", f.example, yields)
	}
	if f.defect != "" {
		kind, rest, _ := strings.Cut(f.defect, ": ")
		fmt.Fprintf(b, "\n**%s:** %s\n", kind, plain(rest))
	}
	if len(f.limits) > 0 {
		b.WriteString("\n")
	}
	for _, l := range f.limits {
		fmt.Fprintf(b, "- %s\n", plain(l))
	}
}

func anchor(title string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(title), ",", ""), " ", "-")
}

var marks = strings.NewReplacer("<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`, "*", `\*`, "_", `\_`, "$", `\$`)

// plain escapes what Markdown would read as a sign.
func plain(s string) string { return marks.Replace(s) }
