package scope

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

// attributes is a source object; what is not in it is not told.
type attributes map[string]document.AttributeValue

func (a attributes) get(name string) document.AttributeValue { return a[name] }

func val(s string) document.AttributeValue { return document.TextValue(s) }

var ada = attributes{
	"department": val("Sales"), "mail": document.NullValue, "empty": val(""), "accountEnabled": val("True"), "dirSyncEnabled": val("False"),
	"userPrincipalName": val("ada@fabrikam.example"), "workerID": val("1234567"), "city": val("Köln"), "flag": val("true"), "userType": val("Member"),
	"proxyAddresses": document.ListValue([]string{"smtp:a@b.example"}), "otherMails": document.ListValue(nil), "level": val("6"),
	"createdDateTime": val("2024-03-01T08:00:00Z"),
}

func where(attribute, operator string, values ...string) document.FilterClause {
	c := document.FilterClause{SourceOperandName: attribute, OperatorName: operator}
	c.TargetOperand.Values = values
	return c
}

func all(name string, clauses ...document.FilterClause) document.FilterGroup {
	return document.FilterGroup{Name: name, Clauses: clauses}
}

func TestOperatorsAnswerAsEntraDocuments(t *testing.T) {
	tests := map[string]struct {
		clause document.FilterClause
		want   Outcome
		reason string // part of it, where the answer is unknown
	}{
		"equals the value":                               {where("department", "EQUALS", "Sales"), Pass, ""},
		"equals minds letter case":                       {where("department", "EQUALS", "sales"), Fail, ""},
		"equals of null is false":                        {where("mail", "EQUALS", ""), Fail, ""},
		"a Boolean equals the text True":                 {where("accountEnabled", "EQUALS", "True"), Pass, ""},
		"a Boolean and true in small letters":            {where("accountEnabled", "EQUALS", "true"), Unknown, "not documented"},
		"not equals another value":                       {where("department", "NOT EQUALS", "Support"), Pass, ""},
		"not equals the same value":                      {where("department", "NOT_EQUALS", "Sales"), Fail, ""},
		"not equals of null is false":                    {where("mail", "NOT EQUALS", "x"), Fail, ""},
		"is true":                                        {where("accountEnabled", "IS TRUE"), Pass, ""},
		"is true of false":                               {where("dirSyncEnabled", "IS_TRUE"), Fail, ""},
		"is true of null is false":                       {where("mail", "IS TRUE"), Fail, ""},
		"is true of another text is false":               {where("department", "IS TRUE"), Fail, ""},
		"is true of a text that looks like one":          {where("flag", "IS TRUE"), Unknown, "is text"},
		"is false":                                       {where("dirSyncEnabled", "IS FALSE"), Pass, ""},
		"is false of null is false":                      {where("mail", "isFalse"), Fail, ""},
		"is null of null":                                {where("mail", "IS NULL"), Pass, ""},
		"is null of an empty text":                       {where("empty", "IS_NULL"), Pass, ""},
		"is null of a value":                             {where("department", "IS NULL"), Fail, ""},
		"is null of an empty list":                       {where("otherMails", "IS NULL"), Pass, ""},
		"is not null of a value":                         {where("department", "IS NOT NULL"), Pass, ""},
		"is not null of null":                            {where("mail", "IS_NOT_NULL"), Fail, ""},
		"a regular expression matches":                   {where("userPrincipalName", "REGEX MATCH", `.*\@fabrikam.example`), Pass, ""},
		"a regular expression matches anywhere":          {where("department", "REGEX_MATCH", "ale"), Pass, ""},
		"a regular expression can be anchored":           {where("department", "REGEX MATCH", "^ale"), Fail, ""},
		"a regular expression minds letter case":         {where("department", "REGEX MATCH", "^s"), Fail, ""},
		"a range of numbers by regular expression":       {where("workerID", "REGEX MATCH", "(1[0-9][0-9][0-9][0-9][0-9][0-9])"), Pass, ""},
		"a regular expression over null is false":        {where("mail", "REGEX MATCH", ".*"), Fail, ""},
		"not a match":                                    {where("userPrincipalName", "NOT REGEX MATCH", `.*\@other.example`), Pass, ""},
		"not a match of what matches":                    {where("userPrincipalName", "NOT_REGEX_MATCH", `.*\@fabrikam.example`), Fail, ""},
		"not a match of null is false":                   {where("mail", "NOT REGEX MATCH", "x"), Fail, ""},
		"a lookahead is named":                           {where("department", "REGEX MATCH", "^(?!S)"), Unknown, "(?!"},
		"a back reference is named":                      {where("department", "NOT REGEX MATCH", `(a)\1`), Unknown, `\1`},
		"class subtraction":                              {where("department", "REGEX MATCH", `^S[a-z-[bcd]]`), Pass, ""},
		"a named group of .NET works":                    {where("department", "REGEX MATCH", `(?<first>S)ales`), Pass, ""},
		"a word class over letters outside ASCII":        {where("city", "REGEX MATCH", `^\w+$`), Pass, ""},
		"a word boundary over letters outside ASCII":     {where("city", "REGEX MATCH", `^\b`), Unknown, `\b`},
		"a pattern that .NET refuses":                    {where("department", "REGEX MATCH", `(a`), Unknown, "a parenthesis without end (character 1)"},
		"letters outside ASCII without a class":          {where("city", "REGEX MATCH", `^K.ln$`), Pass, ""},
		"includes a part":                                {where("department", "Includes", "ale"), Pass, ""},
		"includes minds letter case":                     {where("department", "INCLUDES", "SALE"), Fail, ""},
		"ends with":                                      {where("userPrincipalName", "ENDS_WITH", "@fabrikam.example"), Pass, ""},
		"ends with something else":                       {where("userPrincipalName", "ENDS WITH", "@other.example"), Fail, ""},
		"greater than":                                   {where("workerID", "Greater_Than", "1000000"), Pass, ""},
		"greater than itself":                            {where("workerID", "Greater_Than", "1234567"), Fail, ""},
		"greater than or equal to itself":                {where("workerID", "Greater_Than_OR_EQUALS", "1234567"), Pass, ""},
		"greater than, of a text":                        {where("department", "GREATER_THAN", "5"), Unknown, "whole numbers"},
		"greater than null is false":                     {where("mail", "Greater_Than", "1"), Fail, ""},
		"& finds the attribute in the value":             {where("department", "&", "Sales, Support"), Pass, ""},
		"& misses":                                       {where("department", "&", "Support"), Fail, ""},
		"!& misses":                                      {where("department", "!&", "Support"), Pass, ""},
		"!& of null is false":                            {where("mail", "!&", "Support"), Fail, ""},
		"& of numbers where both readings agree":         {where("level", "&", "6"), Pass, ""},
		"& of numbers where the readings differ":         {where("level", "&", "2"), Unknown, "text or bits"},
		"the operator names of Microsoft's SCIM library": {where("department", "NotMatchesExpression", "^X"), Pass, ""},
		"several values with one answer":                 {where("department", "EQUALS", "a", "b"), Fail, ""},
		"several values with two answers":                {where("department", "EQUALS", "Sales", "b"), Unknown, "all or any"},
		"no value":                                       {where("department", "EQUALS"), Unknown, "without a value"},
		"several patterns":                               {where("department", "REGEX MATCH", "a", "b"), Unknown, "several values"},
		"an attribute that is not told":                  {where("jobTitle", "EQUALS", "x"), Unknown, "jobTitle is not in the documents"},
		"is null of what is not told":                    {where("jobTitle", "IS NULL"), Unknown, "not in the documents"},
		"a multi-valued attribute":                       {where("proxyAddresses", "Includes", "a@b"), Unknown, "multi-valued"},
		"an operator that does not exist":                {where("department", "IsMemberOf", "x"), Unknown, `"IsMemberOf"`},
		"userType cannot be used":                        {where("userType", "EQUALS", "Member"), Unknown, "userType cannot be used"},
		"dates cannot be used":                           {where("createdDateTime", "IS NOT NULL"), Unknown, "date"},
		"a pattern beyond the bound":                     {where("department", "REGEX MATCH", strings.Repeat("a", 5000)), Unknown, "too long"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := Evaluate(&document.Filter{Groups: []document.FilterGroup{all("f", tt.clause)}}, ada.get)
			c := r.Groups[0].Clauses[0]
			if r.Outcome != tt.want || c.Outcome != tt.want {
				t.Errorf("%s: %s, filter %s; want %s (%s)", c.Text, c.Outcome, r.Outcome, tt.want, c.Reason)
			}
			if (tt.want == Unknown) != (c.Reason != "") || !strings.Contains(c.Reason, tt.reason) {
				t.Errorf("%s: reason %q, want one with %q", c.Text, c.Reason, tt.reason)
			}
		})
	}
}

func TestFiltersJoinTheirParts(t *testing.T) {
	pass, fail, unknown := where("department", "EQUALS", "Sales"), where("department", "EQUALS", "x"), where("jobTitle", "EQUALS", "x")
	groups := func(g ...document.FilterGroup) *document.Filter { return &document.Filter{Groups: g} }
	tests := map[string]struct {
		filter *document.Filter
		want   Outcome
	}{
		"no filter":                                    {nil, Pass},
		"an empty filter":                              {&document.Filter{}, Pass},
		"a filter saved without clauses":               {groups(all("empty")), Pass},
		"clauses are joined by and":                    {groups(all("f", pass, fail)), Fail},
		"a failure outweighs what is unknown":          {groups(all("f", unknown, fail)), Fail},
		"what is unknown spoils a pass":                {groups(all("f", pass, unknown)), Unknown},
		"groups are joined by or":                      {groups(all("f", fail), all("g", pass)), Pass},
		"a pass outweighs what is unknown":             {groups(all("f", unknown), all("g", pass)), Pass},
		"nothing passes":                               {groups(all("f", fail), all("g", fail)), Fail},
		"what is unknown might pass":                   {groups(all("f", fail), all("g", unknown)), Unknown},
		"a group without clauses beside another":       {groups(all("f", fail), all("g")), Fail},
		"input filters count too":                      {&document.Filter{InputFilterGroups: []document.FilterGroup{all("in", fail)}}, Fail},
		"both kinds must pass":                         {&document.Filter{Groups: []document.FilterGroup{all("f", pass)}, InputFilterGroups: []document.FilterGroup{all("in", fail)}}, Fail},
		"category filters leave a pass unsure":         {&document.Filter{Groups: []document.FilterGroup{all("f", pass)}, CategoryFilterGroup: []document.FilterGroup{all("c", pass)}}, Unknown},
		"category filters do not mend a failure":       {&document.Filter{Groups: []document.FilterGroup{all("f", fail)}, CategoryFilterGroup: []document.FilterGroup{all("c", pass)}}, Fail},
		"an empty category filter is no filter at all": {&document.Filter{CategoryFilterGroup: []document.FilterGroup{all("c")}}, Pass},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Evaluate(tt.filter, ada.get); got.Outcome != tt.want {
				t.Errorf("%s, want %s: %+v", got.Outcome, tt.want, got.Groups)
			}
		})
	}
}

func TestAClauseReadsAsInEntrasLog(t *testing.T) {
	r := Evaluate(&document.Filter{
		Groups:            []document.FilterGroup{all("On-prem Owned Users", where("dirSyncEnabled", "IS_TRUE")), all("", where("department", "notEquals", "Sales"))},
		InputFilterGroups: []document.FilterGroup{all("Marketing department filter", where("department", "EQUALS", "Marketing"))},
	}, ada.get)
	want := []GroupResult{
		{Name: "On-prem Owned Users", Outcome: Fail, Clauses: []ClauseResult{{
			Attribute: "dirSyncEnabled", Operator: "IS TRUE", Actual: "False", Outcome: Fail, Text: "On-prem Owned Users.dirSyncEnabled IS TRUE",
		}}},
		{Outcome: Fail, Clauses: []ClauseResult{{
			Attribute: "department", Operator: "NOT EQUALS", Values: []string{"Sales"}, Actual: "Sales", Outcome: Fail, Text: "department NOT EQUALS 'Sales'",
		}}},
		{Name: "Marketing department filter", Input: true, Outcome: Fail, Clauses: []ClauseResult{{
			Attribute: "department", Operator: "EQUALS", Values: []string{"Marketing"}, Actual: "Sales", Outcome: Fail,
			Text: "Marketing department filter.department EQUALS 'Marketing'",
		}}},
	}
	if diff := cmp.Diff(want, r.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if n := len(r.Failing()); n != 3 {
		t.Errorf("%d clauses failed, want 3", n)
	}
	if n := len(r.Unknowns()); n != 0 {
		t.Errorf("%d clauses are unknown, want none", n)
	}
}

func drawFilter(t *rapid.T) *document.Filter {
	names := []string{"department", "mail", "accountEnabled", "workerID", "jobTitle", "proxyAddresses", "city"}
	var ops []string
	for _, op := range operators {
		ops = append(ops, op.name)
	}
	slices.Sort(ops)
	clause := rapid.Custom(func(t *rapid.T) document.FilterClause {
		values := rapid.SliceOfN(rapid.SampledFrom([]string{"Sales", "x", "5", "9999999", "^S", "True", "(?=a)"}), 0, 2).Draw(t, "values")
		return where(rapid.SampledFrom(names).Draw(t, "attribute"), rapid.SampledFrom(ops).Draw(t, "operator"), values...)
	})
	group := rapid.Custom(func(t *rapid.T) document.FilterGroup {
		return all("g", rapid.SliceOfN(clause, 0, 4).Draw(t, "clauses")...)
	})
	return &document.Filter{Groups: rapid.SliceOfN(group, 0, 4).Draw(t, "groups"), InputFilterGroups: rapid.SliceOfN(group, 0, 2).Draw(t, "input")}
}

func TestTheOrderOfClausesAndGroupsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t)
		before := Evaluate(f, ada.get).Outcome
		r := rand.New(rand.NewSource(rapid.Int64().Draw(t, "order")))
		for _, groups := range [][]document.FilterGroup{f.Groups, f.InputFilterGroups} {
			for _, g := range groups {
				r.Shuffle(len(g.Clauses), func(i, j int) { g.Clauses[i], g.Clauses[j] = g.Clauses[j], g.Clauses[i] })
			}
			r.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
		}
		if after := Evaluate(f, ada.get).Outcome; after != before {
			t.Fatalf("%s in one order, %s in another", before, after)
		}
	})
}

// What was answered stays answered when more attributes are told.
func TestTellingMoreNeverChangesAFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t)
		less := attributes{}
		for name, v := range ada {
			if rapid.Bool().Draw(t, name) {
				less[name] = v
			}
		}
		before, after := Evaluate(f, less.get).Outcome, Evaluate(f, ada.get).Outcome
		if before != Unknown && before != after {
			t.Fatalf("%s with less, %s with more", before, after)
		}
	})
}

func FuzzClause(f *testing.F) {
	f.Add("department", "REGEX MATCH", "^(?!S)", "Sales")
	f.Add("workerID", "Greater_Than", "1", "99999999999999999999")
	f.Add("level", "!&", "2", "6")
	f.Fuzz(func(t *testing.T, attribute, operator, value, actual string) {
		c := where(attribute, operator, value)
		filter := &document.Filter{Groups: []document.FilterGroup{all("f", c)}}
		r := Evaluate(filter, func(string) document.AttributeValue { return val(actual) })
		if got := r.Groups[0].Clauses[0]; (got.Outcome == Unknown) != (got.Reason != "") {
			t.Fatalf("%s is %s with the reason %q", got.Text, got.Outcome, got.Reason)
		}
		null := Evaluate(filter, func(string) document.AttributeValue { return document.NullValue })
		if got := null.Groups[0].Clauses[0]; got.Outcome == Pass && got.Operator != "IS NULL" {
			t.Fatalf("%s lets null through", got.Text)
		}
	})
}
