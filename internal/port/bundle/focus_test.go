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
	if err := company.Write(made, 400, 4000, 7); err != nil {
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
