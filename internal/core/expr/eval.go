package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
)

// errNotTold travels up from an attribute that the documents do not tell to the call that needed it.
var errNotTold = errors.New("attribute not told")

// Eval computes the expression. get reads source attributes by name. The value is not known where a needed attribute
// is not; the error is *NotEvaluatedError where no answer can be given, any other error is one that Entra would meet too.
func (e *Expr) Eval(get func(name string) Value) (Value, error) {
	if e.root.kind == attribute { // most mappings are direct
		if v := get(e.root.text); v.Known {
			return v, nil
		}
		return document.NotTold, nil
	}
	v, err := e.root.eval(&evaluation{get: get, now: e.now})
	if err != nil && errors.Is(err, errNotTold) {
		return document.NotTold, nil
	}
	return v, err
}

// evaluation is one run of an expression.
type evaluation struct {
	get   func(string) Value
	now   time.Time
	spent int    // bytes of the values that were computed
	trace *trace // nil: nobody wants to see the steps
}

func (n *node) eval(ev *evaluation) (Value, error) {
	if ev.trace != nil {
		return ev.trace.eval(n, ev)
	}
	return n.compute(ev)
}

func (n *node) compute(ev *evaluation) (Value, error) {
	switch n.kind {
	case attribute:
		v := ev.get(n.text)
		if !v.Known {
			return v, errNotTold
		}
		return v, nil
	case constant, word:
		return document.TextValue(n.text), nil
	case compare:
		return call{n, ev}.compare()
	case invoke:
		return n.invoke(ev)
	case omitted:
	}
	return document.NullValue, nil
}

func (n *node) invoke(ev *evaluation) (Value, error) {
	switch {
	case n.fn == nil:
		return Value{}, &NotEvaluatedError{Text: n.missing}
	case n.fn.refused != "":
		return Value{}, notEvaluated("%s is not evaluated: %s", n.text, n.fn.refused)
	}
	v, err := n.fn.eval(call{n, ev})
	if err != nil {
		return Value{}, err
	}
	if len(v.Text) > maxText {
		return Value{}, n.tooLong()
	}
	ev.spent += len(v.Text)
	for _, s := range v.Values {
		ev.spent += len(s) + 16
	}
	if ev.spent > maxSpent {
		return Value{}, notEvaluated("the expression computes more than %d bytes on the way", maxSpent)
	}
	return v, nil
}

func (n *node) tooLong() error {
	return notEvaluated("%s yields a text of more than %d bytes", n.text, maxText)
}

// call is one evaluation of a function. Arguments are evaluated when asked for, so that a branch that is not taken
// cannot make the answer unknown. Each is asked for once.
type call struct {
	*node
	ev *evaluation
}

// note tells those who look at the steps which rule mattered.
func (c call) note(text string) {
	if c.ev.trace != nil {
		c.ev.trace.note = text
	}
}

// given tells whether the argument was written.
func (c call) given(i int) bool { return i < len(c.args) && c.args[i].kind != omitted }

// value is an argument of any kind; null where it was left out.
func (c call) value(i int) (Value, error) {
	if !c.given(i) {
		return document.NullValue, nil
	}
	return c.args[i].eval(c.ev)
}

// single is an argument that must not be a list.
func (c call) single(i int) (Value, error) {
	v, err := c.value(i)
	if err == nil && v.Multi() && !v.Null {
		return Value{}, notEvaluated("%s of a multi-valued attribute is not documented", c.node.text)
	}
	return v, err
}

// text is an argument as text; null is "".
func (c call) text(i int) (s string, null bool, err error) {
	v, err := c.single(i)
	return v.Text, v.Null, err
}

// some is an argument as text that must not be null: what the function does with null is not documented.
func (c call) some(i int, name string) (string, error) {
	v, err := c.single(i)
	if err == nil && v.Null {
		return "", notEvaluated("%s without %s is not documented", c.node.text, name)
	}
	return v.Text, err
}

// integer is an argument as a whole number.
func (c call) integer(i int, name string) (int, error) {
	s, err := c.some(i, name)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 0, fmt.Errorf("%s of %s is %q, not a whole number", name, c.node.text, s)
	}
	return n, nil
}
