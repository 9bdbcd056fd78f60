// Package expr is Entra's attribute-mapping expression language: Switch([IsSoftDeleted], , "False", "True", …) and
// the like. It parses, prints, evaluates and explains; it knows the language and its limits, not which attribute is
// mapped to which target (package mapping) and not where attributes come from (the caller hands in a reader).
//
// The functions, what they do and where they have no answer stand in one table (table.go), from which
// docs/expressions.md is made. An answer is never guessed: what the language leaves undocumented and functions that
// cannot be answered come back as *NotEvaluatedError, and an attribute that the documents do not tell makes the
// result not known.
package expr

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/dotnet"
)

// MaxLength is the longest expression that Entra accepts, in characters.
const MaxLength = 10_000

// Bounds of our own: nesting of calls, bytes of any value computed on the way, and bytes of all of them together.
const (
	maxDepth = 100
	maxText  = 1 << 20
	maxSpent = 8 << 20
)

// Value is what an expression yields: text, a list, null, or not known.
type Value = document.AttributeValue

// Expr is a parsed expression. It is immutable.
type Expr struct {
	root   *node
	source string
	now    time.Time // zero: not told
}

type kind uint8

const (
	attribute kind = iota // [mail]
	constant              // "text"
	word                  // 8, -1, &HF, vbTextCompare
	omitted               // nothing between two commas
	invoke                // Function(…)
	compare               // left = right
)

type node struct {
	kind    kind
	text    string // the attribute's name, the constant's text, the word, the function's name, the operator
	args    []*node
	fn      *function // nil: not in the table
	missing string    // then: what to say
	at      int       // byte of the source where it begins
	pattern *pattern  // the constant regular expression of a Replace, made ready once
}

// pattern is a regular expression, or why it has no answer.
type pattern struct {
	re  *dotnet.Regexp
	err error
}

// NotEvaluatedError says which part of an expression has no answer here: a function that is not evaluated, or a case that
// Entra does not document. The result is unknown then; it does not mean that Entra fails too.
type NotEvaluatedError struct{ Text string }

// Error says what was not evaluated.
func (e *NotEvaluatedError) Error() string { return e.Text }

func notEvaluated(format string, args ...any) error {
	return &NotEvaluatedError{Text: fmt.Sprintf(format, args...)}
}

// At gives the same expression with the moment that Now() answers. Without one, Now() is not evaluated.
func (e *Expr) At(now time.Time) *Expr {
	c := *e
	c.now = now
	return &c
}

// Attributes are the names of the source attributes that the expression reads, each once, in order of appearance.
func (e *Expr) Attributes() []string {
	var names []string
	e.root.walk(func(n *node) {
		if n.kind == attribute && !slices.Contains(names, n.text) {
			names = append(names, n.text)
		}
	})
	return names
}

// IgnoresEmpty tells whether the outermost function is IgnoreFlowIfNullOrEmpty: an empty result then means that the
// attribute is not written at all.
func (e *Expr) IgnoresEmpty() bool { return e.root.kind == invoke && e.root.fn == ignoreFlow }

// Unknown are the calls of functions that Entra's reference does not list, each with its place and, if one is near,
// the name that was probably meant. Such an expression parses, because Entra may know more than its reference; it
// has no answer here.
func (e *Expr) Unknown() []*ParseError {
	var out []*ParseError
	e.root.walk(func(n *node) {
		if n.kind == invoke && n.fn == nil {
			out = append(out, newParseError(e.source, n.at, n.missing))
		}
	})
	return out
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
}

// String prints the expression in the portal's form; parsing it again gives the same expression.
func (e *Expr) String() string { return e.root.String() }

// String prints one part of an expression.
func (n *node) String() string {
	var b strings.Builder
	n.print(&b)
	return b.String()
}

var quote = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (n *node) print(b *strings.Builder) {
	switch n.kind {
	case attribute:
		b.WriteString("[" + n.text + "]")
	case omitted: // nothing stands between the commas
	case constant:
		b.WriteString(`"` + quote.Replace(n.text) + `"`)
	case word:
		b.WriteString(n.text)
	case compare:
		n.args[0].print(b)
		b.WriteString(" " + n.text + " ")
		n.args[1].print(b)
	case invoke:
		b.WriteString(n.text + "(")
		for i, a := range n.args {
			if i > 0 {
				b.WriteString(", ")
			}
			a.print(b)
		}
		b.WriteString(")")
	}
}
