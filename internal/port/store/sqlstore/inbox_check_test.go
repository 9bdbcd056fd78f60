package sqlstore_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// push writes a user of many values, a user who goes again, and a group with the first one.
func push(t *testing.T, x *sqlstore.Inbox) {
	t.Helper()
	users, groups, err := scimTypes()
	if err != nil {
		t.Fatal(err)
	}
	if err := x.PutDirectory(t.Context(), inbox.Directory{ID: "acme", Created: noon}); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		of       *scim.ResourceType
		id, body string
	}{
		{users, "1", `{"userName":"Ada","externalId":"X","emails":[{"value":"A@b.example"},{"value":"a@B.example"},{"value":"c@d.example"}]}`},
		{users, "2", `{"userName":"bo"}`},
		{groups, "3", `{"displayName":"Staff","members":[{"value":"1"},{"value":"2"}]}`},
	} {
		b, err := one.of.Decode([]byte(one.body))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.Create(t.Context(), inbox.Key{Directory: "acme", Type: one.of, ID: one.id}, b, noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Delete(t.Context(), inbox.Key{Directory: "acme", Type: users, ID: "2"}, noon, nil); err != nil {
		t.Fatal(err)
	}
	if err := x.PutRequests(t.Context(), []inbox.Request{{At: noon}}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsBrokenInTheInboxIsFound(t *testing.T) {
	t.Parallel()
	const ada, bo, staff = `(SELECT num FROM inbox_resources WHERE id = '1')`, `(SELECT num FROM inbox_resources WHERE id = '2')`, `(SELECT num FROM inbox_resources WHERE id = '3')`
	for text, want := range map[string]string{
		`SELECT 1`: "",
		`UPDATE inbox_resources SET gone = 1 WHERE id = '3'`:                                                "is deleted, and has members",
		`UPDATE inbox_members SET owner = 99`:                                                               "members of resource 99, which is not there",
		`UPDATE inbox_members SET member = ` + bo:                                                           "is a member, and is not there",
		`UPDATE inbox_members SET list = 99`:                                                                "members in list 99",
		`DELETE FROM inbox_texts WHERE resource = ` + ada:                                                   "has lost its attributes",
		`INSERT INTO inbox_texts VALUES (99, '{}')`:                                                         "attributes of resource 99",
		`UPDATE inbox_resources SET type = 99 WHERE id = '1'`:                                               "has a type that its directory does not have",
		`UPDATE inbox_types SET total = 7 WHERE name = 'User'`:                                              "type User wrongly",
		`UPDATE counters SET value = 0 WHERE name = 'inbox'`:                                                "event 7 has a number that was never given",
		`UPDATE counters SET value = 0 WHERE name = 'inbox_requests'`:                                       "request 1 of the inbox's log",
		`DELETE FROM inbox_resources WHERE id = '2'`:                                                        "is about nobody",
		`DELETE FROM inbox_unique WHERE key = 'ada'`:                                                        "is not in the index of userName",
		`DELETE FROM inbox_keys WHERE key = 'c@d.example'`:                                                  "is not in the index of emails.value",
		`UPDATE inbox_unique SET key = 'eve' WHERE key = 'ada'`:                                             "is not in the index of userName",
		`UPDATE inbox_unique SET resource = ` + ada + ` WHERE key = 'staff'`:                                "is not in the index of displayName",
		`INSERT INTO inbox_keys SELECT attribute, 'y', resource FROM inbox_keys WHERE key = 'X'`:            "index of externalId has 2 rows for 1 values",
		`UPDATE inbox_texts SET text = '{"userName":' WHERE resource = ` + ada:                              "is not in the index of userName",
		`UPDATE inbox_texts SET text = '{"displayName":"crew"}' WHERE resource = ` + staff:                  "is not in the index of displayName",
		`DROP INDEX inbox_members_by_member; CREATE INDEX inbox_members_by_member ON inbox_members (owner)`: "",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rollcall.db")
			s := open(t, path)
			push(t, s.Inbox())
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
