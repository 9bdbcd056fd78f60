package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// membership judges hops 8 and 10 for one expected group of a user.
func (q *inquiry) membership(wy way) {
	s, g := q.groupOf(wy.group), int32(wy.group)
	if document.Is(q.w.Groups[wy.group].SecurityEnabled, false) && q.entra() {
		if !q.proved(noGroup, cause.GroupNotSecurityEnabled) && len(s.found) > 0 {
			q.insecure(wy, g)
		}
		return
	}
	have := q.personThere()
	for _, f := range s.found {
		if f.verdict == Wrong && q.only == nil {
			continue // another name is the group's affair: its members have their access all the same
		}
		if k, ok := cause.Get(f.code); !have && (!ok || k.Family != cause.GroupConflict) {
			continue // a group that waits for the same job adds nothing for somebody who waits for it too
		}
		member := *f
		member.group = g
		q.found = append(q.found, &member)
		if slices.Contains(s.stands, f) {
			q.mark(f.hop, Fail, s.name+": "+hopWords(f), f.evidence...)
			q.setCause(f.hop, f.code)
		}
	}
	if !have {
		if s.scim >= 0 && s.known {
			q.mark(cause.HopGroup, Fail, "not in "+s.called(), seen(document.ScimGroups, "%s has %s, none of them %s", s.at, plural(q.w.ScimGroups[s.scim].Count, "member"), q.first()))
		}
		if q.entra() && !wy.direct && !q.proved(noGroup, cause.NestedGroup) {
			q.nested(wy, g)
		}
		if q.own != nil && !wy.within && !q.proved(noGroup, cause.NestedGroup) {
			q.cut(wy, g)
		}
		return
	}
	switch {
	case q.guard():
		q.connectorMember(wy, s)
	case s.scim < 0:
		if !s.known {
			q.memberByOrg(wy, s)
		}
	default:
		q.scimMember(wy, s)
	}
}

// personThere tells whether there is something at the target that could be a member.
func (q *inquiry) personThere() bool {
	if q.guard() {
		return q.p.org != nil
	}
	return len(q.p.records) > 0 || !q.w.Has(document.ScimUsers) && q.p.org != nil
}

// hopWords shortens a group's finding for the hop's line.
func hopWords(f *finding) string {
	if c, ok := cause.Get(f.code); ok {
		return c.Title
	}
	return string(f.code)
}

func (q *inquiry) setCause(h cause.Hop, c cause.Code) {
	if hop := &q.hops[at(h)]; hop.Cause == "" {
		hop.Cause = c
	}
}

// scimMember judges whether the record is in the SCIM group, and whether that has reached Atlassian.
func (q *inquiry) scimMember(wy way, s *groupState) {
	sg, g := &q.w.ScimGroups[s.scim], int32(wy.group)
	if !sg.ScimGroup.Members.Known {
		q.mark(cause.HopGroup, NotKnown, "members of "+s.at+" were not told", Evidence{"GET /scim/directory/{id}/Groups/" + sg.ID, "the list item carries no members: read the group singly"})
		return
	}
	if len(q.p.records) == 0 {
		q.memberByOrg(wy, s)
		return
	}
	for _, r := range q.p.records {
		if _, in := slices.BinarySearch(sg.Members, r); in {
			q.pass(cause.HopGroup, func() (string, []Evidence) {
				return "in " + s.called(), []Evidence{seen(document.ScimGroups, "%s has record %s", s.at, q.w.ScimUsers[r].ID)}
			})
			q.propagated(wy, s)
			return
		}
	}
	ev := seen(document.ScimGroups, "%s has %s, not record %s", s.at, plural(sg.Count, "member"), q.record().ID)
	if q.entra() && !wy.direct {
		q.nested(wy, g)
		q.mark(cause.HopGroup, Fail, "not in "+s.at, ev)
		return
	}
	if q.own != nil && !wy.within {
		q.cut(wy, g)
		q.mark(cause.HopGroup, Fail, "not in "+s.at, ev)
		return
	}
	q.mark(cause.HopGroup, Fail, "not in "+s.at, ev)
	if q.entra() {
		q.memberNotProvisioned(wy, s)
	}
	q.awaits(change{verdict: Missing, group: g, kind: plan.KindGroup, id: q.w.Groups[wy.group].ID, member: q.p.user.ID, what: q.name() + "'s membership of " + s.name})
	if most := q.w.Limits.UsersPerGroup; sg.Count >= most {
		q.fail(cause.SizeLimit, Missing, g, s.at+" is full", fmt.Sprintf("%s holds %d members, the limit of a group is %d.", s.at, sg.Count, most), values{"group": s.at}, seen(document.ScimGroups, "%s: %d members", s.at, sg.Count))
	}
	q.prove(cause.MembershipMissing, Missing, g, fmt.Sprintf("%s is in %s in Entra but not at Atlassian, and nothing that was read explains it.", q.name(), s.name), values{"group": s.name}, ev)
	q.setCause(cause.HopGroup, cause.MembershipMissing)
}

// memberByOrg judges a membership by what the organization and Jira show, where the Guard directory was not read.
func (q *inquiry) memberByOrg(wy way, s *groupState) {
	in, out := q.whereIn(s.at)
	switch {
	case len(in) > 0 && len(out) == 0:
		q.mark(cause.HopGroup, Pass, "in "+s.at, in...)
	case len(out) > 0 && q.entra() && !wy.direct:
		q.nested(wy, int32(wy.group))
		q.mark(cause.HopGroup, Fail, "not in "+s.at, out...)
	case len(out) > 0:
		q.mark(cause.HopGroup, NotKnown, "not in "+s.at+" at Atlassian; the Guard directory was not read", append(out, q.notRead(document.ScimGroups))...)
		q.found = append(q.found, &finding{code: cause.MembershipMissing, state: proven, verdict: Missing, hop: cause.HopGroup, group: int32(wy.group), summary: fmt.Sprintf("%s is in %s in Entra but not at Atlassian.", q.name(), s.name), evidence: out, values: values{"group": s.name}})
		q.maybe(int32(wy.group), document.ScimGroups, cause.CycleDelay, cause.LateScopeMember, cause.PropagationStuck, cause.Quarantine)
	default:
		q.unknownHop(cause.HopGroup, document.ScimGroups, "whether the person is in "+s.at+" was not read")
	}
}

// memberSeen is the evidence of a membership; a roll call only counts it.
func (q *inquiry) memberSeen(f document.File, group string) Evidence {
	if q.quiet {
		return Evidence{Seen: string(f)}
	}
	return seen(f, "%s has account %s", group, q.p.account)
}

// whereIn tells where the account is a member of a group of that name, and where it is not.
func (q *inquiry) whereIn(name string) (in, out []Evidence) {
	if q.p.account == "" {
		return nil, nil
	}
	ord, known := q.p.orgAt, q.p.org != nil
	for _, i := range q.w.OrgGroupsByName(name) {
		g := &q.w.OrgGroups[i]
		if !g.OrgGroup.Members.Known || !q.w.Has(document.OrgGroups) || !known {
			continue
		}
		if _, hole := q.w.Gap(document.OrgGroups, g.ID, g.Name); hole {
			continue
		}
		if _, member := slices.BinarySearch(g.Members, ord); member {
			in = append(in, q.memberSeen(document.OrgGroups, g.Name))
		} else {
			out = append(out, seen(document.OrgGroups, "%s has %s, not account %s", g.Name, plural(g.Count, "member"), q.p.account))
		}
	}
	if o := q.p.org; o != nil && len(in)+len(out) == 0 && o.Groups.Known && !o.Groups.Null && len(q.w.OrgGroupsByName(name)) == 0 {
		// The account's own list tells where no list of the group does.
		if slices.ContainsFunc(o.Groups.Value, func(g document.OrgGroupRef) bool { return same(g.Name, name) }) {
			in = append(in, q.memberSeen(document.OrgUsers, name))
		} else {
			out = append(out, seen(document.OrgUsers, "account %s is in %s, not in %s", q.p.account, plural(len(o.Groups.Value), "group"), name))
		}
	}
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		g := site.Groups[name]
		if g == nil || !g.Known {
			continue
		}
		f := document.ForSite(document.JiraGroups, site.Host)
		if g.Has(q.p.account) {
			in = append(in, q.memberSeen(f, name))
		} else {
			out = append(out, seen(f, "%s has %s, not account %s", name, plural(g.Count, "member"), q.p.account))
		}
	}
	return in, out
}
