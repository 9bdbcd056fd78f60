package trace

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
		b.Assignment(document.AppRoleAssignment{PrincipalID: assigned, PrincipalType: "Group", AppRoleID: facts.DefaultAccess})
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
