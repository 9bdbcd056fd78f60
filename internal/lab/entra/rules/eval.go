package rules

import (
	"strconv"
	"strings"
)

// Get gives an attribute's values; nil is null.
type Get func(name string) []string

// Eval computes the value. No flow means that the attribute is to be left out (IgnoreFlowIfNullOrEmpty).
func (e *Expr) Eval(get Get) (value []string, flow bool) {
	c := &evaluation{get: get, flow: true}
	v := c.eval(e)
	return v, c.flow
}

type evaluation struct {
	get  Get
	flow bool
}

func (c *evaluation) eval(e *Expr) []string {
	switch e.kind {
	case attribute:
		return c.get(e.text)
	case constant:
		return []string{e.text}
	case comparison:
		return truth(compare(c.eval(e.args[0]), e.text, c.eval(e.args[1])))
	case function:
		return each(e.do(c, e.args), bounded)
	}
	return nil
}

// bounded cuts what a function made, so that functions in functions cannot grow a text without end. No directory
// holds values as long.
func bounded(s string) string {
	const most = 4096
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}

func truth(b bool) []string {
	if b {
		return []string{"True"}
	}
	return []string{"False"}
}

func one(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

// text is an argument's first value; "" for null.
func (c *evaluation) text(args []*Expr, i int) string {
	if i >= len(args) {
		return ""
	}
	return one(c.eval(args[i]))
}

func (c *evaluation) number(args []*Expr, i int) int {
	n, err := strconv.Atoi(strings.TrimSpace(c.text(args, i)))
	if err != nil {
		return 0
	}
	return n
}

// given tells whether an argument was written.
func given(args []*Expr, i int) bool { return i < len(args) && args[i].kind != nothing }

// compare works on numbers where both sides are some, otherwise on text. A null on the left fails, whatever is asked.
func compare(left []string, op string, right []string) bool {
	if len(left) == 0 {
		return false
	}
	a, b := one(left), one(right)
	order := strings.Compare(a, b)
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX == nil && errY == nil {
		order = x - y
	}
	switch op {
	case "=":
		return order == 0
	case "<>":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// each applies a change to every value; null stays null.
func each(v []string, change func(string) string) []string {
	if v == nil {
		return nil
	}
	out := make([]string, len(v))
	for i := range v {
		out[i] = change(v[i])
	}
	return out
}
