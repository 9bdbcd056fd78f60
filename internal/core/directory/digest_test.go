package directory

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

func TestTheDigestOfASnapshotDiffersWhereAnythingDiffers(t *testing.T) {
	x := tellings{
		users: [][]document.AttributeValue{{document.TextValue("u1"), document.TextValue("A")}, {document.TextValue("u2"), document.NullValue}},
		groups: []toldGroup{
			{"g1", "One", []string{"u1"}, []string{"g2"}, ""},
			{"g2", "Two", []string{"u2"}, nil, "refused"},
		},
		assigned: Assigned{Users: []string{"u1"}, Groups: []string{"g1"}},
		deleted:  []string{"d1"},
	}
	changes := map[string]func(*tellings){
		"a value":                     func(x *tellings) { x.users[0][1] = document.TextValue("B") },
		"null and not told":           func(x *tellings) { x.users[1][1] = document.NotTold },
		"null and the empty text":     func(x *tellings) { x.users[1][1] = document.TextValue("") },
		"a text and a list of it":     func(x *tellings) { x.users[0][1] = document.ListValue([]string{"A"}) },
		"an id":                       func(x *tellings) { x.users[1][0] = document.TextValue("u3") },
		"one user less":               func(x *tellings) { x.users = x.users[:1] },
		"the name of a group":         func(x *tellings) { x.groups[0].name = "1" },
		"one group less":              func(x *tellings) { x.groups = x.groups[:1] },
		"a member more":               func(x *tellings) { x.groups[0].users = []string{"u1", "u2"} },
		"another member":              func(x *tellings) { x.groups[0].users = []string{"u2"} },
		"members in the other group":  func(x *tellings) { x.groups[0].users, x.groups[1].users = nil, []string{"u1", "u2"} },
		"a nested group less":         func(x *tellings) { x.groups[0].groups = nil },
		"a nested group turned round": func(x *tellings) { x.groups[0].groups, x.groups[1].groups = nil, []string{"g1"} },
		"complete":                    func(x *tellings) { x.groups[1].incomplete = "" },
		"another reason":              func(x *tellings) { x.groups[1].incomplete = "not asked" },
		"another group incomplete":    func(x *tellings) { x.groups[0].incomplete, x.groups[1].incomplete = "refused", "" },
		"everybody":                   func(x *tellings) { x.assigned.All = true },
		"no user assigned":            func(x *tellings) { x.assigned.Users = nil },
		"another user assigned":       func(x *tellings) { x.assigned.Users = []string{"u2"} },
		"no group assigned":           func(x *tellings) { x.assigned.Groups = nil },
		"nobody deleted":              func(x *tellings) { x.deleted = nil },
		"another deleted":             func(x *tellings) { x.deleted = []string{"d2"} },
		"a gap of users":              func(x *tellings) { x.gaps.Users = "refused" },
		"a gap of groups":             func(x *tellings) { x.gaps.Groups = "refused" },
		"a gap of assignments":        func(x *tellings) { x.gaps.Assignments = "refused" },
	}
	seen := map[string]string{x.snapshot().Digest(): "nothing"}
	for what, change := range changes {
		y := x
		y.users = [][]document.AttributeValue{slices.Clone(x.users[0]), slices.Clone(x.users[1])}
		y.groups = slices.Clone(x.groups)
		change(&y)
		d := y.snapshot().Digest()
		if other, ok := seen[d]; ok {
			t.Errorf("changing %s gives the same digest as changing %s", what, other)
		}
		seen[d] = what
		if len(d) != 64 {
			t.Errorf("a digest of %d digits", len(d))
		}
	}
}

func TestTheDigestOfAStateDiffersWhereAnythingDiffers(t *testing.T) {
	users := []toldUser{{"u1", true, document.TextValue("A")}, {"u2", false, document.NullValue}}
	groups := []presentGroup{{"g1", "x", "One", []string{"u1"}, true}, {"g2", "", "Two", nil, false}}
	changes := map[string]func(u []toldUser, g []presentGroup, gaps *StateGaps){
		"a value":                func(u []toldUser, _ []presentGroup, _ *StateGaps) { u[0].name = document.TextValue("B") },
		"another active":         func(u []toldUser, _ []presentGroup, _ *StateGaps) { u[0].active, u[1].active = false, true },
		"one more active":        func(u []toldUser, _ []presentGroup, _ *StateGaps) { u[1].active = true },
		"the name of a group":    func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[0].name = "1" },
		"an external id":         func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[1].external = "y" },
		"a member":               func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[0].members = []string{"u2"} },
		"a member less":          func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[0].members = nil },
		"members of another":     func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[0].members, g[1].members = nil, []string{"u1"} },
		"members told":           func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[1].told = true },
		"members told of others": func(_ []toldUser, g []presentGroup, _ *StateGaps) { g[0].told, g[1].told = false, true },
		"a gap of users":         func(_ []toldUser, _ []presentGroup, gaps *StateGaps) { gaps.Users = "refused" },
		"a gap of groups":        func(_ []toldUser, _ []presentGroup, gaps *StateGaps) { gaps.Groups = "refused" },
	}
	seen := map[string]string{present(users, groups, StateGaps{}).Digest(): "nothing"}
	for what, change := range changes {
		u, g, gaps := slices.Clone(users), slices.Clone(groups), StateGaps{}
		change(u, g, &gaps)
		d := present(u, g, gaps).Digest()
		if other, ok := seen[d]; ok {
			t.Errorf("changing %s gives the same digest as changing %s", what, other)
		}
		seen[d] = what
	}
}

func TestDigestsOfAnyTwoStatesDifferWhereTheStatesDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		users, groups := drawPresent(t)
		otherUsers, otherGroups := drawPresent(t)
		if rapid.Bool().Draw(t, "same users") {
			otherUsers = users
		}
		a, b := present(users, groups, StateGaps{}), present(otherUsers, otherGroups, StateGaps{})
		if same := sameState(a, b); same != (a.Digest() == b.Digest()) {
			t.Fatalf("states are equal: %v, digests are equal: %v", same, !same)
		}
	})
}

func sameState(a, b *State) bool {
	rows := func(t *Table) []Row {
		out := make([]Row, t.Len())
		for i := range out {
			out[i] = t.Row(uint32(i))
		}
		return out
	}
	return slices.Equal(rows(a.Users), rows(b.Users)) && slices.Equal(rows(a.Groups), rows(b.Groups)) &&
		slices.Equal(a.Active, b.Active) && slices.Equal(a.Told, b.Told) && slices.EqualFunc(a.Member, b.Member, slices.Equal)
}
