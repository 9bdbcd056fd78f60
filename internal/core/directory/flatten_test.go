package directory

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// below is the naive reference: every way down from the group, of at most depth levels; it remembers nothing, and ends
// in cycles because depth does.
func (x tenant) below(group uint32, depth int, enter func(uint32) bool, users, groups map[uint32]bool) {
	groups[group] = true
	for _, u := range x.users[group] {
		if int(u) < x.nUsers {
			users[u] = true
		}
	}
	if depth == 0 {
		return
	}
	for _, c := range x.children[group] {
		if int(c) < len(x.users) && enter(c) {
			x.below(c, depth-1, enter, users, groups)
		}
	}
}

func sortedKeys(m map[uint32]bool) []uint32 {
	out := []uint32{}
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func TestFlatteningEqualsANaiveReadingOfEveryWayDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTenant(t)
		for i, c := range x.children { // the reference takes every way there is: few ways, or it takes long
			x.children[i] = c[:min(len(c), 2)]
		}
		g := x.graph()
		w := g.Walk()
		closed := rapid.SliceOfN(rapid.Bool(), len(x.users), len(x.users)).Draw(t, "closed")
		asked := map[uint32]int{}
		enter := func(c uint32) bool { asked[c]++; return !closed[c] }
		depth := rapid.IntRange(-1, 5).Draw(t, "depth")
		ways := depth
		if depth < 0 {
			ways = len(x.users) // no shortest way has more levels than there are groups
		}
		for group := range uint32(len(x.users)) {
			users, groups := map[uint32]bool{}, map[uint32]bool{}
			x.below(group, ways, enter, users, groups)
			steps := 1 << 20
			clear(asked)
			gotUsers, gotGroups := w.Below(group, Reach{Depth: depth, Enter: enter, Steps: &steps}, nil)
			if diff := cmp.Diff(sortedKeys(users), append([]uint32{}, gotUsers...)); diff != "" {
				t.Fatalf("users below %d, depth %d (-want +got):\n%s", group, depth, diff)
			}
			if gotGroups[0] != group {
				t.Fatalf("the group itself is not first: %v", gotGroups)
			}
			entered := slices.Sorted(slices.Values(gotGroups))
			if diff := cmp.Diff(sortedKeys(groups), entered); diff != "" {
				t.Fatalf("groups below %d, depth %d (-want +got):\n%s", group, depth, diff)
			}
			looked := len(entered)
			for _, in := range entered {
				looked += len(g.Users(in))
				if depth < 0 || len(w.Trail(in)) <= depth {
					looked += len(g.Children(in))
				}
			}
			for c, times := range asked {
				if times > 1 || c == group {
					t.Fatalf("it is asked %d times whether %d may be entered", times, c)
				}
			}
			if 1<<20-steps != looked {
				t.Fatalf("%d steps counted, %d groups, users and member groups looked at", 1<<20-steps, looked)
			}
			for in := range uint32(len(x.users)) {
				checkTrail(t, x, w.Trail(in), group, in, groups[in], depth)
			}
			order := slices.Clone(gotGroups)
			if diff := cmp.Diff(order, w.Enter(Reach{Depth: depth, Enter: enter}, group)); diff != "" {
				t.Fatalf("groups entered without their users (-with +without):\n%s", diff)
			}
		}
	})
}

func checkTrail(t *rapid.T, x tenant, trail []uint32, from, to uint32, reached bool, depth int) {
	if !reached {
		if trail != nil {
			t.Fatalf("a way %v to a group that is not reached", trail)
		}
		return
	}
	if len(trail) == 0 || trail[0] != from || trail[len(trail)-1] != to {
		t.Fatalf("the way %v does not lead from %d to %d", trail, from, to)
	}
	if depth >= 0 && len(trail)-1 > depth {
		t.Fatalf("the way %v is longer than %d levels", trail, depth)
	}
	for i := 1; i < len(trail); i++ {
		if !slices.Contains(x.children[trail[i-1]], trail[i]) {
			t.Fatalf("way %v: group %d is not in group %d", trail, trail[i], trail[i-1])
		}
	}
}

func TestFlatteningEndsWhereItsStepsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTenant(t)
		w := x.graph().Walk()
		all, _ := w.Below(0, Reach{Depth: -1}, nil)
		all = slices.Clone(all)
		needed := 1 << 20
		w.Below(0, Reach{Depth: -1, Steps: &needed}, nil)
		needed = 1<<20 - needed
		bound := rapid.IntRange(0, 2*needed).Draw(t, "bound")
		steps := bound
		got, _ := w.Below(0, Reach{Depth: -1, Steps: &steps}, nil)
		if (steps < 0) != (bound < needed) {
			t.Fatalf("of %d steps %d are left, %d were needed", bound, steps, needed)
		}
		if steps >= 0 && !slices.Equal(got, all) {
			t.Fatalf("the steps were enough, and %v was found instead of %v", got, all)
		}
		for _, u := range got {
			if !slices.Contains(all, u) {
				t.Fatalf("user %d is found with few steps and not with many", u)
			}
		}
	})
}

func TestFlatteningIntoTheSameMemoryAgainAllocatesNothing(t *testing.T) {
	g := NewGraph(4, [][]uint32{{0, 1}, {2}, {3}}, [][]uint32{{1}, {2}, {0}})
	w := g.Walk()
	buf := make([]uint32, 0, 8)
	if n := testing.AllocsPerRun(100, func() { buf, _ = w.Below(0, Reach{Depth: -1}, buf[:0]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if diff := cmp.Diff([]uint32{0, 1, 2, 3}, buf); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

func TestFromManyGroupsNestingIsFollowedOnceDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTenant(t)
		g := x.graph()
		w := g.Walk()
		groups := map[uint32]bool{}
		var roots []uint32
		most := 0
		for root := range uint32(len(x.users)) {
			most += 1 + len(g.Children(root))
			if !rapid.Bool().Draw(t, "root") {
				continue
			}
			roots = append(roots, root)
			_, entered := w.Below(root, Reach{Depth: -1}, nil)
			for _, in := range entered {
				groups[in] = true
			}
		}
		steps := most
		got := slices.Clone(w.Enter(Reach{Depth: -1, Steps: &steps}, roots...))
		slices.Sort(got)
		if diff := cmp.Diff(sortedKeys(groups), append([]uint32{}, got...)); diff != "" {
			t.Fatalf("below %v (-want +got):\n%s", roots, diff)
		}
		if steps < 0 {
			t.Fatalf("from %d groups it takes more than %d steps", len(roots), most)
		}
	})
}
