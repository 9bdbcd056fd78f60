package trace

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// rulebook is the small world of these tests: Lena and Max in a group of her team, which is assigned, and a schema.
type rulebook struct {
	method  string
	lena    document.User
	record  *document.ScimUser
	account *document.OrgUser
	rows    []document.AttributeMapping
	filter  *document.Filter
	without []document.File
	nested  bool // her team is only inside the assigned group
}

func lena() document.User {
	return document.User{
		ID: "lena", UserPrincipalName: "lena@fabrikam.example", Mail: document.Some("lena@fabrikam.example"), DisplayName: "Lena Vogel-Ott",
		GivenName: "Lena", Surname: "Vogel-Ott", Department: "Legal", AccountEnabled: document.Some(true), Other: []byte(`{"employeeId":"4711"}`),
	}
}

// row maps an expression to a target.
func row(target, expression string) document.AttributeMapping {
	return document.AttributeMapping{TargetAttributeName: target, FlowType: "Always", Source: &document.MappingSource{Expression: expression}}
}

func clause(attribute, operator string, values ...string) document.FilterClause {
	c := document.FilterClause{SourceOperandName: attribute, OperatorName: operator}
	c.TargetOperand.Values = values
	return c
}

func salesOnly(clauses ...document.FilterClause) *document.Filter {
	return &document.Filter{Groups: []document.FilterGroup{{Name: "Sales only", Clauses: clauses}}}
}

func (r rulebook) world() *facts.World {
	b := facts.NewBuilder(document.Bundle{Connection: document.Connection{
		Name: "fabrikam", Method: r.method, Selected: &document.Selected{Users: "groups", Groups: []string{"team"}},
	}}, facts.Focus{})
	b.User(r.lena)
	b.User(document.User{ID: "max", UserPrincipalName: "max@fabrikam.example", JobTitle: "Clerk", AccountEnabled: document.Some(true)})
	b.DeletedUser(document.User{ID: "gone", UserPrincipalName: "gone@fabrikam.example", DisplayName: "Gone Girl"})
	if r.record != nil {
		b.ScimUser(*r.record)
	}
	if r.account != nil {
		b.OrgUser(*r.account)
	}
	b.SealPeople()
	team := document.Group{ID: "team", DisplayName: "team", SecurityEnabled: document.Some(true), Members: document.Members{Known: true, List: []document.Member{{Type: "#microsoft.graph.user", ID: "lena"}}}}
	b.Group(team)
	b.Group(document.Group{ID: "outer", DisplayName: "outer", SecurityEnabled: document.Some(true), Members: document.Members{Known: true, List: []document.Member{{Type: "#microsoft.graph.group", ID: "team"}}}})
	b.ScimGroup(document.ScimGroup{ID: "scim-team", DisplayName: "team", ExternalID: "TEAM"})
	assigned := "team"
	if r.nested {
		assigned = "outer"
	}
	if !slices.Contains(r.without, document.AppRoleAssignments) {
		b.Assignment(document.AppRoleAssignment{PrincipalID: assigned, PrincipalType: "Group", AppRoleID: defaultAccess})
	}
	b.Setting(document.KeyValue{Key: "SyncAll", Value: "false"})
	if r.rows != nil {
		b.Schema(document.Schema{ID: "schema", Rules: []document.RuleDefinition{{SourceDirectoryName: "Azure Active Directory", TargetDirectoryName: "Atlassian", ObjectMappings: []document.ObjectMapping{
			{SourceObjectName: "User", Scope: r.filter, AttributeMappings: r.rows},
			{SourceObjectName: "Group", Scope: r.filter, AttributeMappings: []document.AttributeMapping{row("displayName", "[displayName]"), row("externalId", "[objectId]"), row("members", "[members]")}},
		}}}})
		b.Have(document.SynchronizationRule)
	}
	for _, f := range []document.File{document.Users, document.DeletedUsers, document.Groups, document.AppRoleAssignments, document.SynchronizationKeys, document.ScimUsers, document.ScimGroups, document.OrgUsers, document.OrgGroups} {
		if !slices.Contains(r.without, f) {
			b.Have(f)
		}
	}
	return b.World()
}

func (r rulebook) evaluate(t *testing.T, whom string) Evaluation {
	t.Helper()
	e, ok := New(r.world()).Evaluate(Query{Subject: whom})
	if !ok {
		t.Fatalf("there is no evaluation of %s", whom)
	}
	return e
}

// mapped writes the mappings one a line: value, what the record has, and the parts behind it.
func mapped(e Evaluation) []string {
	var out []string
	for _, m := range e.Mapping {
		line := fmt.Sprintf("%s = %s", m.Target, brief(m.Value))
		if m.Have != nil {
			line += fmt.Sprintf(", %s %s", m.Compare, brief(*m.Have))
		}
		if m.Matching > 0 {
			line += fmt.Sprintf(", match %d", m.Matching)
		}
		if m.Why != "" {
			line += ": " + m.Why
		}
		out = append(out, line)
		for _, s := range m.Steps {
			line := fmt.Sprintf("%s%s = %s", strings.Repeat("  ", s.Depth), s.Text, brief(s.Value))
			if s.Note != "" {
				line += ": " + s.Note
			}
			out = append(out, line)
		}
	}
	return out
}

func brief(s Shown) string {
	switch s.State {
	case TextShown:
		return "'" + s.Text + "'"
	case ListShown:
		return fmt.Sprint(s.List)
	case NullShown, Untold, Failed, NotTaken, Redacted:
	}
	return string(s.State)
}

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

func TestWhatRedactHidesStandsNowhere(t *testing.T) {
	for sentence, rows := range map[string][]document.AttributeMapping{
		"as the whole mapping":          {row("title", "Redact([employeeId])")},
		"inside of another function":    {row("title", `Join("-", [givenName], redact(Mid([employeeId], 2, 2)))`)},
		"where the call fails":          {row("title", `Mid([givenName], Redact([employeeId]), "x")`)},
		"mapped once more without it":   {row("title", "Redact([employeeId])"), row("nickName", `Append("n", [EmployeeID])`)},
		"with a constant":               {row("title", `Redact(Append([employeeId], "471\"1"))`)},
		"in a branch that is not taken": {row("title", `IIF([surname] = "x", Redact(Append("4711", [surname])), [employeeId])`), row("nickName", `Redact([employeeId])`)},
		"in what cannot be read":        {row("title", `Redact(Append([employeeId], "4711")`)},
		"in a second row for the same":  {row("title", `[surname]`), row("title", `Redact("4711")`)},
	} {
		t.Run(sentence, func(t *testing.T) {
			r := rulebook{lena: lena(), rows: append(rows, row("userName", "[userPrincipalName]")), filter: salesOnly(clause("employeeId", "IS NOT NULL")),
				record: &document.ScimUser{ID: "rec", ExternalID: "lena", Title: "4711", Other: []byte(`{"nickName":"n4711"}`)}}
			if sentence == "in a second row for the same" {
				r.lena.Other, r.record.Title, r.record.Other = nil, "", nil
			}
			e := r.evaluate(t, "lena")
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if i := strings.Index(string(b), "471"); i >= 0 {
				t.Errorf("the secret is told: …%s…", b[max(0, i-200):min(len(b), i+40)])
			}
			if got := mapped(e); !strings.Contains(strings.Join(got, "\n"), "userName = 'lena@fabrikam.example'") {
				t.Errorf("what is no secret is hidden too: %q", got)
			}
		})
	}
}

func TestWithoutASchemaTheDefaultsOfTheMethodAreEvaluated(t *testing.T) {
	r := rulebook{lena: lena(), record: &document.ScimUser{ID: "rec", ExternalID: "lena", UserName: "lena@fabrikam.example"}}
	e := r.evaluate(t, "lena")
	if e.Rules != FromDefaults || e.Scope.Outcome != NotKnown || !strings.Contains(e.Scope.Note, "/schema") {
		t.Errorf("%+v", e.Scope)
	}
	if got := mapped(e)[0]; got != "userName = 'lena@fabrikam.example', same 'lena@fabrikam.example', match 1" {
		t.Error(got)
	}

	r.method = document.Rollcall
	e = r.evaluate(t, "lena")
	if e.Rules != FromDefaults || e.Scope.Outcome != Skipped {
		t.Errorf("%+v", e.Scope)
	}
	if d := cmp.Diff([]string{"externalId = 'lena', same 'lena', match 1", "userName = 'lena@fabrikam.example', same 'lena@fabrikam.example', match 2"}, mapped(e)[:2]); d != "" {
		t.Error(d)
	}
}

func TestGuardsConnectorIsComparedWithTheAccount(t *testing.T) {
	r := rulebook{method: document.GuardNested, lena: lena(), account: &document.OrgUser{AccountID: "acc", Email: "Lena@fabrikam.example", Name: "L", ManagementSource: document.Some("synced")}}
	e := r.evaluate(t, "lena")
	if e.Record != "acc" || e.Scope.Outcome != Skipped {
		t.Errorf("compared with %q, scope %+v", e.Record, e.Scope)
	}
	if d := cmp.Diff([]string{
		"externalId = 'lena', unknown unknown, match 1",
		"userName = 'lena@fabrikam.example', same 'Lena@fabrikam.example'",
		`emails[type eq "work"].value = 'lena@fabrikam.example', same 'Lena@fabrikam.example'`,
		"name.givenName = 'Lena', unknown unknown",
	}, mapped(e)[:4]); d != "" {
		t.Error(d)
	}
}

func TestOfAGroupItsNameAndIdAreEvaluated(t *testing.T) {
	r := rulebook{lena: lena(), rows: []document.AttributeMapping{row("userName", "[userPrincipalName]")}, filter: salesOnly(clause("displayName", "EQUALS", "sales"))}
	e := r.evaluate(t, "team")
	if d := cmp.Diff([]string{"displayName = 'team', same 'team'", "externalId = 'team', differs 'TEAM'"}, mapped(e)); d != "" {
		t.Error(d)
	}
	if e.Object != "Group" || e.Record != "scim-team" || e.Scope.Outcome != Fail {
		t.Errorf("%+v", e)
	}
}

func TestWithoutARecordThereIsNothingToCompareAndTheReasonIsTold(t *testing.T) {
	for note, r := range map[string]rulebook{
		"no SCIM record":                  {lena: lena()},
		"SCIM records were not read":      {lena: lena(), without: []document.File{document.ScimUsers}},
		"no account with that address":    {lena: lena(), method: document.GuardNested},
		"accounts were not read: POST /a": {lena: lena(), method: document.GuardNested, without: []document.File{document.OrgUsers}},
	} {
		e := r.evaluate(t, "lena")
		if e.Record != "" || !strings.HasPrefix(e.RecordNote, note) || e.Mapping[0].Have != nil {
			t.Errorf("record %q, note %q, want %q", e.Record, e.RecordNote, note)
		}
	}
}

func TestNobodyIsEvaluatedWhomEntraDoesNotKnow(t *testing.T) {
	r := rulebook{lena: lena(), record: &document.ScimUser{ID: "rec", ExternalID: "stranger", UserName: "stranger@fabrikam.example"}}
	for _, whom := range []string{"nobody", "stranger@fabrikam.example", "rec"} {
		if e, ok := New(r.world()).Evaluate(Query{Subject: whom}); ok {
			t.Errorf("%s: %+v", whom, e)
		}
	}
}

func TestLongValuesAndLongExpressionsAreCut(t *testing.T) {
	u := lena()
	u.Department = strings.Repeat("ä", 3000)
	r := rulebook{lena: u, rows: []document.AttributeMapping{
		row("title", "[department]"),
		row("nickName", "Join(\"\""+strings.Repeat(", [surname]", 300)+")"),
	}, record: &document.ScimUser{ID: "rec", ExternalID: "lena", Title: u.Department}}
	e := r.evaluate(t, "lena")
	if v := e.Mapping[0].Value; !v.Cut || v.Text != strings.Repeat("ä", maxShownText/2) || e.Mapping[0].Compare != Same {
		t.Errorf("%d bytes, cut %t, %s", len(v.Text), v.Cut, e.Mapping[0].Compare)
	}
	if m := e.Mapping[1]; len(m.Steps) != maxSteps || m.StepsLeft != 300-maxSteps {
		t.Errorf("%d steps and %d more", len(m.Steps), m.StepsLeft)
	}
}
