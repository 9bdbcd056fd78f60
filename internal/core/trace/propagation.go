package trace

import (
	"fmt"
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// propagated judges whether a membership of the directory has reached the organization and the sites.
func (q *inquiry) propagated(wy way, s *groupState) {
	if q.p.account == "" || s.lost {
		return
	}
	g := int32(wy.group)
	in, out := q.whereIn(s.at)
	if len(out) == 0 {
		if len(in) > 0 {
			q.pass(cause.HopProduct, func() (string, []Evidence) { return "in " + s.at + " at Atlassian", in })
		}
		if len(in) == 0 && q.w.Has(document.OrgGroups) && len(s.org) == 0 && s.scim >= 0 {
			out = []Evidence{seen(document.OrgGroups, "no group %s in the organization", s.at)}
		} else {
			return
		}
	}
	if len(s.org) > 0 && !q.orgSynced(s) {
		return // the local group of that name is the trouble, and groupReaches names it
	}
	q.mark(cause.HopProduct, Fail, "not in "+s.at+" at Atlassian", out...)
	q.noSeat(g, s)
	if !q.everySite(document.ApplicationRoles) {
		q.maybe(g, document.ApplicationRoles, cause.SeatLimit, cause.DefaultAccessGroup)
	}
	if !q.w.Has(document.OrgUsers) {
		q.maybe(noGroup, document.OrgUsers, cause.AccountDeactivated, cause.SiteAccessSuspended)
	}
	if facts.BuiltInName(s.at) && !q.everySite(document.JiraGroups) {
		q.maybe(g, document.JiraGroups, cause.BuiltInGroup)
	}
	if !q.w.Has(document.OrgGroups) {
		q.maybe(g, document.OrgGroups, cause.DefaultAccessGroup, cause.BuiltInGroup, cause.GroupNameConflict)
	}
	changed := q.membershipChanged(s)
	age := q.now().Sub(changed)
	if !changed.IsZero() && age < q.w.Limits.Propagation {
		q.prove(cause.PropagationLag, Wrong, g, fmt.Sprintf("%s is in %s in the Guard directory; the sites do not have it yet (%s).", q.name(), s.at, span(age)), values{"group": s.at, "when": moment(changed)},
			append(out, seen(document.ScimGroups, "%s was last modified %s", s.at, moment(changed)))...)
		q.setCause(cause.HopProduct, cause.PropagationLag)
		return
	}
	q.prove(cause.PropagationStuck, Wrong, g, fmt.Sprintf("%s is in %s in the Guard directory, but Atlassian never passed it on.", q.name(), s.at), values{"group": s.at},
		append(out, seen(document.ScimGroups, "%s has the record; last modified %s", s.at, moment(changed)))...)
	q.setCause(cause.HopProduct, cause.PropagationStuck)
}

// everySite tells whether a document was read of every site of the connection: one site that was not read can hide
// a default group or a product without seats.
func (t *Tracer) everySite(base document.File) bool {
	read := 0
	for i := range t.w.Sites {
		if !t.w.HasSite(base, t.w.Sites[i].Host) {
			return false
		}
		read++
	}
	return read > 0 && read >= len(t.w.Bundle.Connection.Sites)
}

// membershipChanged is when the membership was last touched at the directory: the later of group and record.
func (q *inquiry) membershipChanged(s *groupState) time.Time {
	var last time.Time
	if s.scim >= 0 {
		last = q.w.ScimGroups[s.scim].Meta.LastModified.Time
	}
	if rec := q.record(); rec != nil && rec.Meta.Created.After(last) {
		last = rec.Meta.Created.Time
	}
	return last
}

// noSeat proves that a product of the group has no seat left.
func (q *inquiry) noSeat(g int32, s *groupState) {
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		for _, r := range site.Roles {
			if !contains(roleGroups(r), s.at) || r.HasUnlimitedSeats || !document.Is(r.RemainingSeats, 0) {
				continue
			}
			if members := site.Groups[s.at]; members != nil && members.Known && members.Has(q.p.account) {
				continue
			}
			q.fail(cause.SeatLimit, Wrong, g, "no seat left in "+orElse(r.Name, r.Key), fmt.Sprintf("%s has no seat left, so %s got no access through %s.", orElse(r.Name, r.Key), q.name(), s.at), values{"group": s.at, "product": orElse(r.Name, r.Key)},
				seen(document.ForSite(document.ApplicationRoles, site.Host), "%s: remainingSeats 0 of %d", orElse(r.Name, r.Key), r.NumberOfSeats.Value))
			return
		}
	}
}

func roleGroups(r document.ApplicationRole) []string {
	names := append(slices.Clone(r.Groups), r.DefaultGroups...)
	for _, d := range r.GroupDetails {
		names = append(names, d.Name)
	}
	return names
}
