package trace

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// groupState is what is known of one expected group at the target. It is worked out once for all its members.
type groupState struct {
	g      uint32
	name   string // Entra's displayName
	scim   int32  // ordinal of the SCIM group, -1: there is none
	known  bool   // the SCIM groups (with the connector: the organization's groups) were there
	at     string // its name at Atlassian: a renamed group keeps the old one
	org    []uint32
	found  []*finding
	stands []*finding // of found: what is left when the catalogue's order is applied
	how    string     // how hop 8 went, in words
	lost   bool       // the group as a whole does not reach Atlassian
}

// called is the group's name at Atlassian, with Entra's where they differ.
func (s *groupState) called() string {
	if s.at == s.name {
		return s.at
	}
	return s.at + " (" + s.name + " in Entra)"
}

// groupOf works out the state of a group.
func (t *Tracer) groupOf(g uint32) *groupState {
	if s, ok := t.groups[g]; ok {
		return s
	}
	// An inquiry without a person collects the findings; they are copied to the members that ask.
	q := &inquiry{Tracer: t, asked: t.w.Groups[g].DisplayName}
	s := &groupState{g: g, name: t.w.Groups[g].DisplayName, scim: -1}
	s.at = s.name
	if t.guard() {
		q.connectorGroup(s)
	} else {
		q.scimGroup(s)
	}
	s.found = q.found
	ruling := decide(s.found)
	s.stands = ruling.also
	if ruling.main != nil {
		s.stands = append([]*finding{ruling.main}, ruling.also...)
	}
	t.groups[g] = s
	return s
}

// scimGroup finds the group in the Guard directory, by id first and then by name, and judges it.
func (q *inquiry) scimGroup(s *groupState) {
	w, doc := q.w, &q.w.Groups[s.g]
	_, hidden := w.Gap(document.ScimGroups, doc.ID, doc.DisplayName)
	s.known = w.Has(document.ScimGroups) && !hidden
	byID := w.ScimGroupsByExternal(doc.ID)
	for _, i := range byID {
		if s.scim < 0 || w.ScimGroups[i].DisplayName == s.name {
			s.scim = int32(i)
		}
	}
	if s.scim < 0 {
		for _, i := range w.ScimGroupsByName(s.name) {
			if s.scim < 0 || w.ScimGroups[i].DisplayName == s.name {
				s.scim = int32(i)
			}
		}
	}
	if s.scim >= 0 {
		s.at = w.ScimGroups[s.scim].DisplayName
	}
	s.org = w.OrgGroupsByName(s.at)
	switch {
	case s.scim >= 0:
		q.groupName(s)
		q.groupReaches(s)
	case s.known:
		s.lost = true
		q.groupMissing(s)
	default:
		s.how = "groups of the Guard directory were not read"
		if ev := q.creationFailed(s); len(ev) > 0 {
			s.lost = true
			q.conflictOrRecreated(s, ev)
		}
	}
}

// groupName proves that Atlassian knows the group by another name: names are immutable there, a rename in Entra is
// not passed on (atlassian.md 1.4).
func (q *inquiry) groupName(s *groupState) {
	have := q.w.ScimGroups[s.scim]
	if have.DisplayName == s.name {
		return
	}
	ev := []Evidence{seen(document.ScimGroups, "group %s: displayName %s, externalId %s", have.ID, have.DisplayName, orElse(have.ExternalID, "none")), seen(document.Groups, "%s: displayName %s", q.w.Groups[s.g].ID, s.name)}
	vals := values{"group": s.name, "other": have.DisplayName}
	if strings.EqualFold(have.DisplayName, s.name) {
		q.prove(cause.CaseDifference, Wrong, noGroup, fmt.Sprintf("The group %s is called %s at Atlassian: the names differ in case.", s.name, have.DisplayName), vals, ev...)
		return
	}
	q.prove(cause.GroupRenamed, Wrong, noGroup, fmt.Sprintf("The group was renamed to %s in Entra; at Atlassian it is still %s.", s.name, have.DisplayName), vals, ev...)
}

// groupReaches judges whether a group of the directory reaches the organization: a default access group, a built-in
// group or a local group of that name never does, although the API says 201.
func (q *inquiry) groupReaches(s *groupState) {
	local, synced := false, false
	for _, i := range s.org {
		local = local || document.Is(q.w.OrgGroups[i].ExternalSynced, false)
		synced = synced || document.Is(q.w.OrgGroups[i].ExternalSynced, true)
	}
	lacking, site := q.siteLacks(s)
	nowhere := len(s.org) == 0 && q.w.Has(document.OrgGroups) && facts.BuiltInName(s.at) && !q.fresh(s)
	if synced || (!local && !lacking && !nowhere) {
		return
	}
	var ev []Evidence
	switch {
	case local:
		ev = append(ev, seen(document.OrgGroups, "group %s exists, externalSynced false", s.at))
	case !lacking:
		ev = append(ev, seen(document.OrgGroups, "no group %s in the organization", s.at))
	default:
		ev = append(ev, seen(document.ForSite(document.JiraGroups, site), "%s has none of the members of the directory", s.at))
	}
	isDefault, told, dev := q.isDefault(s.at)
	switch {
	case isDefault:
		s.lost = true
		q.prove(cause.DefaultAccessGroup, Missing, noGroup, fmt.Sprintf("%s is a default access group at Atlassian, so the synced group of that name never reaches the sites.", s.at), values{"group": s.at}, append([]Evidence{dev}, ev...)...)
	case facts.BuiltInName(s.at):
		s.lost = true
		q.prove(cause.BuiltInGroup, Missing, noGroup, fmt.Sprintf("%s is a built-in group of Atlassian, so the synced group of that name never reaches the sites.", s.at), values{"group": s.at}, ev...)
	case local:
		s.lost = true
		if !told {
			q.maybe(noGroup, document.ApplicationRoles, cause.DefaultAccessGroup)
		}
		q.conflictOrRecreated(s, ev)
	default:
		if !told || !q.w.Has(document.OrgGroups) {
			q.maybe(noGroup, document.OrgGroups, cause.DefaultAccessGroup, cause.GroupNameConflict)
		}
		c := cause.PropagationStuck
		if q.fresh(s) {
			c = cause.PropagationLag
		}
		q.prove(c, Wrong, noGroup, fmt.Sprintf("None of the members that %s has in the Guard directory is in it at %s.", s.at, orElse(site, "the site")), values{"group": s.at}, ev...)
	}
}

// fresh tells whether a group of the directory was touched so lately that it may still be on its way.
func (q *inquiry) fresh(s *groupState) bool {
	changed := q.w.ScimGroups[s.scim].Meta.LastModified.Time
	return !changed.IsZero() && q.now().Sub(changed) < q.w.Limits.Propagation
}

// siteLacks tells whether a site knows the group but none of its members, although the directory has some that are
// linked.
func (q *inquiry) siteLacks(s *groupState) (bool, string) {
	if s.scim < 0 {
		return false, ""
	}
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		g := site.Groups[s.at]
		if g == nil || !g.Known {
			continue
		}
		linked, there := 0, false
		for _, m := range q.w.ScimGroups[s.scim].Members {
			if account, _ := q.link(&q.w.ScimUsers[m]); account != "" && q.w.ScimUsers[m].IsActive() {
				linked++
				if there = g.Has(account); there {
					break
				}
			}
		}
		if linked > 0 && !there && (!g.Some || g.Count == 0) {
			return true, site.Host
		}
	}
	return false, ""
}

// isDefault tells whether a group is a default access group of any product, and whether that could be seen at all.
func (q *inquiry) isDefault(name string) (is, told bool, ev Evidence) {
	byRoles := false
	for _, i := range q.w.OrgGroupsByName(name) {
		roles := q.w.OrgGroups[i].RoleAssignments
		if !roles.Known || roles.Null {
			continue
		}
		for _, r := range roles.Value {
			byRoles = byRoles || r.DefaultRole.Known
			if r.DefaultRole.Value != "" {
				return true, true, seen(document.OrgGroups, "%s: defaultRole %s on %s", name, r.DefaultRole.Value, orElse(r.ResourceOwner, r.ResourceID))
			}
		}
	}
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		if !q.w.HasSite(document.ApplicationRoles, site.Host) {
			continue
		}
		told = true
		for _, r := range site.Roles {
			names := r.DefaultGroups
			for _, d := range r.DefaultGroupsInfo {
				names = append(names, d.Name)
			}
			if contains(names, name) {
				return true, true, seen(document.ForSite(document.ApplicationRoles, site.Host), "%s: defaultGroups contains %s", orElse(r.Name, r.Key), name)
			}
		}
	}
	// A role assignment that is told answers for every site; the sites' own roles only where all were read.
	return false, byRoles || told && q.everySite(document.ApplicationRoles), Evidence{}
}
