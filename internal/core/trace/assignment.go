package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// way is one expected group: an assigned (or selected) group that reaches the user.
type way struct {
	group  uint32
	direct bool     // the user is a direct member
	within bool     // rollcall's rules lead the user in
	chain  []uint32 // the group first, then the group inside it, down to the one that holds the user
}

// reach is how the user comes into scope.
type reach struct {
	assigned bool  // the user is assigned directly, with a role that is offered
	ways     []way // every expected group, nearest first
	beyond   int   // groups in scope past maxWays
}

// maxWays bounds how many groups in scope are judged for one person, nearest first. Nobody is in as many; a directory
// that was made to be endless must not make the answer so.
const maxWays = 5000

// lastReach remembers the answer of reachOf for the person asked about last.
type lastReach struct {
	known bool
	ord   uint32
	reach reach
}

// reachOf finds every assigned group that leads to the user, over any nesting.
func (t *Tracer) reachOf(ord uint32, id string) reach {
	if t.last.known && t.last.ord == ord {
		return t.last.reach
	}
	r := t.search(ord, id)
	t.last.known, t.last.ord, t.last.reach = true, ord, r
	return r
}

func (t *Tracer) search(ord uint32, id string) reach {
	var r reach
	r.assigned = t.assignedUser[facts.Fold(id)] && t.entitled[facts.Fold(id)]
	if t.own != nil {
		r.ways, r.beyond = t.waysTo(ord)
		return r
	}
	for _, g := range t.walk.Up(ord) {
		if !t.scoped[g] {
			continue
		}
		if len(r.ways) == maxWays {
			r.beyond++
			continue
		}
		wy := way{group: g, direct: t.w.Graph.HasUser(g, ord)}
		if !wy.direct {
			wy.chain = t.walk.Chain(g)
		} else {
			wy.chain = []uint32{g}
		}
		r.ways = append(r.ways, wy)
	}
	return r
}

// carries tells whether the connection's method provisions a user over this way.
func (t *Tracer) carries(wy way) bool {
	if !t.entitledGroup(wy.group) {
		return false
	}
	if t.own != nil {
		return wy.within
	}
	return wy.direct || t.flattens()
}

// assignment judges hop 2. It tells whether the method brings the user into scope at all, and proven where it
// certainly does.
func (q *inquiry) assignment(r reach) outcome {
	if q.syncAll == proven && (!q.guard() || len(q.scopedList) == 0 || len(q.w.Bundle.Connection.Selected.Groups) == 0) {
		q.mark(cause.HopAssignment, Pass, "all users are in scope", seen(q.scopeFile(), "scope: all users and groups"))
		return proven
	}
	if r.assigned {
		q.pass(cause.HopAssignment, func() (string, []Evidence) {
			return "assigned directly", []Evidence{seen(document.AppRoleAssignments, "%s is assigned to %s", q.name(), q.application())}
		})
		return proven
	}
	for _, wy := range r.ways {
		if q.carries(wy) {
			q.pass(cause.HopAssignment, func() (string, []Evidence) { return q.chain(wy.chain, q.first()), q.membershipSeen(wy) })
			return proven
		}
	}
	if q.syncAll == proven {
		q.mark(cause.HopAssignment, Pass, "all users are in scope", seen(q.scopeFile(), "scope: all users"))
		return proven
	}
	if !q.scopeKnown {
		q.unknownHop(cause.HopAssignment, q.scopeFile(), "who is assigned was not read")
		return unknown
	}
	if len(r.ways) == 0 && !q.w.Has(document.Groups) {
		q.unknownHop(cause.HopAssignment, document.Groups, "not in scope directly; groups were not read")
		return unknown
	}
	if q.syncAll == unknown && q.processed() {
		// Entra works on a user who is assigned nowhere: the scope may well be "all".
		q.unknownHop(cause.HopAssignment, document.SynchronizationKeys, "whether all users are in scope was not read")
		q.maybe(noGroup, document.SynchronizationKeys, cause.RecordMissing)
		return unknown
	}
	return q.outside(r)
}

func (t *Tracer) scopeFile() document.File {
	if t.guard() {
		return document.Manifest
	}
	if t.syncAll == proven {
		return document.SynchronizationKeys
	}
	if t.own != nil && !t.own.rules.Scope.Assigned {
		return document.OwnRulesFile
	}
	return document.AppRoleAssignments
}

// processed tells whether Entra's service has worked on the user: a record, or a log entry that is no skip.
func (q *inquiry) processed() bool {
	if q.record() != nil {
		return true
	}
	for _, r := range q.records(q.p.user.ID) {
		if r.Status.Status != "skipped" {
			return true
		}
	}
	return false
}

// outside names why nothing brings the user into scope.
func (q *inquiry) outside(r reach) outcome {
	active := q.activeThere()
	if len(r.ways) > 0 && q.own != nil {
		q.cutOff(r)
		return refuted
	}
	if len(r.ways) > 0 {
		return q.hindered(r)
	}
	if q.assignedUser[facts.Fold(q.p.user.ID)] && q.record() != nil {
		q.mark(cause.HopAssignment, Pass, "assigned directly, with a role that the application no longer offers", q.rolesSeen(q.p.user.ID)...)
		return proven
	}
	if q.assignedUser[facts.Fold(q.p.user.ID)] {
		q.fail(cause.AppRoleMissing, Missing, noGroup, "assigned with a role that the application does not offer",
			fmt.Sprintf("%s is assigned to %s with a role that provisions nobody.", q.name(), q.application()), nil, q.rolesSeen(q.p.user.ID)...)
		return refuted
	}
	q.sourceSide(noGroup)
	if q.proved(noGroup, cause.HiddenMembership) {
		return unknown
	}
	if holes := q.untold(); len(holes) > 0 && !active {
		q.mark(cause.HopAssignment, NotKnown, "not found in any group in scope, but not all members were told", holes[0].seen)
		return unknown
	}
	q.orStillActive()
	if q.syncAll == unknown {
		q.alternatives = append(q.alternatives, Alternative{cause.RecordMissing, "if the scope is all users and groups, the assignment does not matter: " + q.tell(document.SynchronizationKeys)})
	}
	if !q.w.Has(document.DirectoryAudits) {
		// True all the same, so it is named; what would make it more precise is said beside it.
		q.alternatives = append(q.alternatives, Alternative{cause.MembershipNotActive, "an eligible or expired membership: " + q.tell(document.DirectoryAudits)})
	}
	switch {
	case active && q.guard():
		q.mark(cause.HopAssignment, Fail, "in no selected group", q.notAssignedSeen()...)
		q.stillActive(fmt.Sprintf("%s is in no group that Guard's connector syncs.", q.name()))
	case active && q.own != nil:
		short, sentence := q.leftOut()
		q.mark(cause.HopAssignment, Fail, short, q.notAssignedSeen()...)
		q.stillActive(sentence)
	case active:
		q.mark(cause.HopAssignment, Fail, "not assigned", q.notAssignedSeen()...)
		q.stillActive(fmt.Sprintf("%s is not assigned to %s.", q.name(), q.application()))
	case q.guard():
		q.fail(cause.GroupNotSelected, Missing, noGroup, "in no group that the connector syncs",
			fmt.Sprintf("%s is in none of the groups that Guard's connector was told to sync.", q.name()), nil, q.notAssignedSeen()...)
	case q.own != nil:
		q.notLedIn()
	default:
		q.fail(cause.NotAssigned, Missing, noGroup, "not assigned",
			fmt.Sprintf("%s is not assigned to %s, directly or through any group.", q.name(), q.application()), nil, q.notAssignedSeen()...)
	}
	return refuted
}

func (q *inquiry) notAssignedSeen() []Evidence {
	var in []string
	for _, g := range q.w.Graph.Direct(q.p.ord) {
		in = append(in, q.w.Groups[g].DisplayName)
	}
	slices.Sort(in)
	fact := "no assignment of the user"
	if q.own != nil && !q.own.rules.Scope.Assigned {
		fact = fmt.Sprintf("the rules name %s", plural(len(q.scopedList), "group"))
	}
	if q.guard() {
		fact = fmt.Sprintf("selected: %s", plural(len(q.scopedList), "group"))
	}
	groups := "a member of no group"
	if len(in) > 0 {
		groups = "a direct member of " + list(in, 5) + ", none of them in scope"
	}
	return []Evidence{seen(q.scopeFile(), "%s", fact), seen(document.Groups, "%s", groups)}
}
