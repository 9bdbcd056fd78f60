package expr

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/spelling"
)

// function is one entry of the language. max is -1 where the number of arguments is open.
type function struct {
	name      string
	signature string
	min, max  int
	text      string   // what it does
	example   string   // an expression that reads no attribute
	yields    string   // what the example comes to, as its value is shown
	defect    string   // what Microsoft documents as a defect or limit; shown with every step
	limits    []string // where there is no answer here, and what else to know
	refused   string   // why it is never evaluated
	pairs     bool     // arguments come in pairs
	eval      func(call) (Value, error)
	prepare   func(*node) // work that is done once, when the expression is parsed
}

// fault says how many arguments the function takes if it does not take so many.
func (f *function) fault(arguments int) string {
	if arguments < f.min || f.max >= 0 && arguments > f.max {
		return f.arity()
	}
	if f.pairs && arguments%2 != 0 {
		return "an even number of arguments, because keys and values come in pairs"
	}
	return ""
}

func (f *function) arity() string {
	switch {
	case f.max < 0:
		return fmt.Sprintf("at least %d arguments", f.min)
	case f.max == 0:
		return "no arguments"
	case f.min < f.max:
		return fmt.Sprintf("%d to %d arguments", f.min, f.max)
	case f.min == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", f.min)
}

// byName finds functions by lower-case name.
var byName = func() map[string]*function {
	table := make(map[string]*function, len(functions))
	for _, f := range functions {
		table[strings.ToLower(f.name)] = f
	}
	return table
}()

// ignoreFlow is what IgnoresEmpty looks for.
var ignoreFlow = byName["ignoreflowifnullorempty"]

// lookup finds a function. Entra calls its names case-sensitive, but its own pages spell some in two ways and a
// stored expression has passed its check, so letter case is forgiven.
func lookup(name string) *function { return byName[strings.ToLower(name)] }

// unknownFunction says that a name is not in the table, and which one is near.
func unknownFunction(name string) string {
	said := fmt.Sprintf("function %s is not in Entra's reference", shortName(name))
	if near := nearest(strings.ToLower(name)); near != "" {
		said += "; did you mean " + near + "?"
	}
	return said
}

func shortName(name string) string {
	if runes := []rune(name); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return name
}

// nearest is the function whose name takes the fewest changes, at most a third of its letters. Of two that are as
// near, the first of the table wins.
func nearest(name string) string {
	best, found := len(name)/3+1, ""
	if len(name) > 40 {
		return ""
	}
	for _, f := range functions {
		if d := spelling.Distance(name, strings.ToLower(f.name)); d < best {
			best, found = d, f.name
		}
	}
	return found
}
