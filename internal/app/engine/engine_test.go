package engine

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// shelf is a world that is there already, and remembers what it was asked for.
type shelf struct {
	world *facts.World
	err   error
	focus *Focus
}

func (s *shelf) Load(_ context.Context, focus *Focus, progress Progress) (*facts.World, error) {
	s.focus = focus
	progress("entra/users.json", 1, 2)
	return s.world, s.err
}

// small is a company of three: Ada is a direct member of the assigned group readers, Bo only through inner, Cy of
// another group that nobody assigned. Nobody is provisioned yet.
func small(more ...func(*facts.Builder)) *facts.World {
	b := facts.NewBuilder(document.Bundle{
		CapturedAt: document.At(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)),
		Connection: document.Connection{Name: "small", Method: document.EntraSCIM, Application: "app"},
	}, facts.Focus{})
	for _, name := range []string{"ada", "bo", "cy"} {
		b.User(document.User{ID: name, UserPrincipalName: name + "@small.example", Mail: document.Some(name + "@small.example"), DisplayName: name, AccountEnabled: document.Some(true)})
	}
	for _, add := range more {
		add(b)
	}
	b.SealPeople()
	member := func(kind, id string) document.Member {
		return document.Member{Type: "#microsoft.graph." + kind, ID: id}
	}
	group := func(id string, members ...document.Member) {
		b.Group(document.Group{ID: "id-" + id, DisplayName: id, SecurityEnabled: document.Some(true), Members: document.Members{Known: true, List: members}})
	}
	group("readers", member("user", "ada"), member("group", "id-inner"))
	group("inner", member("user", "bo"))
	group("others", member("user", "cy"))
	b.Assignment(document.AppRoleAssignment{PrincipalID: "id-readers", PrincipalType: "Group", ResourceID: "app", AppRoleID: "00000000-0000-0000-0000-000000000000"})
	b.Setting(document.KeyValue{Key: "SyncAll", Value: "false"})
	for _, f := range []document.File{document.Users, document.Groups, document.AppRoleAssignments, document.SynchronizationKeys, document.ScimUsers, document.ScimGroups} {
		b.Have(f)
	}
	return b.World()
}

func names(roll trace.RollCall) []string {
	var out []string
	for _, f := range roll.Findings {
		if f.Subject.Kind != "group" {
			out = append(out, f.Subject.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestCheckNarrowsFindingsButNotCounts(t *testing.T) {
	for sentence, c := range map[string]struct {
		ask  CheckRequest
		want []string
	}{
		"everybody":                            {CheckRequest{}, []string{"ada@small.example", "bo@small.example"}},
		"one cause":                            {CheckRequest{Causes: []cause.Code{cause.NestedGroup}}, []string{"bo@small.example"}},
		"a cause that nobody has":              {CheckRequest{Causes: []cause.Code{cause.Quarantine}}, nil},
		"the people of a group, nested too":    {CheckRequest{Group: "readers"}, []string{"ada@small.example", "bo@small.example"}},
		"a group by its id, whatever the case": {CheckRequest{Group: "ID-Inner"}, []string{"bo@small.example"}},
		"a group without findings":             {CheckRequest{Group: "others"}, nil},
		"somebody else's list":                 {CheckRequest{Expect: []string{"cy@small.example"}, Causes: []cause.Code{cause.NotAssigned}}, []string{"cy@small.example"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := &shelf{world: small()}
			roll, err := (&Engine{Worlds: s}).Check(t.Context(), c.ask)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, names(roll)); d != "" {
				t.Error(d)
			}
			if want := 2 + len(c.ask.Expect); roll.Counts.Expected != want {
				t.Errorf("expected = %d, want %d", roll.Counts.Expected, want)
			}
			if s.focus != nil {
				t.Errorf("a roll call needs the whole world, and asked for %q", s.focus.Texts())
			}
		})
	}
}

func TestCheckRefusesAGroupThatNobodyKnows(t *testing.T) {
	_, err := (&Engine{Worlds: &shelf{world: small()}}).Check(t.Context(), CheckRequest{Group: "raeders"})
	none, ok := errors.AsType[*NoGroupError](err)
	if !ok {
		t.Fatalf("error = %v, want NoGroupError", err)
	}
	if d := cmp.Diff([]string{"inner", "others", "readers"}, none.Known); d != "" {
		t.Error(d)
	}
}

func TestWhyAsksForWhatItNeedsAndAnswersInOrder(t *testing.T) {
	s := &shelf{world: small()}
	var steps []string
	e := &Engine{Worlds: s, Progress: func(step string, _, _ int64) { steps = append(steps, step) }}
	got, err := e.Why(t.Context(), []trace.Query{{Subject: "bo@small.example"}, {Subject: "nobody@small.example"}, {Subject: "ada@small.example", Group: "readers"}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&Focus{Subjects: []string{"bo@small.example", "nobody@small.example", "ada@small.example"}, Groups: []string{"readers"}}, s.focus); d != "" {
		t.Error(d)
	}
	var causes []cause.Code
	for _, a := range got.Answers {
		causes = append(causes, a.Trace.Cause)
	}
	if d := cmp.Diff([]cause.Code{cause.NestedGroup, cause.NotInSource}, causes[:2]); d != "" {
		t.Error(d)
	}
	if got.Connection != "small" || got.Method != document.EntraSCIM || got.At.IsZero() {
		t.Errorf("the answers do not say what they rest on: %+v", got)
	}
	if len(steps) == 0 {
		t.Error("nobody was told how far it is")
	}
}

func TestAWorldThatCannotBeReadIsNoAnswer(t *testing.T) {
	broken := errors.New("the disk is on fire")
	e := &Engine{Worlds: &shelf{err: broken}}
	if _, err := e.Check(t.Context(), CheckRequest{}); !errors.Is(err, broken) {
		t.Errorf("Check: %v", err)
	}
	if _, err := e.Why(t.Context(), []trace.Query{{Subject: "x"}}); !errors.Is(err, broken) {
		t.Errorf("Why: %v", err)
	}
}

func TestARollOfNobodyIsNotCalled(t *testing.T) {
	empty := facts.NewBuilder(document.Bundle{Connection: document.Connection{Name: "empty"}}, facts.Focus{})
	empty.SealPeople()
	e := &Engine{Worlds: &shelf{world: empty.World()}}
	if _, err := e.Check(t.Context(), CheckRequest{}); !errors.Is(err, ErrNobody) {
		t.Errorf("error = %v, want ErrNobody", err)
	}
	if _, err := e.Check(t.Context(), CheckRequest{Expect: []string{"ada@small.example"}}); err != nil {
		t.Errorf("somebody's list names people, and still: %v", err)
	}
}
