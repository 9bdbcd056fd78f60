package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

const usersCSV = "userPrincipalName,displayName,mail,id,accountEnabled\n" +
	"lena@x.example,Lena Vogel,lena@x.example,11111111-1111-4111-8111-111111111111,True\n" +
	"omar@x.example,Omar Haddad,omar@x.example,22222222-2222-4222-8222-222222222222,True\n"

const membersCSV = "id,userPrincipalName,displayName,objectType\n11111111-1111-4111-8111-111111111111,lena@x.example,Lena Vogel,User\n"

func notes(w *facts.World) string {
	var all strings.Builder
	for _, n := range w.Notes {
		all.WriteString(string(n.File) + ": " + n.Text + "\n")
	}
	return all.String()
}

func TestAFolderOfExportsIsReadWithoutAManifest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	put(t, dir, "exportUsers_2026-11-20.csv", usersCSV)
	put(t, dir, "exports/members-jira-developers.csv", membersCSV)
	newest := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	for i, name := range []string{"exports/members-jira-developers.csv", "exportUsers_2026-11-20.csv"} {
		if err := os.Chtimes(filepath.Join(dir, name), time.Time{}, newest.Add(-time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	w, err := read(t, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Users) != 2 || len(w.Groups) != 1 || w.Groups[0].DisplayName != "jira-developers" || w.Groups[0].Count != 1 {
		t.Errorf("users %v, groups %v", w.Users, w.Groups)
	}
	if c := w.Bundle.Connection; c.Name != "acme" || c.Method != document.EntraSCIM || !w.At.Equal(newest) {
		t.Errorf("connection %+v at %s", c, w.At)
	}
	if all := notes(w); !strings.Contains(all, "no bundle.json") || !strings.Contains(all, "20 Nov 2026 09:30") {
		t.Errorf("the notes do not say what was assumed:\n%s", all)
	}
}

func TestFilesAreAddedToABundle(t *testing.T) {
	dir := bundleOf(t, map[string]string{"entra/users.json": `{"value":[{"id":"11111111-1111-4111-8111-111111111111","userPrincipalName":"lena@x.example"}]}`})
	elsewhere := t.TempDir()
	put(t, elsewhere, "m.csv", membersCSV)
	put(t, elsewhere, "a=b.csv", membersCSV)
	put(t, elsewhere, "guard.txt", "2026-11-20 10:00 Failed to create group of name jira-admins\n")
	for sentence, c := range map[string]struct {
		extra string
		group string
	}{
		"the group is named":            {"jira=devs=" + filepath.Join(elsewhere, "m.csv"), "jira=devs"},
		"the file's name has an equals": {"devs=" + filepath.Join(elsewhere, "a=b.csv"), "devs"},
	} {
		t.Run(sentence, func(t *testing.T) {
			b, err := OpenWith(dir, c.extra, filepath.Join(elsewhere, "guard.txt"))
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			w, err := b.Load(t.Context(), []string{"lena@x.example"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(w.Groups) != 1 || w.Groups[0].DisplayName != c.group || !w.Graph.HasUser(0, 0) || len(w.GuardLog) != 1 {
				t.Errorf("groups %v, log %v", w.Groups, w.GuardLog)
			}
		})
	}
}

func TestAnExportOfWhatWasRecordedIsNotUsed(t *testing.T) {
	dir := bundleOf(t, map[string]string{
		"entra/users.json": `{"value":[{"id":"33333333-3333-4333-8333-333333333333","userPrincipalName":"mia@x.example"}]}`,
		"users.csv":        usersCSV,
	})
	w, err := read(t, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Users) != 1 || !w.Has(document.Users) || !strings.Contains(notes(w), "users.csv is not used") {
		t.Errorf("users %v, notes:\n%s", w.Users, notes(w))
	}
}

func TestAddedFilesThatCannotBeReadAreRefused(t *testing.T) {
	dir := bundleOf(t, nil)
	elsewhere := t.TempDir()
	put(t, elsewhere, "what.csv", "colour,shape\nred,round\n")
	put(t, elsewhere, "download.csv", membersCSV)
	for sentence, c := range map[string]struct{ extra, words string }{
		"not there":                   {filepath.Join(elsewhere, "nowhere.csv"), "no such file"},
		"a group and no file":         {"devs=" + filepath.Join(elsewhere, "nowhere.csv"), "no such file"},
		"a folder":                    {elsewhere, "no regular file"},
		"not an export":               {filepath.Join(elsewhere, "what.csv"), "colour, shape"},
		"members of an unknown group": {filepath.Join(elsewhere, "download.csv"), "GROUP="},
	} {
		t.Run(sentence, func(t *testing.T) {
			b, err := OpenWith(dir, c.extra)
			if err == nil {
				defer b.Close()
				_, err = b.Load(t.Context(), nil, nil)
			}
			refusedWith(t, err, c.words)
		})
	}
}
