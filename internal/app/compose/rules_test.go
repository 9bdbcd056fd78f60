package compose

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// tenant is a world whose Entra job maps the department into title, and lets only Sales through.
func tenant(schema bool) *facts.World {
	b := facts.NewBuilder(document.Bundle{Connection: document.Connection{Name: "acme", Method: document.EntraSCIM, ExpectedPolicies: map[string]string{"old": "p0"}}}, facts.Focus{})
	b.User(document.User{ID: "ada", UserPrincipalName: "ada@acme.example", Department: "Sales"})
	b.SealPeople()
	b.Have(document.Users)
	if schema {
		b.Have(document.SynchronizationRule)
		b.Schema(*salesSchema())
	}
	b.Setting(document.KeyValue{Key: "SkipOutOfScopeDeletions", Value: "True"})
	return b.World()
}

const salesJSON = `{"id":"s","synchronizationRules":[{"sourceDirectoryName":"Azure Active Directory","targetDirectoryName":"Atlassian","objectMappings":[
 {"enabled":true,"sourceObjectName":"User","targetObjectName":"User","flowTypes":"Add,Update,Delete",
  "scope":{"groups":[{"name":"sales","clauses":[{"sourceOperandName":"department","operatorName":"EQUALS","targetOperand":{"values":["Sales"]}}]}]},
  "attributeMappings":[
   {"targetAttributeName":"userName","matchingPriority":1,"source":{"type":"Attribute","name":"userPrincipalName","expression":"[userPrincipalName]"}},
   {"targetAttributeName":"emails[type eq \"work\"].value","source":{"type":"Attribute","name":"mail","expression":"[mail]"}},
   {"targetAttributeName":"title","source":{"type":"Attribute","name":"department","expression":"[department]"}}]}]}]}`

func salesSchema() *document.Schema {
	all, _, err := document.Objects[document.Schema](document.SynchronizationRule, strings.NewReader(salesJSON))
	if err != nil || len(all) != 1 {
		panic(err)
	}
	return all[0]
}

// write makes a configuration of one connection of the name acme; text is what stands below its name.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rollcall.yaml")
	if err := os.WriteFile(path, []byte("connections:\n  - name: acme\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rules are those that a configuration gives for a world and its own method.
func rules(t *testing.T, text string, w *facts.World) (plan.Rules, error) {
	t.Helper()
	c, err := Configured(write(t, text), "")
	if err != nil {
		t.Fatal(err)
	}
	written, err := c.Rules()(w)
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := written.Of(w, written.Method)
	return r, err
}

// sources are the rows of users, target by target.
func sources(r plan.Rules) map[string]string {
	out := map[string]string{}
	for _, a := range r.Mapping.User.Attributes {
		out[a.Target] = a.Source
	}
	return out
}

func TestAConfigurationBecomesRules(t *testing.T) {
	r, err := rules(t, `
    method: rollcall
    scope:
      assigned: false
      groups: [{name: "jira-*", depth: 3, exclude: [jira-admins]}, {name: all, nested: direct}]
      filters: [["department EQUALS Legal"]]
    match: [userName]
    map: {userName: "[mail]", title: "[jobTitle]"}
    policies: {Contractors: p1}
    limits: {deactivate: "7%", remove_members: {run: 3}}
`, tenant(true))
	if err != nil {
		t.Fatal(err)
	}
	want := []scope.GroupRule{{Name: "jira-*", Nested: scope.Flatten, Depth: 3, Exclude: []string{"jira-admins"}}, {Name: "all", Nested: scope.Direct}}
	if d := cmp.Diff(want, r.Scope.Groups); d != "" || r.Scope.Assigned {
		t.Errorf("scope: assigned=%t\n%s", r.Scope.Assigned, d)
	}
	s := sources(r)
	if s["userName"] != "[mail]" || s["title"] != "[jobTitle]" || s["externalId"] != "[objectId]" {
		t.Errorf("what is named is overridden, what is not keeps the default: %v", s)
	}
	if d := cmp.Diff([]plan.Policy{{Group: "Contractors", ID: "p1", Equal: true}}, r.Policies); d != "" {
		t.Error(d)
	}
	limits := plan.DefaultLimits
	seven := plan.Amount{Percent: 7, Kind: plan.Percent}
	limits[plan.Deactivations] = plan.Limit{Run: seven, Day: seven}
	limits[plan.MemberRemovals].Run = plan.Amount{Number: 3, Kind: plan.Number}
	if d := cmp.Diff(limits, r.Limits); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"userName"}, r.Match); d != "" {
		t.Error(d)
	}
	if r.Text != r.Canonical() || !strings.Contains(r.Text, "Legal") || !strings.Contains(r.Text, "[jobTitle]") {
		t.Errorf("the digest's text does not hold the rules:\n%s", r.Text)
	}
	if got := r.UserAttributes(); !strings.Contains(strings.Join(got, " "), "department") {
		t.Errorf("the filter's attribute is not read: %q", got)
	}
	if !r.Mapping.User.Delete {
		t.Error("a setting of the Entra job binds rollcall, though nothing was imported")
	}
}

func TestRulesOfTheEntraJobAreImportedOnlyWhereAsked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "schema.json")
	if err := os.WriteFile(file, []byte(salesJSON), 0o600); err != nil {
		t.Fatal(err)
	}
	for sentence, c := range map[string]struct {
		text   string
		schema bool
		title  string // where the title comes from
		filter string
	}{
		"rollcall without an import":      {"    method: rollcall\n", true, "", ""},
		"rollcall with the tenant's":      {"    method: rollcall\n    import: schema\n", true, "[department]", "Sales"},
		"rollcall with a saved one":       {"    method: rollcall\n    import: {schema: " + file + "}\n", false, "[department]", "Sales"},
		"a row and the filter overridden": {"    method: rollcall\n    import: schema\n    map: {title: \"[jobTitle]\"}\n    scope: {filters: [[department EQUALS Legal]]}\n", true, "[jobTitle]", "Legal"},
		"Entra's own service, unasked":    {"    method: entra-scim\n", true, "[department]", "Sales"},
		"Entra's own, of a bare tenant":   {"    method: entra-scim\n", false, "", ""},
		"Guard's connector has no job":    {"    method: guard-nested\n", true, "[jobTitle]", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			r, err := rules(t, c.text, tenant(c.schema))
			if err != nil {
				t.Fatal(err)
			}
			if got := sources(r)["title"]; got != c.title {
				t.Errorf("title comes from %q, want %q", got, c.title)
			}
			filter := ""
			if f := r.Mapping.User.Scope; f != nil {
				filter = f.Groups[0].Clauses[0].TargetOperand.Values[0]
			}
			if filter != c.filter {
				t.Errorf("filter %q, want %q", filter, c.filter)
			}
			asked := ""
			for _, value := range []string{"Sales", "Legal"} {
				if f := r.Scope.UserFilter; f != nil && f.Evaluate(func(string) document.AttributeValue { return document.TextValue(value) }).Outcome == scope.Pass {
					asked += value
				}
			}
			if asked != c.filter {
				t.Errorf("the filter lets %q through, and %q is written down", asked, c.filter)
			}
		})
	}
}

func TestAnImportThatCannotBeIsSaidWithItsLine(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for sentence, c := range map[string]struct{ text, want string }{
		"the tenant's was not read": {"    method: rollcall\n    import: schema\n", "rollcall.yaml:4: `import: schema` takes"},
		"the file is not there":     {"    method: rollcall\n    import: {schema: nowhere.json}\n", "rollcall.yaml:4: reading the schema"},
		"the file holds none":       {"    method: rollcall\n    import: {schema: " + bad + "}\n", "holds no synchronization schema"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if _, err := rules(t, c.text, tenant(false)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

func TestTheConnectionIsTheWorldsUnlessSomebodyNamesOne(t *testing.T) {
	path := write(t, "    method: rollcall\n  - name: other\n    method: entra-scim\n")
	for sentence, c := range map[string]struct{ asked, want string }{
		"the world's own":   {"", "rollcall"},
		"one that is named": {"other", "entra-scim"},
	} {
		t.Run(sentence, func(t *testing.T) {
			found, err := Configured(path, c.asked)
			if err != nil {
				t.Fatal(err)
			}
			if r, err := found.Rules()(tenant(false)); err != nil || r.Method != c.want {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	if _, err := Configured(path, "othr"); err == nil || !strings.Contains(err.Error(), `did you mean "other"`) {
		t.Errorf("a connection that is not there: %v", err)
	}
}

func TestAFileThatNobodyNamedNeedNotBeThereNorFit(t *testing.T) {
	t.Chdir(t.TempDir())
	if c, err := Configured("", ""); c != nil || c.Rules() != nil || err != nil {
		t.Errorf("rules from nowhere: %v", err)
	}
	if _, err := Configured("", "acme"); err == nil {
		t.Error("a connection of no file was found")
	}
	if _, err := Configured("nowhere.yaml", ""); err == nil {
		t.Error("a file that was named is not there, and nobody says so")
	}
	if err := os.WriteFile(ConfigName, []byte("connections:\n  - name: other\n    method: rollcall\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Configured("", "")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := c.Rules()(tenant(false)); err != nil || r.Of != nil || !strings.Contains(r.Elsewhere, `no connection "acme"`) {
		t.Errorf("%+v, %v", r, err)
	}
	c, err = Configured(ConfigName, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Rules()(tenant(false)); err == nil {
		t.Error("a file that was named does not have the connection, and nobody says so")
	}
	if err := os.WriteFile(ConfigName, []byte("connections: 3\ncolour: red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Configured("", "")
	if faults, ok := errors.AsType[*config.Faults](err); !ok || len(faults.List) != 2 {
		t.Errorf("a broken file: %v", err)
	}
}

func TestTheConfigurationSaysWhatIsExpected(t *testing.T) {
	path := write(t, "    method: rollcall\n    products: {jira-developers: [jira-software]}\n")
	c, err := Configured(path, "")
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.Expecting(ready{tenant(false)}).Load(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string][]string{"jira-developers": {"jira-software"}}, w.Bundle.Connection.ExpectedProducts); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"old": "p0"}, w.Bundle.Connection.ExpectedPolicies); d != "" {
		t.Errorf("what the file does not say is no longer as it was recorded\n%s", d)
	}
	if c, err = Configured(write(t, "    method: rollcall\n    policies: {Contractors: p1}\n"), ""); err != nil {
		t.Fatal(err)
	}
	if w, err = c.Expecting(ready{tenant(false)}).Load(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"Contractors": "p1"}, w.Bundle.Connection.ExpectedPolicies); d != "" {
		t.Error(d)
	}
}

// ready is a world that is there.
type ready struct{ w *facts.World }

func (r ready) Load(context.Context, *engine.Focus, engine.Progress) (*facts.World, error) {
	return r.w, nil
}
