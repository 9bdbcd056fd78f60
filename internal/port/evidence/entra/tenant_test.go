package entra_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/bench/company"
	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

func TestRequestsDoNotGrowWithTheTenant(t *testing.T) {
	most := map[int]int{}
	large := testkit.Cases(t, 5000, 1000)
	for _, users := range []int{500, large} {
		dir := t.TempDir()
		if err := company.Write(dir, users, 10*users, 7); err != nil {
			t.Fatal(err)
		}
		w := tenantOf(t, dir)
		whole := labkit.Load(t, dir)
		for i := 0; i < len(whole.Users); i += len(whole.Users) / 8 {
			subject := whole.Users[i].UserPrincipalName
			w.requests()
			partial := w.live(t, &evidence.Focus{Texts: []string{subject}})
			n := w.requests()
			t.Logf("%d users: why %s: %d requests", users, subject, n)
			most[users] = max(most[users], n)
			if diff := cmp.Diff(answer(whole, subject, ""), answer(labkit.Load(t, partial), subject, "")); diff != "" {
				t.Errorf("why %s of %d: - whole, + live\n%s", subject, users, diff)
			}
		}
	}
	if most[large] > most[500] || most[large] > 20 {
		t.Errorf("a question takes %d requests at 500 users and %d at %d", most[500], most[large], large)
	}
}

func TestWhatIsRefusedIsAGapThatNamesThePermissionAndTheRestIsRead(t *testing.T) {
	for permission, files := range map[string][]document.File{
		"User.Read.All":            {document.Users, document.DeletedUsers},
		"Application.Read.All":     {document.ServicePrincipals, document.AppRoleAssignments},
		"Synchronization.Read.All": {document.SynchronizationJobs, document.SynchronizationRule, document.SynchronizationKeys},
		"GroupMember.Read.All":     {document.Groups},
		"AuditLog.Read.All":        {document.DirectoryAudits},
		"ProvisioningLog.Read.All": {document.ProvisioningLogs},
	} {
		t.Run(permission, func(t *testing.T) {
			w := tenantOf(t, fabrikam)
			// Those that are enough for more than one document go as well, so that exactly this one is missing.
			mine := slices.DeleteFunc([]string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All", "AuditLog.Read.All", "ProvisioningLog.Read.All", "Synchronization.Read.All"},
				func(p string) bool {
					return p == permission || permission == "ProvisioningLog.Read.All" && p == "AuditLog.Read.All"
				})
			w.lab.Clients = map[string]lab.Client{lab.DefaultClient: {Secrets: []lab.Secret{{Value: lab.DefaultSecret}}, Permissions: mine}}
			dir := w.live(t, &evidence.Focus{Texts: []string{"tom.baker@fabrikam.example"}})
			world := labkit.Load(t, dir)
			for _, f := range files {
				gap, ok := world.Gap(f)
				if !ok || !strings.Contains(gap.Why, "lacks the Microsoft Graph permission") || !strings.Contains(gap.Why, ".Read.All") || strings.Contains(gap.Why, "request ") {
					t.Errorf("%s: gap %+v", f, gap)
				}
				if world.Has(f) {
					t.Errorf("%s counts as read", f)
				}
			}
			for _, f := range []document.File{document.Users, document.ServicePrincipals, document.SynchronizationJobs, document.DirectoryAudits} {
				hidden := slices.Contains(files, f) || permission == "ProvisioningLog.Read.All" && f == document.DirectoryAudits
				if !hidden && !world.Has(f) {
					t.Errorf("%s was not read, although only %s is missing", f, permission)
				}
			}
		})
	}
}

func TestASecretIsNeverRecorded(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(fabrikam)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "entra", "synchronization-secrets.json")
	if err := os.WriteFile(file, []byte(`{"value":[{"key":"SyncAll","value":"true"},{"key":"SecretToken","value":"hush-1"},{"key":"SomethingNew","value":"hush-2"},
		{"key":"BaseAddress","value":"https://user:hush-3@api.atlassian.com/scim/directory/d?token=hush-4"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	w := tenantOf(t, dir)
	for _, focus := range []*evidence.Focus{nil, {Texts: []string{"tom.baker@fabrikam.example"}}} {
		live := w.live(t, focus)
		all, err := filepath.Glob(filepath.Join(live, "entra", "*"))
		if err != nil || len(all) == 0 {
			t.Fatal(all, err)
		}
		for _, f := range append(all, filepath.Join(live, "bundle.json")) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "hush") {
				t.Errorf("%s holds a secret", f)
			}
		}
		want := map[string]string{"SyncAll": "true", "BaseAddress": "https://api.atlassian.com/scim/directory/d"}
		if diff := cmp.Diff(want, labkit.Load(t, live).Settings); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
	}
}

func TestOnlyReadsAreSent(t *testing.T) {
	w := tenantOf(t, fabrikam)
	w.live(t, nil)
	w.live(t, &evidence.Focus{Texts: []string{"tom.baker@fabrikam.example", "jira-developers"}})
	for _, r := range w.lab.Requests() {
		if r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/$batch") && !strings.HasSuffix(r.Path, "/token") {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

func TestAQuestionIsNotAskedTwice(t *testing.T) {
	w := tenantOf(t, fabrikam)
	s, focus := w.source(t), &evidence.Focus{Texts: []string{"tom.baker@fabrikam.example"}}
	if err := s.Find(t.Context(), focus); err != nil {
		t.Fatal(err)
	}
	if len(focus.Users) == 0 || !slices.Contains(focus.Addresses, "tom.baker@fabrikam.example") || len(focus.Groups) != len(focus.GroupNames) {
		t.Errorf("the focus holds %+v", focus)
	}
	w.requests()
	if err := s.Find(t.Context(), focus); err != nil {
		t.Fatal(err)
	}
	if n := w.requests(); n != 0 {
		t.Errorf("finding the same again took %d requests", n)
	}
}
