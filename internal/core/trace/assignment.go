package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// way is one expected group: an assigned (or selected) group that reaches the user.
type way struct {
	group  uint32
	direct bool     // the user is a direct member
	chain  []uint32 // the group first, then the group inside it, down to the one that holds the user
}

// reach is how the user comes into scope.
type reach struct {
	assigned bool  // the user is assigned directly, with a role that is offered
	ways     []way // every expected group, nearest first
}

// reachOf finds every assigned group that leads to the user, over any nesting.
func (t *Tracer) reachOf(ord uint32, id string) reach {
	var r reach
	r.assigned = t.assignedUser[facts.Fold(id)] && t.entitled[facts.Fold(id)]
	for _, g := range t.walk.Up(ord) {
		if !t.scoped[g] {
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
	return document.AppRoleAssignments
}

// processed tells whether Entra's service has worked on the user: a record, or a log entry that is no skip.
func (q *inquiry) processed() bool {
	if q.record() != nil {
		return true
	}
	for _, r := range q.w.RecordsOf(q.p.user.ID) {
		if r.Status.Status != "skipped" {
			return true
		}
	}
	return false
}

// membershipSeen shows the way through nested groups, one group a line.
func (q *inquiry) membershipSeen(wy way) []Evidence {
	var ev []Evidence
	for i, g := range wy.chain {
		name := q.w.Groups[g].DisplayName
		if i+1 < len(wy.chain) {
			if i < 4 || i+4 > len(wy.chain) {
				ev = append(ev, seen(document.Groups, "%s contains the group %s, not %s", name, q.w.Groups[wy.chain[i+1]].DisplayName, q.first()))
			}
			continue
		}
		others := q.w.Groups[g].Count - 1
		if others > 0 {
			ev = append(ev, seen(document.Groups, "%s contains %s and %s", name, q.first(), plural(others, "other")))
		} else {
			ev = append(ev, seen(document.Groups, "%s contains %s", name, q.first()))
		}
	}
	return ev
}

// outside names why nothing brings the user into scope.
func (q *inquiry) outside(r reach) outcome {
	verdict, active := Missing, q.activeThere()
	if len(r.ways) > 0 {
		return q.hindered(r)
	}
	if q.assignedUser[facts.Fold(q.p.user.ID)] && q.record() != nil {
		q.mark(cause.HopAssignment, Pass, "assigned directly, with a role that the application no longer offers", q.rolesSeen(q.p.user.ID)...)
		return proven
	}
	if q.assignedUser[facts.Fold(q.p.user.ID)] {
		q.fail(cause.AppRoleMissing, verdict, noGroup, "assigned with a role that the application does not offer",
			fmt.Sprintf("%s is assigned to %s with a role that provisions nobody.", q.name(), q.application()), nil, q.rolesSeen(q.p.user.ID)...)
		return refuted
	}
	q.sourceSide(noGroup)
	if q.proved(noGroup, cause.HiddenMembership) {
		return unknown
	}
	if ev, hole := q.untold(); hole && !active {
		q.mark(cause.HopAssignment, NotKnown, "not found in any group in scope, but not all members were told", ev)
		return unknown
	}
	if !q.w.Has(document.DirectoryAudits) {
		// True all the same, so it is named; what would make it more precise is said beside it.
		q.alternatives = append(q.alternatives, Alternative{cause.MembershipNotActive, "an eligible or expired membership: " + q.tell(document.DirectoryAudits)})
	}
	if active && !q.guard() {
		q.mark(cause.HopAssignment, Fail, "not assigned", q.notAssignedSeen()...)
		q.stillActive(fmt.Sprintf("%s is not assigned to %s.", q.name(), q.application()))
		return refuted
	}
	if q.guard() {
		if active {
			q.mark(cause.HopAssignment, Fail, "in no selected group", q.notAssignedSeen()...)
			q.stillActive(fmt.Sprintf("%s is in no group that Guard's connector syncs.", q.name()))
			return refuted
		}
		q.fail(cause.GroupNotSelected, verdict, noGroup, "in no group that the connector syncs",
			fmt.Sprintf("%s is in none of the groups that Guard's connector was told to sync.", q.name()), nil, q.notAssignedSeen()...)
		return refuted
	}
	q.fail(cause.NotAssigned, verdict, noGroup, "not assigned",
		fmt.Sprintf("%s is not assigned to %s, directly or through any group.", q.name(), q.application()), nil, q.notAssignedSeen()...)
	return refuted
}

func (q *inquiry) notAssignedSeen() []Evidence {
	var in []string
	for _, g := range q.w.Graph.Direct(q.p.ord) {
		in = append(in, q.w.Groups[g].DisplayName)
	}
	slices.Sort(in)
	fact := "no assignment of the user"
	if q.guard() {
		fact = fmt.Sprintf("selected: %s", plural(len(q.scopedList), "group"))
	}
	groups := "a member of no group"
	if len(in) > 0 {
		groups = "a direct member of " + list(in, 5) + ", none of them in scope"
	}
	return []Evidence{seen(q.scopeFile(), "%s", fact), seen(document.Groups, "%s", groups)}
}

func (q *inquiry) rolesSeen(principal string) []Evidence {
	var ev []Evidence
	for _, a := range q.w.AssignmentsOf(principal) {
		ev = append(ev, seen(document.AppRoleAssignments, "%s is assigned with role %s", orElse(a.PrincipalDisplayName, a.PrincipalID), a.AppRoleID))
	}
	var offered []string
	for _, r := range q.w.Principal.AppRoles.Value {
		name := orElse(r.DisplayName, r.ID)
		if r.IsEnabled.Known && !r.IsEnabled.Value {
			name += " (disabled)"
		}
		offered = append(offered, name)
	}
	return append(ev, seen(document.ServicePrincipals, "roles offered: %s", orElse(list(offered, 6), "none")))
}

// hindered names what keeps the assigned groups that do reach the user from bringing them in.
func (q *inquiry) hindered(r reach) outcome {
	nested, insecure, roleless := -1, -1, -1
	for i, wy := range r.ways {
		doc := &q.w.Groups[wy.group]
		switch {
		case !q.entitled[facts.Fold(doc.ID)]:
			roleless = pick(roleless, i)
		case document.Is(doc.SecurityEnabled, false):
			insecure = pick(insecure, i)
		default:
			nested = pick(nested, i)
		}
	}
	switch {
	case nested >= 0:
		q.nested(r.ways[nested], noGroup)
	case insecure >= 0:
		q.insecure(r.ways[insecure], noGroup)
	case roleless >= 0 && !q.w.Has(document.ScimUsers):
		// Whether the person was provisioned before the role went is for the Guard directory to tell.
		q.unknownHop(cause.HopAssignment, document.ScimUsers, "assigned with a role that the application does not offer")
		return unknown
	case roleless >= 0 && q.record() != nil:
		// Whoever was provisioned while the role was offered stays; only newcomers are skipped.
		q.mark(cause.HopAssignment, Pass, q.chain(r.ways[roleless].chain, q.first()), q.membershipSeen(r.ways[roleless])...)
		return proven
	case roleless >= 0:
		doc := &q.w.Groups[r.ways[roleless].group]
		q.fail(cause.AppRoleMissing, Missing, noGroup, doc.DisplayName+" is assigned with a role that the application does not offer",
			fmt.Sprintf("%s is assigned to %s with a role that provisions nobody.", doc.DisplayName, q.application()), values{"group": doc.DisplayName}, q.rolesSeen(doc.ID)...)
	}
	return refuted
}

func pick(have, i int) int {
	if have < 0 {
		return i
	}
	return have
}

func (q *inquiry) nested(wy way, group int32) {
	doc, inner := q.w.Groups[wy.group].DisplayName, q.w.Groups[wy.chain[min(1, len(wy.chain)-1)]].DisplayName
	last := q.w.Groups[wy.chain[len(wy.chain)-1]].DisplayName
	summary := fmt.Sprintf("%s is missing from Atlassian: in %s only through %s.", q.name(), doc, last)
	if group != noGroup {
		summary = fmt.Sprintf("%s is not in %s at Atlassian: a member only through %s.", q.name(), doc, last)
	}
	q.fail(cause.NestedGroup, Missing, group, q.chain(wy.chain, q.first()), summary,
		values{"group": doc, "nested": inner}, q.membershipSeen(wy)...)
}

func (q *inquiry) insecure(wy way, group int32) {
	doc := q.w.Groups[wy.group].DisplayName
	q.fail(cause.GroupNotSecurityEnabled, Missing, group, doc+" is not a security group",
		fmt.Sprintf("%s is assigned but is not a security group, so Entra provisions none of its members.", doc), values{"group": doc},
		seen(document.Groups, "%s: securityEnabled false", doc))
}

// sourceSide looks for what keeps a user out of the groups in scope (or out of one group) on Entra's side: hidden
// members, dynamic rules that were not processed, memberships that are not active, an on-premises
// synchronization that stands still.
func (q *inquiry) sourceSide(only int32) {
	groups := q.scopedList
	if only != noGroup {
		groups = []uint32{uint32(only)}
	}
	for _, v := range q.hiddenGroups() {
		if only == noGroup || v.group == uint32(only) {
			name := q.w.Groups[v.group].DisplayName
			// A gap, not a fault: the hop is unknown, never "not a member".
			q.prove(cause.HiddenMembership, Unknown, only, fmt.Sprintf("Whether %s is in %s cannot be seen: its members are hidden.", q.name(), name), values{"group": name}, v.seen)
			q.mark(cause.HopAssignment, NotKnown, "the members of "+name+" are not told", v.seen)
		}
	}
	for _, g := range groups {
		if slices.Contains(q.w.Groups[g].GroupTypes, "DynamicMembership") {
			q.dynamic(g, only)
		}
	}
	q.notActive(only)
	if only != noGroup {
		doc := &q.w.Groups[only]
		if stale, fact := q.staleOnPremises(doc.OnPremisesSyncEnabled, doc.OnPremisesLastSyncDateTime, doc.OnPremisesProvisioningErrors, document.Groups); stale {
			q.stale(doc.DisplayName, only, fact)
		}
	}
	u := q.p.user
	if stale, fact := q.staleOnPremises(u.OnPremisesSyncEnabled, u.OnPremisesLastSyncDateTime, u.OnPremisesProvisioningErrors, document.Users); stale {
		q.stale(q.name(), only, fact)
	}
}

func (q *inquiry) stale(who string, only int32, fact Evidence) {
	q.fail(cause.OnPremisesSyncStale, Missing, only, "the synchronization from on-premises stands still",
		fmt.Sprintf("%s comes from on-premises and was not synced lately; the change has not reached Entra.", who), values{"group": who}, fact)
}

// veil is a group in scope whose members the documents do not tell.
type veil struct {
	group uint32
	seen  Evidence
}

// hiddenGroups are the groups in scope whose members, or the members of a group inside, are not told.
func (t *Tracer) hiddenGroups() []veil {
	if t.unveiled {
		return t.veiled
	}
	t.unveiled = true
	for _, g := range t.scopedList {
		for _, inner := range append([]uint32{g}, t.inside(g)...) {
			if ev, hidden := t.hidden(inner); hidden {
				t.veiled = append(t.veiled, veil{g, ev})
				break
			}
		}
	}
	return t.veiled
}

func (t *Tracer) hidden(g uint32) (Evidence, bool) {
	doc := &t.w.Groups[g]
	if gap, ok := t.w.Gap(document.Groups, doc.ID, doc.DisplayName); ok && gap.Subject != "" {
		return Evidence{orElse(gap.Call, t.w.Call(document.Groups)), fmt.Sprintf("members of %s were not read: %s", doc.DisplayName, orElse(gap.Why, gap.What))}, true
	}
	if same(doc.Visibility, "HiddenMembership") && doc.Count == 0 {
		return seen(document.Groups, "%s: visibility HiddenMembership, no members told (reading them needs Member.Read.Hidden)", doc.DisplayName), true
	}
	return Evidence{}, false
}

// untold finds a group in scope of which the document does not tell the members, or that contains a group that is
// not in the document: "not a member" cannot be said then.
func (t *Tracer) untold() (Evidence, bool) {
	for _, g := range t.scopedList {
		for _, inner := range append([]uint32{g}, t.inside(g)...) {
			doc := &t.w.Groups[inner]
			if !doc.Members.Known {
				return Evidence{t.w.Call(document.Groups), fmt.Sprintf("members of %s were not read", doc.DisplayName)}, true
			}
			if doc.MissingGroups > 0 {
				return Evidence{t.w.Call(document.Groups), fmt.Sprintf("%s contains %s that the document does not hold", doc.DisplayName, plural(doc.MissingGroups, "group"))}, true
			}
		}
	}
	return Evidence{}, false
}

// inside are the groups inside a group, over any nesting.
func (t *Tracer) inside(g uint32) []uint32 {
	seen, queue := map[uint32]bool{g: true}, []uint32{g}
	for i := 0; i < len(queue); i++ {
		for _, c := range t.w.Graph.Children(queue[i]) {
			if !seen[c] {
				seen[c] = true
				queue = append(queue, c)
			}
		}
	}
	return queue[1:]
}

// dynamic tells whether the user should be in a dynamic group and is not.
func (q *inquiry) dynamic(g uint32, only int32) {
	doc := &q.w.Groups[g]
	if q.w.Graph.HasUser(g, q.p.ord) || doc.MembershipRule == "" {
		return
	}
	result, reason := scope.DynamicRule(doc.MembershipRule, q.p.user.AttributeOf(q.told))
	state := orElse(doc.MembershipRuleProcessingState, "On")
	if s := doc.MembershipRuleProcessing.Status; s != "" {
		state += ", " + s
	}
	switch result {
	case scope.Pass:
		q.fail(cause.DynamicGroupPending, Missing, only, "the rule of "+doc.DisplayName+" was not processed",
			fmt.Sprintf("The rule of %s fits %s, but Entra has not made them a member yet.", doc.DisplayName, q.name()), values{"group": doc.DisplayName},
			seen(document.Groups, "%s: rule %s is true for the user; processing %s; not a member", doc.DisplayName, doc.MembershipRule, state))
	case scope.Unknown:
		if !same(state, "On") {
			q.alternatives = append(q.alternatives, Alternative{cause.DynamicGroupPending,
				fmt.Sprintf("the rule of %s cannot be evaluated here (%s) and its processing is %s: Entra admin center › Groups › %s › Dynamic membership rules › Validate rules", doc.DisplayName, reason, state, doc.DisplayName)})
		}
	}
}
