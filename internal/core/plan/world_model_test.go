package plan_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// The world of these tests is plain: lists of people, groups and records, as an administrator would write them down.
// Everything that the tests say of it they work out by themselves, from these lists alone.

const email = mapping.WorkEmail

// person is a user of the source. "" is null, except of enabled and kind, where it is not told.
type person struct{ id, upn, mail, name, enabled, kind string }

// team is a group of the source.
type team struct {
	id, name      string
	users, groups []string
	incomplete    string
}

// record is a user of the target: its values by target attribute; a value that is not in the map is null.
type record struct {
	id     string
	active bool
	values map[string]string
}

// synced is a group of the target.
type synced struct {
	id, external, name string
	members            []string
	untold             bool
}

type world struct {
	people         []person
	teams          []team
	all            bool
	assignedUsers  []string
	assignedGroups []string
	deleted        []string
	gaps           directory.Gaps

	records   []record
	synced    []synced
	stateGaps directory.StateGaps

	userLinks, groupLinks []match.Link

	local    map[string]plan.Local
	policyOf map[string]string
	limit    int // most members of a group

	rules   plan.Rules
	history []plan.Removal
	at      time.Time
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// newWorld is an empty world with the default rules: what is assigned is in scope, nested groups are flattened.
func newWorld() *world {
	w := &world{at: noon, local: map[string]plan.Local{}, policyOf: map[string]string{}}
	w.rules = plan.Rules{
		Connection: "acme", Method: document.Rollcall, Mapping: mapping.Default(document.Rollcall, ""),
		Scope: scope.Rules{Assigned: true, Nested: scope.Flatten}, Text: "the rules",
	}
	return w
}

// onlyMembers lets only people of the department Member into scope.
func (w *world) onlyMembers() {
	c := document.FilterClause{SourceOperandName: "department", OperatorName: "EQUALS"}
	c.TargetOperand.Values = []string{"Member"}
	w.rules.Mapping.User.Scope = &document.Filter{Groups: []document.FilterGroup{{Name: "members", Clauses: []document.FilterClause{c}}}}
	w.rules.Scope.UserFilter = scope.Compile(w.rules.Mapping.User.Scope)
}

// input is the world as Compute takes it.
func (w *world) input() plan.Input {
	r := &w.rules
	columns := r.UserAttributes()
	b := directory.NewSnapshot(columns, r.GroupAttributes())
	for _, p := range w.people {
		row := make([]document.AttributeValue, len(columns))
		for i, name := range columns {
			row[i] = p.attribute(name)
		}
		b.User(row...)
	}
	for _, g := range w.teams {
		row := make([]document.AttributeValue, len(r.GroupAttributes()))
		for i, name := range r.GroupAttributes() {
			row[i] = g.attribute(name)
		}
		b.Group(row, g.users, g.groups, g.incomplete)
	}
	source := b.Snapshot(directory.Assigned{All: w.all, Users: w.assignedUsers, Groups: w.assignedGroups}, w.deleted, w.gaps)

	s := directory.NewState(r.UserColumns())
	for _, rec := range w.records {
		row := []document.AttributeValue{document.TextValue(rec.id)}
		for _, name := range r.UserColumns()[1:] {
			row = append(row, textOrNull(rec.values[name]))
		}
		s.User(rec.active, row...)
	}
	for _, g := range w.synced {
		s.Group(g.id, g.external, g.name, g.members, !g.untold)
	}
	state := s.State(w.stateGaps)
	return plan.Input{
		At: w.at, Rules: w.rules, Source: source, History: w.history,
		Target: plan.Target{
			State:  state,
			Users:  match.Resolve(w.userLinks, state.Users.Len(), source.UserRows, state.UserRows),
			Groups: match.Resolve(w.groupLinks, state.Groups.Len(), source.GroupRows, state.GroupRows),
			Local:  w.local, PolicyOf: w.policyOf, GroupMembers: w.limit,
		},
	}
}

func textOrNull(s string) document.AttributeValue {
	if s == "" {
		return document.NullValue
	}
	return document.TextValue(s)
}

func (p person) attribute(name string) document.AttributeValue {
	told := func(s string) document.AttributeValue {
		if s == "" {
			return document.NotTold
		}
		return document.TextValue(s)
	}
	switch document.SourceKey(name) {
	case "id":
		return document.TextValue(p.id)
	case "userprincipalname":
		return textOrNull(p.upn)
	case "displayname":
		return textOrNull(p.name)
	case "mail":
		return textOrNull(p.mail)
	case "accountenabled":
		return told(p.enabled)
	case "department":
		return told(p.kind)
	}
	return document.NullValue
}

func (g team) attribute(name string) document.AttributeValue {
	switch document.SourceKey(name) {
	case "id":
		return document.TextValue(g.id)
	case "displayname":
		return textOrNull(g.name)
	}
	return document.NullValue
}

// compute plans; a plan that cannot be made fails the test.
func compute(t failer, w *world) *plan.Plan {
	t.Helper()
	p, err := plan.Compute(w.input())
	if err != nil {
		t.Fatalf("computing the plan: %v", err)
	}
	return p
}

// failer is a test of either kind.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

var _ failer = (*testing.T)(nil)

func steps(p *plan.Plan) []plan.Step { return slices.Collect(p.Steps()) }

// clone is a world of its own.
func (w *world) clone() *world {
	c := *w
	c.people, c.deleted = slices.Clone(w.people), slices.Clone(w.deleted)
	c.assignedUsers, c.assignedGroups = slices.Clone(w.assignedUsers), slices.Clone(w.assignedGroups)
	c.userLinks, c.groupLinks = slices.Clone(w.userLinks), slices.Clone(w.groupLinks)
	c.history = slices.Clone(w.history)
	c.teams = slices.Clone(w.teams)
	for i := range c.teams {
		c.teams[i].users, c.teams[i].groups = slices.Clone(c.teams[i].users), slices.Clone(c.teams[i].groups)
	}
	c.records = slices.Clone(w.records)
	for i := range c.records {
		c.records[i].values = maps.Clone(w.records[i].values)
	}
	c.synced = slices.Clone(w.synced)
	for i := range c.synced {
		c.synced[i].members = slices.Clone(c.synced[i].members)
	}
	c.policyOf = maps.Clone(w.policyOf)
	return &c
}

func (w *world) person(id string) *person {
	i := slices.IndexFunc(w.people, func(p person) bool { return p.id == id })
	if i < 0 {
		return nil
	}
	return &w.people[i]
}

func (w *world) team(id string) *team {
	i := slices.IndexFunc(w.teams, func(g team) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	return &w.teams[i]
}

func (w *world) record(id string) *record {
	i := slices.IndexFunc(w.records, func(r record) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	return &w.records[i]
}

func (w *world) syncedGroup(id string) *synced {
	i := slices.IndexFunc(w.synced, func(g synced) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	return &w.synced[i]
}

// --- what should be there, worked out from the lists ---

// rule is the first rule whose pattern fits. The patterns of these tests are a name, or a beginning and a star.
func (w *world) rule(name string) (scope.GroupRule, bool) {
	for _, r := range w.rules.Scope.Groups {
		if fits(r.Name, name) {
			return r, true
		}
	}
	return scope.GroupRule{Nested: w.rules.Scope.Nested}, false
}

func fits(pattern, name string) bool {
	pattern, name = strings.ToLower(pattern), strings.ToLower(name)
	if before, star := strings.CutSuffix(pattern, "*"); star {
		return strings.HasPrefix(name, before)
	}
	return pattern == name
}

func excluded(r scope.GroupRule, name string) bool {
	return slices.ContainsFunc(r.Exclude, func(pattern string) bool { return fits(pattern, name) })
}

// groupInScope tells whether a group of the source is to be synced.
func (w *world) groupInScope(id string) bool {
	g := w.team(id)
	if g == nil {
		return false
	}
	r, named := w.rule(g.name)
	if w.rules.Scope.Assigned {
		return (w.all || slices.Contains(w.assignedGroups, id)) && !excluded(r, g.name)
	}
	return named && !excluded(r, g.name)
}

// membersOf is everybody whom the nesting that the rules read leads into the group.
func (w *world) membersOf(id string) map[string]bool {
	out := map[string]bool{}
	top := w.team(id)
	if top == nil {
		return out
	}
	r, _ := w.rule(top.name)
	levels := len(w.teams) + 1
	switch {
	case r.Nested == scope.Direct:
		levels = 0
	case r.Depth > 0:
		levels = r.Depth
	}
	var walk func(id string, levels int)
	walk = func(id string, levels int) {
		g := w.team(id)
		if g == nil {
			return
		}
		for _, u := range g.users {
			if w.person(u) != nil {
				out[u] = true
			}
		}
		if levels == 0 {
			return
		}
		for _, child := range g.groups {
			if c := w.team(child); c != nil && !excluded(r, c.name) {
				walk(child, levels-1)
			}
		}
	}
	walk(id, levels)
	return out
}

// ledIn tells whether anything leads a user in.
func (w *world) ledIn(u string) bool {
	if w.rules.Scope.Assigned && (w.all || slices.Contains(w.assignedUsers, u)) {
		return w.person(u) != nil
	}
	for _, g := range w.teams {
		if w.groupInScope(g.id) && w.membersOf(g.id)[u] {
			return true
		}
	}
	return false
}

// wantedUser tells whether a user should be active at the target.
func (w *world) wantedUser(u string) bool {
	p := w.person(u)
	return p != nil && w.ledIn(u) && p.enabled == "True" && (w.rules.Scope.UserFilter == nil || p.kind == "Member")
}

// unsettled tells whether what decides about a user was not told.
func (w *world) unsettled(u string) bool {
	p := w.person(u)
	if p == nil || !w.ledIn(u) || p.enabled == "False" { // whoever is disabled is out whatever the filter says
		return false
	}
	return w.rules.Scope.UserFilter != nil && p.kind == "" || p.enabled == "" && (w.rules.Scope.UserFilter == nil || p.kind == "Member")
}

// wantedMember tells whether a user should be a member of a group at the target. Somebody who is disabled stays where
// he is, and is put nowhere.
func (w *world) wantedMember(g, u string) bool {
	return w.groupInScope(g) && w.membersOf(g)[u] && (w.wantedUser(u) || w.unsettled(u) || w.person(u).enabled == "False" && (w.rules.Scope.UserFilter == nil || w.person(u).kind != "Guest"))
}

// values are what a user's record should hold.
func (w *world) values(u string) map[string]string {
	p := w.person(u)
	v := map[string]string{"externalId": p.id, "userName": p.upn, "displayName": p.name, email: p.mail}
	for k, s := range v {
		if s == "" {
			delete(v, k)
		}
	}
	return v
}

// String is the world in lines, for the eyes of whoever reads a failed test.
func (w *world) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "  "+format+"\n", args...) }
	for _, p := range w.people {
		line("user   %s upn=%q mail=%q name=%q enabled=%s %s", p.id, p.upn, p.mail, p.name, p.enabled, p.kind)
	}
	for _, g := range w.teams {
		line("group  %s %q users=%v groups=%v %s", g.id, g.name, g.users, g.groups, g.incomplete)
	}
	line("assigned all=%v users=%v groups=%v deleted=%v gaps=%+v rules=%+v", w.all, w.assignedUsers, w.assignedGroups, w.deleted, w.gaps, w.rules.Scope)
	for _, r := range w.records {
		line("record %s active=%v %v", r.id, r.active, r.values)
	}
	for _, g := range w.synced {
		line("synced %s %q ext=%q members=%v untold=%v", g.id, g.name, g.external, g.members, g.untold)
	}
	line("links  %v groups %v gaps=%+v local=%v policies=%v %v limit=%d", w.userLinks, w.groupLinks, w.stateGaps, w.local, w.rules.Policies, w.policyOf, w.limit)
	return b.String()
}
