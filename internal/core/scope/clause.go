package scope

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// operator is one comparison. test sees a single, non-empty value and one operand.
type operator struct {
	name  string // the portal's spelling
	unary bool
	test  func(actual, operand string) (Outcome, string)
}

// operators are found by their letters alone, so that every spelling finds its own: NOT EQUALS, NOT_EQUALS, NotEquals.
// Besides the portal's names those of Microsoft's SCIM library are read (NotMatchesExpression, EqualOrGreaterThan …).
var operators = func() map[string]*operator {
	table := map[string]*operator{}
	for _, o := range []struct {
		operator
		also []string
	}{
		{operator{"EQUALS", false, equals}, []string{"EQUAL"}},
		{operator{"NOT EQUALS", false, not(equals)}, []string{"NOTEQUAL"}},
		{operator{"IS TRUE", true, isBool("True")}, nil},
		{operator{"IS FALSE", true, isBool("False")}, nil},
		{operator{isNull, true, nil}, nil},
		{operator{isNotNull, true, nil}, []string{"NOTNULL"}},
		{operator{regexMatch, false, nil}, []string{"MATCHESEXPRESSION"}},
		{operator{notRegexMatch, false, nil}, []string{"NOTMATCHESEXPRESSION", "REGEXNOTMATCH"}},
		{operator{"Includes", false, includes}, nil},
		{operator{"ENDS_WITH", false, endsWith}, nil},
		{operator{"Greater_Than", false, integers(func(a, b int64) bool { return a > b })}, nil},
		{
			operator{"Greater_Than_OR_EQUALS", false, integers(func(a, b int64) bool { return a >= b })},
			[]string{"GREATERTHANOREQUAL", "EQUALORGREATERTHAN"},
		},
		{operator{"&", false, bitAnd}, []string{"BITAND"}},
		{operator{"!&", false, not(bitAnd)}, []string{"NOTBITAND"}},
	} {
		op := o.operator
		for _, name := range append(o.also, op.name) {
			table[letters(name)] = &op
		}
	}
	return table
}()

// Operators that need more than a test of two texts.
const (
	isNull        = "IS NULL"
	isNotNull     = "IS NOT NULL"
	regexMatch    = "REGEX MATCH"
	notRegexMatch = "NOT REGEX MATCH"
)

func letters(name string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(name))
}

// Attributes that Entra's pages exclude from scoping filters, by lower-case name, beside those of date type.
var unusable = map[string]string{
	"approleassignments": "app role assignments cannot be used in a scoping filter",
	"usertype":           "userType cannot be used in a scoping filter",
	"manager":            "manager cannot be used in a scoping filter",
	"members":            "members cannot be used in a scoping filter",
	"memberof":           "membership cannot be used in a scoping filter",
}

func notUsable(attribute string) string {
	name := strings.ToLower(attribute)
	if why, ok := unusable[name]; ok {
		return why
	}
	if strings.HasSuffix(name, "datetime") {
		return "date attributes cannot be used in a scoping filter"
	}
	return ""
}

// clause is a clause made ready. why says at once that it cannot be answered.
type clause struct {
	result  ClauseResult // everything but the answer
	op      *operator
	pattern *pattern
	why     string
}

func compileClause(title string, c document.FilterClause) clause {
	values := slices.Clone(c.TargetOperand.Values)
	out := clause{result: ClauseResult{Attribute: c.SourceOperandName, Operator: c.OperatorName, Values: values}}
	op := operators[letters(c.OperatorName)]
	if op == nil {
		out.why = fmt.Sprintf("operator %q is not evaluated", c.OperatorName)
		out.result.Text = clauseText(title, c.SourceOperandName, c.OperatorName, values, false)
		return out
	}
	out.op, out.result.Operator = op, op.name
	out.result.Text = clauseText(title, c.SourceOperandName, op.name, values, op.unary)
	switch {
	case notUsable(c.SourceOperandName) != "":
		out.why = notUsable(c.SourceOperandName)
	case op.unary:
	case len(values) == 0:
		out.why = op.name + " without a value"
	case op.name == regexMatch || op.name == notRegexMatch:
		if len(values) > 1 {
			out.why = op.name + " with several values is not documented"
			break
		}
		out.pattern, out.why = compilePattern(values[0], false)
	}
	return out
}

// evaluate answers for one object. An empty attribute fails every operator but IS NULL: documented for filters as a
// whole and for NOT REGEX MATCH by name; for NOT EQUALS and !& it follows from the former and is not verified.
func (c clause) evaluate(get Reader) ClauseResult {
	r := c.result
	r.Outcome, r.Reason = Unknown, c.why
	if c.why != "" {
		return r
	}
	v := get(r.Attribute)
	if !v.Known {
		r.Reason = r.Attribute + " is not in the documents"
		return r
	}
	r.Actual = v.String()
	switch {
	case c.op.name == isNull:
		r.Outcome = outcome(v.Empty())
	case c.op.name == isNotNull:
		r.Outcome = outcome(!v.Empty())
	case v.Empty():
		r.Outcome = Fail
	case v.Multi():
		r.Reason = r.Attribute + " is multi-valued; Entra's filters do not support that"
	case c.pattern != nil:
		r.Outcome, r.Reason = c.pattern.match(v.Text)
		if c.op.name == notRegexMatch {
			r.Outcome = negate(r.Outcome)
		}
	case c.op.unary:
		r.Outcome, r.Reason = c.op.test(v.Text, "")
	default:
		r.Outcome, r.Reason = c.operands(v.Text)
	}
	return r
}

// operands compares with each value. Whether several values mean "all" or "any" is not told in a clause, so only a
// common answer counts.
func (c clause) operands(actual string) (Outcome, string) {
	answer, reason := c.op.test(actual, c.result.Values[0])
	for _, operand := range c.result.Values[1:] {
		if next, _ := c.op.test(actual, operand); next != answer {
			return Unknown, c.op.name + " with several values: all or any is not documented"
		}
	}
	return answer, reason
}

func negate(o Outcome) Outcome {
	switch o {
	case Pass:
		return Fail
	case Fail:
		return Pass
	case Unknown:
	}
	return Unknown
}

func not(test func(a, b string) (Outcome, string)) func(a, b string) (Outcome, string) {
	return func(a, b string) (Outcome, string) {
		o, why := test(a, b)
		return negate(o), why
	}
}

// equals minds letter case. Booleans are compared with the text "True"; whether "true" is the same is not documented.
func equals(actual, operand string) (Outcome, string) {
	if actual != operand && (actual == "True" || actual == "False") && strings.EqualFold(actual, operand) {
		return Unknown, fmt.Sprintf("whether %s equals %q is not documented", actual, operand)
	}
	return outcome(actual == operand), ""
}

func isBool(want string) func(string, string) (Outcome, string) {
	return func(actual, _ string) (Outcome, string) {
		if actual != "True" && actual != "False" && (strings.EqualFold(actual, "true") || strings.EqualFold(actual, "false")) {
			return Unknown, fmt.Sprintf("%q is text, not a Boolean", actual)
		}
		return outcome(actual == want), ""
	}
}

func includes(actual, operand string) (Outcome, string) {
	return outcome(strings.Contains(actual, operand)), ""
}

func endsWith(actual, operand string) (Outcome, string) {
	return outcome(strings.HasSuffix(actual, operand)), ""
}

func integers(is func(a, b int64) bool) func(a, b string) (Outcome, string) {
	return func(actual, operand string) (Outcome, string) {
		a, err := strconv.ParseInt(actual, 10, 64)
		b, err2 := strconv.ParseInt(operand, 10, 64)
		if err != nil || err2 != nil {
			return Unknown, fmt.Sprintf("%q and %q: both must be whole numbers", actual, operand)
		}
		return outcome(is(a, b)), ""
	}
}

// bitAnd is the operator &. The portal's page says that the attribute must occur in the value; Microsoft's SCIM library
// calls the same sign a bitwise AND. With numbers both are computed and must agree.
func bitAnd(actual, operand string) (Outcome, string) {
	text := outcome(strings.Contains(operand, actual))
	a, err := strconv.ParseInt(actual, 10, 64)
	b, err2 := strconv.ParseInt(operand, 10, 64)
	if err == nil && err2 == nil && outcome(a&b != 0) != text {
		return Unknown, "& of numbers: text or bits is not documented"
	}
	return text, ""
}
