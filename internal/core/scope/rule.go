package scope

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// DynamicRule evaluates a dynamic membership rule of a group for a user: comparisons of user attributes, joined by
// -and, -or, -not and parentheses, without regard to letter case, as Entra evaluates them. Anything else (-any, -all,
// user.memberOf, device rules, "Direct Reports for") is unknown, and so is a negated comparison with an empty
// attribute, which Entra does not document; the reason names the construct or the attribute.
func DynamicRule(rule string, get func(name string) document.AttributeValue) (Outcome, string) {
	c, err := parseRule(rule)
	if err != nil {
		return Unknown, "the rule is not evaluated: " + err.Error()
	}
	return c.evaluate(get)
}

func (c *condition) evaluate(get Reader) (Outcome, string) {
	switch c.op {
	case "not":
		o, why := c.parts[0].evaluate(get)
		return negate(o), why
	case "and", "or":
		join, all := and, Pass
		if c.op == "or" {
			join, all = or, Fail
		}
		reason := ""
		for _, part := range c.parts {
			o, why := part.evaluate(get)
			if o == Unknown && reason == "" {
				reason = why
			}
			all = join(all, o)
		}
		if all != Unknown {
			reason = ""
		}
		return all, reason
	}
	return c.compare(get)
}

// ruleAttribute is the name under which a rule's attribute is read. A rule sees the whole userPrincipalName of a
// guest, where a mapping sees it cut.
func ruleAttribute(name string) string {
	if strings.EqualFold(name, "userPrincipalName") {
		return "originalUserPrincipalName"
	}
	return name
}

func (c *condition) compare(get Reader) (Outcome, string) {
	v := get(ruleAttribute(c.attribute))
	if !v.Known {
		return Unknown, "user." + c.attribute + " is not in the documents"
	}
	positive, negated := strings.CutPrefix(c.op, "not")
	switch c.op {
	case "ne":
		positive, negated = "eq", true
	case "notin":
		positive = "in"
	}
	if v.Empty() {
		return c.compareEmpty(negated)
	}
	values := v.Values
	if !v.Multi() {
		values = []string{v.Text}
	}
	o, why := c.hits(positive, values)
	if negated {
		o = negate(o)
	}
	return o, why
}

// hits compares every value of the attribute. A rule may compare a collection without -any or -all; which of them
// Entra takes then is not documented, so only a common answer counts.
func (c *condition) hits(op string, values []string) (Outcome, string) {
	var answer Outcome
	for i, actual := range values {
		o := outcome(slices.ContainsFunc(c.operands, func(want operand) bool { return !want.null && test(op, actual, want.text) }))
		if c.pattern != nil {
			var why string
			if o, why = c.pattern.match(actual); o == Unknown {
				return o, why
			}
		}
		if i > 0 && o != answer {
			return Unknown, "user." + c.attribute + " is multi-valued, and some of its values fit"
		}
		answer = o
	}
	return answer, ""
}

// compareEmpty compares an attribute without a value. Null is documented to equal null only.
func (c *condition) compareEmpty(negated bool) (Outcome, string) {
	if slices.ContainsFunc(c.operands, func(o operand) bool { return o.null }) {
		return outcome(!negated), ""
	}
	if negated {
		return Unknown, "user." + c.attribute + " is empty; what -" + c.op + " makes of that is not documented"
	}
	return Fail, ""
}

func test(op, actual, operand string) bool {
	actual, operand = strings.ToLower(actual), strings.ToLower(operand)
	switch op {
	case "startswith":
		return strings.HasPrefix(actual, operand)
	case "endswith":
		return strings.HasSuffix(actual, operand)
	case "contains":
		return strings.Contains(actual, operand)
	}
	return actual == operand // eq, in
}
