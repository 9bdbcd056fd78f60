package scope

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"sync"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// Bounds of our own. Atlassian takes 8,000,000 memberships.
const (
	maxMemberships = 20_000_000
	maxSteps       = 2_000_000_000 // groups and users looked at while nesting is followed
)

// ErrTooMany says that nesting leads to more memberships than any target takes. Nothing is planned then: a plan for a
// part would remove the rest.
var ErrTooMany = errors.New("too many memberships")

// Select says who is in scope.
func Select(s *directory.Snapshot, r *Rules) (*Selection, error) {
	sel := &Selection{
		Users: make([]Standing, s.Users.Len()), Through: make([]uint32, s.Users.Len()),
		Groups: make([]Standing, s.Groups.Len()), Member: make([][]uint32, s.Groups.Len()), Incomplete: map[uint32]string{}, barred: make(barred, len(r.Groups)),
	}
	for u := range sel.Through {
		sel.Through[u] = NoGroup
	}
	sel.unsettled(s, r)
	sel.groups(s, r)
	if err := sel.members(s, r); err != nil {
		return nil, err
	}
	sel.unread(s, r)
	sel.users(s, r)
	if r.GroupFilter != nil { // a group that is filtered out is not provisioned, and leads its users in all the same
		for g := range sel.Groups {
			if sel.Groups[g] == Filtered {
				sel.Member[g] = nil
			}
		}
	}
	if r.NoGroups {
		for g := range sel.Groups {
			if sel.Groups[g] != NotAssigned {
				sel.Groups[g], sel.Member[g] = NotGroups, nil
			}
		}
	}
	return sel, nil
}

func (sel *Selection) unsettled(s *directory.Snapshot, r *Rules) {
	if r.Assigned && s.Gaps.Assignments != "" {
		sel.UnsettledUsers, sel.UnsettledGroups = s.Gaps.Assignments, s.Gaps.Assignments
	}
	if s.Gaps.Groups != "" { // a group that was not told may be in scope, and lead anybody in
		sel.UnsettledUsers, sel.UnsettledGroups = s.Gaps.Groups, s.Gaps.Groups
	}
}

// unread notes that a group in scope whose members were not all told may lead in anybody, and with NestedToo any group.
func (sel *Selection) unread(s *directory.Snapshot, r *Rules) {
	for g := range sel.Member {
		why := sel.Incomplete[uint32(g)]
		if why == "" {
			continue
		}
		why = s.Groups.Text(uint32(g), 1) + ": " + why
		sel.UnsettledUsers = cmp.Or(sel.UnsettledUsers, why)
		if r.NestedToo {
			sel.UnsettledGroups = cmp.Or(sel.UnsettledGroups, why)
		}
		return
	}
}

// groups settles which groups are in scope.
func (sel *Selection) groups(s *directory.Snapshot, r *Rules) {
	columns := s.Groups.Sources()
	take := func(g uint32, byName bool) {
		name := s.Groups.Text(g, 1)
		rule, named := r.rule(name)
		switch {
		case byName && !named:
		case rule.excludes(name):
			sel.Groups[g] = Excluded
		default:
			sel.Groups[g] = r.groupStanding(s.Groups.Row(g), columns)
		}
	}
	switch {
	case r.Assigned && !s.All:
		for _, g := range s.AssignedGroups {
			take(g, false)
		}
	default:
		for g := range sel.Groups {
			take(uint32(g), !r.Assigned)
		}
	}
	if !r.NestedToo {
		return
	}
	var tops []uint32
	for g := range sel.Groups {
		if sel.Groups[g] == In {
			tops = append(tops, uint32(g))
		}
	}
	for _, inner := range s.Graph.Walk().Enter(directory.Reach{Depth: -1}, tops...) {
		if sel.Groups[inner] == NotAssigned {
			sel.Groups[inner] = r.groupStanding(s.Groups.Row(inner), columns)
		}
	}
}

func (r *Rules) groupStanding(row directory.Row, columns directory.Sources) Standing {
	if r.GroupFilter == nil {
		return In
	}
	switch r.GroupFilter.Evaluate(func(name string) document.AttributeValue { return row.Cell(columns.Column(name)) }).Outcome {
	case Fail:
		return Filtered
	case Unknown:
		return NotSettled
	case Pass:
	}
	return In
}

// members flattens the groups in scope. Each worker takes the next few groups that nobody took; what it writes belongs
// to its groups alone.
func (sel *Selection) members(s *directory.Snapshot, r *Rules) error {
	var mu sync.Mutex
	next, total, steps := 0, 0, maxSteps
	var wg sync.WaitGroup
	for range max(1, min(runtime.GOMAXPROCS(0), 8)) {
		wg.Go(func() {
			w := s.Graph.Walk()
			var buf []uint32
			for {
				const few = 64
				mu.Lock()
				from := next
				next += few
				left, over := steps, total > maxMemberships || steps < 0
				mu.Unlock()
				if from >= len(sel.Groups) || over {
					return
				}
				budget, found := left, 0
				why := map[uint32]string{}
				for g := from; g < min(from+few, len(sel.Groups)); g++ {
					if !sel.Groups[g].leads() {
						continue
					}
					buf = sel.flatten(s, r, w, uint32(g), &budget, why, buf)
					found += len(sel.Member[g])
				}
				mu.Lock()
				steps -= left - budget
				total += found
				maps.Copy(sel.Incomplete, why)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if total > maxMemberships || steps < 0 {
		return fmt.Errorf("%w: following the nested groups in scope gives more than %d memberships, or takes more than %d steps; Atlassian takes 8,000,000. Narrow the scope, or read some groups with nested: direct", ErrTooMany, maxMemberships, maxSteps)
	}
	return nil
}

func (sel *Selection) flatten(s *directory.Snapshot, r *Rules, w *directory.Walker, g uint32, steps *int, why map[uint32]string, buf []uint32) []uint32 {
	users, entered := w.Below(g, sel.reach(s, r, g, steps), buf[:0])
	sel.Member[g] = append(make([]uint32, 0, len(users)), users...) // never nil: the group leads in whoever is in it, nobody perhaps
	if len(s.Incomplete) > 0 {
		for _, inner := range entered {
			if text := s.Incomplete[inner]; text != "" {
				why[g] = text
				break
			}
		}
	}
	return users
}
