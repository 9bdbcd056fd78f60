package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// memberNotProvisioned asks Entra's service why a member was not added.
func (q *inquiry) memberNotProvisioned(wy way, s *groupState) {
	g := int32(wy.group)
	a := q.attempts(q.w.Groups[wy.group].ID)
	added := q.wayAt(wy)
	q.wrongDirectory(Missing, g)
	if doc := &q.w.Groups[wy.group]; !q.entitledTo[wy.group] {
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
	for _, r := range q.records(q.w.Groups[g].ID) {
		if unresolved(r, q.p.user.ID) {
			q.fail(cause.LateScopeMember, Missing, g, "came into scope after "+s.name, summary, values{"group": s.name},
				seen(document.ProvisioningLogs, "%s, group %s: could not add %s as a member yet", moment(r.ActivityDateTime.Time), s.name, q.p.user.ID))
			return
		}
	}
	if at := q.restoredAt(); !at.IsZero() && q.job.known && q.job.lastBegan.After(at) && !q.changedSince(g, at) {
		q.fail(cause.LateScopeMember, Missing, g, "restored in Entra, but not in "+s.name,
			fmt.Sprintf("%s was deleted and restored in Entra; the service does not bring back the memberships of who is restored.", q.name()), values{"group": s.name},
			seen(document.DirectoryAudits, "Restore user on %s", moment(at)))
		return
	}
	rec, group := q.record(), &q.w.ScimGroups[s.scim]
	if a.known && !rec.Meta.Created.IsZero() && rec.Meta.Created.After(group.Meta.LastModified.Time) && !group.Meta.LastModified.IsZero() &&
		q.job.known && q.job.lastBegan.After(rec.Meta.Created.Time) {
		q.fail(cause.LateScopeMember, Missing, g, "came into scope after "+s.name, summary, values{"group": s.name},
			seen(document.ScimUsers, "record %s was created %s", rec.ID, moment(rec.Meta.Created.Time)),
			seen(document.ScimGroups, "%s was last modified %s", s.at, moment(group.Meta.LastModified.Time)))
	}
}

// restoredAt is when the user was last restored, zero where the audit log does not tell of it.
func (q *inquiry) restoredAt() (at time.Time) {
	for _, a := range q.w.AuditsOf(q.p.user.ID) {
		if a.ActivityDisplayName == "Restore user" && a.ActivityDateTime.After(at) {
			at = a.ActivityDateTime.Time
		}
	}
	return at
}

// changedSince tells whether the user was added to a group of Entra after a moment.
func (q *inquiry) changedSince(g int32, at time.Time) bool {
	for _, a := range q.w.AuditsOf(q.p.user.ID, q.w.Groups[g].ID) {
		if a.ActivityDisplayName == "Add member to group" && a.ActivityDateTime.After(at) {
			return true
		}
	}
	return false
}

// unresolved tells whether a group's record says that this member could not be resolved.
func unresolved(r *document.ProvisioningRecord, member string) bool {
	for _, s := range r.Steps {
		var text strings.Builder
		text.WriteString(s.Description)
		for _, v := range s.Details {
			text.WriteString(" " + fmt.Sprint(v))
		}
		if strings.Contains(text.String(), member) && (strings.Contains(text.String(), "UnableToResolveReferenceAttributeValue") || strings.Contains(text.String(), "unable to assign") || strings.EqualFold(s.Type, "referenceResolution") && !strings.EqualFold(s.Status, "success")) {
			return true
		}
	}
	e := r.Status.Error()
	return e != nil && strings.Contains(e.ErrorCode, "UnableToResolveReference") && strings.Contains(e.Reason+e.AdditionalDetails, member)
}
