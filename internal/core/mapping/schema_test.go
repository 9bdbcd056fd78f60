package mapping

import (
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

// schema is a synchronization schema in the form of the gallery application, made for these tests.
func schema(t *testing.T) *document.Schema {
	t.Helper()
	b, err := os.ReadFile("testdata/atlassian-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s := new(document.Schema)
	if err := json.Unmarshal(b, s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheRulesComeFromTheMappingOutOfEntra(t *testing.T) {
	r, faults := FromSchema(schema(t))
	if !r.Known {
		t.Fatal("the rules do not say that they are the tenant's own")
	}
	type outline struct {
		Name                                         string
		Present, Enabled, Add, Update, Delete, Scope bool
		Matching                                     []string
	}
	show := func(o ObjectRules) outline {
		return outline{o.Name, o.Present, o.Enabled, o.Add, o.Update, o.Delete, o.Scope != nil, o.Matching}
	}
	want := outline{"Provision Azure Active Directory Users", true, true, true, true, false, true, []string{"userName", `emails[type eq "work"].value`, "externalId"}}
	if diff := cmp.Diff(want, show(r.User)); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	want = outline{"Provision Azure Active Directory Groups", true, false, true, true, true, false, []string{"displayName"}}
	if diff := cmp.Diff(want, show(r.Group)); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "User mapping, timezone: expression, character 15") {
		t.Errorf("faults: %v; want the row that cannot be read", faults)
	}
}

func TestTheSourcesAreWhatFilterAndMappingsRead(t *testing.T) {
	r, _ := FromSchema(schema(t))
	if diff := cmp.Diff([]string{"department", "mail", "userPrincipalName", "IsSoftDeleted", "jobTitle"}, r.User.Sources()); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}

func TestEveryKindOfRowGivesItsValue(t *testing.T) {
	r, _ := FromSchema(schema(t))
	got := r.User.Map(attributes{
		"userPrincipalName": document.TextValue("Ada@Fabrikam.example"), "mail": document.NullValue, "jobTitle": document.NullValue,
	}.get, false)
	if v := got.Values["nickName"]; v.Known || !Unanswered(v.Err) {
		t.Errorf("a function that is not evaluated gives %+v", v)
	}
	if v := got.Values["timezone"]; v.Known || !Unanswered(v.Err) {
		t.Errorf("an expression that cannot be read gives %+v", v)
	}
	delete(got.Values, "nickName")
	delete(got.Values, "timezone")
	want := map[string]Mapped{
		`emails[type eq "work"].value`: {Null: true, Known: true, From: "[mail]"},
		"userName":                     {Text: "ada@fabrikam.example", Known: true, From: "ToLower([userPrincipalName], )"},
		"active":                       {Text: "True", Known: true, From: "Not([IsSoftDeleted])"},
		"title":                        {Text: "employee", Known: true, Default: true, From: "[jobTitle]"},
		"preferredLanguage":            {Text: "en-US", Known: true, Default: true},
		"organization":                 {Text: `Fab "R" Kam`, Known: true, From: `"Fab \"R\" Kam"`},
	}
	if diff := cmp.Diff(want, got.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestASchemaIsReadWhateverItLooksLike(t *testing.T) {
	user := document.ObjectMapping{SourceObjectName: "user", FlowTypes: "7", Name: "users"}
	rule := func(source, target string, priority int, m ...document.ObjectMapping) document.RuleDefinition {
		return document.RuleDefinition{SourceDirectoryName: source, TargetDirectoryName: target, Priority: priority, ObjectMappings: m}
	}
	named := func(name string, enabled bool) document.ObjectMapping {
		return document.ObjectMapping{SourceObjectName: "User", Name: name, Enabled: document.Some(enabled)}
	}
	tests := map[string]struct {
		schema *document.Schema
		known  bool
		name   string
	}{
		"nothing":                            {nil, false, ""},
		"no rules":                           {&document.Schema{}, false, ""},
		"only the other direction":           {&document.Schema{Rules: []document.RuleDefinition{rule("AtlassianCloud", "Azure Active Directory", 1, user)}}, false, ""},
		"the new name of Entra":              {&document.Schema{Rules: []document.RuleDefinition{rule("Microsoft Entra ID", "AtlassianCloud", 1, user)}}, true, "users"},
		"no directory names":                 {&document.Schema{Rules: []document.RuleDefinition{rule("", "", 1, user)}}, true, "users"},
		"no source name, Entra as target":    {&document.Schema{Rules: []document.RuleDefinition{rule("", "Azure Active Directory", 1, user)}}, false, ""},
		"a name of Entra by its fixed id":    {&document.Schema{Directories: []document.DirectoryDefinition{{ID: entraDirectory, Name: "Verzeichnis"}}, Rules: []document.RuleDefinition{rule("Verzeichnis", "X", 1, user)}}, true, "users"},
		"the lowest priority number wins":    {&document.Schema{Rules: []document.RuleDefinition{rule("Azure Active Directory", "X", 2, named("second", true)), rule("Azure Active Directory", "X", 1, named("first", true))}}, true, "first"},
		"an enabled mapping before another":  {&document.Schema{Rules: []document.RuleDefinition{rule("Azure Active Directory", "X", 1, named("off", false), named("on", true))}}, true, "on"},
		"a disabled mapping where it is all": {&document.Schema{Rules: []document.RuleDefinition{rule("Azure Active Directory", "X", 1, named("off", false))}}, true, "off"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, faults := FromSchema(tt.schema)
			if r.Known != tt.known || r.User.Name != tt.name {
				t.Errorf("known %v, mapping %q; want %v, %q", r.Known, r.User.Name, tt.known, tt.name)
			}
			if tt.schema != nil && tt.known == (len(faults) > 0) {
				t.Errorf("faults %v", faults)
			}
			if !tt.known && r.User.Map(attributes{}.get, false).UserName().From == "" {
				t.Error("without rules there are no defaults")
			}
		})
	}
}

func TestFlowTypesSwitchActionsOnAndOff(t *testing.T) {
	for text, want := range map[string][3]bool{
		"": {true, true, true}, "Add,Update,Delete": {true, true, true}, "add, delete": {true, false, true}, "Update": {false, true, false},
		"None": {}, "7": {true, true, true}, "3": {true, true, false}, "4": {false, false, true},
	} {
		if a, u, d := flows(text); [3]bool{a, u, d} != want {
			t.Errorf("%q: %v %v %v, want %v", text, a, u, d, want)
		}
	}
}
