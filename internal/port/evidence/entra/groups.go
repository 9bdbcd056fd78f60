package entra

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// group is a group that is recorded.
type group struct {
	raw     jsontext.Value
	doc     document.Group
	members []document.Member // those of the subjects' own chains; all of them where all is set
	count   int               // direct members of every kind; -1: not told
	counted bool              // how many there are was asked
	asked   bool              // somebody asked about it
	subject bool              // it may be the subject itself: its members count
	listed  bool              // all its members were read
	entered bool              // the groups inside it were read
	climbed bool              // the groups above it were read
	placed  bool              // who of its parents is among the groups was read
}

const (
	maxClimbers = 40  // people whose groups are read: more answer to one name
	maxEdges    = 400 // groups of which is asked what they are in
	maxScoped   = 6000
	maxUnveiled = 200 // groups in scope into which is looked for hidden ones
)

const (
	typeUser  = "#microsoft.graph.user"
	typeGroup = "#microsoft.graph.group"
)

// findGroups reads the groups of the people and those above them, the groups that were asked about, and of the groups in
// scope those from which "not assigned" draws.
func (f *search) findGroups(ctx context.Context) error {
	if f.lost[document.Groups] {
		return nil
	}
	for _, step := range []func(context.Context) error{f.groupsByName, f.climb, f.climbFromGroups, f.within, f.restOfScope, f.hiddenInScope, f.edges, f.everyMember, f.counts} {
		if err := step(ctx); err != nil || f.lost[document.Groups] {
			return err
		}
	}
	f.into.whole(document.Groups)
	return nil
}

// failed notes that groups could not be read.
func (f *search) failed(err error) error {
	f.lost[document.Groups] = true
	return f.ended(err, f.into, document.Groups, 0)
}

func (f *search) keepGroup(raw jsontext.Value) (*group, error) {
	g := &group{raw: raw, count: -1}
	if err := json.Unmarshal(raw, &g.doc); err != nil {
		return nil, err
	}
	id := facts.Fold(g.doc.ID)
	if have := f.groups[id]; have != nil {
		return have, nil
	}
	f.groups[id] = g
	return g, nil
}

// groupsByName finds the groups that the texts may mean, and those that another source named by id: whoever typed a
// name that only Atlassian knows meant such a group.
func (f *search) groupsByName(ctx context.Context) error {
	if len(f.named.clauses) == 0 {
		f.named.clauses = f.groupClauses()
		got, err := f.all(ctx, f.named.asks(f.groupFields), 2)
		if err != nil {
			return err
		}
		f.named.got = got
	}
	named := f.named
	f.named = groupNames{}
	nobody := len(f.groups) == 0 && !slices.ContainsFunc(f.people, func(p *person) bool { return p.subject })
	take := func(v jsontext.Value) error {
		g, err := f.keepGroup(v)
		if err != nil {
			return err
		}
		g.asked = true
		means := func(t string) bool {
			return facts.Fold(t) == facts.Fold(g.doc.DisplayName) || facts.Fold(t) == facts.Fold(g.doc.ID)
		}
		g.subject = slices.ContainsFunc(f.focus.Texts, means) || nobody && !means(f.focus.Group)
		return nil
	}
	for i, some := range slices.Collect(slices.Chunk(named.clauses, mostClauses)) {
		err := named.got[i].each(take)
		if unfit(err) {
			err = f.each(ctx, "/groups", selected(f.groupFields), some, take, err)
		}
		if err != nil {
			return f.failed(err)
		}
	}
	return nil
}

// groupNames are groups that are asked for by name or id, and what came of it.
type groupNames struct {
	clauses []string
	got     []answered
}

func (n groupNames) asks(fields []string) (asks []ask) {
	for some := range slices.Chunk(n.clauses, mostClauses) {
		asks = append(asks, ask{path: "/groups", query: with(selected(fields), "$filter", strings.Join(some, " or ")), of: document.Groups})
	}
	return asks
}

// groupClauses are the clauses that find the groups which the focus names, and which were not asked for before.
func (f *search) groupClauses() (clauses []string) {
	for _, t := range append([]string{f.focus.Group}, f.focus.Texts...) {
		if t = strings.TrimSpace(t); t == "" || f.asked["group "+facts.Fold(t)] {
			continue
		}
		f.asked["group "+facts.Fold(t)] = true
		clauses = append(clauses, "displayName eq "+quoted(t))
		if isID(t) {
			clauses = append(clauses, "id eq "+quoted(t))
		}
	}
	for _, id := range f.focus.Groups {
		if isID(id) && f.groups[facts.Fold(id)] == nil && !f.asked["group "+facts.Fold(id)] {
			f.asked["group "+facts.Fold(id)] = true
			clauses = append(clauses, "id eq "+quoted(id))
		}
	}
	return clauses
}

// climb reads the groups that hold the people, directly and over any nesting.
func (f *search) climb(ctx context.Context) error {
	var asks []ask
	var who []*person
	for _, p := range f.people {
		if p.deleted || p.climbed || len(who) == maxClimbers {
			continue
		}
		p.climbed = true
		who = append(who, p)
		base := "/users/" + url.PathEscape(p.user.ID)
		asks = append(asks, ask{path: base + "/memberOf", query: selected([]string{"id"})}, ask{path: base + "/transitiveMemberOf", query: selected(f.groupFields)})
	}
	lists := len(asks)
	if lists > 0 { // in the same request, what the record needs beside them
		asks = append(asks, f.witnessAsks()...)
	}
	got, err := f.all(ctx, asks, 5)
	if err != nil {
		return err
	}
	f.seen(got[lists:])
	for i, p := range who {
		for _, a := range got[2*i : 2*i+2] {
			if a.err != nil {
				return f.failed(a.err)
			}
		}
		if err := f.above(got[2*i+1].values, p.above); err != nil {
			return f.failed(err)
		}
		for _, id := range groupIDs(got[2*i].values) {
			p.direct[id] = true
			if g := f.groups[id]; g != nil {
				g.members = append(g.members, document.Member{Type: typeUser, ID: p.user.ID})
			}
		}
	}
	return nil
}

// climbFromGroups reads what is above the groups that were asked about.
func (f *search) climbFromGroups(ctx context.Context) error {
	var asks []ask
	for _, id := range sortedKeys(f.groups) {
		if g := f.groups[id]; g.asked && !g.climbed {
			g.climbed = true
			asks = append(asks, ask{path: "/groups/" + url.PathEscape(g.doc.ID) + "/transitiveMemberOf", query: selected(f.groupFields)})
		}
	}
	got, err := f.all(ctx, asks, 5)
	if err != nil {
		return err
	}
	for _, a := range got {
		if a.err != nil {
			return f.failed(a.err)
		}
		if err := f.above(a.values, map[string]bool{}); err != nil {
			return f.failed(err)
		}
	}
	return nil
}

// above keeps the groups among objects; directory roles and administrative units are none.
func (f *search) above(values []jsontext.Value, ids map[string]bool) error {
	for _, v := range values {
		if !isGroup(v) {
			continue
		}
		g, err := f.keepGroup(v)
		if err != nil {
			return err
		}
		ids[facts.Fold(g.doc.ID)] = true
	}
	return nil
}

func isGroup(raw jsontext.Value) bool {
	var m document.Member
	return json.Unmarshal(raw, &m) == nil && (m.Type == typeGroup || m.Type == "")
}

func groupIDs(values []jsontext.Value) []string {
	var out []string
	for _, v := range values {
		var m document.Member
		if json.Unmarshal(v, &m) == nil && (m.Type == typeGroup || m.Type == "") {
			out = append(out, facts.Fold(m.ID))
		}
	}
	return out
}

// edges reads which of the groups are in which, where a way over nesting can matter to an answer: where something in
// scope, or asked about, is above a person without holding them directly, and above every group that was asked about.
func (f *search) edges(ctx context.Context) error {
	need := map[string]bool{}
	nested := false
	for _, p := range f.people {
		if !p.climbed || !f.nested(p) {
			continue
		}
		for id := range p.above {
			need[id] = true
		}
	}
	for _, g := range f.groups {
		nested = nested || g.asked
	}
	for id := range f.veils {
		need[id] = true
	}
	if nested { // what is above a group that was asked about is among the groups; so is what it is not above
		for id := range f.groups {
			need[id] = true
		}
	}
	var asks []ask
	var from []*group
	for _, id := range sortedKeys(need) {
		if g := f.groups[id]; !g.placed {
			g.placed = true
			from = append(from, g)
			asks = append(asks, ask{path: "/groups/" + url.PathEscape(g.doc.ID) + "/memberOf", query: selected([]string{"id"})})
		}
	}
	if len(asks) > maxEdges {
		asks = asks[:maxEdges]
		f.into.gap(gapOf(document.Groups, "", "how the groups are nested", "the subjects are in more groups than are followed"))
	}
	lists := len(asks)
	var counted []*group
	if !nested { // otherwise all members of some are read first
		var sizes []ask
		counted, sizes = f.countAsks()
		asks = append(asks, sizes...)
	}
	got, err := f.all(ctx, asks, 5)
	if err != nil {
		return err
	}
	f.count(counted, got[lists:])
	for i, a := range got[:lists] {
		if a.err != nil {
			return f.failed(a.err)
		}
		for _, outer := range groupIDs(a.values) {
			if g := f.groups[outer]; g != nil {
				g.members = append(g.members, document.Member{Type: typeGroup, ID: from[i].doc.ID})
			}
		}
	}
	return nil
}

// nested tells whether a group that can matter is above the person only over other groups.
func (f *search) nested(p *person) bool {
	for id := range p.above {
		if !p.direct[id] && (f.inScope(id) || f.groups[id].asked) {
			return true
		}
	}
	return false
}

// restOfScope reads the other groups in scope where somebody is in none: an answer then draws from their rules, and
// from whether their members can be seen at all.
func (f *search) restOfScope(ctx context.Context) error {
	if !f.outside() {
		return nil
	}
	var ids []string
	for _, id := range sortedKeys(f.scoped) {
		if f.groups[id] == nil && isID(id) {
			ids = append(ids, id)
		}
	}
	ids = ids[:min(len(ids), maxScoped)] // of those beyond it the answer says that they were not read
	var asks []ask
	for _, filter := range byIDs(ids) {
		asks = append(asks, ask{path: "/groups", query: with(selected(f.groupFields), "$filter", filter)})
	}
	got, err := f.all(ctx, asks, 1)
	if err != nil {
		return err
	}
	for _, a := range got {
		if a.err != nil {
			return f.failed(a.err)
		}
		for _, v := range a.values {
			if _, err := f.keepGroup(v); err != nil {
				return f.failed(err)
			}
		}
	}
	return nil
}

// outside tells whether a subject is neither assigned nor in a group in scope.
func (f *search) outside() bool {
	return !f.syncAll && slices.ContainsFunc(f.people, func(p *person) bool {
		if !p.subject || !p.climbed || f.assigned[facts.Fold(p.user.ID)] {
			return false
		}
		for id := range p.above {
			if f.scoped[id] {
				return false
			}
		}
		return true
	})
}
