package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// errNotTold travels up from an attribute that the documents do not tell to the call that needed it.
var errNotTold = errors.New("attribute not told")

// Eval computes the expression. get reads source attributes by name. The value is not known where a needed attribute
// is not; the error is *NotEvaluatedError where no answer can be given, any other error is one that Entra would meet too.
func (e *Expr) Eval(get func(name string) Value) (Value, error) {
	v, err := e.root.eval(get)
	if errors.Is(err, errNotTold) {
		return document.NotTold, nil
	}
	return v, err
}

func (n *node) eval(get func(string) Value) (Value, error) {
	switch n.kind {
	case attribute:
		v := get(n.text)
		if !v.Known {
			return v, errNotTold
		}
		return v, nil
	case constant, word:
		return document.TextValue(n.text), nil
	case compare:
		return n.compare(get)
	case invoke:
		if n.fn == nil {
			return Value{}, notEvaluated("function %s is not evaluated yet", n.text)
		}
		v, err := n.fn.eval(&call{node: n, get: get})
		if err == nil && len(v.Text) > maxText {
			return Value{}, n.tooLong()
		}
		return v, err
	case omitted:
	}
	return document.NullValue, nil
}

func (n *node) tooLong() error {
	return notEvaluated("%s yields a text of more than %d bytes", n.text, maxText)
}

// compare evaluates = <> > >= < <=. Entra documents that a comparison with an empty attribute fails, not what the
// mapping yields then; and it does not say whether letter case counts. Both stay unanswered where they matter.
func (n *node) compare(get func(string) Value) (Value, error) {
	c := &call{node: n, get: get}
	left, right := "", ""
	for i, to := range []*string{&left, &right} {
		s, null, err := c.text(i)
		if err != nil {
			return Value{}, err
		}
		if null || s == "" && n.args[i].kind != constant {
			return Value{}, notEvaluated("a comparison with an empty value fails in Entra")
		}
		*to = s
	}
	if n.text == "=" || n.text == "<>" {
		if left != right && strings.EqualFold(left, right) {
			return Value{}, notEvaluated("%q and %q differ only by letter case; Entra does not document whether %s minds", left, right, n.text)
		}
		return document.BoolValue((left == right) == (n.text == "=")), nil
	}
	l, lerr := strconv.ParseFloat(left, 64)
	r, rerr := strconv.ParseFloat(right, 64)
	if lerr != nil || rerr != nil {
		return Value{}, notEvaluated("%q %s %q: the order of texts that are no numbers is not documented", left, n.text, right)
	}
	switch n.text {
	case ">":
		return document.BoolValue(l > r), nil
	case ">=":
		return document.BoolValue(l >= r), nil
	case "<":
		return document.BoolValue(l < r), nil
	}
	return document.BoolValue(l <= r), nil
}

// call is one evaluation of a function. Arguments are evaluated when asked for, so that a branch that is not taken
// cannot make the answer unknown.
type call struct {
	*node
	get func(string) Value
}

// given tells whether the argument was written.
func (c *call) given(i int) bool { return i < len(c.args) && c.args[i].kind != omitted }

// value is an argument of any kind; null where it was left out.
func (c *call) value(i int) (Value, error) {
	if !c.given(i) {
		return document.NullValue, nil
	}
	return c.args[i].eval(c.get)
}

// single is an argument that must not be a list.
func (c *call) single(i int) (Value, error) {
	v, err := c.value(i)
	if err == nil && v.Multi() && !v.Null {
		return Value{}, notEvaluated("%s of a multi-valued attribute is not documented", c.node.text)
	}
	return v, err
}

// text is an argument as text; null is "".
func (c *call) text(i int) (s string, null bool, err error) {
	v, err := c.single(i)
	return v.Text, v.Null, err
}

// integer is an argument as a whole number.
func (c *call) integer(i int, name string) (int, error) {
	s, null, err := c.text(i)
	if err != nil {
		return 0, err
	}
	if null {
		return 0, notEvaluated("%s without %s is not documented", c.node.text, name)
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 0, fmt.Errorf("%s of %s is %q, not a whole number", name, c.node.text, s)
	}
	return n, nil
}
