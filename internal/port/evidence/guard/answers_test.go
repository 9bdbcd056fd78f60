package guard_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/trace"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

const fabrikam = "../../../../examples/fabrikam"

func TestAQuestionAskedLiveGetsTheAnswerOfTheWholeOrganization(t *testing.T) {
	dir := os.DirFS("../../../scenario/testdata")
	all, err := scenario.ReadAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(s *scenario.Scenario) bool { return s.Base == "kubernetes" || !s.Check })
	for _, s := range testkit.Sample(t, all, 20) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			tenant, err := s.Tenant(dir)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if err := tenant.Write(folder); err != nil {
				t.Fatal(err)
			}
			l := start(t, folder, lab.Readings{})
			complete := labkit.Load(t, l.record(nil))
			for _, a := range s.Asks {
				q := trace.Query{Subject: scenario.ID(a.Subject), Group: scenario.ID(a.Group)}
				partial := l.record(l.about(q))
				same(t, q, why(t, complete, q), why(t, labkit.Load(t, partial, q.Subject), q))
			}
		})
	}
}

func TestEverybodyInTheExampleGetsTheSameAnswerLive(t *testing.T) {
	for name, readings := range map[string]lab.Readings{
		"the newer readings": {},
		"the other readings": {ListsWithoutMembers: true, UsersWithoutGroups: true, GroupsExcludeMembers: true, ExactCase: true, CursorIsURL: true, DeleteKeepsRecord: true, ConflictHeld: true},
	} {
		t.Run(name, func(t *testing.T) {
			l := start(t, filepath.FromSlash(fabrikam), readings)
			complete := labkit.Load(t, l.record(nil))
			for _, s := range testkit.Sample(t, l.subjects(), 5) {
				q := trace.Query{Subject: s}
				recorded, want := why(t, l.at, q), why(t, complete, q)
				if recorded.Verdict != want.Verdict || recorded.Cause != want.Cause {
					t.Errorf("why %s: recorded %s %s, live %s %s", s, recorded.Verdict, recorded.Cause, want.Verdict, want.Cause)
				}
				partial := l.record(l.about(q))
				same(t, q, want, why(t, labkit.Load(t, partial, s), q))
			}
		})
	}
}

func (l *live) subjects() []string {
	var all []string
	for i := range l.at.Users {
		all = append(all, l.at.Users[i].UserPrincipalName)
	}
	for i := range l.at.Deleted {
		all = append(all, l.at.Deleted[i].UserPrincipalName)
	}
	for i := range l.at.Groups {
		all = append(all, l.at.Groups[i].DisplayName)
	}
	return all
}

// same wants the answer of the whole organization. Of a group the members are not judged one by one: what is said of the
// group itself is the same, and where members are missing it is not called present.
func same(t *testing.T, q trace.Query, want, got trace.Trace) {
	t.Helper()
	if want.Subject.Kind != "group" {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("why %s %s (-whole +asked for):\n%s", q.Subject, q.Group, diff)
		}
		return
	}
	if got.Subject != want.Subject {
		t.Errorf("why %s: it is about %v, want %v", q.Subject, got.Subject, want.Subject)
	}
	if got.Cause != "" && got.Cause != want.Cause && !slices.Contains(want.Also, got.Cause) {
		t.Errorf("why %s: cause %s, of the whole organization %s and also %v", q.Subject, got.Cause, want.Cause, want.Also)
	}
	if got.Verdict == trace.Present && want.Verdict != trace.Present {
		t.Errorf("why %s: present, of the whole organization %s: %s", q.Subject, want.Verdict, want.Summary)
	}
}
