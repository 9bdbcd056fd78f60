package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// groupState is what is known of one expected group at the target. It is worked out once for all its members.
type groupState struct {
	g     uint32
	name  string // Entra's displayName
	scim  int32  // ordinal of the SCIM group, -1: there is none
	known bool   // the SCIM groups (with the connector: the organization's groups) were there
	at    string // its name at Atlassian: a renamed group keeps the old one
	org   []uint32
	found []*finding
	how   string // how hop 8 went, in words
	lost  bool   // the group as a whole does not reach Atlassian
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
	t.groups[g] = s
	return s
}

// scimGroup finds the group in the Guard directory, by id first and then by name, and judges it.
func (q *inquiry) scimGroup(s *groupState) {
	w, doc := q.w, &q.w.Groups[s.g]
	s.known = w.Has(document.ScimGroups)
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

// builtIn are group names that Atlassian keeps for itself. The list is from memory, not from a document (atlassian.md
// 3.2), so a name alone proves nothing: the group must also be local at Atlassian, or without the members.
var builtIn = []string{"site-admins", "administrators", "org-admins", "org-admin", "site-admin", "jira-administrators", "confluence-administrators", "system-administrators", "atlassian-addons-admin", "atlassian-addons", "trusted-users-trusted-ops"}

// groupReaches judges whether a group of the directory reaches the organization: a default access group, a built-in
// group or a local group of that name never does, although the API says 201.
func (q *inquiry) groupReaches(s *groupState) {
	local, synced := false, false
	for _, i := range s.org {
		local = local || document.Is(q.w.OrgGroups[i].ExternalSynced, false)
		synced = synced || document.Is(q.w.OrgGroups[i].ExternalSynced, true)
	}
	lacking, site := q.siteLacks(s)
	if synced || (!local && !lacking) {
		return
	}
	var ev []Evidence
	if local {
		ev = append(ev, seen(document.OrgGroups, "group %s exists, externalSynced false", s.at))
	} else {
		ev = append(ev, seen(document.ForSite(document.JiraGroups, site), "%s has none of the members of the directory", s.at))
	}
	isDefault, told, dev := q.isDefault(s.at)
	switch {
	case isDefault:
		s.lost = true
		q.prove(cause.DefaultAccessGroup, Missing, noGroup, fmt.Sprintf("%s is a default access group at Atlassian, so the synced group of that name never reaches the sites.", s.at), values{"group": s.at}, append([]Evidence{dev}, ev...)...)
	case slices.Contains(builtIn, facts.Fold(s.at)):
		s.lost = true
		q.prove(cause.BuiltInGroup, Missing, noGroup, fmt.Sprintf("%s is a built-in group of Atlassian, so the synced group of that name never reaches the sites.", s.at), values{"group": s.at}, ev...)
	case local:
		s.lost = true
		if !told {
			q.maybe(noGroup, document.ApplicationRoles, cause.DefaultAccessGroup)
		}
		q.conflictOrRecreated(s, ev)
	case !told:
		q.maybe(noGroup, document.ApplicationRoles, cause.DefaultAccessGroup)
	}
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
		linked, there := 0, 0
		for _, m := range q.w.ScimGroups[s.scim].Members {
			if account, _ := q.link(&q.w.ScimUsers[m]); account != "" && q.w.ScimUsers[m].IsActive() {
				linked++
				if g.Has(account) {
					there++
				}
			}
		}
		if linked > 0 && there == 0 {
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

// groupMissing names why a group in scope is not in the directory.
func (q *inquiry) groupMissing(s *groupState) {
	w, doc := q.w, &q.w.Groups[s.g]
	a := q.attempts(doc.ID)
	var ev []Evidence
	for _, i := range s.org {
		if document.Is(w.OrgGroups[i].ExternalSynced, false) {
			ev = append(ev, seen(document.OrgGroups, "a local group %s exists (externalSynced false)", w.OrgGroups[i].Name))
			break
		}
	}
	for _, l := range w.GuardLog {
		if strings.Contains(l.Text, "Failed to create group") && namesGroup(l.Text, s.name) {
			ev = append(ev, Evidence{string(document.TroubleshootingLog), fmt.Sprintf("line %d: %s", l.Line, l.Text)})
			break
		}
	}
	if a.kind == conflict {
		ev = append(ev, recordSeen(a.record))
	}
	if len(ev) == 0 && w.Has(document.OrgGroups) == false {
		for i := range w.Sites {
			if g := w.Sites[i].Groups[s.name]; g != nil && g.Error == "" {
				ev = append(ev, seen(document.ForSite(document.JiraGroups, w.Sites[i].Host), "Jira already has a group %s", s.name))
				break
			}
		}
	}
	if len(ev) > 0 {
		q.conflictOrRecreated(s, ev)
	} else if !w.Has(document.OrgGroups) {
		q.maybe(noGroup, document.OrgGroups, cause.GroupNameConflict)
	}
	if !w.Has(document.TroubleshootingLog) {
		q.maybe(noGroup, document.TroubleshootingLog, cause.GroupNameConflict)
	}
	if bad := invalidName(s.name); bad != "" {
		q.prove(cause.GroupNameInvalid, Missing, noGroup, fmt.Sprintf("The name of %s %s, so Entra cannot match it.", s.name, bad), values{"group": s.name, "value": bad}, seen(document.Groups, "displayName %q %s", s.name, bad))
	}
	if q.entra() {
		q.groupNotProvisioned(s, a)
	}
	if !w.Has(document.ServicePrincipals) {
		q.maybe(noGroup, document.ServicePrincipals, cause.AppRoleMissing)
	}
	if !q.entitled[facts.Fold(doc.ID)] {
		q.prove(cause.AppRoleMissing, Missing, noGroup, fmt.Sprintf("%s is assigned to %s with a role that provisions nobody.", s.name, q.application()), values{"group": s.name}, q.rolesSeen(doc.ID)...)
	}
	q.prove(cause.RecordMissing, Missing, noGroup, fmt.Sprintf("The group %s is in scope but not in the Guard directory, and nothing that was read explains it.", s.name), values{"group": s.name}, seen(document.ScimGroups, "no group %s", s.name))
}

// namesGroup tells whether a line of the log names this group and not one whose name merely begins alike.
func namesGroup(line, name string) bool {
	_, rest, ok := strings.Cut(line, name)
	return ok && name != "" && (rest == "" || !strings.ContainsAny(rest[:1], "-_.") && !isLetter(rest[0]))
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// conflictOrRecreated proves that another group has the name. Where accounts are still held by a directory that is
// not this one, the directory was recreated and its former groups became local.
func (q *inquiry) conflictOrRecreated(s *groupState, ev []Evidence) {
	if other, oev, ok := q.formerDirectory(); ok {
		q.prove(cause.DirectoryRecreated, Missing, noGroup, fmt.Sprintf("The directory was recreated: %s is left over as a local group of the former one.", s.at), values{"group": s.at, "other": other}, append(ev, oev)...)
	} else if !q.w.Has(document.ScimLinks) {
		q.maybe(noGroup, document.ScimLinks, cause.DirectoryRecreated)
	} else if !q.w.Has(document.Events) {
		q.maybe(noGroup, document.Events, cause.DirectoryRecreated)
	}
	q.prove(cause.GroupNameConflict, Missing, noGroup, fmt.Sprintf("Atlassian already has a local group named %s, so the synced one is held back.", s.at), values{"group": s.at}, ev...)
}

// formerDirectory finds a sign that the organization had another provisioning directory: links into it, or an
// event about a directory.
func (t *Tracer) formerDirectory() (string, Evidence, bool) {
	if ours := t.w.Bundle.Connection.Directory; ours != "" {
		for _, l := range t.w.Links {
			if l.DirectoryID != "" && !same(l.DirectoryID, ours) {
				return l.DirectoryID, seen(document.ScimLinks, "record %s is in directory %s, not %s", l.ScimUserID, l.DirectoryID, ours), true
			}
		}
	}
	for i := range t.w.Events {
		e := &t.w.Events[i]
		text := strings.ToLower(e.Attributes.Action + " " + e.Attributes.Message.Content + " " + e.Message.Content)
		about := strings.Contains(text, "directory") || strings.Contains(text, "identity_provider") || strings.Contains(text, "identity provider")
		if about && (strings.Contains(text, "delet") || strings.Contains(text, "remov") || strings.Contains(text, "creat")) {
			return "the former one", seen(document.Events, "%s: %s", moment(e.Attributes.Time.Time), orElse(e.Attributes.Message.Content, orElse(e.Message.Content, e.Attributes.Action))), true
		}
	}
	return "", Evidence{}, false
}

// invalidName tells what makes a group name impossible to match: Entra's filter breaks on special characters
// (entra.md 2.4). The limit of 255 characters is from memory (atlassian.md 3.2).
func invalidName(name string) string {
	if n := len([]rune(name)); n > 255 {
		return fmt.Sprintf("has %d characters, more than 255", n)
	}
	for _, r := range name {
		if r < 0x20 || r == 0x7f {
			return "contains a control character"
		}
		if strings.ContainsRune(`"\#&+%`, r) {
			return fmt.Sprintf("contains the character %c", r)
		}
	}
	if strings.TrimSpace(name) != name || name == "" {
		return "begins or ends with a blank"
	}
	return ""
}

// groupNotProvisioned asks Entra's service why it has not provisioned a group.
func (q *inquiry) groupNotProvisioned(s *groupState, a attempt) {
	doc := &q.w.Groups[s.g]
	if !a.known {
		q.maybe(noGroup, document.ProvisioningLogs, cause.GroupNameConflict, cause.Throttled, cause.ProvisioningFailed, cause.GroupNameInvalid)
	} else if a.record != nil && a.kind != noFailure && a.kind != conflict {
		ev := recordSeen(a.record)
		switch {
		case a.kind == tooMany:
			q.prove(cause.Throttled, Missing, noGroup, fmt.Sprintf("Atlassian throttled the request for the group %s.", s.name), nil, ev)
		case a.kind == badKey:
			q.prove(cause.CredentialExpired, Missing, noGroup, "Entra cannot sign in to the Guard directory: its key expired or was replaced.", nil, ev)
		case strings.Contains(wordsOf(a.record), "Failed to match"):
			q.prove(cause.GroupNameInvalid, Missing, noGroup, fmt.Sprintf("Entra could not match the group %s: %s.", s.name, quote(a.record)), values{"group": s.name}, ev)
		default:
			q.prove(cause.ProvisioningFailed, Missing, noGroup, fmt.Sprintf("Entra could not provision the group %s: %s.", s.name, quote(a.record)), values{"group": s.name}, ev)
		}
	}
	q.wrongDirectory(noGroup)
	if q.rules.Known {
		if res := q.groupFilter.Evaluate(doc.Attribute); len(res.Groups) > 0 && res.Outcome == scope.Fail {
			q.prove(cause.ScopingFilter, Missing, noGroup, fmt.Sprintf("A scoping filter keeps the group %s out: %s.", s.name, failedClause(res)), values{"group": s.name}, clausesSeen(res)...)
		}
	}
	q.typeDisabled(Missing, noGroup, q.rules.Group, "groups")
	var changed changes
	for _, as := range q.w.AssignmentsOf(doc.ID) {
		changed.later(as.CreatedDateTime.Time, "assigned", seen(document.AppRoleAssignments, "%s assigned on %s", s.name, moment(as.CreatedDateTime.Time)))
	}
	changed.later(doc.CreatedDateTime.Time, "created", seen(document.Groups, "%s created on %s", s.name, moment(doc.CreatedDateTime.Time)))
	if !q.job.known {
		q.maybe(noGroup, document.SynchronizationJobs, cause.CycleDelay)
	}
	q.jobHinders(Missing, noGroup, changed.entered)
	q.restartNeeded(Missing)
}
