package guard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/trace"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/scenario"
)

const fabrikam = "../../../../examples/fabrikam"

func TestAQuestionAskedLiveGetsTheAnswerOfTheWholeOrganization(t *testing.T) {
	dir := os.DirFS("../../../scenario/testdata")
	all, err := scenario.ReadAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Base == "kubernetes" || !s.Check {
			continue
		}
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
			complete := load(t, l.record(nil))
			for _, a := range s.Asks {
				q := trace.Query{Subject: scenario.ID(a.Subject), Group: scenario.ID(a.Group)}
				partial := l.record(l.focus(q))
				want := why(t, complete, q)
				if diff := cmp.Diff(want, why(t, load(t, partial, q.Subject), q)); diff != "" {
					t.Errorf("why %s %s (-whole +asked for):\n%s", q.Subject, q.Group, diff)
				}
			}
		})
	}
}

func TestEverybodyInTheExampleGetsTheSameAnswerLive(t *testing.T) {
	for name, readings := range map[string]lab.Readings{
		"the newer readings": {},
		"the other readings": {ListsWithoutMembers: true, GroupsExcludeMembers: true, ExactCase: true, CursorIsURL: true, DeleteKeepsRecord: true, ConflictHeld: true},
	} {
		t.Run(name, func(t *testing.T) {
			l := start(t, filepath.FromSlash(fabrikam), readings)
			complete := load(t, l.record(nil))
			for _, s := range l.subjects() {
				q := trace.Query{Subject: s}
				recorded, want := why(t, l.at, q), why(t, complete, q)
				if recorded.Verdict != want.Verdict || recorded.Cause != want.Cause {
					t.Errorf("why %s: recorded %s %s, live %s %s", s, recorded.Verdict, recorded.Cause, want.Verdict, want.Cause)
				}
				partial := l.record(l.focus(q))
				if diff := cmp.Diff(want, why(t, load(t, partial, s), q)); diff != "" {
					t.Errorf("why %s (-whole +asked for):\n%s", s, diff)
				}
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
