package trace

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

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
		case !q.entitledTo[wy.group]:
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
