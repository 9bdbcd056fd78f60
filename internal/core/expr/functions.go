package expr

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// function is one entry of the language. max is -1 where the number of arguments is open.
type function struct {
	min, max int
	eval     func(*call) (Value, error)
}

func (f *function) arity() string {
	switch {
	case f.max < 0:
		return fmt.Sprintf("at least %d arguments", f.min)
	case f.min == 1 && f.max == 1:
		return "1 argument"
	case f.min == f.max:
		return fmt.Sprintf("%d arguments", f.min)
	}
	return fmt.Sprintf("%d to %d arguments", f.min, f.max)
}

// functions is the language as far as it is evaluated here, by lower-case name.
var functions = map[string]*function{
	"append":                  {2, 2, evalAppend},
	"coalesce":                {1, -1, evalCoalesce},
	"iif":                     {3, 3, evalIIF},
	"ignoreflowifnullorempty": {1, 1, evalIgnoreFlow},
	"isnull":                  {1, 1, test(func(v Value) bool { return v.Null })},
	"isnullorempty":           {1, 1, test(Value.Empty)},
	"ispresent":               {1, 1, test(func(v Value) bool { return !v.Empty() })},
	"item":                    {2, 2, evalItem},
	"join":                    {2, -1, evalJoin},
	"left":                    {2, 2, evalLeft},
	"mid":                     {3, 3, evalMid},
	"normalizediacritics":     {1, 1, onText(normalizeDiacritics)},
	"not":                     {1, 1, evalNot},
	"redact":                  {1, 1, func(c *call) (Value, error) { return c.value(0) }}, // hides the value in logs only
	"removeduplicates":        {1, 1, evalRemoveDuplicates},
	"replace":                 {2, 7, evalReplace},
	"singleapproleassignment": {1, 1, evalSingleAppRole},
	"split":                   {2, 2, evalSplit},
	"stripspaces":             {1, 1, onText(func(s string) string { return strings.ReplaceAll(s, " ", "") })},
	"switch":                  {2, -1, evalSwitch},
	"tolower":                 {1, 2, invariant(strings.ToLower)},
	"toupper":                 {1, 2, invariant(strings.ToUpper)},
	"trim":                    {1, 1, onText(strings.TrimSpace)},
	"word":                    {3, 3, evalWord},
}

// lookup finds a function. Entra calls its names case-sensitive, but its own pages spell some in two ways and a
// stored expression has passed its check, so letter case is forgiven.
func lookup(name string) *function { return functions[strings.ToLower(name)] }

// onText makes a function of one text; null stays null.
func onText(f func(string) string) func(*call) (Value, error) {
	return func(c *call) (Value, error) {
		v, err := c.single(0)
		if err != nil || v.Null {
			return v, err
		}
		return document.TextValue(f(v.Text)), nil
	}
}

// invariant is onText with an optional culture, which is left to whoever evaluates the whole language.
func invariant(f func(string) string) func(*call) (Value, error) {
	return func(c *call) (Value, error) {
		if c.given(1) {
			return Value{}, notEvaluated("%s with a culture is not evaluated yet", c.node.text)
		}
		return onText(f)(c)
	}
}

func test(is func(Value) bool) func(*call) (Value, error) {
	return func(c *call) (Value, error) {
		v, err := c.value(0)
		if err != nil {
			return v, err
		}
		return document.BoolValue(is(v)), nil
	}
}

func evalNot(c *call) (Value, error) {
	s, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	return document.BoolValue(!strings.EqualFold(s, "True")), nil
}

// evalSwitch compares with letter case. An empty source matches the key "", as Entra's pages advise to write it.
func evalSwitch(c *call) (Value, error) {
	if len(c.args)%2 != 0 {
		return Value{}, fmt.Errorf("%d arguments of Switch: keys and values come in pairs", len(c.args))
	}
	source, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	for i := 2; i < len(c.args); i += 2 {
		key, null, err := c.text(i)
		if err != nil {
			return Value{}, err
		}
		if key == source && !null {
			return c.value(i + 1)
		}
	}
	return c.value(1)
}

// evalIIF takes the branch that the condition names. With an empty attribute anywhere in the condition Entra documents
// that the check fails, and that Switch is the way around; what the mapping yields is not said.
func evalIIF(c *call) (Value, error) {
	empty := ""
	c.args[0].walk(func(n *node) {
		if n.kind == attribute && c.get(n.text).Empty() {
			empty = n.text
		}
	})
	if empty != "" {
		return Value{}, notEvaluated("IIF fails in Entra where [%s] is empty", empty)
	}
	s, null, err := c.text(0)
	switch {
	case err != nil:
		return Value{}, err
	case !null && strings.EqualFold(s, "True"):
		return c.value(1)
	case !null && strings.EqualFold(s, "False"):
		return c.value(2)
	}
	return Value{}, notEvaluated("IIF with the condition %q, neither True nor False, is not documented", s)
}

func evalCoalesce(c *call) (Value, error) {
	for i := range c.args {
		v, err := c.value(i)
		if err != nil || !v.Null {
			return v, err
		}
	}
	return document.NullValue, nil
}

func evalIgnoreFlow(c *call) (Value, error) {
	v, err := c.value(0)
	if err == nil && v.Empty() {
		return document.NullValue, nil // Entra does not flow null, so nothing is written either way
	}
	return v, err
}

func evalSingleAppRole(c *call) (Value, error) {
	v, err := c.value(0)
	switch {
	case err != nil || v.Null || !v.Multi():
		return v, err
	case len(v.Values) == 1:
		return document.TextValue(v.Values[0]), nil
	}
	return Value{}, notEvaluated("SingleAppRoleAssignment of %d assignments: Entra does not say which one it takes", len(v.Values))
}
