package trace

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// own is how rollcall itself provisions, where that is the connection's method: the same rules and the same selection
// by which it plans, so that an answer and a plan cannot disagree. It does not change, and tracers of one world share it.
type own struct {
	rules  plan.Rules
	known  bool // the rules are whole: what they import was read
	source *directory.Snapshot
	reach  scope.Rules      // the rules without depth, so that somebody beyond it is missed, not forgotten
	all    *scope.Selection // by reach
	within [][]uint32       // of each group of the world: the users whom the rules lead into it, sorted
	beyond [][]uint32       // likewise by reach

	userRow, groupRow []uint32 // from ordinals of the world to rows of the source
	user, group       []uint32 // and back
	standing          []scope.Standing

	log  map[string][]int // by folded id of a subject or member: entries of rollcall's log, the newest last
	plan func() *ownPlan  // made when somebody asks
}

// ownScope works out whom rollcall's rules lead in, and by which groups.
func (t *Tracer) ownScope(like *Tracer) {
	var o *own
	if like != nil {
		o = like.own
	} else {
		o = newOwn(t.w)
	}
	if o == nil {
		t.scopeKnown = false
		return
	}
	t.own, t.rules = o, o.rules.Mapping
	t.rules.Known = o.known // nobody else's mapping counts
	if !o.rules.Scope.Assigned {
		t.scopeKnown = t.w.Has(document.Groups)
		clear(t.assignedUser)
		t.unheld = nil
	}
	t.entitled = t.assignedUser
	for g, s := range o.standing {
		t.scoped[g] = s == scope.In || s == scope.NotGroups
	}
	t.entitledTo = t.scoped
}

// newOwn prepares what does not change; nil where the rules cannot be used, which whoever loads a world has said, or
// where nesting leads to more members than any target takes.
func newOwn(w *facts.World) *own {
	rules, _, err := plan.Own(w)
	known := !errors.Is(err, plan.ErrNoSchema)
	if !known { // who is in scope does not depend on the schema; which filters and values count does
		bare := *w.OwnRules
		bare.Import = false
		rules = plan.Base(w, document.Rollcall)
		_, err = rules.Write(w, &bare)
	}
	if err != nil {
		return nil
	}
	o := &own{rules: rules, known: known, log: map[string][]int{}}
	o.source = plan.Source(w, &o.rules, []string{"id", "userPrincipalName", "displayName", "accountEnabled", "mail", "userType"}, []string{"id", "displayName"})
	o.number(w)
	free := rules.Scope
	free.UserFilter, free.GroupFilter = nil, nil // they are another hop's affair
	some, err := scope.Select(o.source, &free)
	if err != nil {
		return nil
	}
	o.reach, o.all, o.within = free, some, o.members(some)
	o.beyond, o.standing = o.within, make([]scope.Standing, len(w.Groups))
	if unbounded(&o.reach) { // the rules stop somewhere: who is beyond that is a question of its own
		if o.all, err = scope.Select(o.source, &o.reach); err != nil {
			return nil
		}
		o.beyond = o.members(o.all)
	}
	for g := range w.Groups {
		o.standing[g] = some.Groups[o.groupRow[g]]
	}
	for i := range w.OwnLog {
		e := &w.OwnLog[i]
		o.log[facts.Fold(e.Subject.ID)] = append(o.log[facts.Fold(e.Subject.ID)], i)
		if e.Member.ID != "" {
			o.log[facts.Fold(e.Member.ID)] = append(o.log[facts.Fold(e.Member.ID)], i)
		}
	}
	o.plan = sync.OnceValue(func() *ownPlan { return newOwnPlan(w, rules) })
	return o
}

// unbounded takes out of rules how deep they read, and tells whether there was anything to take out.
func unbounded(r *scope.Rules) (changed bool) {
	changed = r.Nested != scope.Flatten
	r.Nested, r.Groups = scope.Flatten, slices.Clone(r.Groups)
	for i := range r.Groups {
		g := &r.Groups[i]
		changed = changed || g.Nested == scope.Direct || g.Depth > 0
		g.Nested, g.Depth = scope.Flatten, 0
	}
	return changed
}

// number relates the rows of the source to the world's ordinals.
func (o *own) number(w *facts.World) {
	o.userRow, o.groupRow = make([]uint32, len(w.Users)), make([]uint32, len(w.Groups))
	o.user, o.group = make([]uint32, o.source.Users.Len()), make([]uint32, o.source.Groups.Len())
	for i := range w.Users {
		if row, ok := o.source.User(w.Users[i].ID); ok {
			o.userRow[i], o.user[row] = row, uint32(i)
		}
	}
	for i := range w.Groups {
		if row, ok := o.source.Group(w.Groups[i].ID); ok {
			o.groupRow[i], o.group[row] = row, uint32(i)
		}
	}
}

func (o *own) members(sel *scope.Selection) [][]uint32 {
	out := make([][]uint32, len(o.groupRow))
	for row, users := range sel.Member {
		list := make([]uint32, len(users))
		for i, u := range users {
			list[i] = o.user[u]
		}
		slices.Sort(list)
		out[o.group[row]] = list
	}
	return out
}

// waysTo are the groups in scope that lead to a user, the nearest first.
func (t *Tracer) waysTo(ord uint32) (ways []way, beyond int) {
	o := t.own
	if t.ownWays == nil {
		t.ownWays = o.all.Ways(o.source, &o.reach)
	}
	for _, g := range t.walk.Up(ord) {
		if _, leads := slices.BinarySearch(o.beyond[g], ord); !t.scoped[g] || !leads {
			continue
		}
		if len(ways) == maxWays {
			beyond++
			continue
		}
		wy := way{group: g, direct: t.w.Graph.HasUser(g, ord), chain: []uint32{g}}
		_, wy.within = slices.BinarySearch(o.within[g], ord)
		if !wy.direct {
			wy.chain = nil
			for _, row := range t.ownWays.Chain(o.groupRow[g], o.userRow[ord]) {
				wy.chain = append(wy.chain, o.group[row])
			}
		}
		ways = append(ways, wy)
	}
	return ways, beyond
}

// bound is the rule that stops at a way of nesting, in the words of the configuration.
func (t *Tracer) bound(g uint32) string {
	name := t.w.Groups[g].DisplayName
	for _, r := range t.own.rules.Scope.Groups {
		if scope.Like(r.Name, name) {
			if r.Nested == scope.Direct {
				return "its rule reads direct members only (nested: direct)"
			}
			return "its rule reads " + plural(r.Depth, "level") + " of nested groups"
		}
	}
	return "its rule reads direct members only"
}

// excludedGroup is the first group that the rules exclude among those that hold a user over any nesting.
func (t *Tracer) excludedGroup(ord uint32) (name string, found bool) {
	for _, g := range t.walk.Up(ord) {
		for _, r := range t.own.rules.Scope.Groups {
			if slices.ContainsFunc(r.Exclude, func(p string) bool { return scope.Like(p, t.w.Groups[g].DisplayName) }) {
				return t.w.Groups[g].DisplayName, true
			}
		}
	}
	return "", false
}

// ownRecords are the records that rollcall made or adopted for a user.
func (t *Tracer) ownRecords(id string) []uint32 {
	var out []uint32
	for _, target := range t.linkedTo("user", id) {
		if r, ok := t.w.ScimByID(target); ok {
			out = append(out, r)
		}
	}
	return out
}

// linkedTo are the target's ids of what rollcall made or adopted for a user or group of Entra.
func (t *Tracer) linkedTo(kind, id string) []string {
	if t.links == nil {
		t.links = map[string][]string{}
		for _, l := range t.w.OwnLinks {
			key := strings.ToLower(l.Kind) + " " + facts.Fold(l.Source)
			t.links[key] = append(t.links[key], l.Target)
		}
	}
	return t.links[kind+" "+facts.Fold(id)]
}
