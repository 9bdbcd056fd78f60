package config

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Filter is one scoping filter; all its clauses must hold.
type Filter struct {
	Clauses []Clause
}

// Clause compares one source attribute: department EQUALS Sales.
type Clause struct {
	Attribute    string
	Operator     string   // the portal's spelling
	Values       []string // one, or none behind IS TRUE and the like
	Text         string   // as written
	Line, Column int
}

// operators are Entra's, in the portal's spelling; package scope evaluates the same ones. True: no value follows.
var operators = map[string]bool{
	"EQUALS": false, "NOT EQUALS": false, "IS TRUE": true, "IS FALSE": true, "IS NULL": true, "IS NOT NULL": true,
	"REGEX MATCH": false, "NOT REGEX MATCH": false, "Includes": false, "ENDS_WITH": false,
	"Greater_Than": false, "Greater_Than_OR_EQUALS": false, "&": false, "!&": false,
}

// operatorNames are sorted, so that suggestions do not depend on chance.
var operatorNames = func() []string {
	var names []string
	for name := range operators {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

// operatorBy finds them by their letters.
var operatorBy = func() map[string]string {
	by := map[string]string{}
	for _, name := range operatorNames {
		by[letters(name)] = name
	}
	return by
}()

// meantOperator answers what other languages call an operator.
var meantOperator = map[string]string{
	"=": "EQUALS", "==": "EQUALS", "EQ": "EQUALS", "EQUAL": "EQUALS", "IS": "EQUALS", "!=": "NOT EQUALS", "<>": "NOT EQUALS",
	"NE": "NOT EQUALS", "NOTEQUAL": "NOT EQUALS", "CONTAINS": "Includes", "CO": "Includes", "EW": "ENDS_WITH", ">": "Greater_Than", "GT": "Greater_Than",
	">=": "Greater_Than_OR_EQUALS", "GE": "Greater_Than_OR_EQUALS", "PR": "IS NOT NULL", "NOTNULL": "IS NOT NULL",
	"MATCHES": "REGEX MATCH", "REGEX": "REGEX MATCH", "=~": "REGEX MATCH", "STARTSWITH": "REGEX MATCH ^…", "SW": "REGEX MATCH ^…",
}

// Filter is the scope's filters as Entra would store them; nil where there are none. Each is named after its place
// in the file.
func (s Scope) Filter() *document.Filter {
	if len(s.Filters) == 0 {
		return nil
	}
	out := &document.Filter{}
	for i, f := range s.Filters {
		g := document.FilterGroup{Name: "scope.filters[" + strconv.Itoa(i) + "]"}
		for _, c := range f.Clauses {
			g.Clauses = append(g.Clauses, c.document())
		}
		out.Groups = append(out.Groups, g)
	}
	return out
}

func (c Clause) document() document.FilterClause {
	out := document.FilterClause{SourceOperandName: c.Attribute, OperatorName: c.Operator}
	out.TargetOperand.Values = slices.Clone(c.Values)
	return out
}

func (p *parser) filters(v value) []Filter {
	const shape = `a list of filters, each a list of clauses: [["department EQUALS Sales"]]`
	items, ok := p.list(v, shape)
	if ok && len(items) == 0 {
		p.fault(v, "no filter", "leave `filters` out to let everybody through")
	}
	var out []Filter
	for _, item := range items {
		if item.scalar() && !item.null() {
			p.fault(item, "a clause where a filter is expected: a list of clauses that must all hold", "one more pair of brackets: `[["+strconv.Quote(item.Value)+"]]`")
			continue
		}
		clauses, ok := p.list(item, "a filter: a list of clauses")
		if ok && len(clauses) == 0 {
			p.fault(item, "a filter without a clause lets everybody through", "write a clause, or remove it")
		}
		var f Filter
		for _, c := range clauses {
			if text, ok := p.text(c, "a clause such as `department EQUALS Sales`"); ok {
				f.Clauses = append(f.Clauses, p.clause(c, text))
			}
		}
		out = append(out, f)
	}
	return out
}

// word is a piece of a clause, with the place of its first character.
type word struct {
	text       string
	start, end int // in characters
}

func words(text string) []word {
	var out []word
	start, runes := -1, []rune(text)
	for i := 0; i <= len(runes); i++ {
		blank := i == len(runes) || unicode.IsSpace(runes[i])
		switch {
		case blank && start >= 0:
			out = append(out, word{string(runes[start:i]), start, i})
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	return out
}

// clause reads "attribute OPERATOR value". The operator is the longest one that the words behind the attribute spell;
// the value is all that follows, or what stands in "quotes".
func (p *parser) clause(v value, text string) Clause {
	c := Clause{Text: text, Line: v.Line, Column: v.Column}
	w := words(text)
	if len(w) == 0 {
		p.fault(v, "an empty clause", "such as `department EQUALS Sales`")
		return c
	}
	c.Attribute = w[0].text
	if name := strings.Trim(c.Attribute, "[]"); name != c.Attribute {
		p.fault(v, "an attribute in brackets; in a clause it stands alone", mean(name))
	}
	if len(w) == 1 {
		p.faultAt(v.Line, p.column(v, w[0].end), v.path, "no operator behind "+show(c.Attribute), "such as `department EQUALS Sales`, `accountEnabled IS TRUE`")
		return c
	}
	operator, end := operatorOf(w[1:])
	if c.Operator = operator; operator == "" {
		p.faultAt(v.Line, p.column(v, w[1].start), v.path, show(w[1].text)+" is not an operator", operatorHint(w[1:]))
		return c
	}
	rest, start := "", len([]rune(text))
	if 1+end < len(w) {
		start = w[1+end].start
		rest = strings.TrimRightFunc(string([]rune(text)[start:]), unicode.IsSpace)
	}
	unary := operators[c.Operator]
	switch {
	case unary && rest != "":
		p.faultAt(v.Line, p.column(v, start), v.path, c.Operator+" takes no value", "remove what follows it")
	case !unary && rest == "":
		p.faultAt(v.Line, p.column(v, start), v.path, c.Operator+" without a value", "such as `department EQUALS Sales`")
	case !unary:
		value, ok := unquoted(rest)
		if !ok {
			p.faultAt(v.Line, p.column(v, start), v.path, `a quoted value must end with its quote`, `inside of it write \" for a quote`)
			break
		}
		c.Values = []string{value}
		p.evaluable(v, c, start)
	default:
		p.evaluable(v, c, 0)
	}
	return c
}

// evaluable asks package scope whether it can answer the clause at all. For & it depends on the attribute's value.
func (p *parser) evaluable(v value, c Clause, start int) {
	if strings.HasSuffix(c.Operator, "&") {
		return
	}
	f := &document.Filter{Groups: []document.FilterGroup{{Clauses: []document.FilterClause{c.document()}}}}
	r := scope.Evaluate(f, func(string) document.AttributeValue { return document.TextValue("1") })
	for _, u := range r.Unknowns() {
		why := u.Reason
		if strings.HasPrefix(c.Operator, "Greater_Than") && strings.Contains(why, "whole numbers") {
			why = c.Operator + " compares whole numbers, and " + show(c.Values[0]) + " is none"
		}
		if strings.Contains(why, "cannot be used") { // it is the attribute
			start = 0
		}
		p.faultAt(v.Line, p.column(v, start), v.path, why, "nobody could be judged by this clause")
	}
}

// operatorOf finds the longest operator at the start of the words, however it is spelled (NOT_EQUALS, not equals),
// and how many words it took.
func operatorOf(w []word) (string, int) {
	for n := min(len(w), 4); n > 0; n-- {
		spelled := written(w[:n])
		if name, ok := operatorBy[spelled]; ok {
			return name, n
		}
	}
	return "", 0
}

func operatorHint(w []word) string {
	for n := min(len(w), 4); n > 0; n-- {
		spelled := written(w[:n])
		if name := meantOperator[spelled]; name != "" {
			return mean(name)
		}
		for _, name := range operatorNames {
			if nearest(spelled, []string{letters(name)}) != "" {
				return mean(name)
			}
		}
	}
	return allowed(operatorNames)
}

func written(w []word) string {
	var b strings.Builder
	for _, part := range w {
		b.WriteString(part.text)
	}
	return letters(b.String())
}

// letters is what counts of an operator's spelling, as package scope reads it too.
func letters(name string) string { return strings.ToUpper(joints.Replace(name)) }

// unquoted takes the quotes off a value; one that does not begin with a quote is taken as it stands.
func unquoted(s string) (string, bool) {
	if !strings.HasPrefix(s, `"`) {
		return s, true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i == len(s)-1
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", false
}
