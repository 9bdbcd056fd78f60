// Package scope says who is let through: Entra's scoping filters, evaluated clause by clause or read from a
// provisioning log, and dynamic membership rules of groups. Attributes come from a reader that the caller hands in.
// What Entra does not document, and what the documents do not tell, is unknown with its reason, never a guess.
package scope

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Outcome is the answer of a clause, a group of clauses or a whole filter.
type Outcome string

// The outcomes.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown"
)

// Result is the answer of a filter. Without groups everybody passes.
type Result struct {
	Outcome Outcome
	Groups  []GroupResult
}

// GroupResult is the answer of one named set of clauses; all must pass.
type GroupResult struct {
	Name    string
	Input   bool // an input filter: who fails is dropped before processing, and not deprovisioned
	Outcome Outcome
	Clauses []ClauseResult
}

// ClauseResult is the answer of one clause, with the value that was compared.
type ClauseResult struct {
	Attribute string
	Operator  string // the portal's spelling
	Values    []string
	Actual    string // the attribute's value, or "null"; empty where it was not told or comes from a log
	Outcome   Outcome
	Text      string // as Entra's log prints it: Sales only.department EQUALS 'Sales'
	Reason    string // why it is unknown
}

// Failing are the clauses that keep the object out: those that failed in the groups that failed.
func (r Result) Failing() []ClauseResult { return r.clauses(Fail) }

// Unknowns are the clauses that could not be answered.
func (r Result) Unknowns() []ClauseResult { return r.clauses(Unknown) }

func (r Result) clauses(want Outcome) []ClauseResult {
	var out []ClauseResult
	for _, g := range r.Groups {
		for _, c := range g.Clauses {
			if c.Outcome == want {
				out = append(out, c)
			}
		}
	}
	return out
}

// Reader gives a source attribute by name.
type Reader func(name string) document.AttributeValue

// Filter is a scoping filter made ready for many objects. The zero Filter lets everybody through.
type Filter struct {
	groups, input []group
	category      bool
}

type group struct {
	name    string
	clauses []clause
}

// Compile makes a filter ready; nil is a filter that lets everybody through. It never fails: what cannot be evaluated
// answers unknown.
func Compile(f *document.Filter) *Filter {
	if f == nil {
		return &Filter{}
	}
	out := &Filter{groups: compileGroups(f.Groups), input: compileGroups(f.InputFilterGroups)}
	for _, g := range f.CategoryFilterGroup {
		out.category = out.category || len(g.Clauses) > 0
	}
	return out
}

// compileGroups drops groups without clauses: a filter that was opened and saved empty restricts nobody.
func compileGroups(groups []document.FilterGroup) []group {
	var out []group
	for _, g := range groups {
		if len(g.Clauses) == 0 {
			continue
		}
		one := group{name: g.Name}
		for _, c := range g.Clauses {
			one.clauses = append(one.clauses, compileClause(g.Name, c))
		}
		out = append(out, one)
	}
	return out
}

// Evaluate answers for one object; see Filter.Evaluate.
func Evaluate(f *document.Filter, get func(name string) document.AttributeValue) Result {
	return Compile(f).Evaluate(get)
}

// Evaluate answers for one object. Clauses of a group are joined by AND, groups by OR; an object must pass both the
// scoping groups and the input groups. Category groups are experimental at Entra: with one, no pass is certain.
func (f *Filter) Evaluate(get Reader) Result {
	r := Result{Outcome: Pass}
	for _, set := range []struct {
		groups []group
		input  bool
	}{{f.groups, false}, {f.input, true}} {
		some := Fail
		for _, g := range set.groups {
			one := g.evaluate(get)
			one.Input = set.input
			r.Groups = append(r.Groups, one)
			some = or(some, one.Outcome)
		}
		if len(set.groups) > 0 {
			r.Outcome = and(r.Outcome, some)
		}
	}
	if f.category {
		r.Outcome = and(r.Outcome, Unknown)
		c := ClauseResult{Outcome: Unknown, Text: "categoryFilterGroups", Reason: "category filters are experimental and not documented"}
		r.Groups = append(r.Groups, GroupResult{Name: c.Text, Outcome: Unknown, Clauses: []ClauseResult{c}})
	}
	return r
}

func (g group) evaluate(get Reader) GroupResult {
	out := GroupResult{Name: g.name, Outcome: Pass}
	for _, c := range g.clauses {
		one := c.evaluate(get)
		out.Clauses = append(out.Clauses, one)
		out.Outcome = and(out.Outcome, one.Outcome)
	}
	return out
}

func and(a, b Outcome) Outcome {
	switch {
	case a == Fail || b == Fail:
		return Fail
	case a == Unknown || b == Unknown:
		return Unknown
	}
	return Pass
}

func or(a, b Outcome) Outcome {
	switch {
	case a == Pass || b == Pass:
		return Pass
	case a == Unknown || b == Unknown:
		return Unknown
	}
	return Fail
}

func outcome(b bool) Outcome {
	if b {
		return Pass
	}
	return Fail
}

// clauseText prints a clause as the log does: no value behind an operator that takes none.
func clauseText(title, attribute, operator string, values []string, unary bool) string {
	text := attribute + " " + operator
	if title != "" {
		text = title + "." + text
	}
	if !unary {
		text += " '" + strings.Join(values, ", ") + "'"
	}
	return text
}
