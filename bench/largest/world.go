package largest

import (
	"fmt"
	"sync"
)

// World is a made-up directory. It is immutable and safe for concurrent use.
type World struct {
	size   Size
	groups []group
	total  int

	users, records        ids // source and target, of users
	groupIDs, groupsThere ids // the same of groups
}

// group is a stretch of the circle of users.
type group struct {
	from uint32 // the first user
	own  uint32 // so many users without what a cycle leads in
	flat uint32 // so many with it: the flattened members
}

// New lays the directory out.
func New(size Size) (*World, error) {
	w := &World{size: size}
	low, high := 0, size.Users
	if w.count(low) > size.Memberships || w.count(high) < size.Memberships*98/100 {
		return nil, fmt.Errorf("%w: %+v gives %d to %d memberships", ErrSize, size, w.count(low), w.count(high))
	}
	for low+1 < high { // the largest scale that does not pass the number
		if middle := (low + high) / 2; w.count(middle) <= size.Memberships {
			low = middle
		} else {
			high = middle
		}
	}
	w.groups = make([]group, 0, size.Groups)
	w.layout(low, func(g group) {
		w.groups = append(w.groups, g)
		w.total += int(g.flat)
	})
	var wg sync.WaitGroup
	wg.Go(func() { w.users, w.groupIDs = newIDs(size.Users, size.Seed<<3), newIDs(size.Groups, size.Seed<<3|1) })
	wg.Go(func() {
		w.records, w.groupsThere = newIDs(size.Users, size.Seed<<3|2), newIDs(size.Groups, size.Seed<<3|3)
	})
	wg.Wait()
	return w, nil
}

// Memberships is the number of flattened memberships.
func (w *World) Memberships() int { return w.total }

func (w *World) count(scale int) int {
	n := 0
	w.layout(scale, func(g group) { n += int(g.flat) })
	return n
}

// Groups come in this order: the group of everybody; families; groups without nesting. A family is a spine, each group
// inside the one before it, and a leaf inside each group of the spine but the last two.
func (s Size) spine() int  { return s.Depth + 1 }
func (s Size) leaves() int { return max(0, s.Depth-1) }
func (s Size) family() int { return s.spine() + s.leaves() }

// families is how many there are: half of all groups lie in them.
func (s Size) families() int {
	if s.Depth < 1 {
		return 0
	}
	return (s.Groups - 1) / 2 / s.family()
}

// cycle is the level of the spine that the last group of the spine contains again; -1: none. In some families the
// whole spine is one cycle.
func (s Size) cycle(family int) int {
	switch {
	case family%5 == 4 && s.Depth > 2:
		return 2
	case family%5 == 3 && s.Depth > 0:
		return 0
	}
	return -1
}

// layout visits all groups in their order.
func (w *World) layout(scale int, visit func(group)) {
	s := w.size
	bound := func(n int) uint32 { return uint32(max(1, min(n, s.Users))) }
	everybody := uint32(s.Users)
	visit(group{0, everybody, everybody})
	made := 1
	for f := range s.families() {
		from := uint32(mix(s.Seed, uint64(f)) % uint64(s.Users))
		own, flat := bound(8+scale/(f+1)), uint32(0)
		for level := range s.spine() {
			if flat == 0 || level <= s.cycle(f) || s.cycle(f) < 0 {
				flat = own
			}
			visit(group{from, own, flat})
			own = max(1, own*5/8)
		}
		own = bound(8 + scale/(f+1))
		for range s.leaves() { // at the end of the stretch of its group
			n := max(1, own/8)
			visit(group{(from + own - n) % everybody, n, n})
			own = max(1, own*5/8)
		}
		made += s.family()
	}
	for i := range s.Groups - made {
		n := bound(3 + scale/4/(i+1))
		visit(group{uint32(mix(s.Seed, uint64(1<<32+i)) % uint64(s.Users)), n, n})
	}
}
