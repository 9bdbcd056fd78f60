package trace

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
)

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
			r := rulebook{
				lena: lena(), rows: append(rows, row("userName", "[userPrincipalName]")), filter: salesOnly(clause("employeeId", "IS NOT NULL")),
				record: &document.ScimUser{ID: "rec", ExternalID: "lena", Title: "4711", Other: []byte(`{"nickName":"n4711"}`)},
			}
			if sentence == "in a second row for the same" {
				r.lena.Other, r.record.Title, r.record.Other = nil, "", nil
			}
			e := r.evaluate(t, "lena")
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if i := bytes.Index(b, []byte("471")); i >= 0 {
				t.Errorf("the secret is told: …%s…", b[max(0, i-200):min(len(b), i+40)])
			}
			if got := mapped(e); !strings.Contains(strings.Join(got, "\n"), "userName = 'lena@fabrikam.example'") {
				t.Errorf("what is no secret is hidden too: %q", got)
			}
		})
	}
}
