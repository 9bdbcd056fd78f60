package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Scope is a scoping filter: its groups are joined by OR, the clauses of a group by AND.
type Scope struct {
	Groups     []FilterGroup `json:"groups"`
	Input      []FilterGroup `json:"inputFilterGroups"`    // who falls out of these is left alone
	Categories []FilterGroup `json:"categoryFilterGroups"` // not evaluated
}

// FilterGroup is one titled set of clauses.
type FilterGroup struct {
	Name    string         `json:"name"`
	Clauses []Clause       `json:"clauses"`
	Other   jsontext.Value `json:",embed"`
}

// Clause compares an attribute of the source.
type Clause struct {
	Attribute string  `json:"sourceOperandName"`
	Operator  string  `json:"operatorName"`
	Operand   Operand `json:"targetOperand"`
}

// Operand holds what a clause compares with.
type Operand struct {
	Values []string `json:"values"`
}

// Verdict is what a scope says of one object, with every clause by its name in the log.
type Verdict struct {
	In, Input bool // passed the groups; passed the input filters
	Clauses   []ClauseResult
}

// ClauseResult is one entry of ScopeEvaluationResult.
type ClauseResult struct {
	Name string // Marketing filter.department EQUALS 'Marketing'
	True bool
}

// Judge evaluates a scope; nil lets everything in.
func (s *Scope) Judge(get Get) Verdict {
	v := &Verdict{In: true, Input: true}
	if s == nil {
		return *v
	}
	v.Input = v.any(s.Input, get)
	v.In = v.any(s.Groups, get)
	return *v
}

func (v *Verdict) any(groups []FilterGroup, get Get) bool {
	passed, some := false, false
	for _, g := range groups {
		all := true
		for _, c := range g.Clauses {
			is := c.true(get(c.Attribute))
			v.Clauses = append(v.Clauses, ClauseResult{c.name(g.Name), is})
			all = all && is
			some = true
		}
		passed = passed || all && len(g.Clauses) > 0
	}
	return passed || !some
}

// Result is the text of ScopeEvaluationResult: JSON in the order of the clauses.
func (v *Verdict) Result() string {
	b := []byte{'{'}
	for i, c := range v.Clauses {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := jsontext.AppendQuote(nil, c.Name)
		if err != nil {
			continue // invalid UTF-8 in a filter's title
		}
		b = append(append(append(b, name...), ':'), strconv.FormatBool(c.True)...)
	}
	return string(append(b, '}'))
}

// name writes the operator with a space and leaves the value out where it has none (a log of 2026).
func (c Clause) name(title string) string {
	text := title + "." + c.Attribute + " " + strings.ReplaceAll(c.Operator, "_", " ")
	if strings.HasPrefix(operator(c.Operator), "IS") {
		return text
	}
	return fmt.Sprintf("%s '%s'", text, strings.Join(c.Operand.Values, ","))
}

// operator folds the spellings: the API's form is known for EQUALS alone, the portal's names for the others.
func operator(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "_", "").Replace(s))
}

// true tests one value. Null and empty fail every test but those for null; an unknown operator fails.
func (c Clause) true(v []string) bool {
	s, want := one(v), one(c.Operand.Values)
	switch operator(c.Operator) {
	case "ISNULL":
		return s == ""
	case "ISNOTNULL":
		return s != ""
	case "ISTRUE":
		return s == "True"
	case "ISFALSE":
		return s == "False"
	}
	if s == "" {
		return false
	}
	switch operator(c.Operator) {
	case "EQUALS":
		return s == want
	case "NOTEQUALS":
		return s != want
	case "ENDSWITH":
		return strings.HasSuffix(s, want)
	case "INCLUDES":
		return strings.Contains(s, want)
	case "REGEXMATCH", "NOTREGEXMATCH":
		re, err := regexp.Compile(want)
		return err == nil && re.MatchString(s) == (operator(c.Operator) == "REGEXMATCH")
	}
	return c.numeric(s, want)
}

func (c Clause) numeric(s, want string) bool {
	a, errA := strconv.ParseInt(s, 0, 64)
	b, errB := strconv.ParseInt(want, 0, 64)
	if errA != nil || errB != nil {
		return false
	}
	switch operator(c.Operator) {
	case "GREATERTHAN":
		return a > b
	case "GREATERTHANOREQUALS":
		return a >= b
	case "&":
		return a&b == b
	case "!&":
		return a&b != b
	}
	return false
}

// operators are the portal's names, the longer ones first where one begins another.
var operators = []string{
	"NOT REGEX MATCH", "REGEX MATCH", "IS NOT NULL", "IS NULL", "IS TRUE", "IS FALSE", "NOT EQUALS", "ENDS_WITH", "EQUALS",
	"Greater_Than_OR_EQUALS", "Greater_Than", "Includes", "!&", "&",
}

// Operator is what the service tells of an operator (filterOperatorSchema).
type Operator struct {
	Name       string   `json:"name"`
	Arity      string   `json:"arity"`
	Comparison string   `json:"multivaluedComparisonType"`
	Types      []string `json:"supportedAttributeTypes"`
}

// Operators are those of scoping filters, in the portal's spelling: the API's is published for EQUALS alone, with text
// and numbers. The types of the others follow from what they compare.
func Operators() []Operator {
	var out []Operator
	for _, name := range operators {
		o := Operator{name, "Binary", "All", []string{"String", "Integer"}}
		switch {
		case strings.HasPrefix(name, "IS") && strings.HasSuffix(name, "NULL"):
			o.Arity = "Unary"
		case strings.HasPrefix(name, "IS"):
			o.Arity, o.Types = "Unary", []string{"Boolean"}
		case strings.HasPrefix(name, "Greater"), strings.HasSuffix(name, "&"):
			o.Types = []string{"Integer"}
		case name != "EQUALS" && name != "NOT EQUALS":
			o.Types = []string{"String"}
		}
		out = append(out, o)
	}
	return out
}

// ParseClause reads a clause as it is written down: department EQUALS Sales, accountEnabled IS TRUE.
func ParseClause(text string) (Clause, error) {
	name, rest, ok := strings.Cut(strings.TrimSpace(text), " ")
	for _, op := range operators {
		if len(rest) >= len(op) && strings.EqualFold(rest[:len(op)], op) && ok {
			c := Clause{Attribute: name, Operator: op, Operand: Operand{Values: []string{}}}
			value := strings.Trim(strings.TrimSpace(rest[len(op):]), "'")
			if value != "" {
				c.Operand.Values = []string{value}
			}
			return c, nil
		}
	}
	return Clause{}, fmt.Errorf("the clause %q has none of the operators %s", text, strings.Join(operators, ", "))
}
