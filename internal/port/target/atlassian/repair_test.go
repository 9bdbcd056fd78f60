package atlassian_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/repair"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/atlassian"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
)

// broken is a directory with the record of Ada, linked to a managed account, one of Bo, linked to none, and of Cy, whose
// account a record of another directory holds as well.
func broken(t *testing.T, readings lab.Readings) (*lab.Lab, *atlassian.Target, *targettest.Lossy) {
	t.Helper()
	l := &lab.Lab{Readings: readings}
	to, lossy := open(t, l, atlassian.Options{Directory: lab.DefaultDirectory})
	account := func(id, mail string) string {
		return `{"accountId":"` + id + `","accountType":"atlassian","status":"active","accountStatus":"active","claimStatus":"managed","email":"` + mail + `","name":"` + id + `"}`
	}
	record := func(id, mail, account string) string {
		return `{"id":"` + id + `","externalId":"old-` + id + `","userName":"` + mail + `","active":true,"emails":[{"value":"` + mail + `","type":"work","primary":true}],
			"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":` + account + `}}`
	}
	err := l.Load(fstest.MapFS{
		"bundle.json": {Data: []byte(`{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"method":"rollcall","directory":"` + lab.DefaultDirectory + `","org":"` + lab.DefaultOrg + `"}}`)},
		"atlassian/scim-users.json": {Data: []byte(`{"Resources":[` + record("ada", "ada@fabrikam.example", `"a-ada"`) + `,` + record("bo", "bo@fabrikam.example", "null") + `,` +
			record("cy", "cy@fabrikam.example", `"a-cy"`) + `]}`)},
		"atlassian/org-users.json":  {Data: []byte(`{"data":[` + account("a-ada", "ada@fabrikam.example") + `,` + account("a-bo", "bo@fabrikam.example") + `,` + account("a-cy", "cy@fabrikam.example") + `]}`)},
		"atlassian/domains.json":    {Data: []byte(`{"data":[{"id":"d","attributes":{"name":"fabrikam.example","claim":{"type":"dns","status":"verified"}}}]}`)},
		"atlassian/scim-links.json": {Data: []byte(`{"scimLinks":[{"scimUserId":"cy-there","atlassianAccountId":"a-cy","orgId":"` + lab.DefaultOrg + `","directoryId":"dir-okta"}]}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.ForgetRequests()
	return l, to, lossy
}

func mending(op plan.Op, id string, values ...string) target.Change {
	c := target.Change{Op: op, Kind: plan.KindUser, ID: id, SourceID: "someone", Name: "someone@fabrikam.example"}
	for i := 0; i < len(values); i += 2 {
		f := plan.Field{Path: values[i], Old: document.NullValue, New: document.NullValue}
		if values[i+1] != "" {
			f.Old = document.TextValue(values[i+1])
		}
		c.Fields = append(c.Fields, f)
	}
	return c
}

func writes(l *lab.Lab) (out []string) {
	for _, r := range l.Requests() {
		if r.Method != http.MethodGet {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}

func accountsThatAreOff(t *testing.T, l *lab.Lab) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, host+"/admin/v1/orgs/"+lab.DefaultOrg+"/users", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+lab.DefaultAdminKey)
	res, err := l.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || strings.Count(string(text), `"account_id"`) != 3 {
		t.Fatalf("the accounts are %s, %v", text, err)
	}
	return strings.Count(string(text), `"account_status":"inactive"`)
}

func TestARecordIsMended(t *testing.T) {
	const org = "/admin/user-provisioning/v1/org/" + lab.DefaultOrg
	ada := mending(plan.Delete, "ada", "userName", "ada@fabrikam.example", "externalId", "old-ada", repair.LinkPath, "a-ada")
	bo := mending(plan.Delete, "bo", "userName", "bo@fabrikam.example", "externalId", "old-bo", repair.LinkPath, "")
	cy := mending(plan.Update, repair.Foreign("dir-okta", "cy-there"), repair.LinkPath, "a-cy")
	for name, c := range map[string]struct {
		change target.Change
		want   string
	}{
		"a record of a managed account goes, the account stays": {ada, "DELETE " + org + "/user/a-ada/onlyDeleteUserInDB"},
		"a record without account goes":                         {bo, "DELETE /scim/directory/" + lab.DefaultDirectory + "/Users/bo"},
		"the link of a record in another directory ends":        {cy, "PATCH " + org + "/scimDirectoryId/dir-okta/scimUserId/cy-there/unlink"},
	} {
		for reading, readings := range map[string]lab.Readings{"2026": {}, "2024": {DeleteKeepsRecord: true}} {
			t.Run(name+", text of "+reading, func(t *testing.T) {
				l, to, _ := broken(t, readings)
				if _, said, err := to.Confirm(t.Context(), c.change); said != target.NotDone || err != nil {
					t.Fatalf("before, the target says %v, %v", said, err)
				}
				if r, err := to.Do(t.Context(), c.change); err != nil || r.Status != http.StatusNoContent || r.ID != c.change.ID {
					t.Fatalf("it came to %+v, %v", r, err)
				}
				if got := writes(l); len(got) != 1 || got[0] != c.want {
					t.Errorf("sent %q, want %q", got, c.want)
				}
				if _, said, err := to.Confirm(t.Context(), c.change); said != target.Done || err != nil {
					t.Errorf("afterwards the target says %v, %v", said, err)
				}
				if n := accountsThatAreOff(t, l); n > 0 {
					t.Errorf("%d accounts were deactivated", n)
				}
				if err := l.ReactivateByHand("a-ada"); c.change.ID == "ada" && err != nil {
					t.Errorf("the account is still held: %v", err)
				}
				l.ForgetRequests()
				if r, err := to.Do(t.Context(), c.change); err != nil || r.Status != 0 {
					t.Errorf("once more it came to %+v, %v", r, err)
				}
				if got := writes(l); len(got) > 0 {
					t.Errorf("once more it sent %q", got)
				}
			})
		}
	}
}

func TestARecordThatIsNotAsItWasIsNotTouched(t *testing.T) {
	for name, c := range map[string]target.Change{
		"it has another externalId": mending(plan.Delete, "bo", "userName", "bo@fabrikam.example", "externalId", "new-bo", repair.LinkPath, ""),
		"it has another userName":   mending(plan.Delete, "bo", "userName", "bob@fabrikam.example", "externalId", "old-bo", repair.LinkPath, ""),
		"it is linked by now":       mending(plan.Delete, "ada", "userName", "ada@fabrikam.example", "externalId", "old-ada", repair.LinkPath, ""),
		"it is linked to another":   mending(plan.Delete, "ada", "userName", "ada@fabrikam.example", "externalId", "old-ada", repair.LinkPath, "a-cy"),
		"it is linked no more":      mending(plan.Delete, "bo", "userName", "bo@fabrikam.example", "externalId", "old-bo", repair.LinkPath, "a-bo"),
		"the account has another":   mending(plan.Delete, "cy", "userName", "cy@fabrikam.example", "externalId", "old-cy", repair.LinkPath, "a-cy"),
	} {
		t.Run(name, func(t *testing.T) {
			l, to, _ := broken(t, lab.Readings{})
			_, err := to.Do(t.Context(), c)
			if failed, ok := errors.AsType[*target.Error](err); !ok || failed.Class != target.Gone || !strings.Contains(failed.Text, "not as it was") {
				t.Errorf("it came to %v", err)
			}
			if _, said, _ := to.Confirm(t.Context(), c); said != target.Other {
				t.Errorf("the target says %v", said)
			}
			if got := writes(l); len(got) > 0 {
				t.Errorf("sent %q", got)
			}
		})
	}
}

func TestWhatALostAnswerOfARepairCameToIsSeen(t *testing.T) {
	c := mending(plan.Update, repair.Foreign("dir-okta", "cy-there"), repair.LinkPath, "a-cy")
	for name, carried := range map[string]bool{"carried out": true, "not carried out": false} {
		t.Run(name, func(t *testing.T) {
			_, to, lossy := broken(t, lab.Readings{})
			lossy.LoseNext(carried)
			_, err := to.Do(t.Context(), c)
			if failed, ok := errors.AsType[*target.Error](err); !ok || failed.Class != target.Lost {
				t.Fatalf("it came to %v", err)
			}
			want := target.NotDone
			if carried {
				want = target.Done
			}
			if _, said, err := to.Confirm(t.Context(), c); said != want || err != nil {
				t.Errorf("the target says %v, %v", said, err)
			}
		})
	}
}

func TestWithoutTheOrganizationsKeyALinkIsLeftAlone(t *testing.T) {
	l, _, lossy := broken(t, lab.Readings{})
	to := atlassian.New(client(t, host+"/scim/directory/"+lab.DefaultDirectory, lab.DefaultKey, lossy), nil, atlassian.Options{})
	_, err := to.Do(t.Context(), mending(plan.Update, repair.Foreign("dir-okta", "cy-there"), repair.LinkPath, "a-cy"))
	if failed, ok := errors.AsType[*target.Error](err); !ok || failed.Class != target.Person || !strings.Contains(failed.Text, "admin_key") {
		t.Errorf("it came to %v", err)
	}
	if got := writes(l); len(got) > 0 {
		t.Errorf("sent %q", got)
	}
}
