package trace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

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
