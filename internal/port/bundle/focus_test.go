package bundle

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/bench/company"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
)

func load(t testing.TB, path string, focus ...string) *facts.World {
	t.Helper()
	b, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Load(t.Context(), focus, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// answer is what "why" says, or that the subject is ambiguous.
func answer(w *facts.World, subject, group string) any {
	a, err := trace.New(w).Why(trace.Query{Subject: subject, Group: group})
	if err != nil {
		return err.Error()
	}
	return a
}

func TestAFocusedWorldGivesTheAnswersOfTheWholeWorld(t *testing.T) {
	made := t.TempDir()
	if err := company.Write(made, 100, 1000, 7); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"made up": made, "fabrikam": filepath.Join("..", "..", "..", "examples", "fabrikam")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := load(t, path)
			focused := 0
			for _, subject := range subjects(whole) {
				w := load(t, path, subject)
				if w.Focused() {
					focused++
					if len(w.Users) > len(whole.Users)/2 {
						t.Errorf("%q keeps %d of %d users", subject, len(w.Users), len(whole.Users))
					}
				}
				group := ""
				if len(whole.Groups) > 0 {
					group = whole.Groups[len(subject)%len(whole.Groups)].DisplayName
				}
				for _, g := range []string{"", group} {
					if diff := cmp.Diff(answer(whole, subject, g), answer(w, subject, g), cmp.AllowUnexported(trace.Trace{})); diff != "" {
						t.Errorf("why %q in %q: - whole, + focused\n%s", subject, g, diff)
					}
				}
			}
			if focused == 0 {
				t.Error("no world was focused")
			}
		})
	}
}

// subjects are people as somebody would type them, by each of the keys of either side.
func subjects(w *facts.World) []string {
	var all []string
	for i := range w.Users {
		u := &w.Users[i]
		all = append(all, [...]string{u.UserPrincipalName, u.ID, u.DisplayName, u.Mail.Value}[i%4])
	}
	for i := range w.Deleted {
		all = append(all, w.Deleted[i].UserPrincipalName)
	}
	for i := range w.ScimUsers {
		if i%5 == 0 {
			u := &w.ScimUsers[i]
			all = append(all, [...]string{u.ID, u.UserName, u.ExternalID, u.DisplayName}[i/5%4])
		}
	}
	for i := range w.OrgUsers {
		if i%7 == 0 {
			all = append(all, [...]string{w.OrgUsers[i].AccountID, w.OrgUsers[i].Email, w.OrgUsers[i].Name}[i/7%3])
		}
	}
	all = append(all, "nobody@fabrikam.example", w.Groups[0].DisplayName, w.Groups[0].ID)
	return all
}

func TestAGroupOrNobodyLoadsTheWholeWorld(t *testing.T) {
	dir := t.TempDir()
	if err := company.Write(dir, 200, 2000, 3); err != nil {
		t.Fatal(err)
	}
	whole := load(t, dir)
	for sentence, text := range map[string]string{
		"a group of Entra by name":  whole.Groups[3].DisplayName,
		"a group of Entra by id":    whole.Groups[3].ID,
		"a group of the directory":  whole.ScimGroups[1].ID,
		"a group of the site":       "all-staff",
		"nobody":                    "nobody@fabrikam.example",
		"a person beside nobody":    whole.Users[4].UserPrincipalName,
		"blanks":                    "  ",
		"a group of the org by its": whole.OrgGroups[2].ID,
	} {
		t.Run(sentence, func(t *testing.T) {
			texts := []string{text}
			if sentence == "a person beside nobody" {
				texts = append(texts, "nobody@fabrikam.example")
			}
			if w := load(t, dir, texts...); w.Focused() || len(w.Users) != len(whole.Users) {
				t.Errorf("%v gave a world of %d users, focused %v", texts, len(w.Users), w.Focused())
			}
		})
	}
}

func TestTwoPeopleOfOneNameAreFoundButLeadNoFurther(t *testing.T) {
	dir := bundleOf(t, map[string]string{
		"entra/users.json": `{"value":[
			{"id":"a","userPrincipalName":"anna.schmidt@x.example","displayName":"Anna Schmidt","mail":"anna.schmidt@x.example"},
			{"id":"b","userPrincipalName":"anna.schmidt2@x.example","displayName":"Anna Schmidt","mail":"anna.schmidt2@x.example"},
			{"id":"c","userPrincipalName":"c@x.example","displayName":"C","mail":"c@x.example","otherMails":["anna.schmidt@x.example"]},
			{"id":"d","userPrincipalName":"d@x.example","displayName":"D","mail":"d@x.example"}]}`,
		"atlassian/scim-users.json": `{"Resources":[{"id":"r","externalId":"a","userName":"old@x.example","displayName":"D"},{"id":"s","externalId":"d","userName":"d@x.example"}]}`,
	})
	by := func(text string) (ids []string) {
		w := load(t, dir, text)
		for i := range w.Users {
			ids = append(ids, w.Users[i].ID)
		}
		for i := range w.ScimUsers {
			ids = append(ids, w.ScimUsers[i].ID)
		}
		return ids
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "r"}, by("anna schmidt")); diff != "" {
		t.Errorf("by name: %s", diff)
	}
	if diff := cmp.Diff([]string{"a", "c", "r"}, by("Anna.Schmidt@x.example")); diff != "" {
		t.Errorf("by address: %s", diff)
	}
}

func TestWhatOthersTellAboutTheRecordingIsKept(t *testing.T) {
	dir := bundleOf(t, map[string]string{
		"entra/users.json": `{"value":[
			{"id":"a","userPrincipalName":"a@x.example"},
			{"id":"b","userPrincipalName":"b@x.example","department":"Sales","onPremisesSyncEnabled":true,"onPremisesLastSyncDateTime":"2026-11-19T00:00:00Z"},
			{"id":"c","userPrincipalName":"c@x.example","department":"Legal","onPremisesSyncEnabled":true,"onPremisesLastSyncDateTime":"2026-11-20T00:00:00Z"},
			{"id":"d","userPrincipalName":"d@x.example","onPremisesSyncEnabled":true,"onPremisesLastSyncDateTime":"2026-11-18T00:00:00Z"}]}`,
		"atlassian/scim-links.json":    `{"scimLinks":[{"scimUserId":"r","directoryId":"other"},{"scimUserId":"s","directoryId":"ours"}]}`,
		"atlassian/scim-users.json":    `{"Resources":[{"id":"r"},{"id":"t","urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"t"}},{"id":"v","urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"v"}}]}`,
		"atlassian/auth-policies.json": `{"x":{"policyId":"p","name":"Strict"},"y":{"policyId":"p","name":"Strict"}}`,
		"bundle.json":                  `{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"method":"entra-scim","directory":"ours"}}`,
	})
	w := load(t, dir, "a@x.example")
	if !w.Focused() {
		t.Fatal("the world is not focused")
	}
	if told := document.Told(w.Users); !told["department"] || told["jobtitle"] {
		t.Errorf("attributes that the recording carries: %v", told)
	}
	if _, ok := w.UserByID("c"); !ok || len(w.Users) != 3 {
		t.Errorf("kept %d users; want a, b who has a department, and c who was synchronized last", len(w.Users))
	}
	if len(w.Links) != 1 || w.Links[0].DirectoryID != "other" {
		t.Errorf("links %v; want the one into another directory", w.Links)
	}
	if len(w.ScimUsers) != 1 || w.ScimUsers[0].ID != "t" {
		t.Errorf("records %v; want the first that carries the extension", w.ScimUsers)
	}
	if len(w.Policies) != 1 {
		t.Errorf("policies %v; want one for the name", w.Policies)
	}
	if w.Totals[document.Users] != 4 || w.Totals[document.ScimUsers] != 3 {
		t.Errorf("totals %v", w.Totals)
	}
}

func TestAMemberWhoStandsForTheOthersIsKept(t *testing.T) {
	dir := bundleOf(t, map[string]string{
		"entra/users.json": `{"value":[{"id":"a","userPrincipalName":"a@x.example"}]}`,
		"atlassian/scim-users.json": `{"Resources":[
			{"id":"ra","externalId":"a","userName":"a@x.example"},
			{"id":"rb","userName":"b@x.example"},
			{"id":"rc","userName":"c@x.example"},
			{"id":"rd","userName":"d@x.example"}]}`,
		"atlassian/scim-links.json":  `{"scimLinks":[{"scimUserId":"ra","atlassianAccountId":"A"},{"scimUserId":"rb","atlassianAccountId":"B"},{"scimUserId":"rc","atlassianAccountId":"C"},{"scimUserId":"rd","atlassianAccountId":"D"}]}`,
		"atlassian/scim-groups.json": `{"Resources":[{"id":"g","displayName":"g","members":[{"value":"ra"},{"value":"rb"},{"value":"rc"}]}]}`,
		"atlassian/org-users.json":   `{"data":[{"accountId":"A"},{"accountId":"E","managementSource":"synced"},{"accountId":"F","managementSource":"synced"}]}`,
		"atlassian/org-groups.json":  `{"data":[{"id":"o","name":"g","members":["F","A"]}]}`,
		"jira/groups.json":           `{"g":{"values":[{"accountId":"C"},{"accountId":"B"}]}}`,
	})
	w := load(t, dir, "a@x.example")
	if !w.Focused() {
		t.Fatal("the world is not focused")
	}
	if _, ok := w.ScimByID("rd"); ok {
		t.Error("a record that touches nothing is kept")
	}
	g := w.ScimGroups[0]
	if len(g.Members) != 2 || g.Count != 3 {
		t.Errorf("%d of %d members of the synced group are kept; want the person and one who stands for the others", len(g.Members), g.Count)
	}
	if jira := w.Sites[0].Groups["g"]; len(jira.Members) != 1 || jira.Count != 2 {
		t.Errorf("%v of %d members at the site are kept; want one who stands for the others", jira.Members, jira.Count)
	}
	if o := w.OrgGroups[0]; len(o.Members) != 2 {
		t.Errorf("%d members of the organization's group are kept; want the person and one synced account without a record", len(o.Members))
	}
	for _, l := range w.Links {
		if l.ScimUserID == "rd" {
			t.Error("a link that touches nothing is kept")
		}
	}
}

func TestWhoCollidesUnderTheTenantsOwnMappingIsKept(t *testing.T) {
	dir := bundleOf(t, map[string]string{
		"entra/users.json": `{"value":[
			{"id":"a","userPrincipalName":"a@x.example","employeeId":"0007"},
			{"id":"b","userPrincipalName":"b@x.example","employeeId":"0007"},
			{"id":"c","userPrincipalName":"c@x.example","employeeId":"0008"}]}`,
		"entra/synchronization-schema.json": `{"id":"s","directories":[{"id":"66e4a8cc-1b7b-435e-95f8-f06cea133828","name":"Azure Active Directory"},{"id":"x","name":"Atlassian Cloud"}],
			"synchronizationRules":[{"sourceDirectoryName":"Azure Active Directory","targetDirectoryName":"Atlassian Cloud","objectMappings":[
			{"name":"u","enabled":true,"flowTypes":"Add,Update,Delete","sourceObjectName":"User","targetObjectName":"User","attributeMappings":[
			{"targetAttributeName":"userName","matchingPriority":1,"source":{"type":"Attribute","name":"employeeId","expression":"[employeeId]"}}]}]}]}`,
	})
	w := load(t, dir, "a@x.example")
	if !w.Focused() || len(w.Users) != 2 {
		t.Errorf("kept %d users, focused %v; want the two with one employeeId", len(w.Users), w.Focused())
	}
}

// bundleOf writes a bundle of entra-scim with these documents.
func bundleOf(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if _, ok := files[string(document.Manifest)]; !ok {
		put(t, dir, string(document.Manifest), `{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"name":"x","method":"entra-scim"}}`)
	}
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
