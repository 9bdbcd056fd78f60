package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// sourceSide looks for what keeps a user out of the groups in scope (or out of one group) on Entra's side: hidden
// members, dynamic rules that were not processed, memberships that are not active, an on-premises
// synchronization that stands still.
func (q *inquiry) sourceSide(only int32) {
	groups := q.scopedList
	if only != noGroup {
		groups = []uint32{uint32(only)}
	}
	for _, v := range q.hiddenAmong(only) {
		// A gap, not a fault: the hop is unknown, never "not a member".
		q.prove(cause.HiddenMembership, Unknown, only, fmt.Sprintf("Whether %s is in %s cannot be seen: its members are hidden.", q.name(), v.name), values{"group": v.name}, v.seen)
		q.mark(cause.HopAssignment, NotKnown, "the members of "+v.name+" are not told", v.seen)
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
	group uint32 // noOrdinal: the documents do not hold it
	name  string
	seen  Evidence
}

// hiddenAmong are the hidden groups among those that are asked about: one, or all in scope.
func (t *Tracer) hiddenAmong(only int32) []veil {
	if only == noGroup {
		return t.hiddenGroups()
	}
	g := uint32(only)
	for _, inner := range append([]uint32{g}, t.inside(g)...) {
		if ev, hidden := t.hidden(inner); hidden {
			return []veil{{g, t.w.Groups[g].DisplayName, ev}}
		}
	}
	return nil
}

// hiddenGroups are the groups in scope whose members, or the members of a group inside, are not told.
func (t *Tracer) hiddenGroups() []veil {
	if t.unveiled {
		return t.veiled
	}
	t.unveiled, t.veiled = true, t.amongScoped(t.hidden)
	return t.veiled
}

func (t *Tracer) hidden(g uint32) (Evidence, bool) {
	doc := &t.w.Groups[g]
	if gap, ok := t.w.Gap(document.Groups, doc.ID, doc.DisplayName); ok && gap.Subject != "" && (same(doc.Visibility, "HiddenMembership") || strings.Contains(strings.ToLower(gap.What+gap.Why), "hidden")) {
		return Evidence{orElse(gap.Call, t.w.Call(document.Groups)), fmt.Sprintf("members of %s were not read: %s", doc.DisplayName, orElse(gap.Why, gap.What))}, true
	}
	if same(doc.Visibility, "HiddenMembership") && doc.Count == 0 {
		return seen(document.Groups, "%s: visibility HiddenMembership, no members told (reading them needs Member.Read.Hidden)", doc.DisplayName), true
	}
	return Evidence{}, false
}

// untold are the groups in scope of which the documents do not tell every member, that contain such a group, or that
// the documents do not hold at all: "not a member" cannot be said then.
func (t *Tracer) untold() []veil {
	if t.searched {
		return t.holes
	}
	t.searched, t.holes = true, t.amongScoped(t.hole)
	for _, name := range t.unheld {
		t.holes = append(t.holes, veil{noOrdinal, name, Evidence{t.w.Call(document.Groups), fmt.Sprintf("the group %s is in scope, but %s does not hold it", name, document.Groups)}})
	}
	return t.holes
}

// amongScoped are the groups in scope of which the test is true, or of a group inside over any nesting. Every group
// is looked at once, however deep the nesting.
func (t *Tracer) amongScoped(test func(g uint32) (Evidence, bool)) []veil {
	told := map[uint32]Evidence{}
	var queue []uint32
	for g := range uint32(len(t.w.Groups)) {
		if ev, ok := test(g); ok {
			told[g] = ev
			queue = append(queue, g)
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, outer := range t.w.Graph.Parents(queue[i]) {
			if _, seen := told[outer]; !seen {
				told[outer] = told[queue[i]]
				queue = append(queue, outer)
			}
		}
	}
	var out []veil
	for _, g := range t.scopedList {
		if ev, ok := told[g]; ok {
			out = append(out, veil{g, t.w.Groups[g].DisplayName, ev})
		}
	}
	return out
}

// noOrdinal stands for a group that the documents name but do not hold.
const noOrdinal = ^uint32(0)

func (t *Tracer) hole(g uint32) (Evidence, bool) {
	doc := &t.w.Groups[g]
	if _, hidden := t.hidden(g); hidden {
		return Evidence{}, false
	}
	if gap, ok := t.w.Gap(document.Groups, doc.ID, doc.DisplayName); ok && gap.Subject != "" {
		return Evidence{orElse(gap.Call, t.w.Call(document.Groups)), fmt.Sprintf("members of %s were not read: %s", orElse(doc.DisplayName, doc.ID), orElse(gap.Why, gap.What))}, true
	}
	if !doc.Members.Known {
		return Evidence{t.w.Call(document.Groups), fmt.Sprintf("members of %s were not read", doc.DisplayName)}, true
	}
	if doc.MissingGroups > 0 {
		return Evidence{t.w.Call(document.Groups), fmt.Sprintf("%s contains %s that the document does not hold", doc.DisplayName, plural(doc.MissingGroups, "group"))}, true
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
			q.alternatives = append(q.alternatives, Alternative{
				cause.DynamicGroupPending,
				fmt.Sprintf("the rule of %s cannot be evaluated here (%s) and its processing is %s: Entra admin center › Groups › %s › Dynamic membership rules › Validate rules", doc.DisplayName, reason, state, doc.DisplayName),
			})
		}
	}
}
