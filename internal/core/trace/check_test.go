package trace

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// crowd is a world of many people in a few assigned groups, every seventh of them only through nesting.
func crowd(people int) *facts.World {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	b := facts.NewBuilder(document.Bundle{Version: 1, CapturedAt: document.At(now), Connection: document.Connection{Name: "crowd", Method: document.EntraSCIM}}, facts.Focus{})
	outer := document.Group{ID: "outer", DisplayName: "outer", SecurityEnabled: document.Some(true), Members: document.Members{Known: true, List: []document.Member{{Type: "#microsoft.graph.group", ID: "inner"}}}}
	inner := document.Group{ID: "inner", DisplayName: "inner", SecurityEnabled: document.Some(true), Members: document.Members{Known: true}}
	for n := range people {
		id := fmt.Sprintf("u%06d", n)
		b.User(document.User{ID: id, UserPrincipalName: id + "@crowd.example", Mail: document.Some(id + "@crowd.example"), DisplayName: id, AccountEnabled: document.Some(true)})
		g := &outer
		if n%7 == 0 {
			g = &inner
		} else {
			b.ScimUser(document.ScimUser{ID: "s" + id, ExternalID: id, UserName: id + "@crowd.example", Emails: []document.ScimEmail{{Value: id + "@crowd.example"}}, Active: document.Some(true)})
		}
		g.Members.List = append(g.Members.List, document.Member{Type: "#microsoft.graph.user", ID: id})
	}
	b.SealPeople()
	b.Group(outer)
	b.Group(inner)
	b.Assignment(document.AppRoleAssignment{ID: "a", PrincipalID: "outer", PrincipalType: "Group"})
	for _, f := range []document.File{document.Users, document.Groups, document.AppRoleAssignments, document.ScimUsers, document.DeletedUsers} {
		b.Have(f)
	}
	return b.World()
}

func TestARollCallDoesNotDependOnHowManyAreAskedAtATime(t *testing.T) {
	w := crowd(5000)
	alone := New(w).Check(CheckOptions{Workers: 1})
	together := New(w).Check(CheckOptions{Workers: 4})
	if diff := cmp.Diff(alone, together); diff != "" {
		t.Errorf("one after the other and four at a time differ (-one +four):\n%s", diff)
	}
	nested := 0
	for _, f := range alone.Findings {
		if f.Cause == cause.NestedGroup {
			nested++
		}
	}
	if want := (5000 + 6) / 7; nested != want || alone.Counts.Expected != 5000 {
		t.Errorf("%d of %d expected people are lost by nesting, want %d of 5000", nested, alone.Counts.Expected, want)
	}
}

func TestProgressIsToldToItsEnd(t *testing.T) {
	last, calls := 0, 0
	New(crowd(3500)).Check(CheckOptions{Workers: 3, Progress: func(done, total int) {
		if done < last || done > total {
			t.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		last, calls = done, calls+1
	}})
	if last != 3500 || calls < 3 {
		t.Errorf("progress ended at %d of 3500 after %d calls", last, calls)
	}
}

func BenchmarkCheckTenThousandPeople(b *testing.B) {
	w := crowd(10_000)
	for b.Loop() {
		New(w).Check(CheckOptions{Workers: 1})
	}
}
