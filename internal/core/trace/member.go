package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// membership judges hops 8 and 10 for one expected group of a user.
func (q *inquiry) membership(wy way) {
	s, g := q.groupOf(wy.group), int32(wy.group)
	if document.Is(q.w.Groups[wy.group].SecurityEnabled, false) && !q.guard() {
		if !q.proved(noGroup, cause.GroupNotSecurityEnabled) && len(s.found) > 0 {
			q.insecure(wy, g)
		}
		return
	}
	for _, f := range s.found {
		if f.code == cause.CaseDifference {
			continue // the group's affair: members have their access all the same
		}
		member := *f
		member.group = g
		q.found = append(q.found, &member)
		if f.state == proven {
			q.mark(f.hop, Fail, s.name+": "+hopWords(f), f.evidence...)
			q.setCause(f.hop, f.code)
		}
	}
	have := q.personThere()
	if !have {
		if q.entra() && !wy.direct && !q.proved(noGroup, cause.NestedGroup) {
			q.nested(wy, g)
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
				return "in " + s.at, []Evidence{seen(document.ScimGroups, "%s has record %s", s.at, q.w.ScimUsers[r].ID)}
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
	q.mark(cause.HopGroup, Fail, "not in "+s.at, ev)
	if q.entra() {
		q.memberNotProvisioned(wy, s)
	}
	if most := q.w.Limits.UsersPerGroup; sg.Count >= most {
		q.fail(cause.SizeLimit, Missing, g, s.at+" is full", fmt.Sprintf("%s holds %d members, the limit of a group is %d.", s.at, sg.Count, most), values{"group": s.at}, seen(document.ScimGroups, "%s: %d members", s.at, sg.Count))
	}
	q.prove(cause.MembershipMissing, Missing, g, fmt.Sprintf("%s is in %s in Entra but not at Atlassian, and nothing that was read explains it.", q.name(), s.name), values{"group": s.name}, ev)
	q.setCause(cause.HopGroup, cause.MembershipMissing)
}

// memberNotProvisioned asks Entra's service why a member was not added.
func (q *inquiry) memberNotProvisioned(wy way, s *groupState) {
	g := int32(wy.group)
	a := q.attempts(q.w.Groups[wy.group].ID)
	added := q.wayAt(wy)
	q.wrongDirectory(g)
	if doc := &q.w.Groups[wy.group]; !q.entitled[facts.Fold(doc.ID)] {
		q.fail(cause.AppRoleMissing, Missing, g, doc.DisplayName+" is assigned with a role that the application does not offer",
			fmt.Sprintf("%s is assigned to %s with a role that provisions nobody.", doc.DisplayName, q.application()), values{"group": doc.DisplayName}, q.rolesSeen(doc.ID)...)
	}
	q.jobHinders(Missing, g, added.entered)
	if !q.w.Has(document.DirectoryAudits) {
		q.maybe(g, document.DirectoryAudits, cause.CycleDelay)
	} else if !q.job.known {
		q.maybe(g, document.SynchronizationJobs, cause.CycleDelay)
	}
	if !a.known {
		q.maybe(g, document.ProvisioningLogs, cause.LateScopeMember, cause.Throttled, cause.ProvisioningFailed)
	} else {
		q.groupAttempt(a, g, s)
	}
	q.lateMember(a, g, s)
	if q.rules.Known && (!q.rules.Group.Enabled || !q.rules.Group.Update) {
		q.fail(cause.ObjectTypeDisabled, Missing, g, "updating groups is switched off", "Updating groups is switched off in the attribute mappings.", nil, seen(document.SynchronizationRule, "object mapping for Group: no Update"))
	} else if !q.w.Has(document.SynchronizationRule) {
		q.maybe(g, document.SynchronizationRule, cause.ObjectTypeDisabled)
	}
}

// groupAttempt reads a failure of the group's own update.
func (q *inquiry) groupAttempt(a attempt, g int32, s *groupState) {
	if a.record == nil || a.kind == noFailure {
		return
	}
	ev := recordSeen(a.record)
	switch a.kind {
	case tooMany:
		q.fail(cause.Throttled, Missing, g, "throttled", fmt.Sprintf("Atlassian throttled the update of %s; Entra tries again by itself.", s.name), values{"group": s.name}, ev)
	case badKey:
		q.fail(cause.CredentialExpired, Missing, g, "the key was refused", "Entra cannot sign in to the Guard directory: its key expired or was replaced.", nil, ev)
	default:
		if unresolved(a.record, q.p.user.ID) {
			return // that is the member's own affair; lateMember reads it
		}
		q.prove(cause.ProvisioningFailed, Missing, g, fmt.Sprintf("Entra could not update the group %s: %s.", s.name, quote(a.record)), values{"group": s.name}, ev)
		q.mark(cause.HopProvisioning, Fail, "update of "+s.name+" failed", ev)
	}
}

// lateMember proves that the user came into scope after the group was synced: Entra does not look again until a
// restart (entra.md 2.1).
func (q *inquiry) lateMember(a attempt, g int32, s *groupState) {
	summary := fmt.Sprintf("%s came into scope after %s was synced; Entra does not add such members until it is restarted.", q.name(), s.name)
	for _, r := range q.w.RecordsOf(q.w.Groups[g].ID) {
		if unresolved(r, q.p.user.ID) {
			q.fail(cause.LateScopeMember, Missing, g, "came into scope after "+s.name, summary, values{"group": s.name},
				seen(document.ProvisioningLogs, "%s, group %s: could not add %s as a member yet", moment(r.ActivityDateTime.Time), s.name, q.p.user.ID))
			return
		}
	}
	rec, group := q.record(), &q.w.ScimGroups[s.scim]
	if a.known && !rec.Meta.Created.IsZero() && rec.Meta.Created.After(group.Meta.LastModified.Time) && !group.Meta.LastModified.IsZero() &&
		q.job.known && q.job.lastBegan.After(rec.Meta.Created.Time) {
		q.fail(cause.LateScopeMember, Missing, g, "came into scope after "+s.name, summary, values{"group": s.name},
			seen(document.ScimUsers, "record %s was created %s", rec.ID, moment(rec.Meta.Created.Time)),
			seen(document.ScimGroups, "%s was last modified %s", s.at, moment(group.Meta.LastModified.Time)))
	}
}

// unresolved tells whether a group's record says that this member could not be resolved.
func unresolved(r *document.ProvisioningRecord, member string) bool {
	for _, s := range r.Steps {
		text := s.Description
		for _, v := range s.Details {
			text += " " + fmt.Sprint(v)
		}
		if strings.Contains(text, member) && (strings.Contains(text, "UnableToResolveReferenceAttributeValue") || strings.Contains(text, "unable to assign") || strings.EqualFold(s.Type, "referenceResolution") && !strings.EqualFold(s.Status, "success")) {
			return true
		}
	}
	e := r.Status.Error()
	return e != nil && strings.Contains(e.ErrorCode, "UnableToResolveReference") && strings.Contains(e.Reason+e.AdditionalDetails, member)
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
	ord, known := q.w.Account(q.p.account)
	for _, i := range q.w.OrgGroupsByName(name) {
		g := &q.w.OrgGroups[i]
		if !g.OrgGroup.Members.Known || !q.w.Has(document.OrgGroups) || !known {
			continue
		}
		if _, member := slices.BinarySearch(g.Members, ord); member {
			in = append(in, q.memberSeen(document.OrgGroups, g.Name))
		} else {
			out = append(out, seen(document.OrgGroups, "%s has %s, not account %s", g.Name, plural(g.Count, "member"), q.p.account))
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
