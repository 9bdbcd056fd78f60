package cli

import (
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
)

func textual(s string) trace.Shown { return trace.Shown{State: trace.TextShown, Text: s} }

func exampleEvaluation() *trace.Evaluation {
	have := func(s trace.Shown) *trace.Shown { return &s }
	friend := "friend"
	return &trace.Evaluation{
		Method: document.EntraSCIM, Object: "User", Rules: trace.FromSchema, Record: "1aef389a",
		Scope: trace.ScopeEvaluation{Outcome: trace.Fail, Groups: []trace.ClauseGroup{
			{Name: "Sales only", Outcome: trace.Fail, Clauses: []trace.Clause{
				{Text: "department EQUALS 'Sales'", Actual: textual("Legal"), Outcome: trace.Fail},
				{Text: "city EQUALS 'Lyon'", Actual: trace.Shown{State: trace.Untold}, Outcome: trace.NotKnown, Reason: "city is not in the documents"},
			}},
			{Outcome: trace.Fail, Clauses: []trace.Clause{{Text: "mail IS NULL", Actual: textual("lena@fabrikam.example"), Outcome: trace.Fail}}},
			{Name: "Everybody", Input: true, Outcome: trace.Pass, Clauses: []trace.Clause{{Text: "mail IS NOT NULL", Actual: textual("lena@fabrikam.example"), Outcome: trace.Pass}}},
		}},
		Mapping: []trace.MappingEvaluation{
			{Target: "userName", Expression: "[userPrincipalName]", FlowType: "Always", Matching: 1, Value: textual("lena@fabrikam.example"), Have: have(textual("lena@fabrikam.example")), Compare: trace.Same},
			{
				Target: "displayName", Expression: `Join(" ", [givenName], Coalesce([surname], [displayName]))`, FlowType: "Always", Value: textual("Lena Vogel-Ott"), Have: have(textual("Lena  Vogel ")), Compare: trace.Differs,
				Steps: []trace.MappingStep{
					{Depth: 1, Text: "[givenName]", Value: textual("Lena")},
					{Depth: 2, Text: "[surname]", Value: textual("Vogel-Ott")},
					{Depth: 2, Text: "[displayName]", Value: trace.Shown{State: trace.NotTaken}},
					{Depth: 1, Text: "Coalesce([surname], [displayName])", Value: textual("Vogel-Ott"), Note: "the first that is not null"},
				}, StepsLeft: 1200,
			},
			{Target: "title", Expression: "Redact([employeeId])", FlowType: "Always", Value: trace.Shown{State: trace.Redacted}, Have: have(trace.Shown{State: trace.Redacted}), Compare: trace.Differs},
			{Target: "nickName", Expression: "[nick]", FlowType: "ObjectAddOnly", Default: &friend, FromDefault: true, Value: textual("friend"), Have: have(textual("Lenchen")), Compare: trace.Keeps},
			{Target: "active", Expression: "CBool([x])", FlowType: "Always", Value: trace.Shown{State: trace.Failed}, Why: `CBool of "x" is no Boolean`, Have: have(textual("True")), Compare: trace.Incomparable},
			{Target: "roles", Expression: "[roles]", FlowType: "Always", Value: trace.Shown{State: trace.ListShown, List: []string{"a", "b"}, Cut: true}, Have: have(trace.Shown{State: trace.NullShown}), Compare: trace.Differs},
			{Target: "locale", Default: &friend, FlowType: "Always", Value: trace.Shown{State: trace.NullShown}, Have: have(trace.Shown{State: trace.Untold}), Compare: trace.Incomparable},
			{Target: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", Expression: "[department]", FlowType: "Always", Value: textual("Legal"), Have: have(textual("Legal")), Compare: trace.Same},
		},
	}
}

func TestAnEvaluationReadsLikeAWorkedExample(t *testing.T) {
	same(t, `

Scoping  one of these 2 must pass:
         FAIL     Sales only
           FAIL     department EQUALS 'Sales' · value 'Legal'
           unknown  city EQUALS 'Lyon' · city is not in the documents
         FAIL     a filter without a name
           FAIL     mail IS NULL · value 'lena@fabrikam.example'
         pass     Everybody (an input filter: who fails is dropped, and not deprovisioned)
           pass     mail IS NOT NULL · value 'lena@fabrikam.example'

Mapping  as the tenant's synchronization schema has it; compared with record 1aef389a
         userName ← [userPrincipalName]           lena@fabrikam.example · same at Atlassian ·
                                                  matching no. 1
         displayName ← Join(" ", [givenName],
             Coalesce([surname], [displayName]))  Lena Vogel-Ott · Atlassian has "Lena ␣Vogel␣"
           [givenName]                            Lena
             [surname]                            Vogel-Ott
             [displayName]                        not taken
           Coalesce([surname], [displayName])     Vogel-Ott · the first that is not null
           and 1,200 more parts
         title ← Redact([employeeId])             [Redact] · Atlassian has [Redact]
         nickName ← [nick]                        friend · Atlassian has "Lenchen", and keeps it ·
                                                  flow type ObjectAddOnly · the default, written on
                                                  creation only
         active ← CBool([x])                      fails · CBool of "x" is no Boolean · Atlassian has
                                                  "True"
         roles ← [roles]                          [a, b] … · Atlassian has nothing
         locale                                   null · not told by Atlassian · default "friend"
         urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department
             ← [department]                       Legal · same at Atlassian
`, shown(100, func(p *text.Page) { viewEvaluation(p, exampleEvaluation()) }))
}

func TestAnEvaluationFitsASmallWindow(t *testing.T) {
	same(t, `

Scoping  one of these 2 must pass:
         FAIL     Sales only
           FAIL     department EQUALS 'Sales' · value
                    'Legal'
           unknown  city EQUALS 'Lyon' · city is not in the
                    documents
         FAIL     a filter without a name
           FAIL     mail IS NULL · value
                    'lena@fabrikam.example'
         pass     Everybody (an input filter: who fails is
                  dropped, and not deprovisioned)
           pass     mail IS NOT NULL · value
                    'lena@fabrikam.example'

Mapping  as the tenant's synchronization schema has it;
         compared with record 1aef389a
         userName ← [userPrincipalName]
           lena@fabrikam.example · same at Atlassian ·
           matching no. 1
         displayName ← Join(" ", [givenName],
             Coalesce([surname], [displayName]))
           Lena Vogel-Ott · Atlassian has "Lena ␣Vogel␣"
           [givenName]                   Lena
             [surname]                   Vogel-Ott
             [displayName]               not taken
           Coalesce([surname], [displayName])
           Vogel-Ott · the first that is not null
           and 1,200 more parts
         title ← Redact([employeeId])
           [Redact] · Atlassian has [Redact]
         nickName ← [nick]
           friend · Atlassian has "Lenchen", and keeps it ·
           flow type ObjectAddOnly · the default, written on
           creation only
         active ← CBool([x])
           fails · CBool of "x" is no Boolean · Atlassian
           has "True"
         roles ← [roles]
           [a, b] … · Atlassian has nothing
         locale
           null · not told by Atlassian · default "friend"
         urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department
             ← [department]
           Legal · same at Atlassian
`, shown(60, func(p *text.Page) { viewEvaluation(p, exampleEvaluation()) }))
}

func TestALongExpressionIsBrokenBetweenItsPartsOnly(t *testing.T) {
	for want, expression := range map[string]string{
		"displayName ← [displayName]":                                  "displayName ← [displayName]",
		"Join(\"  \", [givenName],|[surname])":                         `Join("  ", [givenName], [surname])`,
		"Replace([mail], ,|\"a b c d e\", , \"\\\" x\", , )":           `Replace([mail], , "a b c d e", , "\" x", , )`,
		"\"one ␣two three four five|six seven eight nine ten|eleven\"": `"one  two three four five six seven eight nine ten eleven"`,
	} {
		if got := strings.Join(broken(expression, 27), "|"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestABlankThatWrappingWouldLoseIsSeen(t *testing.T) {
	for s, want := range map[string]string{"Lena Vogel": "Lena Vogel", " Lena": "␣Lena", "Lena ": "Lena␣", "Lena   Vogel": "Lena ␣␣Vogel", "a\tb": "a b", "": ""} {
		if got := spaced(s); got != want {
			t.Errorf("spaced(%q) = %q, want %q", s, got, want)
		}
	}
}
