package scope

import (
	"fmt"
	"testing"

	"github.com/rollcall/rollcall/internal/core/directory"
)

func TestAGroupIsComparedWithThePatternsOfARuleOnce(t *testing.T) {
	s := source{}
	for i := range 40 {
		s.groups = append(s.groups, sourceGroup{id: fmt.Sprintf("g%03d", i), name: fmt.Sprintf("team-%d", i%3)})
	}
	snapshot := s.snapshot()
	r := &Rules{Groups: []GroupRule{{Name: "*", Exclude: []string{"team-1"}}, {Name: "*", Exclude: []string{"team-2"}}}}
	b := make(barred, len(r.Groups))
	for range 2 {
		for rule := range r.Groups {
			for g := range uint32(40) {
				if got, want := b.excludes(snapshot, r, rule, g), int(g)%3 == rule+1; got != want {
					t.Fatalf("rule %d excludes group %d: %v, want %v", rule, g, got, want)
				}
			}
			r.Groups[rule].Exclude = []string{"*"} // who asked again would now find every group excluded
		}
	}
}

func TestWithGroupsInsideProvisionedTooAllOfThemAreInScope(t *testing.T) {
	const levels = 300
	s := source{users: []sourceUser{{id: "ada", enabled: "True"}}}
	for i := range levels {
		g := sourceGroup{id: fmt.Sprintf("g%03d", i), name: fmt.Sprintf("team-%d", i)}
		if i+1 < levels {
			g.groups = []string{fmt.Sprintf("g%03d", i+1)}
		}
		s.groups = append(s.groups, g)
	}
	s.groups = append(s.groups, sourceGroup{id: "h", name: "aside"})
	s.assigned = directory.Assigned{Groups: []string{"g007", "g009"}}
	sel, err := Select(s.snapshot(), &Rules{Assigned: true, Nested: Direct, NestedToo: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.groups {
		want := NotAssigned
		if i >= 7 && i < levels {
			want = In
		}
		if sel.Groups[i] != want {
			t.Fatalf("%s stands as %d, want %d", s.groups[i].id, sel.Groups[i], want)
		}
	}
}
