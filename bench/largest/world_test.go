package largest

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
)

func drawSize(t *rapid.T) Size {
	size := Size{
		Users: rapid.IntRange(1, 400).Draw(t, "users"), Groups: rapid.IntRange(1, 200).Draw(t, "groups"),
		Depth: rapid.IntRange(0, 9).Draw(t, "depth"), Seed: rapid.Uint64().Draw(t, "seed"),
	}
	size.Memberships = (&World{size: size}).count(rapid.IntRange(0, size.Users).Draw(t, "scale"))
	return size
}

func TestFollowingTheNestingGivesTheMembersThatTheTargetIsGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, err := New(drawSize(t))
		if err != nil {
			t.Fatal(err)
		}
		s := w.Snapshot()
		there, drift := w.State(Equal)
		if drift != (Drift{}) || len(s.Doubles)+len(there.Doubles)+len(s.Incomplete) != 0 {
			t.Fatalf("drift %+v, doubles %v %v, incomplete %v", drift, s.Doubles, there.Doubles, s.Incomplete)
		}
		walker, total := s.Graph.Walk(), 0
		for g := range w.groups {
			row, _ := s.Group(w.groupIDs.at(g))
			users, _ := walker.Below(row, directory.Reach{Depth: -1}, nil)
			total += len(users)
			group, ok := there.Group(w.groupsThere.at(g))
			if !ok {
				t.Fatalf("group %d is not at the target", g)
			}
			if diff := cmp.Diff(sourceIDs(s, users), externalIDs(there, there.Member[group])); diff != "" {
				t.Fatalf("members of group %d, by nesting and at the target (-nesting +target):\n%s", g, diff)
			}
		}
		if total != w.Memberships() {
			t.Fatalf("%d memberships, the generator counted %d", total, w.Memberships())
		}
	})
}

func sourceIDs(s *directory.Snapshot, users []uint32) []string {
	ids := []string{}
	for _, u := range users {
		ids = append(ids, s.Users.Text(u, 0))
	}
	return ids // rows are in the order of ids
}

func externalIDs(s *directory.State, users []uint32) []string {
	ids := []string{}
	for _, u := range users {
		ids = append(ids, s.Users.Text(u, 1))
	}
	slices.Sort(ids)
	return ids
}

func TestTheSizesOfTheFiguresAreMadeAsAsked(t *testing.T) {
	for _, size := range []Size{Peers, Largest} {
		w, err := New(size)
		if err != nil {
			t.Fatal(err)
		}
		if n := w.Memberships(); n > size.Memberships || n < size.Memberships*98/100 {
			t.Errorf("%d memberships for %+v", n, size)
		}
		if len(w.groups) != size.Groups || len(w.users) != 36*size.Users {
			t.Errorf("%d groups and %d characters of ids for %+v", len(w.groups), len(w.users), size)
		}
		sizes := make([]int, 0, len(w.groups))
		for _, g := range w.groups {
			sizes = append(sizes, int(g.flat))
		}
		slices.Sort(sizes)
		t.Logf("%d memberships; group sizes: median %d, 99 of 100 up to %d, largest %v", w.Memberships(), sizes[len(sizes)/2], sizes[len(sizes)*99/100], sizes[len(sizes)-5:])
	}
}

func TestNestingIsAsDeepAsAskedAndHasCycles(t *testing.T) {
	w, err := New(Peers)
	if err != nil {
		t.Fatal(err)
	}
	s := w.Snapshot()
	deepest, cycles := 0, 0
	walker := s.Graph.Walk()
	for g := range uint32(s.Groups.Len()) {
		walker.Below(g, directory.Reach{Depth: -1}, nil)
		for _, parent := range s.Graph.Parents(g) {
			if walker.Reached(parent) && parent != g {
				cycles++
			}
		}
		_, entered := walker.Below(g, directory.Reach{Depth: -1}, nil)
		for _, in := range slices.Clone(entered) {
			deepest = max(deepest, len(walker.Trail(in))-1)
		}
	}
	if deepest < Peers.Depth-2 || deepest > Peers.Depth || cycles == 0 { // some ways are shorter by a second edge
		t.Errorf("%d levels deep, %d groups close a cycle", deepest, cycles)
	}
}

func TestTheSameSeedGivesTheSameAndBothSidesAreMadeSideBySide(t *testing.T) {
	build := func(seed uint64) (source, target string) {
		size := Peers
		size.Seed = seed
		w, err := New(size)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() { source = w.Snapshot().Digest() })
		wg.Go(func() {
			s, _ := w.State(Changed)
			target = s.Digest()
		})
		wg.Wait()
		return source, target
	}
	source, target := build(1)
	sameSource, sameTarget := build(1)
	otherSource, otherTarget := build(2)
	if source != sameSource || target != sameTarget || source == otherSource || target == otherTarget {
		t.Error("the seed alone should decide")
	}
}

func TestADirectoryThatCannotBeIsRefused(t *testing.T) {
	for _, size := range []Size{{Users: 10, Groups: 100, Memberships: 50, Depth: 2}, {Users: 10, Groups: 2, Memberships: 1000, Depth: 2}} {
		if w, err := New(size); err == nil {
			t.Errorf("%+v gives %d memberships", size, w.Memberships())
		}
	}
}

func TestAChangedTargetDiffersByAsMuchAsItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, err := New(drawSize(t))
		if err != nil {
			t.Fatal(err)
		}
		one := rapid.IntRange(1, 50)
		equal, _ := w.State(Equal)
		changed, want := w.State(Case{OneUserIn: one.Draw(t, "one user in"), OneMemberIn: one.Draw(t, "one member in")})
		var got Drift
		for u := range uint32(equal.Users.Len()) {
			if equal.Users.Row(u) != changed.Users.Row(u) {
				got.Users++
			}
		}
		lacking := func(from, in []uint32) (n int) {
			for _, u := range from {
				if !slices.Contains(in, u) {
					n++
				}
			}
			return n
		}
		for g := range equal.Member {
			got.Missing += lacking(equal.Member[g], changed.Member[g])
			got.Extra += lacking(changed.Member[g], equal.Member[g])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("drift (-told +found):\n%s", diff)
		}
	})
}

func TestNobodySharesAnIDAnAddressOrAnAccount(t *testing.T) {
	w, err := New(Peers)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	once := func(what, value string, size int) {
		if seen[value] || len(value) < size {
			t.Fatalf("%s %q twice, or shorter than %d", what, value, size)
		}
		seen[value] = true
	}
	for i := range Peers.Users {
		p := w.person(i)
		once("id", w.users.at(i), 36)
		once("record", w.records.at(i), 36)
		once("address", p.address, 20)
		once("account", p.account, 16)
	}
	for g := range Peers.Groups {
		once("group", w.groupIDs.at(g), 36)
		once("group at the target", w.groupsThere.at(g), 36)
		once("name", w.groupName(g), 7)
	}
}
