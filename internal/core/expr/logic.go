package expr

import (
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

func test(is func(Value) bool) func(call) (Value, error) {
	return func(c call) (Value, error) {
		v, err := c.value(0)
		if err != nil {
			return v, err
		}
		return document.BoolValue(is(v)), nil
	}
}

func evalNot(c call) (Value, error) {
	s, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	return document.BoolValue(!strings.EqualFold(s, "True")), nil
}

// evalSwitch compares with letter case. An empty source matches the key "", as Entra's pages advise to write it.
func evalSwitch(c call) (Value, error) {
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
func evalIIF(c call) (Value, error) {
	if name := c.args[0].emptyAttribute(c.ev.get); name != "" {
		return Value{}, notEvaluated("IIF fails in Entra where [%s] is empty", name)
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

// emptyAttribute names the last attribute in a part of an expression that is empty.
func (n *node) emptyAttribute(get func(string) Value) string {
	empty := ""
	if n.kind == attribute && get(n.text).Empty() {
		empty = n.text
	}
	for _, a := range n.args {
		if name := a.emptyAttribute(get); name != "" {
			empty = name
		}
	}
	return empty
}

func evalCoalesce(c call) (Value, error) {
	for i := range c.args {
		v, err := c.value(i)
		if err != nil || !v.Null {
			return v, err
		}
	}
	return document.NullValue, nil
}

func evalIgnoreFlow(c call) (Value, error) {
	v, err := c.value(0)
	if err == nil && v.Empty() {
		return document.NullValue, nil // Entra does not flow null, so nothing is written either way
	}
	return v, err
}

func evalSingleAppRole(c call) (Value, error) {
	v, err := c.value(0)
	switch {
	case err != nil || v.Null || !v.Multi():
		return v, err
	case len(v.Values) == 1:
		return document.TextValue(v.Values[0]), nil
	}
	return Value{}, notEvaluated("SingleAppRoleAssignment of %d assignments: Entra does not say which one it takes", len(v.Values))
}

func evalCBool(c call) (Value, error) {
	s, err := c.some(0, "a value")
	if err != nil {
		return Value{}, err
	}
	if strings.EqualFold(s, "True") || strings.EqualFold(s, "False") {
		return document.BoolValue(strings.EqualFold(s, "True")), nil
	}
	n, ok := number(s)
	if !ok {
		return Value{}, notEvaluated("CBool of %q, neither a number nor True or False, is not documented", s)
	}
	return document.BoolValue(n != 0), nil
}

// number reads a decimal number that fits a float exactly enough to be compared.
func number(s string) (float64, bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || len(digits) > 15 || digits == "" || strings.Trim(digits, "0123456789.") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// compare evaluates = <> > >= < <=. Entra documents that a comparison with an empty attribute fails, not what the
// mapping yields then; and it does not say whether letter case counts. Both stay unanswered where they matter.
func (c call) compare() (Value, error) {
	left, err := c.side(0)
	if err != nil {
		return Value{}, err
	}
	right, err := c.side(1)
	if err != nil {
		return Value{}, err
	}
	op := c.node.text
	if op == "=" || op == "<>" {
		if left != right && strings.EqualFold(left, right) {
			return Value{}, notEvaluated("%q and %q differ only by letter case; Entra does not document whether %s minds", left, right, op)
		}
		return document.BoolValue((left == right) == (op == "=")), nil
	}
	l, lok := number(left)
	r, rok := number(right)
	if !lok || !rok {
		return Value{}, notEvaluated("%q %s %q: the order of texts that are no numbers is not documented", left, op, right)
	}
	switch op {
	case ">":
		return document.BoolValue(l > r), nil
	case ">=":
		return document.BoolValue(l >= r), nil
	case "<":
		return document.BoolValue(l < r), nil
	}
	return document.BoolValue(l <= r), nil
}

func (c call) side(i int) (string, error) {
	s, null, err := c.text(i)
	if err == nil && (null || s == "" && c.args[i].kind != constant) {
		err = notEvaluated("a comparison with an empty value fails in Entra")
	}
	return s, err
}
