package directory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

type toldUser struct {
	id     string
	active bool
	name   document.AttributeValue
}

type presentGroup struct {
	id, external, name string
	members            []string
	told               bool
}

func drawPresent(t *rapid.T) (users []toldUser, groups []presentGroup) {
	id := rapid.StringMatching(`[a-c]{1,2}`)
	for _, u := range rapid.SliceOfNDistinct(id, 0, 10, rapid.ID).Draw(t, "users") {
		users = append(users, toldUser{u, rapid.Bool().Draw(t, "active"), anyValue().Draw(t, "name")})
	}
	for _, g := range rapid.SliceOfNDistinct(id, 0, 8, rapid.ID).Draw(t, "groups") {
		groups = append(groups, presentGroup{
			g, rapid.SampledFrom([]string{"", "ext"}).Draw(t, "external id"), "Group " + g,
			rapid.SliceOfN(id, 0, 6).Draw(t, "members"), rapid.Bool().Draw(t, "told"),
		})
	}
	return users, groups
}

func present(users []toldUser, groups []presentGroup, gaps StateGaps) *State {
	b := NewState([]string{"id", "displayName"})
	for _, u := range users {
		b.User(u.active, document.TextValue(u.id), u.name)
	}
	for _, g := range groups {
		b.Group(g.id, g.external, g.name, g.members, g.told)
	}
	return b.State(gaps)
}

func TestAStateIsWhatWasToldInWhateverOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		users, groups := drawPresent(t)
		s := present(users, groups, StateGaps{})
		shuffled := rapid.Permutation(groups).Draw(t, "order of groups")
		for i, g := range shuffled {
			shuffled[i].members = rapid.Permutation(g.members).Draw(t, "order of members")
		}
		if again := present(rapid.Permutation(users).Draw(t, "order of users"), shuffled, StateGaps{}); s.Digest() != again.Digest() {
			t.Fatal("the digest depends on the order")
		}
		if s.Users.Len() != len(users) || s.Groups.Len() != len(groups) || len(s.Doubles) != 0 {
			t.Fatalf("%d users, %d groups, doubles %v", s.Users.Len(), s.Groups.Len(), s.Doubles)
		}
		for _, u := range users {
			row, ok := s.User(strings.ToUpper(u.id))
			if !ok || s.Active[row] != u.active {
				t.Fatalf("user %s: found %v", u.id, ok)
			}
			if diff := cmp.Diff([]document.AttributeValue{document.TextValue(u.id), u.name}, cellsOf(s.Users.Row(row))); diff != "" {
				t.Fatalf("user (-want +got):\n%s", diff)
			}
		}
		for _, g := range groups {
			row, ok := s.Group(g.id)
			if !ok || s.Told[row] != g.told || s.Groups.Text(row, GroupExternalID) != g.external || s.Groups.Text(row, GroupName) != g.name {
				t.Fatalf("group %s: found %v", g.id, ok)
			}
			if diff := cmp.Diff(among(s.Users, g.members), idsOf(s.Users, s.Member[row])); diff != "" {
				t.Fatalf("members of %s (-want +got):\n%s", g.id, diff)
			}
		}
	})
}

func TestTheFirstOfTwoAtTheTargetWithOneIDIsTakenAndTheOtherIsTold(t *testing.T) {
	s := present(
		[]toldUser{{"zoe", true, document.TextValue("first")}, {"abe", false, document.NullValue}, {"zoe", false, document.TextValue("second")}},
		[]presentGroup{{"team", "", "First", []string{"zoe"}, true}, {"team", "x", "Second", []string{"abe"}, false}}, StateGaps{})
	if diff := cmp.Diff([]string{"zoe", "team"}, s.Doubles); diff != "" {
		t.Errorf("doubles (-want +got):\n%s", diff)
	}
	zoe, _ := s.User("zoe")
	team, _ := s.Group("team")
	if s.Users.Text(zoe, 1) != "first" || !s.Active[zoe] || len(s.Active) != 2 {
		t.Errorf("not the first user was taken: %v %v", cellsOf(s.Users.Row(zoe)), s.Active)
	}
	if s.Groups.Text(team, GroupName) != "First" || !s.Told[team] || len(s.Member) != 1 || len(s.Member[team]) != 1 || s.Member[team][0] != zoe {
		t.Errorf("not the first group was taken: %v %v", cellsOf(s.Groups.Row(team)), s.Member)
	}
}
