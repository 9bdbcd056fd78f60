package directory

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// tenant is a random nesting of groups, cycles and groups inside themselves included, and the plain reference that the
// graph is held against.
type tenant struct {
	nUsers          int
	users, children [][]uint32
}

func drawTenant(t *rapid.T) tenant {
	nUsers, nGroups := rapid.IntRange(0, 12).Draw(t, "users"), rapid.IntRange(1, 12).Draw(t, "groups")
	draw := func(limit int, label string) [][]uint32 {
		out := make([][]uint32, nGroups)
		for i := range out {
			// One beyond the limit: members that are nobody's must be dropped.
			out[i] = rapid.SliceOfN(rapid.Uint32Range(0, uint32(limit)), 0, 6).Draw(t, label)
		}
		return out
	}
	return tenant{nUsers, draw(nUsers, "member users"), draw(nGroups, "member groups")}
}

func (x tenant) graph() *Graph {
	clone := func(l [][]uint32) [][]uint32 {
		out := make([][]uint32, len(l))
		for i := range l {
			out[i] = slices.Clone(l[i])
		}
		return out
	}
	return NewGraph(x.nUsers, clone(x.users), clone(x.children))
}

// holds is the naive reference: does the group hold the user, over any nesting?
func (x tenant) holds(group, user uint32, seen map[uint32]bool) bool {
	if seen[group] || int(group) >= len(x.users) {
		return false
	}
	seen[group] = true
	if slices.Contains(x.users[group], user) {
		return true
	}
	return slices.ContainsFunc(x.children[group], func(c uint32) bool { return x.holds(c, user, seen) })
}

func TestClosureEqualsANaiveSearchOnRandomGraphsWithCycles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTenant(t)
		g := x.graph()
		w := g.Walk()
		for u := range uint32(x.nUsers) {
			up := slices.Clone(w.Up(u))
			for group := range uint32(len(x.users)) {
				want := x.holds(group, u, map[uint32]bool{})
				if got := slices.Contains(up, group); got != want {
					t.Fatalf("group %d holds user %d: up says %v, the reference %v", group, u, got, want)
				}
				if got := slices.Contains(g.Walk().Down(group), u); got != want {
					t.Fatalf("group %d holds user %d: down says %v, the reference %v", group, u, got, want)
				}
			}
		}
	})
}

func TestAChainIsAShortestWayThatReallyLeadsToTheUser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTenant(t)
		g := x.graph()
		w := g.Walk()
		for u := range uint32(x.nUsers) {
			nearest := 0
			for _, group := range slices.Clone(w.Up(u)) {
				chain := w.Chain(group)
				if chain[0] != group || !g.HasUser(chain[len(chain)-1], u) {
					t.Fatalf("chain %v does not lead from group %d to user %d", chain, group, u)
				}
				for i := 1; i < len(chain); i++ {
					if !slices.Contains(g.Children(chain[i-1]), chain[i]) {
						t.Fatalf("chain %v: group %d is not in group %d", chain, chain[i], chain[i-1])
					}
				}
				if shortest := x.distance(group, u); len(chain) != shortest {
					t.Fatalf("chain %v has %d groups, the shortest way %d", chain, len(chain), shortest)
				}
				if len(chain) < nearest {
					t.Fatalf("nearer groups must come first: %d after %d", len(chain), nearest)
				}
				nearest = len(chain)
			}
		}
	})
}

// distance is the number of groups on the shortest way from a group to a user that it holds.
func (x tenant) distance(group, user uint32) int {
	level, seen := []uint32{group}, map[uint32]bool{}
	for n := 1; len(level) > 0; n++ {
		var next []uint32
		for _, g := range level {
			if seen[g] || int(g) >= len(x.users) {
				continue
			}
			seen[g] = true
			if slices.Contains(x.users[g], user) {
				return n
			}
			next = append(next, x.children[g]...)
		}
		level = next
	}
	return 0
}

func TestTheGroupsAroundAGroupAreThoseThatHoldIt(t *testing.T) {
	// 0 holds 1, 1 holds 2, 2 holds 0 again: a cycle; 3 holds 1 as well.
	g := NewGraph(0, make([][]uint32, 4), [][]uint32{{1}, {2}, {0}, {1}})
	w := g.Walk()
	up := slices.Clone(w.UpFrom(2))
	slices.Sort(up)
	if diff := cmp.Diff([]uint32{0, 1, 2, 3}, up); diff != "" {
		t.Errorf("groups that hold 2 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]uint32{3, 1}, w.Chain(3)); diff != "" {
		t.Errorf("way from 3 to the group that holds 2 (-want +got):\n%s", diff)
	}
}

func TestAHundredThousandLevelsOfNestingAreWalked(t *testing.T) {
	const levels = 100_000
	users, children := make([][]uint32, levels), make([][]uint32, levels)
	for i := range levels - 1 {
		children[i] = []uint32{uint32(i + 1)}
	}
	users[levels-1] = []uint32{0}
	g := NewGraph(1, users, children)
	w := g.Walk()
	if n := len(w.Up(0)); n != levels {
		t.Fatalf("%d groups reached, want %d", n, levels)
	}
	if n := len(w.Chain(0)); n != levels {
		t.Fatalf("a chain of %d groups, want %d", n, levels)
	}
	if got := w.Down(0); !slices.Equal(got, []uint32{0}) {
		t.Fatalf("down from the top: %v", got)
	}
}
