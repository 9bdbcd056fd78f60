package scenario_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
)

// reading is what a method makes of the teams, by the plainest means: lists of people, groups and "user in group".
type reading struct{ users, groups, members []string }

func (x teams) read(groups []string, direct bool) reading {
	users, members, names := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		all := map[string]bool{}
		if direct {
			for _, m := range x.members[g] {
				if x.upn[m] != "" {
					all[m] = true
				}
			}
		} else {
			x.flatten(g, map[string]bool{}, all)
		}
		for u := range all {
			users[x.upn[u]], members[x.upn[u]+" in "+x.name[g]] = true, true
		}
		names[x.name[g]] = true
	}
	return reading{slices.Sorted(maps.Keys(users)), slices.Sorted(maps.Keys(names)), slices.Sorted(maps.Keys(members))}
}

// below are the assigned groups and all that are inside them, however deep.
func (x teams) below() []string {
	seen := map[string]bool{}
	var walk func(g string)
	walk = func(g string) {
		if seen[g] || x.name[g] == "" {
			return
		}
		seen[g] = true
		for _, m := range x.members[g] {
			walk(m)
		}
	}
	for _, g := range x.assigned {
		walk(g)
	}
	return slices.Sorted(maps.Keys(seen))
}

// created is what a plan makes in an empty directory. Anything else it would do is an error.
func created(t *testing.T, p *plan.Plan) reading {
	t.Helper()
	var r reading
	for s := range p.Steps() {
		switch {
		case s.Held != nil || s.Op != plan.Create && s.Op != plan.AddMembers:
			t.Errorf("in an empty directory: %s of %s %s, held %v", s.Op, s.Kind, s.Subject.Name, s.Held)
		case s.Op == plan.AddMembers:
			for _, item := range s.Items {
				r.members = append(r.members, item.Name+" in "+s.Subject.Name)
			}
		case s.Kind == plan.KindUser:
			r.users = append(r.users, s.Subject.Name)
		default:
			r.groups = append(r.groups, s.Subject.Name)
		}
	}
	slices.Sort(r.users)
	slices.Sort(r.groups)
	slices.Sort(r.members)
	return r
}

func TestARealOrganizationIsProvisionedAsTheMethodReadsIt(t *testing.T) {
	t.Parallel()
	dir := testkit.Shared(t, "data", "kubernetes-teams")
	x := readTeams(t, dir)
	direct := []string{`scope: {groups: [{name: "*", nested: direct}]}`}
	none := &scenario.Scenario{}
	for name, tt := range map[string]struct {
		ask  scenario.PlanAsk
		want reading
	}{
		"nested groups flattened": {scenario.PlanAsk{}, x.read(x.assigned, false)},
		"direct members alone":    {scenario.PlanAsk{Rules: direct}, x.read(x.assigned, true)},
		"Entra's service":         {scenario.PlanAsk{Method: document.EntraSCIM}, x.read(x.assigned, true)},
		"Guard's connector":       {scenario.PlanAsk{Method: document.GuardNested}, x.read(x.below(), false)},
	} {
		t.Run(name, func(t *testing.T) {
			got := created(t, compute(t, load(t, dir, none), tt.ask, tt.ask.Method, nil))
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(reading{})); diff != "" {
				t.Errorf("-reference +plan:\n%s", diff)
			}
			if len(got.users) < 1000 || len(got.groups) < 500 || len(got.members) < 5000 {
				t.Errorf("%d people, %d groups, %d memberships: the organization is larger", len(got.users), len(got.groups), len(got.members))
			}
		})
	}
}

func TestFlatteningGivesARealOrganizationExactlyWhatNestingLoses(t *testing.T) {
	t.Parallel()
	dir := testkit.Shared(t, "data", "kubernetes-teams")
	w := load(t, dir, &scenario.Scenario{})
	direct := scenario.PlanAsk{Rules: []string{`scope: {groups: [{name: "*", nested: direct}]}`}}
	s := plan.Compare(compute(t, w, direct, "", nil), compute(t, w, scenario.PlanAsk{}, "", nil))
	var gained []string
	people := map[string]bool{}
	for _, g := range s.Memberships.Gained {
		gained = append(gained, g.Subject.Name+" in "+g.Subject.Group)
		people[g.Subject.Name] = true
		if !strings.HasPrefix(g.Why, g.Subject.Group+" ← ") {
			t.Errorf("%s in %s: no chain leads there: %q", g.Subject.Name, g.Subject.Group, g.Why)
		}
	}
	slices.Sort(gained)
	if diff := cmp.Diff(readTeams(t, dir).lost(), gained); diff != "" {
		t.Errorf("-lost by nesting +gained by flattening:\n%s", diff)
	}
	if len(gained) != 74 || len(people) != 71 {
		t.Errorf("%d memberships of %d people, want 74 of 71", len(gained), len(people))
	}
	if len(s.Memberships.Lost)+len(s.Users.Lost)+len(s.Groups.Lost)+len(s.Groups.Gained) > 0 {
		t.Errorf("flattening takes away or changes groups: %+v", s)
	}
}
