package mapping

import (
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// One user through mapping, faults and a scoping filter: what a roll call pays for each person of a tenant.
func BenchmarkUser(b *testing.B) {
	u := &document.User{ID: "u1", UserPrincipalName: "ada@fabrikam.example", Mail: document.Some("ada@fabrikam.example"), Department: "Sales"}
	rules := Default(document.EntraSCIM, "").User
	f := document.FilterClause{SourceOperandName: "department", OperatorName: "REGEX MATCH"}
	f.TargetOperand.Values = []string{"^Sal"}
	filter := scope.Compile(&document.Filter{Groups: []document.FilterGroup{{Name: "Sales", Clauses: []document.FilterClause{f}}}})
	b.ReportAllocs()
	for b.Loop() {
		if r := rules.Map(u.Attribute, false); len(rules.Faults(r)) != 0 || filter.Evaluate(u.Attribute).Outcome != scope.Pass {
			b.Fatal("the user does not pass")
		}
	}
}
