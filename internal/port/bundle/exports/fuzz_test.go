package exports

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// Whatever the bytes are, a file is recognised or refused with its name in the error, and what was read can be fed.
func FuzzAdd(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "fabrikam-exports", "*"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Base(name), b)
		f.Add(filepath.Base(name), utf16Of(b, false, true))
	}
	f.Add("log.json", []byte(`{"value":[`+graphRecord+`]}`))
	f.Add("log.json", []byte(`[{"ChangeId":"c","ResultType":"Failure","ProvisioningSteps":"[{}]","properties":{"properties":{}}}]`))
	f.Add("export.csv", []byte("User id;email;User status;Group membership\na;b@c.de;Active;\"x, y,,z\"\n"))
	f.Add("members-x.csv", []byte(memberHead+lenaRow+teamRow))
	f.Add("guard.txt", []byte("Failed to create group of name x for OrgId y due to existing group with same name in organization\n"))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		s := Set{Limits: Limits{Rows: 1000, RowBytes: 1 << 16, FileBytes: 1 << 20}}
		if err := s.Add(name, bytes.NewReader(b)); err != nil {
			if !bytes.HasPrefix([]byte(err.Error()), []byte(name)) {
				t.Errorf("the error does not begin with the file: %q", err)
			}
			return
		}
		kind, err := Recognise(name, b[:min(len(b), HeadBytes)])
		if err != nil || len(s.Files()) != 1 || s.Files()[0].Kind != kind {
			t.Errorf("files %v, recognised as %v, %v", s.Files(), kind, err)
		}
		builder := facts.NewBuilder(document.Bundle{}, facts.Focus{})
		s.FeedPeople(builder)
		builder.SealPeople()
		s.FeedGroups(builder)
		builder.World()
		for _, u := range s.Documents().Users {
			if u.ID == "" || u.Other != nil && !u.Other.IsValid() {
				t.Errorf("user without id, or with broken attributes: %+v", u)
			}
		}
		if f := s.Files()[0]; f.Unused > 0 && len(s.Notes()) == 0 {
			t.Errorf("%d rows are not used and no note says so", f.Unused)
		}
		for _, n := range s.Notes() {
			if utf8.ValidString(name) && !utf8.ValidString(n.String()) {
				t.Errorf("a note that cannot be shown: %q", n)
			}
		}
	})
}
