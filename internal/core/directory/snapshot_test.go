package directory

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

// tellings are what a source says, in the order in which it says it: the plain reference that a snapshot is held against.
type tellings struct {
	users    [][]document.AttributeValue // id, name
	groups   []toldGroup
	assigned Assigned
	deleted  []string
	gaps     Gaps
}

type toldGroup struct {
	id, name      string
	users, groups []string
	incomplete    string
}

func drawTellings(t *rapid.T) tellings {
	id := func(kind string) *rapid.Generator[string] {
		// Some of them nobody is: members of whom nothing was told. The first eight letters of all ids are the same.
		return rapid.Map(rapid.IntRange(0, 12), func(n int) string { return kind + "-000" + string(rune('a'+n)) + strings.Repeat("z", n%3) })
	}
	some := func(kind, label string) []string { return rapid.SliceOfN(id(kind), 0, 6).Draw(t, label) }
	var x tellings
	for _, u := range rapid.SliceOfNDistinct(id("user"), 0, 10, rapid.ID).Draw(t, "users") {
		x.users = append(x.users, []document.AttributeValue{document.TextValue(u), anyValue().Draw(t, "name")})
	}
	why := rapid.SampledFrom([]string{"", "", "page 2 was refused"})
	for _, g := range rapid.SliceOfNDistinct(id("team"), 0, 8, rapid.ID).Draw(t, "groups") {
		x.groups = append(x.groups, toldGroup{g, "Group " + g, some("user", "members"), some("team", "nested"), why.Draw(t, "why")})
	}
	x.assigned = Assigned{rapid.Bool().Draw(t, "all"), some("user", "assigned users"), some("team", "assigned groups")}
	x.deleted = some("gone", "deleted")
	x.gaps = Gaps{why.Draw(t, "gap"), why.Draw(t, "gap"), why.Draw(t, "gap")}
	return x
}

// shuffled says the same in another order, in every list.
func (x tellings) shuffled(t *rapid.T) tellings {
	out := x
	out.users = rapid.Permutation(x.users).Draw(t, "order of users")
	out.groups = rapid.Permutation(x.groups).Draw(t, "order of groups")
	for i, g := range out.groups {
		out.groups[i].users = rapid.Permutation(g.users).Draw(t, "order of members")
		out.groups[i].groups = rapid.Permutation(g.groups).Draw(t, "order of nested groups")
	}
	out.assigned.Users = rapid.Permutation(x.assigned.Users).Draw(t, "order of assigned users")
	out.assigned.Groups = rapid.Permutation(x.assigned.Groups).Draw(t, "order of assigned groups")
	out.deleted = rapid.Permutation(x.deleted).Draw(t, "order of deleted users")
	return out
}

func (x tellings) snapshot() *Snapshot {
	b := NewSnapshot([]string{"id", "displayName"}, []string{"id", "displayName"})
	for _, u := range x.users {
		b.User(u...)
	}
	for _, g := range x.groups {
		b.Group([]document.AttributeValue{document.TextValue(g.id), document.TextValue(g.name)}, g.users, g.groups, g.incomplete)
	}
	return b.Snapshot(x.assigned, x.deleted, x.gaps)
}

// idsOf are the ids of rows.
func idsOf(t *Table, rows []uint32) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, t.Text(r, 0))
	}
	return out
}

// among are those of the ids that the table holds, sorted, each once.
func among(t *Table, ids []string) []string {
	out := []string{}
	for i := range t.Len() {
		if id := t.Text(uint32(i), 0); slices.Contains(ids, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func TestASnapshotIsWhatWasToldInWhateverOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTellings(t)
		s, again := x.snapshot(), x.shuffled(t).snapshot()
		if s.Digest() != again.Digest() {
			t.Fatalf("the digest depends on the order:\n%s", cmp.Diff(s.Incomplete, again.Incomplete))
		}
		same := func(what string, want, got []string) {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", what, diff)
			}
		}
		if s.Users.Len() != len(x.users) || s.Groups.Len() != len(x.groups) || len(s.Doubles) != 0 {
			t.Fatalf("%d users, %d groups, doubles %v", s.Users.Len(), s.Groups.Len(), s.Doubles)
		}
		for _, u := range x.users {
			row, ok := s.User(strings.ToUpper(u[0].Text))
			if !ok {
				t.Fatalf("user %s is not found", u[0].Text)
			}
			if diff := cmp.Diff(u, cellsOf(s.Users.Row(row))); diff != "" {
				t.Fatalf("user (-want +got):\n%s", diff)
			}
		}
		for _, g := range x.groups {
			row, ok := s.Group(g.id)
			if !ok || s.Groups.Text(row, 1) != g.name {
				t.Fatalf("group %s is not found by its id", g.id)
			}
			same("members", among(s.Users, g.users), idsOf(s.Users, s.Graph.Users(row)))
			same("nested groups", among(s.Groups, g.groups), idsOf(s.Groups, s.Graph.Children(row)))
			known := !slices.ContainsFunc(g.groups, func(id string) bool { _, ok := s.Group(id); return !ok })
			if why := s.Incomplete[row]; (why == "") != (known && g.incomplete == "") || g.incomplete != "" && why != g.incomplete {
				t.Fatalf("group %s is incomplete: %q, its nested groups are known: %v, told: %q", g.id, why, known, g.incomplete)
			}
		}
		same("assigned users", among(s.Users, x.assigned.Users), idsOf(s.Users, s.AssignedUsers))
		same("assigned groups", among(s.Groups, x.assigned.Groups), idsOf(s.Groups, s.AssignedGroups))
		for _, id := range x.deleted {
			if !s.SoftDeleted(strings.ToUpper(id)) {
				t.Fatalf("%s is soft-deleted, and the snapshot does not say so", id)
			}
		}
		if s.SoftDeleted("user-nobody") || s.Gaps != x.gaps || s.All != x.assigned.All {
			t.Fatal("what nobody told is in the snapshot")
		}
	})
}

func TestTheFirstOfTwoWithOneIDIsTakenAndTheOtherIsTold(t *testing.T) {
	text := document.TextValue
	b := NewSnapshot([]string{"id", "n"}, []string{"id", "displayName"})
	for _, u := range [][2]string{{"zoe", "1"}, {"abe", "2"}, {"zoe", "3"}, {"zoe", "4"}} {
		b.User(text(u[0]), text(u[1]))
	}
	b.Group([]document.AttributeValue{text("team"), text("first")}, []string{"zoe"}, nil, "")
	b.Group([]document.AttributeValue{text("team"), text("second")}, []string{"abe"}, nil, "")
	s := b.Snapshot(Assigned{}, nil, Gaps{})
	if diff := cmp.Diff([]string{"zoe", "zoe", "team"}, s.Doubles); diff != "" {
		t.Errorf("doubles (-want +got):\n%s", diff)
	}
	zoe, _ := s.User("zoe")
	team, _ := s.Group("team")
	if s.Users.Len() != 2 || s.Users.Text(zoe, 1) != "1" || s.Groups.Len() != 1 || s.Groups.Text(team, 1) != "first" {
		t.Error("not the first was taken")
	}
	if diff := cmp.Diff([]uint32{zoe}, s.Graph.Users(team)); diff != "" {
		t.Errorf("members of the first (-want +got):\n%s", diff)
	}
}
