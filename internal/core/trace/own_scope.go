package trace

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// cutOff names why none of the groups in scope that hold a user leads in: rollcall's rules do not read that deep.
func (q *inquiry) cutOff(r reach) {
	if q.activeThere() {
		q.mark(cause.HopAssignment, Fail, q.chain(r.ways[0].chain, q.first()), q.membershipSeen(r.ways[0])...)
		q.stillActive(fmt.Sprintf("%s is in %s only through nested groups that the rules do not read.", q.name(), q.w.Groups[r.ways[0].group].DisplayName))
		return
	}
	q.cut(r.ways[0], noGroup)
}

// cut proves that the rules stop above the group that holds the user.
func (q *inquiry) cut(wy way, group int32) {
	doc := q.w.Groups[wy.group].DisplayName
	last := q.w.Groups[wy.chain[len(wy.chain)-1]].DisplayName
	why := q.bound(wy.group)
	summary := fmt.Sprintf("%s is missing from Atlassian: in %s only through %s, and %s.", q.name(), doc, last, why)
	if group != noGroup {
		summary = fmt.Sprintf("%s is not in %s at Atlassian: a member only through %s, and %s.", q.name(), doc, last, why)
	}
	q.fail(cause.NestedGroup, Missing, group, q.chain(wy.chain, q.first()), summary,
		values{"group": doc, "nested": last}, append(q.membershipSeen(wy), seen(document.OwnRulesFile, "%s: %s", doc, why))...)
	q.found[len(q.found)-1].fix = []string{
		fmt.Sprintf("Read deeper, in rollcall.yaml: `scope.groups` › the rule of %s › `nested: flatten` without `depth`; `rollcall plan` then shows who would appear", doc),
		fmt.Sprintf("Or make the person a direct member: Entra admin center › Groups › %s › Members › Add members", doc),
	}
}

// leftOut says why nobody's rule leads a user in, in a few words and in a sentence: excluded, in no group that the rules
// name, or not assigned.
func (q *inquiry) leftOut() (short, sentence string) {
	if name, found := q.excludedGroup(q.p.ord); found {
		return name + " is excluded by the rules", fmt.Sprintf("%s is in %s, which rollcall's rules exclude, and in no other group in scope.", q.name(), name)
	}
	if !q.own.rules.Scope.Assigned {
		return "in no group that the rules name", fmt.Sprintf("%s is in none of the groups that rollcall's rules name.", q.name())
	}
	return "not assigned", fmt.Sprintf("%s is not assigned to %s, directly or through any group.", q.name(), q.application())
}

// notLedIn names why nobody's rule leads in a user who is not there.
func (q *inquiry) notLedIn() {
	ev := q.notAssignedSeen()
	short, sentence := q.leftOut()
	name, found := q.excludedGroup(q.p.ord)
	if found || !q.own.rules.Scope.Assigned {
		var vals values
		if found {
			vals = values{"group": name}
			ev = append(ev, seen(document.OwnRulesFile, "scope.groups: exclude fits %s", name))
		}
		q.fail(cause.GroupNotSelected, Missing, noGroup, short, sentence, vals, ev...)
		q.ownSelection()
		return
	}
	if q.w.OwnRules == nil {
		q.alternatives = append(q.alternatives, Alternative{cause.GroupNotSelected, "rollcall's rules may name groups instead of what is assigned: " + q.tell(document.OwnRulesFile)})
	}
	q.fail(cause.NotAssigned, Missing, noGroup, short, sentence, nil, ev...)
}

// ownSelection replaces the steps of the catalogue, which speak of Guard's connector.
func (q *inquiry) ownSelection() {
	q.found[len(q.found)-1].fix = []string{
		"Make the person a member of a group that is in scope: Entra admin center › Groups › the group › Members › Add members",
		"Or name the person's group in rollcall.yaml (`scope.groups`), and see with `rollcall plan` who would appear",
	}
}

// ownRecordGone proves that rollcall made or adopted a record for a user which the directory no longer has.
func (q *inquiry) ownRecordGone() {
	for _, target := range q.linkedTo(plan.KindUser, q.p.user.ID) {
		if _, there := q.w.ScimByID(target); !there && q.w.Has(document.ScimUsers) {
			q.fail(cause.TargetRecordGone, Missing, noGroup, "the record that rollcall remembers is gone",
				fmt.Sprintf("The SCIM record that rollcall made for %s no longer exists.", q.name()), values{"record": target},
				seen(document.OwnLinks, "%s ↔ record %s", q.p.user.ID, target), seen(document.ScimUsers, "no record %s", target))
			q.found[len(q.found)-1].fix = []string{"`rollcall plan` makes the record anew; `rollcall apply` does it", "Find out who deleted it: Atlassian Administration › Security › Audit log"}
			return
		}
	}
}

// ownGroupMissing asks why rollcall has not made a group.
func (q *inquiry) ownGroupMissing(s *groupState) {
	doc := &q.w.Groups[s.g]
	if q.own.standing[s.g] == scope.NotGroups {
		q.prove(cause.ObjectTypeDisabled, Missing, noGroup, fmt.Sprintf("The rules provision no groups, so %s is not made.", s.name), values{"group": s.name},
			seen(q.filterFile(), "the object mapping of groups is absent or disabled"))
		return
	}
	if res := q.groupFilter.Evaluate(doc.Attribute); len(res.Groups) > 0 && res.Outcome == scope.Fail {
		q.prove(cause.ScopingFilter, Missing, noGroup, fmt.Sprintf("A scoping filter keeps the group %s out: %s.", s.name, failedClause(res)), values{"group": s.name}, q.clausesSeen(res)...)
		return
	}
	made := change{verdict: Missing, group: noGroup, kind: plan.KindGroup, id: doc.ID, what: "the group " + s.name}
	if e := q.logged(made); e != nil && e.Outcome == "failed" && e.Status == 409 { // something has the name
		q.conflictOrRecreated(s, []Evidence{seen(document.OwnLog, "%s, run %s: %s %s: %s", moment(e.At.Time), e.Run, e.Op, e.Outcome, e.Text)})
		return
	}
	q.awaits(made)
}

// planID is how a plan calls the person: by the id at Entra, which a link remembers although
// Entra has forgotten it, or else by the one at the target.
func (q *inquiry) planID() string {
	if u := q.p.source(); u != nil {
		return u.ID
	}
	rec := q.record()
	if rec == nil {
		return ""
	}
	for _, l := range q.w.OwnLinks {
		if l.Target == rec.ID && strings.EqualFold(l.Kind, plan.KindUser) {
			return l.Source
		}
	}
	return rec.ID
}
