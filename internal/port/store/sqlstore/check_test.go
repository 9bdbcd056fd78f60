package sqlstore_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

func TestWhatIsBrokenOnPurposeIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`UPDATE entries SET outcome = 'perhaps' WHERE seq = 1`:                                        "entry 1 has an outcome that does not exist",
		`UPDATE entries SET run = 'r9' WHERE seq = 1`:                                                 "entry 1 belongs to no run of its connection",
		`DELETE FROM subjects WHERE id = 'g'`:                                                         "entry 1 is about nobody",
		`DELETE FROM subjects WHERE id = 'ada'`:                                                       "entry 1 has a member who is nobody",
		`DELETE FROM entry_members`:                                                                   "entry 1 lost members",
		`DELETE FROM entries`:                                                                         "members are left of entry 1, which is gone",
		`UPDATE counters SET value = 0 WHERE name = 'entries'`:                                        "entry 1 has a number that was never given",
		`UPDATE counters SET value = 0 WHERE name = 'subjects'`:                                       "subject 1 has a number that was never given",
		`UPDATE counters SET value = 0 WHERE name = 'names'`:                                          "name 1 has a number that was never given",
		`UPDATE runs SET state = 'done'`:                                                              "run r1 is done, but has changes whose outcome is not known",
		`INSERT INTO links SELECT connection, kind, source, 'another' FROM links WHERE kind = 'user'`: "user ada has more than one link to the target",
		`DELETE FROM names WHERE file <> ''`:                                                          "members of a group without a name: 1",
		`DELETE FROM names WHERE file = ''`:                                                           "a member without a name: 2",
		`DELETE FROM kinds`:                                                                           "members of an unknown kind: 1",
		`DELETE FROM files`:                                                                           "the mirror holds objects of entra/groups.json, but does not know that document",
		`DELETE FROM mirrors`:                                                                         "documents of a mirror that is gone: 1",
		`UPDATE objects SET object = '[]' WHERE id = 'g'`:                                             "the mirror's object g of entra/groups.json is no JSON object",
		`UPDATE objects SET object = substr(object, 1, 5) WHERE id = 'g'`:                             "the mirror's object g of entra/groups.json is no JSON object",
		`DROP INDEX entries_by_run; CREATE INDEX entries_by_run ON entries(run)`:                      "",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rollcall.db")
			s := open(t, path)
			f := fill(t, s)
			wound(t, s, f)
			execute(t, path, text)
			got, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if told := strings.Join(got, "\n"); !strings.Contains(told, want) || want == "" && told != "" {
				t.Errorf("not told: %s\n%s", want, told)
			}
		})
	}
}

// wound writes an intent with a member and a group with a member, for something to be broken.
func wound(t *testing.T, s store.Store, f store.Fence) {
	t.Helper()
	if err := s.BeginRun(t.Context(), f, ledger.Run{ID: "r1", Connection: "acme", Started: noon, State: ledger.Running}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Intend(t.Context(), f, []ledger.Entry{{
		Run: "r1", Op: "add-members", Kind: "group", Subject: ledger.Subject{ID: "g"}, Add: []ledger.Member{{ID: "ada"}}, At: noon, Outcome: ledger.Intended,
	}}); err != nil {
		t.Fatal(err)
	}
	r, err := s.Reading(t.Context(), f, store.Source)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Put(document.Groups, "g", []byte(`{"id":"g"}`)); err != nil {
		t.Fatal(err)
	}
	if err := r.Member(document.Groups, "g", "ada", "#user", true); err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(t.Context(), "", noon); err != nil {
		t.Fatal(err)
	}
}
