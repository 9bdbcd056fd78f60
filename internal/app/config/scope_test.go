package config

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

func TestClausesAreReadAsTheyAreMeant(t *testing.T) {
	for text, want := range map[string]Clause{
		`department EQUALS Sales`:                        {Attribute: "department", Operator: "EQUALS", Values: []string{"Sales"}},
		`department   equals   Sales and  Service  `:     {Attribute: "department", Operator: "EQUALS", Values: []string{"Sales and  Service"}},
		`jobTitle NOT EQUALS "Head of x"`:                {Attribute: "jobTitle", Operator: "NOT EQUALS", Values: []string{"Head of x"}},
		`jobTitle NOT_EQUALS " a \"b\" \\ \d"`:           {Attribute: "jobTitle", Operator: "NOT EQUALS", Values: []string{` a "b" \ \d`}},
		`jobTitle EQUALS 5" disk`:                        {Attribute: "jobTitle", Operator: "EQUALS", Values: []string{`5" disk`}},
		`jobTitle EQUALS ""`:                             {Attribute: "jobTitle", Operator: "EQUALS", Values: []string{""}},
		`accountEnabled IS TRUE`:                         {Attribute: "accountEnabled", Operator: "IS TRUE"},
		`mail IS NOT NULL`:                               {Attribute: "mail", Operator: "IS NOT NULL"},
		`mail is null `:                                  {Attribute: "mail", Operator: "IS NULL"},
		`department REGEX MATCH ^Sales( EMEA)?$`:         {Attribute: "department", Operator: "REGEX MATCH", Values: []string{"^Sales( EMEA)?$"}},
		`department NOT REGEX MATCH ^(Sales|IT)$`:        {Attribute: "department", Operator: "NOT REGEX MATCH", Values: []string{"^(Sales|IT)$"}},
		`mail ENDS_WITH @fabrikam.example`:               {Attribute: "mail", Operator: "ENDS_WITH", Values: []string{"@fabrikam.example"}},
		`department Includes NULL`:                       {Attribute: "department", Operator: "Includes", Values: []string{"NULL"}},
		`extensionAttribute1 Greater_Than_OR_EQUALS 010`: {Attribute: "extensionAttribute1", Operator: "Greater_Than_OR_EQUALS", Values: []string{"010"}},
		`extensionAttribute1 Greater Than 5`:             {Attribute: "extensionAttribute1", Operator: "Greater_Than", Values: []string{"5"}},
		`extensionAttribute1 !& 5`:                       {Attribute: "extensionAttribute1", Operator: "!&", Values: []string{"5"}},
		`extensionAttribute1 & 5`:                        {Attribute: "extensionAttribute1", Operator: "&", Values: []string{"5"}},
		`urn:x:y EQUALS EQUALS`:                          {Attribute: "urn:x:y", Operator: "EQUALS", Values: []string{"EQUALS"}},
	} {
		f := mustParse(t, acme("    scope:\n      filters:\n        - - |\n            "+text+"\n"))
		want.Text, want.Line, want.Column = text, 6, 13
		if diff := cmp.Diff([]Filter{{Clauses: []Clause{want}}}, f.Connections[0].Scope.Filters); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestEveryOperatorIsOneThatScopeEvaluates(t *testing.T) {
	for name, unary := range operators {
		c := Clause{Attribute: "department", Operator: name, Values: []string{"7"}}
		if unary {
			c.Values = nil
		}
		r := scope.Evaluate(Scope{Filters: []Filter{{Clauses: []Clause{c}}}}.Filter(), func(string) document.AttributeValue {
			return document.TextValue("True")
		})
		for _, u := range r.Unknowns() {
			if name != "Greater_Than" && name != "Greater_Than_OR_EQUALS" { // True is no number
				t.Errorf("%s: %s", name, u.Reason)
			}
		}
	}
	r := scope.Evaluate(Scope{Filters: []Filter{{Clauses: []Clause{{Attribute: "a", Operator: "SOUNDS LIKE", Values: []string{"x"}}}}}}.Filter(),
		func(string) document.AttributeValue { return document.TextValue("x") })
	if len(r.Unknowns()) != 1 {
		t.Error("an operator that scope does not know is not told apart, so this test proves nothing")
	}
}

func TestFiltersJudgeAsTheyRead(t *testing.T) {
	s := mustParse(t, acme(`    scope: {filters: [["department EQUALS Sales", "accountEnabled IS TRUE"], ["jobTitle EQUALS \"Head of x\""]]}`)).Connections[0].Scope
	person := func(department, enabled, title string) func(string) document.AttributeValue {
		return func(name string) document.AttributeValue {
			return document.TextValue(map[string]string{"department": department, "accountEnabled": enabled, "jobTitle": title}[name])
		}
	}
	for _, tt := range []struct {
		get  func(string) document.AttributeValue
		want scope.Outcome
	}{
		{person("Sales", "True", "x"), scope.Pass},
		{person("Sales", "False", "x"), scope.Fail},
		{person("IT", "True", "x"), scope.Fail},
		{person("IT", "False", "Head of x"), scope.Pass},
	} {
		if got := scope.Evaluate(s.Filter(), tt.get).Outcome; got != tt.want {
			t.Errorf("outcome = %s, want %s", got, tt.want)
		}
	}
	if got, want := scope.Evaluate(s.Filter(), person("IT", "True", "x")).Failing()[0].Text, "scope.filters[0].department EQUALS 'Sales'"; got != want {
		t.Errorf("a clause is called %q, want %q", got, want)
	}
	if f := (Scope{}).Filter(); f != nil {
		t.Errorf("no filters give %v, want nil", f)
	}
}

func TestAPatternThatMayStillApplyIsNoFault(t *testing.T) {
	for _, groups := range []string{
		`{name: "jira-dev*"}, {name: "jira-*"}`,
		`{name: "jira-*", exclude: [jira-x]}, {name: jira-x, nested: direct}`,
		`{name: "jira-?"}, {name: jira-xy}`,
		`{name: "?*"}, {name: "*"}`,
		`{name: Jira}, {name: jira}`,
	} {
		mustParse(t, acme("    scope: {groups: ["+groups+"]}\n"))
	}
}

// path.Match reads the same patterns where no slash and no other sign of its own is in them.
func TestACoveredPatternFitsNothingThatTheFirstDoesNotFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab?*]{0,5}`)
		wide, narrow := pattern.Draw(t, "wide"), pattern.Draw(t, "narrow")
		text := rapid.StringMatching(`[abc]{0,6}`).Draw(t, "text")
		inNarrow, _ := path.Match(narrow, text)
		inWide, _ := path.Match(wide, text)
		if globCovers(wide, narrow) && inNarrow && !inWide {
			t.Fatalf("%q is said to cover %q, but only the latter fits %q", wide, narrow, text)
		}
		if fits, _ := path.Match(wide, text); fits != globCovers(wide, text) {
			t.Fatalf("%q and the text %q: %v", wide, text, !fits)
		}
	})
}
