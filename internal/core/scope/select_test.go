package scope

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

type sourceUser struct{ id, mail, department, enabled, kind string } // "" is null; of department and enabled: not told

type sourceGroup struct {
	id, name      string
	users, groups []string
	incomplete    string
}

// source is a directory in lists.
type source struct {
	users    []sourceUser
	groups   []sourceGroup
	assigned directory.Assigned
	gaps     directory.Gaps
}

func (s source) snapshot() *directory.Snapshot {
	told := func(text string) document.AttributeValue {
		if text == "" {
			return document.NotTold
		}
		return val(text)
	}
	null := func(text string) document.AttributeValue {
		if text == "" {
			return document.NullValue
		}
		return val(text)
	}
	b := directory.NewSnapshot([]string{"id", "userPrincipalName", "mail", "department", "accountEnabled", "userType"}, []string{"id", "displayName"})
	for _, u := range s.users {
		b.User(val(u.id), val(u.id+"@x.example"), null(u.mail), told(u.department), told(u.enabled), null(u.kind))
	}
	for _, g := range s.groups {
		b.Group([]document.AttributeValue{val(g.id), null(g.name)}, g.users, g.groups, g.incomplete)
	}
	return b.Snapshot(s.assigned, nil, s.gaps)
}

func (s source) group(id string) *sourceGroup {
	i := slices.IndexFunc(s.groups, func(g sourceGroup) bool { return g.id == id })
	return &s.groups[i]
}

func drawSource(t *rapid.T) (s source) {
	some := func(from []string, what string) (out []string) {
		for _, id := range from {
			if rapid.Bool().Draw(t, what+" "+id) {
				out = append(out, id)
			}
		}
		return out
	}
	var users, groups []string
	for i := range rapid.IntRange(0, 5).Draw(t, "users") {
		id := fmt.Sprintf("u%d", i)
		users = append(users, id)
		s.users = append(s.users, sourceUser{
			id, rapid.SampledFrom([]string{"a@x.example", "a@y.example", ""}).Draw(t, "mail"), rapid.SampledFrom([]string{"Sales", "Sales", "IT", ""}).Draw(t, "department"),
			rapid.SampledFrom([]string{"True", "True", "False", ""}).Draw(t, "enabled"), rapid.SampledFrom([]string{"Member", "Member", "Guest", ""}).Draw(t, "type"),
		})
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "groups") {
		groups = append(groups, fmt.Sprintf("g%d", i))
	}
	for _, id := range groups {
		g := sourceGroup{id: id, name: rapid.SampledFrom([]string{"alpha", "Alpha-1", "beta", ""}).Draw(t, "name"), users: some(users, "user of "+id), groups: some(groups, "inside "+id)}
		if rapid.IntRange(0, 5).Draw(t, "incomplete") == 0 {
			g.incomplete = "not fully read"
		}
		s.groups = append(s.groups, g)
	}
	s.assigned = directory.Assigned{All: rapid.IntRange(0, 8).Draw(t, "all") == 0, Users: some(users, "assigned"), Groups: some(groups, "assigned")}
	switch rapid.IntRange(0, 6).Draw(t, "gap") {
	case 0:
		s.gaps.Assignments = "assignments"
	case 1:
		s.gaps.Groups = "groups"
	}
	return s
}

func drawRules(t *rapid.T) *Rules {
	r := &Rules{Assigned: rapid.IntRange(0, 3).Draw(t, "assigned") > 0, Nested: rapid.SampledFrom([]string{Flatten, Direct, ""}).Draw(t, "nested")}
	for range rapid.IntRange(0, 2).Draw(t, "rules") {
		r.Groups = append(r.Groups, GroupRule{
			Name: rapid.SampledFrom([]string{"alpha*", "beta", "*"}).Draw(t, "pattern"), Nested: rapid.SampledFrom([]string{Flatten, Direct}).Draw(t, "nested"),
			Depth: rapid.IntRange(0, 2).Draw(t, "depth"), Exclude: rapid.SampledFrom([][]string{nil, {"beta"}, {"alpha-1"}}).Draw(t, "exclude"),
		})
	}
	if rapid.IntRange(0, 3).Draw(t, "filter") == 0 {
		r.UserFilter = Compile(&document.Filter{Groups: []document.FilterGroup{all("sales", where("department", "EQUALS", "Sales"))}})
	}
	if rapid.IntRange(0, 5).Draw(t, "domains") == 0 {
		r.Domains = map[string]bool{"x.example": true}
	}
	return r
}

// naive is the selection, worked out by recursion over names.
type naive struct {
	source
	*Rules
}

func (n naive) fits(pattern, name string) bool {
	name = strings.ToLower(name)
	if before, star := strings.CutSuffix(pattern, "*"); star {
		return strings.HasPrefix(name, before)
	}
	return name == pattern
}

func (n naive) ruleOf(g *sourceGroup) (GroupRule, bool) {
	for _, r := range n.Rules.Groups {
		if n.fits(r.Name, g.name) {
			return r, true
		}
	}
	return GroupRule{Nested: n.Nested}, false
}

func (n naive) excluded(r GroupRule, g *sourceGroup) bool {
	return slices.ContainsFunc(r.Exclude, func(p string) bool { return n.fits(p, g.name) })
}

func (n naive) groupStanding(g *sourceGroup) Standing {
	r, named := n.ruleOf(g)
	switch {
	case n.Assigned && !n.assigned.All && !slices.Contains(n.assigned.Groups, g.id), !n.Assigned && !named:
		return NotAssigned
	case n.excluded(r, g):
		return Excluded
	}
	return In
}

// below are the users that nesting leads into a group, and the groups on the way.
func (n naive) below(top *sourceGroup) (users, groups map[string]bool) {
	users, groups = map[string]bool{}, map[string]bool{}
	r, _ := n.ruleOf(top)
	levels := 100
	if r.Nested == Direct {
		levels = 0
	} else if r.Depth > 0 {
		levels = r.Depth
	}
	best := map[string]int{}
	var enter func(g *sourceGroup, left int)
	enter = func(g *sourceGroup, left int) {
		if before, seen := best[g.id]; seen && before >= left {
			return
		}
		best[g.id], groups[g.id] = left, true
		for _, u := range g.users {
			users[u] = true
		}
		for _, id := range g.groups {
			if child := n.group(id); left > 0 && !n.excluded(r, child) {
				enter(child, left-1)
			}
		}
	}
	enter(top, levels)
	return users, groups
}

func (n naive) userStanding(u sourceUser) Standing {
	led := n.Assigned && (n.assigned.All || slices.Contains(n.assigned.Users, u.id))
	for i := range n.groups {
		if users, _ := n.below(&n.groups[i]); n.groupStanding(&n.groups[i]) == In && users[u.id] {
			led = true
		}
	}
	switch {
	case !led:
		return NotAssigned
	case n.UserFilter != nil && u.department == "" && u.enabled == "False": // whatever the filter says
		return Disabled
	case n.UserFilter != nil && u.department == "":
		return NotSettled
	case n.UserFilter != nil && u.department != "Sales":
		return Filtered
	case n.Domains != nil && u.kind != "Guest" && strings.HasSuffix(u.mail, "@y.example"):
		return Foreign
	case u.enabled == "False":
		return Disabled
	}
	return In
}

func TestSelectIsTheNaiveRecursion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := naive{drawSource(t), drawRules(t)}
		s := n.snapshot()
		sel, err := Select(s, n.Rules)
		if err != nil {
			t.Fatalf("selecting: %v", err)
		}
		open := ""
		for i, u := range n.users {
			if got, want := sel.Users[i], n.userStanding(u); got != want {
				t.Fatalf("%s stands as %d, want %d", u.id, got, want)
			}
		}
		for i := range n.groups {
			g := &n.groups[i]
			standing := n.groupStanding(g)
			if got := sel.Groups[i]; got != standing {
				t.Fatalf("%s stands as %d, want %d", g.id, got, standing)
			}
			var want []uint32
			why := ""
			if standing == In {
				users, groups := n.below(g)
				for k, u := range n.users {
					if st := n.userStanding(u); users[u.id] && st != Filtered && st != Foreign {
						want = append(want, uint32(k))
					}
				}
				for k := range n.groups {
					if groups[n.groups[k].id] && n.groups[k].incomplete != "" {
						why = n.groups[k].incomplete
					}
				}
			}
			if d := cmp.Diff(want, sel.Member[i], cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("the members of %s differ (-want +got):\n%s", g.id, d)
			}
			if sel.Incomplete[uint32(i)] != why {
				t.Fatalf("%s is incomplete because of %q, want %q", g.id, sel.Incomplete[uint32(i)], why)
			}
			if why != "" {
				open = why
			}
		}
		unsettled := open != "" || n.gaps.Groups != "" || n.Assigned && n.gaps.Assignments != ""
		if (sel.UnsettledUsers != "") != unsettled {
			t.Fatalf("users are unsettled because of %q; expected: %v", sel.UnsettledUsers, unsettled)
		}
		n.chains(t, s, sel)
	})
}

// chains checks that whatever leads a user in is a way that exists.
func (n naive) chains(t *rapid.T, s *directory.Snapshot, sel *Selection) {
	ways := sel.Ways(s, n.Rules)
	asked := map[uint32]bool{}
	for u, g := range sel.Through {
		if g == NoGroup {
			continue
		}
		way := ways.Chain(g, uint32(u))
		if asked[g] = true; ways.walks != len(asked) {
			t.Fatalf("%d groups were walked %d times", len(asked), ways.walks)
		}
		if old := firstWay(s, sel.reach(s, n.Rules, g, nil), g, uint32(u)); !slices.Equal(way, old) {
			t.Fatalf("%v leads from %d to the user %d, and not the first way %v", way, g, u, old)
		}
		if len(way) == 0 || way[0] != g || !s.Graph.HasUser(way[len(way)-1], uint32(u)) {
			t.Fatalf("%v leads from %d to the user %d", way, g, u)
		}
		for i := 1; i < len(way); i++ {
			if !slices.Contains(s.Graph.Children(way[i-1]), way[i]) {
				t.Fatalf("%v: %d is not inside %d", way, way[i], way[i-1])
			}
		}
	}
}

// firstWay is the way to the first group that holds the user, found anew.
func firstWay(s *directory.Snapshot, r directory.Reach, group, user uint32) []uint32 {
	w := s.Graph.Walk()
	_, entered := w.Below(group, r, nil)
	for _, g := range entered {
		if s.Graph.HasUser(g, user) {
			return w.Trail(g)
		}
	}
	return nil
}

func TestAGroupThatWasNotFullyReadMayLeadAnybodyIn(t *testing.T) {
	s := source{
		users:    []sourceUser{{id: "ada", enabled: "True"}},
		groups:   []sourceGroup{{id: "devs", name: "devs", groups: []string{"inner"}}, {id: "inner", name: "inner", incomplete: "a page was not read"}},
		assigned: directory.Assigned{Groups: []string{"devs"}},
	}
	sel, err := Select(s.snapshot(), &Rules{Assigned: true, Nested: Flatten})
	if err != nil || sel.UnsettledUsers != "devs: a page was not read" || sel.UnsettledGroups != "" {
		t.Errorf("users are unsettled because of %q, groups of %q; %v", sel.UnsettledUsers, sel.UnsettledGroups, err)
	}
	if sel, _ = Select(s.snapshot(), &Rules{Assigned: true, Nested: Flatten, NestedToo: true}); sel.UnsettledGroups == "" {
		t.Error("a nested group that is provisioned, too, is settled")
	}
	if sel, _ = Select(s.snapshot(), &Rules{Assigned: true, Nested: Direct}); sel.UnsettledUsers != "" {
		t.Errorf("what is inside is not read, and still users are unsettled because of %q", sel.UnsettledUsers)
	}
}
