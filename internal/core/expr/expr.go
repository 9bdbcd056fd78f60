// Package expr is Entra's attribute-mapping expression language: Switch([IsSoftDeleted], , "False", "True", …) and
// the like. It parses, prints and evaluates; it knows the language and its limits, not which attribute is mapped to
// which target (package mapping) and not where attributes come from (the caller hands in a reader).
//
// An answer is never guessed: what the language leaves undocumented and functions that are not evaluated come back
// as *NotEvaluatedError, and an attribute that the documents do not tell makes the result not known.
package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// MaxLength is the longest expression that Entra accepts, in characters.
const MaxLength = 10_000

// Bounds of our own: nesting of calls, and bytes of any value computed on the way.
const (
	maxDepth = 100
	maxText  = 1 << 20
)

// Value is what an expression yields: text, a list, null, or not known.
type Value = document.AttributeValue

// Expr is a parsed expression. It is immutable.
type Expr struct{ root *node }

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
	kind kind
	text string // the attribute's name, the constant's text, the word, the function's name, the operator
	args []*node
	fn   *function // nil: the language may have it, we do not evaluate it
}

// NotEvaluatedError says which part of an expression has no answer here: a function that is not evaluated, or a case that
// Entra does not document. The result is unknown then; it does not mean that Entra fails too.
type NotEvaluatedError struct{ Text string }

// Error says what was not evaluated.
func (e *NotEvaluatedError) Error() string { return e.Text }

func notEvaluated(format string, args ...any) error {
	return &NotEvaluatedError{Text: fmt.Sprintf(format, args...)}
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

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
}

// String prints the expression in the portal's form; parsing it again gives the same expression.
func (e *Expr) String() string {
	var b strings.Builder
	e.root.print(&b)
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
