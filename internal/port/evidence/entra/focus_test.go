package entra_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

var fabrikam = filepath.Join("..", "..", "..", "..", "examples", "fabrikam")

func TestALiveAnswerIsThatOfTheCompleteRecording(t *testing.T) {
	w := tenantOf(t, fabrikam)
	complete := w.live(t, nil)
	whole := labkit.Load(t, complete)
	var subjects []string
	for i := range whole.Users {
		u := &whole.Users[i]
		subjects = append(subjects, [...]string{u.UserPrincipalName, u.ID, u.DisplayName, u.Mail.Value}[i%4])
	}
	for i := range whole.Deleted {
		subjects = append(subjects, whole.Deleted[i].ID)
	}
	most := 0
	for _, subject := range testkit.Sample(t, subjects, 7) {
		most = max(most, w.compare(t, whole, subject, ""))
	}
	t.Logf("%d people, at most %d requests for one", len(subjects), most)
	if most > 20 {
		t.Errorf("a question took %d requests", most)
	}
}

func TestScenariosAreAnsweredAlikeByAFewRequestsAndByTheWholeTenant(t *testing.T) {
	dir := os.DirFS(filepath.Join("..", "..", "..", "scenario", "testdata"))
	all, err := scenario.ReadAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(s *scenario.Scenario) bool {
		folder := path.Dir(s.File)
		if !s.Check || s.Base == "kubernetes" || slices.Contains(notThere, s.File) || seen[folder] && !slices.Contains(allOf, folder) {
			return true
		}
		seen[folder] = true
		return false
	})
	for _, s := range testkit.Sample(t, all, 20) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			world, err := s.Tenant(dir)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if err := world.Write(folder); err != nil {
				t.Fatal(err)
			}
			realID(t, folder)
			w := tenantOf(t, folder)
			whole := labkit.Load(t, w.live(t, nil))
			for _, a := range s.Asks {
				n := w.compare(t, whole, scenario.ID(a.Subject), scenario.ID(a.Group))
				t.Logf("why %s %s: %d requests", a.Subject, a.Group, n)
			}
		})
	}
}

// allOf are the folders of which every scenario is asked: their answers draw from other people and groups of Entra. Of
// the other causes one is.
var allOf = []string{
	"healthy", "present", "nested-group", "hidden-membership", "membership-not-active", "dynamic-group-pending", "ambiguous-match", "source-deleted",
	"group-renamed", "on-premises-sync-stale", "not-assigned", "not-in-source", "late-scope-member",
}

// notThere are worlds that no tenant can be: a schema without a job, a recording that does not hold its application.
var notThere = []string{"provisioning-stopped/no-job.txt", "present/connector-with-leaner-answers.txt"}

// compare asks live and wants the answer of the whole tenant. It gives the number of requests.
func (w *tenant) compare(t *testing.T, whole *world, subject, group string) int {
	t.Helper()
	w.requests()
	dir := w.live(t, &evidence.Focus{Texts: []string{subject}, Group: group})
	n := w.requests()
	want := answer(whole, subject, group)
	for _, focus := range [][]string{nil, slices.DeleteFunc([]string{subject, group}, func(s string) bool { return s == "" })} {
		if diff := cmp.Diff(want, answer(labkit.Load(t, dir, focus...), subject, group), cmp.AllowUnexported(trace.Trace{})); diff != "" {
			t.Errorf("why %q %q (%d requests), read with focus %q: - whole, + live\n%s", subject, group, n, focus, diff)
		}
	}
	return n
}

// realID gives the application, which scenarios call sp-atlassian, an id as Graph has them.
func realID(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "entra", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, filepath.Join(folder, "bundle.json")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte(`"sp-atlassian"`), []byte(`"3ce3d624-9142-484a-ac38-9757a41b5ff2"`))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
