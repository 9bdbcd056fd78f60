package trace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

func TestAMappingIsEvaluatedPartByPartBesideTheRecord(t *testing.T) {
	matching := row("userName", "[userPrincipalName]")
	matching.MatchingPriority = 7
	r := rulebook{lena: lena(), rows: []document.AttributeMapping{
		matching,
		row("displayName", `Join(" ", [givenName], ToUpper([surname], ))`),
		row("active", `Switch([IsSoftDeleted], , "False", "True", "True", "False")`),
		row(`emails[type eq "work"].value`, "[mail]"),
		row("title", `IIF([department] = "Legal", [jobTitle], [employeeId])`),
		row("nickName", "[nowhere]"),
	}, record: &document.ScimUser{
		ID: "rec", ExternalID: "lena", UserName: "LENA@fabrikam.example", DisplayName: "Lena Vogel", Title: "Counsel",
		Active: document.Some(true), Emails: []document.ScimEmail{{Value: "old@fabrikam.example", Type: "work"}},
	}}
	e := r.evaluate(t, "lena@fabrikam.example")
	if d := cmp.Diff([]string{
		"userName = 'lena@fabrikam.example', same 'LENA@fabrikam.example', match 1",
		"displayName = 'Lena VOGEL-OTT', differs 'Lena Vogel'",
		"  [givenName] = 'Lena'",
		"    [surname] = 'Vogel-Ott'",
		"  ToUpper([surname], ) = 'VOGEL-OTT'",
		"active = 'True', same 'True'",
		"  [IsSoftDeleted] = 'False': enabled and in scope",
		`emails[type eq "work"].value = 'lena@fabrikam.example', differs 'old@fabrikam.example'`,
		"title = null, keeps 'Counsel'",
		"    [department] = 'Legal'",
		`  [department] = "Legal" = 'True'`,
		"  [jobTitle] = null",
		"  [employeeId] = skipped",
		"nickName = unknown, unknown null: nowhere: not in the documents",
	}, mapped(e)); d != "" {
		t.Error(d)
	}
	if e.Rules != FromSchema || e.Record != "rec" {
		t.Errorf("rules from %s, compared with %s", e.Rules, e.Record)
	}
}

func TestAScopingFilterIsEvaluatedClauseByClause(t *testing.T) {
	r := rulebook{lena: lena(), rows: []document.AttributeMapping{row("userName", "[userPrincipalName]")}}
	for sentence, c := range map[string]struct {
		filter *document.Filter
		whole  Status
		want   []string
	}{
		"no filter lets everybody through": {nil, Pass, nil},
		"the value is shown that was compared": {
			salesOnly(clause("department", "EQUALS", "Sales"), clause("accountEnabled", "IS TRUE")), Fail,
			[]string{"fail Sales only", "fail department EQUALS 'Sales' 'Legal'", "pass accountEnabled IS TRUE 'True'"},
		},
		"an empty attribute is null":           {salesOnly(clause("jobTitle", "EQUALS", "Clerk")), Fail, []string{"fail Sales only", "fail jobTitle EQUALS 'Clerk' null"}},
		"what was not told has a reason":       {salesOnly(clause("nowhere", "EQUALS", "x")), NotKnown, []string{"unknown Sales only", "unknown nowhere EQUALS 'x' unknown nowhere is not in the documents"}},
		"an operator that is none is unknown":  {salesOnly(clause("department", "RESEMBLES", "x")), NotKnown, []string{"unknown Sales only", `unknown department RESEMBLES 'x' unknown operator "RESEMBLES" is not evaluated`}},
		"an input filter says that it is one":  {&document.Filter{InputFilterGroups: salesOnly(clause("department", "EQUALS", "Legal")).Groups}, Pass, []string{"pass input Sales only", "pass department EQUALS 'Legal' 'Legal'"}},
		"a second group may let through":       {&document.Filter{Groups: append(salesOnly(clause("department", "EQUALS", "Sales")).Groups, salesOnly(clause("mail", "IS NOT NULL")).Groups...)}, Pass, []string{"fail Sales only", "fail department EQUALS 'Sales' 'Legal'", "pass Sales only", "pass mail IS NOT NULL 'lena@fabrikam.example'"}},
		"a category filter cannot be answered": {&document.Filter{CategoryFilterGroup: salesOnly(clause("mail", "IS NULL")).Groups}, NotKnown, []string{"unknown categoryFilterGroups", "unknown categoryFilterGroups unknown category filters are experimental and not documented"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			r.filter = c.filter
			e := r.evaluate(t, "lena")
			var got []string
			for _, g := range e.Scope.Groups {
				name := g.Name
				if g.Input {
					name = "input " + name
				}
				got = append(got, string(g.Outcome)+" "+name)
				for _, c := range g.Clauses {
					got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", c.Outcome, c.Text, brief(c.Actual), c.Reason)))
				}
			}
			if d := cmp.Diff(c.want, got); d != "" || e.Scope.Outcome != c.whole {
				t.Errorf("%s\n%s, want %s", d, e.Scope.Outcome, c.whole)
			}
		})
	}
}

func TestIsSoftDeletedSaysWhy(t *testing.T) {
	rows := []document.AttributeMapping{row("active", `Switch([IsSoftDeleted], , "False", "True", "True", "False")`)}
	off := lena()
	off.AccountEnabled = document.Some(false)
	for sentence, c := range map[string]struct {
		r    rulebook
		whom string
		want string
	}{
		"disabled":                  {rulebook{lena: off, rows: rows}, "lena", "'True': disabled in Entra"},
		"deleted":                   {rulebook{lena: lena(), rows: rows}, "gone", "'True': deleted in Entra"},
		"nested, which is no scope": {rulebook{lena: lena(), rows: rows, nested: true}, "lena", "'True': not in scope"},
		"filtered out":              {rulebook{lena: lena(), rows: rows, filter: salesOnly(clause("department", "EQUALS", "Sales"))}, "lena", "'True': the scoping filter keeps the user out"},
		"in scope":                  {rulebook{lena: lena(), rows: rows}, "lena", "'False': enabled and in scope"},
		"perhaps in scope":          {rulebook{lena: lena(), rows: rows, without: []document.File{document.AppRoleAssignments}}, "lena", "'False': taken as in scope, which is not known for certain"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := mapped(c.r.evaluate(t, c.whom))
			if want := "  [IsSoftDeleted] = " + c.want; len(got) != 2 || got[1] != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestWhatTheMappingDoesNotWriteAgainTheRecordKeeps(t *testing.T) {
	once, standard, twice := row("title", "[department]"), row("nickName", "[jobTitle]"), row("displayName", "[surname]")
	once.FlowType = "ObjectAddOnly"
	standard.DefaultValue = document.Some("friend")
	r := rulebook{lena: lena(), rows: []document.AttributeMapping{
		row("displayName", "[displayName]"), twice, once, standard, row("userType", `IgnoreFlowIfNullOrEmpty("")`), {TargetAttributeName: "id", MatchingPriority: 1},
	}, record: &document.ScimUser{ID: "rec", ExternalID: "lena", DisplayName: "Lena Vogel-Ott", Title: "Counsel", Other: []byte(`{"userType":"Member"}`)}}
	e := r.evaluate(t, "lena")
	if d := cmp.Diff([]string{
		"displayName = 'Lena Vogel-Ott', same 'Lena Vogel-Ott'",
		"displayName = skipped: an earlier row fills the same attribute",
		"title = 'Legal', keeps 'Counsel'",
		"nickName = 'friend', keeps null",
		"userType = null, keeps 'Member'",
		"id = skipped, match 1: it has neither a source nor a default, so nothing is written",
	}, mapped(e)); d != "" {
		t.Error(d)
	}
	if m := e.Mapping[3]; !m.FromDefault || m.Default == nil || *m.Default != "friend" {
		t.Errorf("the default is not told: %+v", m)
	}
}
