package trace

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

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
	ev = append(ev, q.creationFailed(s)...)
	if a.kind == conflict {
		ev = append(ev, recordSeen(a.record))
	}
	if len(ev) == 0 && !w.Has(document.OrgGroups) {
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
	// Entra has not tried to create a group that it believes to be there, and another error is no conflict.
	otherwise := q.groupGone(s, a) || q.entra() && a.kind != noFailure && a.kind != conflict
	if !w.Has(document.TroubleshootingLog) && !(q.own != nil && w.Has(document.OwnLog)) && !otherwise {
		q.maybe(noGroup, document.TroubleshootingLog, cause.GroupNameConflict)
	}
	if bad := invalidName(s.name); bad != "" {
		q.prove(cause.GroupNameInvalid, Missing, noGroup, fmt.Sprintf("The name of %s %s, so Entra cannot match it.", s.name, bad), values{"group": s.name, "value": bad}, seen(document.Groups, "displayName %q %s", s.name, bad))
	}
	if q.entra() {
		q.groupNotProvisioned(s, a)
	}
	if q.own != nil {
		q.ownGroupMissing(s)
	}
	if !w.Has(document.ServicePrincipals) && q.own == nil {
		q.maybe(noGroup, document.ServicePrincipals, cause.AppRoleMissing)
	}
	if !q.entitledTo[s.g] && q.own == nil {
		q.prove(cause.AppRoleMissing, Missing, noGroup, fmt.Sprintf("%s is assigned to %s with a role that provisions nobody.", s.name, q.application()), values{"group": s.name}, q.rolesSeen(doc.ID)...)
	}
	q.prove(cause.RecordMissing, Missing, noGroup, fmt.Sprintf("The group %s is in scope but not in the Guard directory, and nothing that was read explains it.", s.name), values{"group": s.name}, seen(document.ScimGroups, "no group %s", s.name))
}

// groupGone proves that Entra provisioned a group which the directory no longer has.
func (q *inquiry) groupGone(s *groupState, a attempt) bool {
	if !q.entra() || !a.known {
		return false
	}
	summary := fmt.Sprintf("The group that Entra made for %s no longer exists in the Guard directory.", s.name)
	switch {
	case a.kind == anchorGone:
		q.prove(cause.TargetRecordGone, Missing, noGroup, summary, values{"group": s.name}, recordSeen(a.record))
		return true
	case a.kind == conflict:
		return false // it tries to create one, so it remembers none
	case a.success == nil || a.success.TargetIdentity.ID == "" || !q.w.Has(document.ScimGroups):
		return false
	}
	id := a.success.TargetIdentity.ID
	if _, there := q.w.ScimGroupByID(id); there {
		return false
	}
	q.prove(cause.TargetRecordGone, Missing, noGroup, summary, values{"group": s.name, "record": id}, recordSeen(a.success), seen(document.ScimGroups, "no group %s", id))
	return true
}

// creationFailed is the line of Guard's own log that says that the group could not be created.
func (q *inquiry) creationFailed(s *groupState) []Evidence {
	for _, l := range q.w.GuardLog {
		if strings.Contains(l.Text, "Failed to create group") && namesGroup(l.Text, s.name) {
			return []Evidence{{string(document.TroubleshootingLog), fmt.Sprintf("line %d: %s", l.Line, l.Text)}}
		}
	}
	return nil
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
		vals := values{"group": s.at}
		if other != "" {
			vals["other"] = other
		}
		q.prove(cause.DirectoryRecreated, Missing, noGroup, fmt.Sprintf("The directory was recreated: %s is left over as a local group of the former one.", s.at), vals, append(ev, oev)...)
	} else if !q.w.Has(document.ScimLinks) {
		q.maybe(noGroup, document.ScimLinks, cause.DirectoryRecreated)
	} else if !q.w.Has(document.Events) {
		q.maybe(noGroup, document.Events, cause.DirectoryRecreated)
	}
	q.prove(cause.GroupNameConflict, Missing, noGroup, fmt.Sprintf("Atlassian already has a local group named %s, so the synced one is held back.", s.at), values{"group": s.at}, ev...)
	if q.own != nil { // Atlassian lists a group for review once its creation was refused, and rollcall asks before it tries
		q.found[len(q.found)-1].fix = []string{
			fmt.Sprintf("Let rollcall ask Atlassian for %s, which refuses it and lists it for review: `rollcall log --runs` names the run, then `rollcall approve <run> \"%s\"` and `rollcall apply`", s.at, s.at),
			fmt.Sprintf("Let the synced group take over: Atlassian Administration › Security › Identity providers › your provider › Review groups › %s › Sync group. The members are then replaced by those of Entra: read the list of additions and removals first", s.at),
			"`rollcall apply` again; what it would do to the members may wait once more for `rollcall approve`",
			fmt.Sprintf("Or keep both under two names: Entra admin center › Groups › %s › Properties › Group name", s.at),
		}
	}
}

// formerDirectory finds a sign that the organization had another provisioning directory which is gone: an event that
// one was removed, or, where the events were not read, links into another one. Where they were read and tell of no
// removal, the other one may well be a second provider that is alive.
func (t *Tracer) formerDirectory() (string, Evidence, bool) {
	var removed Evidence
	for i := range t.w.Events {
		e := &t.w.Events[i]
		text := strings.ToLower(e.Attributes.Action + " " + e.Attributes.Message.Content + " " + e.Message.Content)
		about := strings.Contains(text, "directory") || strings.Contains(text, "identity_provider") || strings.Contains(text, "identity provider")
		if about && (strings.Contains(text, "delet") || strings.Contains(text, "remov")) {
			removed = seen(document.Events, "%s: %s", moment(e.Attributes.Time.Time), orElse(e.Attributes.Message.Content, orElse(e.Message.Content, e.Attributes.Action)))
			break
		}
	}
	if t.w.Has(document.Events) && removed.Seen == "" {
		return "", Evidence{}, false
	}
	for _, l := range t.w.Links {
		if t.elsewhere(l) {
			return l.DirectoryID, seen(document.ScimLinks, "record %s is in directory %s, not %s", l.ScimUserID, l.DirectoryID, t.w.Bundle.Connection.Directory), true
		}
	}
	return "", removed, removed.Seen != ""
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
	} else if a.record != nil && a.kind != noFailure && a.kind != conflict && a.kind != anchorGone {
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
	q.wrongDirectory(Missing, noGroup)
	if q.rules.Known {
		if res := q.groupFilter.Evaluate(doc.Attribute); len(res.Groups) > 0 && res.Outcome == scope.Fail {
			q.prove(cause.ScopingFilter, Missing, noGroup, fmt.Sprintf("A scoping filter keeps the group %s out: %s.", s.name, failedClause(res)), values{"group": s.name}, q.clausesSeen(res)...)
		}
	}
	q.typeDisabled(Missing, noGroup, q.rules.Group, "groups")
	if !q.job.known {
		q.maybe(noGroup, document.SynchronizationJobs, cause.CycleDelay)
	}
	q.jobHinders(Missing, noGroup, q.groupAt(s.g).entered)
	q.restartNeeded(Missing)
}
