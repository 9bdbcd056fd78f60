package scope

import (
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// FromLog reads what Entra itself found, from the details of a provisioning step. The answer of each clause is in
// ScopeEvaluationResult, JSON text or an object of clause text to true or false; the answer of the whole in one of
// three flags, whichever generation of the log wrote it. It is false where the details speak of neither.
func FromLog(details map[string]any) (Result, bool) {
	whole, told := flag(details, "Scoping filter evaluation passed", "IsInProvisioningScope", "IsInProvisioningScopeDisplayName")
	clauses, listed := logged(details)
	if !told && !listed {
		return Result{}, false
	}
	r := Result{Outcome: Pass, Groups: logGroups(clauses)}
	if len(r.Groups) > 0 {
		r.Outcome = Fail
		for _, g := range r.Groups {
			r.Outcome = or(r.Outcome, g.Outcome)
		}
	}
	if told {
		r.Outcome = outcome(whole)
	}
	return r, true
}

func detail(details map[string]any, name string) (any, bool) {
	for key, v := range details {
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	return nil, false
}

func flag(details map[string]any, names ...string) (value, told bool) {
	for _, name := range names {
		if v, ok := detail(details, name); ok {
			if value, told = boolean(v); told {
				return value, true
			}
		}
	}
	return false, false
}

func boolean(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		return strings.EqualFold(v, "true"), strings.EqualFold(v, "true") || strings.EqualFold(v, "false")
	}
	return false, false
}

func logged(details map[string]any) (map[string]any, bool) {
	v, ok := detail(details, "ScopeEvaluationResult")
	if !ok {
		return nil, false
	}
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case string:
		var clauses map[string]any
		if json.Unmarshal([]byte(v), &clauses) == nil && clauses != nil {
			return clauses, true
		}
	}
	return nil, false
}

// logGroups sorts the clauses into groups by their filter's title, titles and clauses in alphabetical order.
func logGroups(clauses map[string]any) []GroupResult {
	var groups []GroupResult
	texts := make([]string, 0, len(clauses))
	for text := range clauses {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	for _, text := range texts {
		title, c := readClause(text)
		if passed, ok := boolean(clauses[text]); ok {
			c.Outcome = outcome(passed)
		} else {
			c.Outcome, c.Reason = Unknown, "the log gives neither true nor false"
		}
		at := slices.IndexFunc(groups, func(g GroupResult) bool { return g.Name == title })
		if at < 0 {
			at = len(groups)
			groups = append(groups, GroupResult{Name: title, Outcome: Pass})
		}
		groups[at].Clauses = append(groups[at].Clauses, c)
		groups[at].Outcome = and(groups[at].Outcome, c.Outcome)
	}
	return groups
}

var clauseForm = regexp.MustCompile(`^(?:(.*?)\.)?([^.\s']+) (NOT EQUALS|EQUALS|IS TRUE|IS FALSE|IS NULL|IS NOT NULL|NOT REGEX MATCH|REGEX MATCH|` +
	`Includes|INCLUDES|ENDS_WITH|ENDS WITH|Greater_Than_OR_EQUALS|Greater_Than|GREATER_THAN_OR_EQUALS|GREATER_THAN|!&|&)(?: '(.*)')?$`)

// readClause takes a clause of the log apart; one of an unknown form keeps its text.
func readClause(text string) (title string, c ClauseResult) {
	m := clauseForm.FindStringSubmatch(text)
	if m == nil {
		return "", ClauseResult{Text: text}
	}
	c = ClauseResult{Attribute: m[2], Operator: m[3], Text: text}
	if op := operators[letters(m[3])]; op != nil {
		c.Operator = op.name
		if !op.unary {
			c.Values = []string{m[4]}
		}
	}
	return m[1], c
}
