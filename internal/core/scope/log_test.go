package scope

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheLogSaysWhatEntraItselfFound(t *testing.T) {
	marketing := ClauseResult{Attribute: "department", Operator: "EQUALS", Values: []string{"Marketing"}, Outcome: Pass, Text: "Marketing department filter.department EQUALS 'Marketing'"}
	onPrem := ClauseResult{Attribute: "dirSyncEnabled", Operator: "IS TRUE", Outcome: Fail, Text: "On-prem Owned Users.dirSyncEnabled IS TRUE"}
	tests := map[string]struct {
		details map[string]any
		want    Result
		found   bool
	}{
		"a clause that passed": {
			map[string]any{"Scoping filter evaluation passed": "True", "ScopeEvaluationResult": `{"Marketing department filter.department EQUALS 'Marketing'":true}`},
			Result{Pass, []GroupResult{{Name: "Marketing department filter", Outcome: Pass, Clauses: []ClauseResult{marketing}}}},
			true,
		},
		"a clause that failed": {
			map[string]any{"IsInProvisioningScope": "False", "ScopeEvaluationResult": `{"On-prem Owned Users.dirSyncEnabled IS TRUE":false}`},
			Result{Fail, []GroupResult{{Name: "On-prem Owned Users", Outcome: Fail, Clauses: []ClauseResult{onPrem}}}},
			true,
		},
		"an object in place of text, without a flag": {
			map[string]any{"scopeEvaluationResult": map[string]any{"On-prem Owned Users.dirSyncEnabled IS TRUE": "False"}},
			Result{Fail, []GroupResult{{Name: "On-prem Owned Users", Outcome: Fail, Clauses: []ClauseResult{onPrem}}}},
			true,
		},
		"filters are joined by or": {
			map[string]any{"ScopeEvaluationResult": `{"On-prem Owned Users.dirSyncEnabled IS TRUE":false,"Marketing department filter.department EQUALS 'Marketing'":true}`},
			Result{Pass, []GroupResult{
				{Name: "Marketing department filter", Outcome: Pass, Clauses: []ClauseResult{marketing}},
				{Name: "On-prem Owned Users", Outcome: Fail, Clauses: []ClauseResult{onPrem}},
			}},
			true,
		},
		"no filter":           {map[string]any{"ScopeEvaluationResult": "{}", "IsInProvisioningScopeDisplayName": "True"}, Result{Outcome: Pass}, true},
		"a flag alone":        {map[string]any{"Scoping filter evaluation passed": false}, Result{Outcome: Fail}, true},
		"details of a skip":   {map[string]any{"SkipReason": "RedundantExport"}, Result{}, false},
		"no details":          {nil, Result{}, false},
		"text that is broken": {map[string]any{"ScopeEvaluationResult": "{"}, Result{}, false},
		"JSON null":           {map[string]any{"ScopeEvaluationResult": "null"}, Result{}, false},
		"a number":            {map[string]any{"ScopeEvaluationResult": 7.0}, Result{}, false},
		"an answer that is neither": {
			map[string]any{"ScopeEvaluationResult": `{"something new":"maybe"}`},
			Result{Unknown, []GroupResult{{Outcome: Unknown, Clauses: []ClauseResult{{Text: "something new", Outcome: Unknown, Reason: "the log gives neither true nor false"}}}}},
			true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, found := FromLog(tt.details)
			if diff := cmp.Diff(tt.want, got); diff != "" || found != tt.found {
				t.Errorf("found %v, want %v (-want +got):\n%s", found, tt.found, diff)
			}
		})
	}
}

func TestAClauseOfTheLogIsTakenApart(t *testing.T) {
	for text, want := range map[string]struct {
		title, attribute, operator string
		values                     []string
	}{
		`v1.0 filter.userPrincipalName REGEX MATCH '.*@a.example'`: {"v1.0 filter", "userPrincipalName", "REGEX MATCH", []string{".*@a.example"}},
		`department NOT EQUALS 'it's'`:                             {"", "department", "NOT EQUALS", []string{"it's"}},
		`F.employeeId GREATER_THAN_OR_EQUALS '5'`:                  {"F", "employeeId", "Greater_Than_OR_EQUALS", []string{"5"}},
		`F.a !& 'x'`:             {"F", "a", "!&", []string{"x"}},
		`F.a IS NOT NULL`:        {"F", "a", "IS NOT NULL", nil},
		`a text of another kind`: {"", "", "", nil},
	} {
		title, c := readClause(text)
		if title != want.title || c.Attribute != want.attribute || c.Operator != want.operator || !cmp.Equal(c.Values, want.values) || c.Text != text {
			t.Errorf("%s: title %q, %+v", text, title, c)
		}
	}
}

func FuzzFromLog(f *testing.F) {
	f.Add(`{"On-prem Owned Users.dirSyncEnabled IS TRUE":false}`)
	f.Add(`{"a.b EQUALS 'c":"True"}`)
	f.Fuzz(func(t *testing.T, s string) {
		r, ok := FromLog(map[string]any{"ScopeEvaluationResult": s})
		if ok != (r.Outcome != "") {
			t.Fatalf("found %v with the outcome %q", ok, r.Outcome)
		}
	})
}
