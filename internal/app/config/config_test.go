package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/testkit"
)

// acme is the smallest connection, with more keys below it.
func acme(more ...string) string {
	return "connections:\n  - name: acme\n    method: rollcall\n" + strings.Join(more, "")
}

// faultsOf parses a file that is wrong.
func faultsOf(t *testing.T, text string) *Faults {
	t.Helper()
	f, err := Parse("rollcall.yaml", []byte(text))
	var faults *Faults
	if !errors.As(err, &faults) || f != nil {
		t.Fatalf("Parse = %v, %v; want faults and no file\n%s", f, err, text)
	}
	return faults
}

func mustParse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse("rollcall.yaml", []byte(text))
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, text)
	}
	return f
}

func TestTheDesignsExampleIsUnderstoodAsItStands(t *testing.T) {
	f, err := Read(filepath.Join("testdata", "design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	both := func(a Amount) Limit { return Limit{Run: a, Day: a, Set: true} }
	want := &File{
		Path: filepath.Join("testdata", "design.yaml"),
		Connections: []Connection{{
			Name: "acme", Line: 2, Column: 11, Method: "rollcall",
			Source: Source{Entra: &Entra{Tenant: "…", ClientID: "…", ClientSecret: Secret{Env: "ENTRA_SECRET"}, Application: "Atlassian Cloud"}},
			Target: Target{Atlassian: &Atlassian{
				Directory: "…", SCIMKey: Secret{Env: "SCIM_KEY"}, Org: "…", AdminKey: Secret{Env: "ADMIN_KEY"},
				Sites: []Site{{URL: "…", Email: "…", Token: Secret{Env: "JIRA_TOKEN"}}},
			}},
			Scope: Scope{
				Assigned: true,
				Groups:   []Group{{Name: "jira-*", Nested: Flatten, Depth: 8, Exclude: []string{"jira-admins"}, Line: 10, Column: 23}},
				Filters: []Filter{{Clauses: []Clause{
					{Attribute: "department", Operator: "EQUALS", Values: []string{"Sales"}, Text: "department EQUALS Sales", Line: 11, Column: 18},
					{Attribute: "accountEnabled", Operator: "IS TRUE", Text: "accountEnabled IS TRUE", Line: 11, Column: 45},
				}}},
			},
			Match: []string{"externalId", "userName"},
			Map: []Mapping{
				{Target: "userName", Expression: "[mail]", Line: 14, Column: 7},
				{Target: "displayName", Expression: `Coalesce([displayName], Join(" ", [givenName], [surname]))`, Line: 15, Column: 7},
			},
			Policies: []Policy{{Group: "Contractors", ID: "<authentication policy id>", Line: 16, Column: 16}},
			Products: []Product{{Group: "jira-developers", Keys: []string{"jira-software"}, Line: 17, Column: 16}},
			Limits: Limits{
				Deactivate:    both(Amount{Percent: 5, IsPercent: true, Set: true}),
				RemoveMembers: both(Amount{Percent: 10, IsPercent: true, Set: true}),
				DeleteGroups:  both(Amount{Set: true}),
			},
			Every: 5 * time.Minute,
		}},
		Store:  Store{SQLite: "rollcall.db"},
		Hub:    Hub{Listen: "127.0.0.1:8080", OIDC: []Setting{{Path: "…", Line: 21, Column: 39}}},
		Notify: []Setting{{Path: "[0]", Value: "…", Line: 22, Column: 11}},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
}

func TestTheExampleIsTheDesignsOwn(t *testing.T) {
	design, err := os.ReadFile(testkit.Shared(t, "design.md"))
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join("testdata", "design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(design), "```yaml\n"+string(example)+"```") {
		t.Error("testdata/design.yaml is no longer the example of section 8")
	}
}

func TestTenFaultsAreReportedAtOnceInTheFilesOrder(t *testing.T) {
	const file = `connections:
  - name: acme
    metod: rollcall
    method: rolcall
    scope:
      assigned: yes
      groups: [{name: "jira-*", nested: flaten, depth: -1}]
      filters: [["department EQALS Sales", "jobTitle NOT EQUALS"]]
    map:
      usrName: "[mail]"
      displayName: 'Join(" ", [givenName]'
    limits: {deactivate: "500%"}
`
	const want = `rollcall.yaml:3:5: unknown key ` + "`metod`; did you mean `method`?" + `
rollcall.yaml:4:13: unknown value ` + "`rolcall`; did you mean `rollcall`? allowed: `rollcall`, `entra-scim`, `guard-nested`" + `
rollcall.yaml:6:17: expected true or false, found a text; write ` + "`true` or `false`, without quotes" + `
rollcall.yaml:7:41: unknown value ` + "`flaten`; did you mean `flatten`? allowed: `flatten`, `direct`" + `
rollcall.yaml:7:56: a number of levels below zero; ` + "`0` means all" + `
rollcall.yaml:8:30: ` + "`EQALS` is not an operator; did you mean `EQUALS`?" + `
rollcall.yaml:8:64: NOT EQUALS without a value; such as ` + "`department EQUALS Sales`" + `
rollcall.yaml:10:7: no attribute ` + "`usrName` at Atlassian; did you mean `userName`?" + `
rollcall.yaml:11:42: expression: expected , or ) after argument 2 of Join, found end of the expression
rollcall.yaml:12:26: ` + "`500%` is over 100%; `\"100%\"` is no limit at all; `\"5%\"` is usual"
	faults := faultsOf(t, file)
	if diff := cmp.Diff(want, faults.Error()); diff != "" {
		t.Errorf("Error (-want +got):\n%s", diff)
	}
	if got := faults.List[3].Path; got != "connections[0].scope.groups[0].nested" {
		t.Errorf("path = %q", got)
	}
	wantExcerpt := "7 |       groups: [{name: \"jira-*\", nested: flaten, depth: -1}]\n" + "  |                                         ^"
	if diff := cmp.Diff(wantExcerpt, faults.Excerpt(3)); diff != "" {
		t.Errorf("Excerpt (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotSaidHasItsDefault(t *testing.T) {
	c := mustParse(t, acme("    scope: {groups: [{name: x}]}\n")).Connections[0]
	want := Connection{
		Name: "acme", Line: 2, Column: 11, Method: "rollcall",
		Scope: Scope{Assigned: true, Groups: []Group{{Name: "x", Nested: Flatten, Line: 4, Column: 29}}},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("connection (-want +got):\n%s", diff)
	}
	if !mustParse(t, acme()).Connections[0].Scope.Assigned {
		t.Error("without a scope, what is assigned is in")
	}
}

func TestValuesKeepTheirText(t *testing.T) {
	f := mustParse(t, "connections:\n  - name: 0123\n    method: rollcall\n    policies: {0x10: 1_000, 1.10: ~x, yes: \"no\"}\n    match: [externalId]\n")
	c := f.Connections[0]
	got := c.Name
	for _, p := range c.Policies {
		got += fmt.Sprintf(" %s=%s", p.Group, p.ID)
	}
	if want := "0123 0x10=1_000 1.10=~x yes=no"; got != want {
		t.Errorf("texts = %q, want %q", got, want)
	}
}

func TestLimitsAreReadInEveryForm(t *testing.T) {
	percent := func(p float64) Amount { return Amount{Percent: p, IsPercent: true, Set: true} }
	for text, want := range map[string]Limit{
		`20`:                         {Run: Amount{Number: 20, Set: true}, Day: Amount{Number: 20, Set: true}, Set: true},
		`"20"`:                       {Run: Amount{Number: 20, Set: true}, Day: Amount{Number: 20, Set: true}, Set: true},
		`0`:                          {Run: Amount{Set: true}, Day: Amount{Set: true}, Set: true},
		`2.5%`:                       {Run: percent(2.5), Day: percent(2.5), Set: true},
		`{run: "5%", day: 100}`:      {Run: percent(5), Day: Amount{Number: 100, Set: true}, Set: true},
		`{day: "10%"}`:               {Day: percent(10), Set: true},
		"\n        run: 100%\n":      {Run: percent(100), Set: true},
		`"0%"`:                       {Run: percent(0), Day: percent(0), Set: true},
		"999999999 # a large number": {Run: Amount{Number: 999999999, Set: true}, Day: Amount{Number: 999999999, Set: true}, Set: true},
	} {
		got := mustParse(t, acme("    limits:\n      remove_members: "+text+"\n")).Connections[0].Limits
		if diff := cmp.Diff(Limits{RemoveMembers: want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestAnImportIsTheJobsOwnOrAFile(t *testing.T) {
	for text, want := range map[string]*Import{
		"    import: schema\n":                 {Line: 4},
		"    import: {schema: job/it.json}\n":  {Schema: "job/it.json", Line: 4},
		"    import:\n      schema: it.json\n": {Schema: "it.json", Line: 5},
		"":                                     nil,
	} {
		if diff := cmp.Diff(want, mustParse(t, acme(text)).Connections[0].Import); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestAConnectionIsFoundByItsName(t *testing.T) {
	one := mustParse(t, acme())
	two := mustParse(t, acme("  - {name: globex, method: entra-scim}\n"))
	for name, tt := range map[string]struct {
		file       *File
		want, fail string
	}{
		"":       {one, "acme", ""},
		"acme":   {two, "acme", ""},
		"globex": {two, "globex", ""},
		"globx":  {two, "", `rollcall.yaml has no connection "globx"; did you mean "globex"? (known: acme, globex)`},
		"zzz":    {one, "", `rollcall.yaml has no connection "zzz" (known: acme)`},
	} {
		c, err := tt.file.Connection(name)
		switch {
		case tt.fail != "" && (err == nil || err.Error() != tt.fail):
			t.Errorf("Connection(%q): %v, want %s", name, err, tt.fail)
		case tt.fail == "" && (err != nil || c.Name != tt.want):
			t.Errorf("Connection(%q) = %v, %v; want %s", name, c, err, tt.want)
		}
	}
	if _, err := two.Connection(""); err == nil || err.Error() != "rollcall.yaml has 2 connections (acme, globex): say which one" {
		t.Errorf("Connection of two without a name: %v", err)
	}
}

func TestAFileIsReadFromDisk(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rollcall.yaml")
	if _, err := Read(path); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Read(dir); err == nil {
		t.Error("a folder was read")
	}
	if err := os.WriteFile(path, []byte(acme()), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Locate("job/it.json"), filepath.Join(dir, "job", "it.json"); got != want {
		t.Errorf("Locate = %s, want %s", got, want)
	}
	if got := f.Locate(path); got != path {
		t.Errorf("Locate of an absolute path = %s", got)
	}
	if err := os.WriteFile(path, []byte(acme()+strings.Repeat("#\n", MaxSize)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "larger than 1024 KiB") {
		t.Errorf("a huge file: %v", err)
	}
}

func TestLimitsOfSizeAreReadWhereAtlassianAgreedOnOthers(t *testing.T) {
	f := mustParse(t, acme("    target: {atlassian: {size_limits: {users: 5000, group_members: 300}}}\n"))
	if got := f.Connections[0].Target.Atlassian.Sizes; got.Users != 5000 || got.GroupMembers != 300 {
		t.Errorf("read: %+v", got)
	}
}

func TestWhatTheConnectorSyncsIsAllOrGroups(t *testing.T) {
	for text, want := range map[string]*Selected{
		"all":               {},
		"[staff, \"crew\"]": {Groups: []string{"staff", "crew"}},
	} {
		f := mustParse(t, "connections: [{name: a, method: guard-nested, selected: "+text+"}]")
		if diff := cmp.Diff(want, f.Connections[0].Selected); diff != "" {
			t.Errorf("selected: %s (-want +got):\n%s", text, diff)
		}
	}
	if got := mustParse(t, "connections: [{name: a, method: guard-nested}]").Connections[0].Selected; got != nil {
		t.Errorf("not said, and it is %v", got)
	}
}

func TestAnEndpointIsReadAsItStands(t *testing.T) {
	got := mustParse(t, acme(`inbound:
  listen: :8443
  address: scim.example.com
  certificate: c.pem
  key: k.pem
  oauth_key: env:OAUTH
  directories: [{id: okta, name: Okta production}, {id: google-2}]
  patch: 204
  unknown_members: skip
`)).Inbound
	want := Inbound{
		Listen: ":8443", Address: "scim.example.com", Certificate: "c.pem", Key: "k.pem", OAuthKey: Secret{Env: "OAUTH"},
		Directories: []Directory{{ID: "okta", Name: "Okta production"}, {ID: "google-2", Name: "google-2"}}, Patch: "204", SkipUnknownMembers: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, safe := range []string{"{listen: \"127.0.0.1:8080\"", "{listen: \"[::1]:0\"", "{listen: \":8080\", address: scim.example.com", "{listen: \"127.0.0.1:8080\", patch: by-type, unknown_members: refuse"} {
		in := mustParse(t, acme("inbound: "+safe+", directories: [{id: okta}]}\n")).Inbound
		if in.SkipUnknownMembers {
			t.Errorf("%s: unknown members are passed over", safe)
		}
	}
}
