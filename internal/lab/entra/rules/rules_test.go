package rules

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func lena(name string) []string {
	return map[string][]string{
		"givenName": {"Lena"}, "surname": {"Vogel"}, "mail": {"Lena.Vogel@fabrikam.example"}, "IsSoftDeleted": {"False"}, "age": {"41"},
		"otherMails": {"a@x", "b@x"}, "enabled": {"True"}, "appRoleAssignments": {`{"id":"1","value":"admin","displayName":"Admin"}`},
	}[name]
}

func TestExpressionsAreEvaluatedAsThePageSays(t *testing.T) {
	for text, want := range map[string][]string{
		`[givenName]`:   {"Lena"},
		`[nickname]`:    nil,
		`"constant"`:    {"constant"},
		`"say \"yes\""`: {`say "yes"`},
		``:              nil,
		`Switch([IsSoftDeleted], , "False", "True", "True", "False")`: {"True"},
		`Switch([nickname], "none", "x", "y")`:                        {"none"},
		`Switch([givenName], , "lena", "y")`:                          nil,
		`Not([IsSoftDeleted])`:                                        {"True"},
		`Join(" ", [givenName], [surname])`:                           {"Lena Vogel"},
		`Join("/", [nickname], [surname])`:                            {"Vogel"},
		`Join(";", [otherMails])`:                                     {"a@x;b@x"},
		`Append([givenName], "-x")`:                                   {"Lena-x"},
		`Append([nickname], "-x")`:                                    nil,
		`Coalesce([nickname], [mail], "d")`:                           {"Lena.Vogel@fabrikam.example"},
		`Coalesce([nickname], "d")`:                                   {"d"},
		`ToLower([mail])`:                                             {"lena.vogel@fabrikam.example"},
		`ToUpper([givenName], "en-us")`:                               {"LENA"},
		`Mid([surname], 2, 3)`:                                        {"oge"},
		`Left([surname], 2)`:                                          {"Vo"},
		`StripSpaces("a b c")`:                                        {"abc"},
		`Replace([mail], "@fabrikam.example", , , "@x.example", , )`:  {"Lena.Vogel@x.example"},
		`Replace([mail], , "(?P<at>@.*)", "at", "", , )`:              {"Lena.Vogel"},
		`Replace([givenName], "N", , , , , "N@x.example")`:            {"Lena@x.example"},
		`SingleAppRoleAssignment([appRoleAssignments])`:               {"admin"},
		`IIF([age] > 9, "old", "young")`:                              {"old"},
		`IIF([nickname] = "x", "yes", "no")`:                          {"no"},
		`IIF(IsNullOrEmpty([nickname]), "none", [nickname])`:          {"none"},
		`Item([otherMails], 2)`:                                       {"b@x"},
		`Item([otherMails], 3)`:                                       nil,
		`Item(Split([mail], "@"), 1)`:                                 {"Lena.Vogel"},
		`Word([mail], 2, "@.")`:                                       {"Vogel"},
		`Count([otherMails])`:                                         {"2"},
		`InStr([mail], "@")`:                                          {"11"},
		`NormalizeDiacritics("Søren Groß")`:                           {"Soeren Gross"},
		`RemoveDuplicates(Split("a,b,a", ","))`:                       {"a", "b"},
	} {
		e, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, _ := e.Eval(lena)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	e, err := Parse("IgnoreFlowIfNullOrEmpty([nickname])")
	if _, flow := e.Eval(lena); flow || err != nil {
		t.Errorf("IgnoreFlowIfNullOrEmpty lets null flow, %v", err)
	}
}

func TestAnExpressionThatCannotBeReadIsToldWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		`Frobnicate([x])`: "has no function Frobnicate", `Join(" "`: "does not end", `[`: "between [ and ]", `"x`: "text does not end",
		`Mid([x], 1)`: "takes 3 to 3 arguments", `[a] [b]`: "too much", `IIF([a] =< "b", 1, 2)`: "no comparison", `)`: "too much",
		strings.Repeat("Not(", 60) + strings.Repeat(")", 60): "deep", strings.Repeat("x", 10_001): "more than 10000",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestScopingFiltersJoinClausesByAndAndGroupsByOr(t *testing.T) {
	clause := func(text string) Clause {
		c, err := ParseClause(text)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for text, want := range map[string]bool{
		"givenName EQUALS Lena": true, "givenName EQUALS lena": false, "givenName NOT EQUALS Lena": false, "mail ENDS_WITH .example": true,
		"mail Includes Vogel": true, "nickname IS NULL": true, "nickname IS NOT NULL": false, "nickname NOT EQUALS x": false,
		"nickname NOT REGEX MATCH x": false, "enabled IS TRUE": true, "enabled IS FALSE": false, "age Greater_Than 40": true,
		"age Greater_Than_OR_EQUALS 41": true, "age Greater_Than x": false, "age & 8": true, "age !& 8": false, "mail REGEX MATCH ^Lena": true,
		"mail NOT REGEX MATCH ^Lena": false, "mail REGEX MATCH (": false,
	} {
		if got := clause(text).true(lena(clause(text).Attribute)); got != want {
			t.Errorf("%s is %t", text, got)
		}
	}
	s := &Scope{Groups: []FilterGroup{
		{Name: "Sales", Clauses: []Clause{clause("department EQUALS Sales")}},
		{Name: "Lenas", Clauses: []Clause{clause("givenName EQUALS Lena"), clause("enabled IS TRUE")}},
	}}
	v := s.Judge(lena)
	if !v.In || !v.Input {
		t.Errorf("Lena is out of scope: %+v", v)
	}
	if want := `{"Sales.department EQUALS 'Sales'":false,"Lenas.givenName EQUALS 'Lena'":true,"Lenas.enabled IS TRUE":true}`; v.Result() != want {
		t.Errorf("ScopeEvaluationResult = %s, want %s", v.Result(), want)
	}
	if v := (&Scope{Groups: s.Groups[:1]}).Judge(lena); v.In {
		t.Error("Lena is in Sales")
	}
	v = (*Scope)(nil).Judge(lena)
	if !v.In || v.Result() != "{}" {
		t.Errorf("no filter keeps Lena out: %+v", v)
	}
	if _, err := ParseClause("department IS Sales"); err == nil {
		t.Error("an operator that does not exist was taken")
	}
}

func TestATemplateSurvivesBeingWrittenAndRead(t *testing.T) {
	for _, name := range []string{"scim", "atlassianCloud"} {
		s, err := Template(name, "v", "r")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := s.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(again)
		if err != nil {
			t.Fatal(err)
		}
		if p.Users.Matching[0].Target != "userName" || p.Groups.Matching[0].Target != "displayName" || !p.Users.Disables() || p.Groups.Disables() {
			t.Errorf("%s: %+v", name, p)
		}
		if r := p.Groups.References(); r == nil || r.Reference != "members" {
			t.Errorf("%s: members are no reference: %+v", name, r)
		}
		twice, err := again.JSON()
		if err != nil || string(twice) != string(raw) {
			t.Errorf("%s changed by reading: %v\n%s\n%s", name, err, raw, twice)
		}
	}
	if _, err := Template("box", "", ""); err == nil {
		t.Error("a template nobody has")
	}
}
