package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// groupFull proves that more users lead into a group than the connector puts into one.
func (q *inquiry) groupFull(wy way, group int32) {
	n, ok := q.flattened[wy.group]
	if !ok {
		n = q.flatCount(wy.group)
		q.flattened[wy.group] = n
	}
	if n > q.w.Limits.ConnectorGroup {
		name := q.w.Groups[wy.group].DisplayName
		q.fail(cause.SizeLimit, Missing, group, fmt.Sprintf("%s has %d users", name, n), fmt.Sprintf("%d users lead into %s, and the connector syncs at most %d into one group.", n, name, q.w.Limits.ConnectorGroup), values{"group": name},
			seen(document.Groups, "%s: %d users over any nesting, limit %d", name, n, q.w.Limits.ConnectorGroup))
	}
}

// flatCount is how many users lead into a group. In a focused world, and where a question was asked of the services,
// most users are not there; the direct members that the documents count stand for them.
func (t *Tracer) flatCount(g uint32) int {
	all := append([]uint32{g}, t.inside(g)...)
	inPart := func(g uint32) bool { return t.w.Groups[g].MembersCount > len(t.w.Groups[g].Members.List) }
	if !t.w.Focused() && !slices.ContainsFunc(all, inPart) {
		return len(t.walk.Down(g))
	}
	n := 0
	for _, g := range all {
		n += t.w.Groups[g].Count
	}
	return n
}

// connectorGroup finds an expected group in the organization, where the connector puts it.
func (q *inquiry) connectorGroup(s *groupState) {
	w := q.w
	s.known = w.Has(document.OrgGroups)
	s.org = w.OrgGroupsByName(s.name)
	if !s.known {
		s.how = "groups of the organization were not read"
		return
	}
	for _, i := range s.org {
		if have := &w.OrgGroups[i]; !document.Is(have.ExternalSynced, false) {
			if s.at = have.Name; s.at != s.name {
				q.prove(cause.CaseDifference, Wrong, noGroup, fmt.Sprintf("The group %s is called %s at Atlassian: the names differ in case.", s.name, s.at), values{"group": s.name, "other": s.at},
					seen(document.OrgGroups, "group %s", s.at), seen(document.Groups, "displayName %s", s.name))
			}
			return
		}
	}
	if q.formerGroup(s) {
		return
	}
	s.lost = true
	if len(s.org) > 0 {
		ev := []Evidence{seen(document.OrgGroups, "group %s exists, externalSynced false", s.name)}
		isDefault, told, dev := q.isDefault(s.name)
		switch {
		case isDefault:
			q.prove(cause.DefaultAccessGroup, Missing, noGroup, fmt.Sprintf("%s is a default access group at Atlassian, so the group of that name is not synced.", s.name), values{"group": s.name}, append([]Evidence{dev}, ev...)...)
		case facts.BuiltInName(s.name):
			q.prove(cause.BuiltInGroup, Missing, noGroup, fmt.Sprintf("%s is a built-in group of Atlassian, so the group of that name is not synced.", s.name), values{"group": s.name}, ev...)
		default:
			if !told {
				q.maybe(noGroup, document.ApplicationRoles, cause.DefaultAccessGroup)
			}
			q.conflictOrRecreated(s, ev)
		}
		return
	}
	q.consent(Missing, noGroup)
	if !w.Has(document.DirectoryAudits) {
		q.maybe(noGroup, document.DirectoryAudits, cause.GroupRenamed)
	}
	var changed changes
	doc := &w.Groups[s.g]
	changed.later(doc.CreatedDateTime.Time, "created", seen(document.Groups, "%s created on %s", s.name, moment(doc.CreatedDateTime.Time)))
	if age := q.now().Sub(changed.entered); !changed.entered.IsZero() && age >= 0 && age < w.Limits.ConnectorEvery {
		q.prove(cause.CycleDelay, Missing, noGroup, fmt.Sprintf("%s was created %s ago; the connector syncs every %s.", s.name, span(age), span(w.Limits.ConnectorEvery)), values{"when": moment(changed.entered.Add(w.Limits.ConnectorEvery))}, changed.seen)
	}
	q.prove(cause.RecordMissing, Missing, noGroup, fmt.Sprintf("The group %s is selected but not in the organization, and nothing that was read explains it.", s.name), values{"group": s.name}, seen(document.OrgGroups, "no group %s", s.name))
}

// heldAway tells whether a record of another directory holds the person's account.
func (q *inquiry) heldAway() bool {
	return q.p.account != "" && slices.ContainsFunc(q.w.LinksOf(q.p.account, "", ""), q.elsewhere)
}

// connectorMember judges whether the account is in the synced group.
func (q *inquiry) connectorMember(wy way, s *groupState) {
	g := int32(wy.group)
	if s.lost {
		return
	}
	in, out := q.whereIn(s.at)
	switch {
	case len(in) > 0 && len(out) == 0:
		q.mark(cause.HopGroup, Pass, "in "+s.at, in...)
		return
	case len(in) == 0 && len(out) == 0:
		q.unknownHop(cause.HopGroup, document.OrgGroups, "whether the person is in "+s.at+" was not read")
		return
	case slices.ContainsFunc(in, func(e Evidence) bool { return e.Seen == string(document.OrgGroups) }):
		q.mark(cause.HopGroup, Pass, "in "+s.at, in...)
		q.propagated(wy, s)
		return
	}
	q.mark(cause.HopGroup, Fail, "not in "+s.at, out...)
	if !q.w.Has(document.OrgGroups) {
		q.maybe(g, document.OrgGroups, cause.PropagationStuck, cause.SeatLimit, cause.DefaultAccessGroup, cause.GroupNameConflict)
	}
	if !q.w.Has(document.ScimLinks) {
		q.maybe(g, document.ScimLinks, cause.HeldByOtherDirectory)
	}
	if !q.heldAway() { // an account that the connector may not touch stays out of the group, consent or not
		q.consent(Missing, g)
	}
	q.groupFull(wy, g)
	q.noSeat(g, s)
	if !q.everySite(document.ApplicationRoles) {
		q.maybe(g, document.ApplicationRoles, cause.SeatLimit)
	}
	q.connectorDelay(reach{ways: []way{wy}}, g)
	q.prove(cause.MembershipMissing, Missing, g, fmt.Sprintf("%s is in %s in Entra but not at Atlassian, and nothing that was read explains it.", q.name(), s.name), values{"group": s.name}, out...)
	q.setCause(cause.HopGroup, cause.MembershipMissing)
}
