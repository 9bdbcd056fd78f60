package trace

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// attemptFailed reads what the newest entry of the log says, for a record that is missing or was not updated.
func (q *inquiry) attemptFailed(v Verdict, a attempt) {
	if q.own != nil && q.w.Has(document.OwnLog) { // what the target answered is in rollcall's own log
		if refused, ok := q.refusal(); ok {
			q.conflict(v, refused)
			return
		}
		q.guardLogConflict(v)
		return
	}
	if !q.entra() {
		// What the target answered is in Guard's own log only; an empty directory had nothing to refuse.
		if !q.w.Has(document.TroubleshootingLog) && !q.guard() && q.w.Totals[document.ScimUsers] > 0 {
			if !q.w.Has(document.OrgUsers) || len(q.strangers(q.p.email))+len(q.strangers(q.p.userName)) > 0 {
				q.maybe(noGroup, document.TroubleshootingLog, cause.DuplicateAccount)
			}
			q.maybe(noGroup, document.TroubleshootingLog, cause.StaleScimRecord)
		}
		q.guardLogConflict(v)
		return
	}
	if !a.known {
		q.maybe(noGroup, document.ProvisioningLogs, cause.DuplicateAccount, cause.HeldByOtherDirectory, cause.EmailChangeRefused, cause.StaleScimRecord,
			cause.ProvisioningFailed, cause.MappingError, cause.Throttled, cause.TargetRecordGone, cause.AmbiguousMatch, cause.RequiredAttributeMissing)
		q.guardLogConflict(v)
		return
	}
	if a.record == nil || a.kind == noFailure {
		q.skippedBy(v, a)
		if v == Missing {
			q.recordGone(a)
		}
		if a.record == nil {
			q.guardLogConflict(v)
		}
		return
	}
	if v == Wrong { // a record that is here was looked for there
		q.wrongDirectory(v, noGroup)
	}
	ev := recordSeen(a.record)
	fail := func(c cause.Code, hop, summary string) { q.fail(c, v, noGroup, hop, summary, nil, ev) }
	switch a.kind {
	case conflict:
		q.conflict(v, a)
	case mandatory:
		fail(cause.RequiredAttributeMissing, "a required value is missing", fmt.Sprintf("Entra did not provision %s: a required or matching attribute has no value.", q.name()))
		q.staleUser()
	case several:
		fail(cause.AmbiguousMatch, "matching found several", fmt.Sprintf("Entra found several objects that match %s.", q.name()))
	case badMapping:
		if guest(q.p.user) || external(q.p.user) {
			q.alternatives = append(q.alternatives, Alternative{cause.GuestUser, "the name that Entra makes of a guest's user principal name may be what was refused: the log's modified properties show the value"})
		}
		fail(cause.MappingError, "the target refuses the mapping", fmt.Sprintf("Atlassian refuses what the attribute mapping asks for %s: %s.", q.name(), quote(a.record)))
	case anchorGone:
		fail(cause.TargetRecordGone, "the record that Entra remembers is gone", fmt.Sprintf("The SCIM record that Entra remembers for %s no longer exists.", q.name()))
	case tooMany:
		fail(cause.Throttled, "throttled", fmt.Sprintf("Atlassian throttled the request for %s; Entra tries again by itself.", q.name()))
	case noSeat:
		fail(cause.SeatLimit, "no seat left", fmt.Sprintf("No seat was left for %s.", q.name()))
	case badKey:
		fail(cause.CredentialExpired, "the key was refused", "Entra cannot sign in to the Guard directory: its key expired or was replaced.")
	default:
		if v == Missing && (guest(q.p.user) || external(q.p.user)) && q.fromUPN() && badRequest(a.record) {
			q.mark(cause.HopProvisioning, Fail, a.record.Action+" failed", ev)
			return // the target refused what Entra makes of a guest's name; guest-user says it better
		}
		q.prove(cause.ProvisioningFailed, v, noGroup, fmt.Sprintf("Entra could not provision %s: %s.", q.name(), quote(a.record)), nil, ev)
		q.mark(cause.HopProvisioning, Fail, a.record.Action+" failed", ev)
	}
}

// skippedBy reads a skip: the flags of its details tell what the service found.
func (q *inquiry) skippedBy(v Verdict, a attempt) {
	if a.record == nil || !a.skipped {
		return
	}
	flags := skipFlags(a.record)
	ev := recordSeen(a.record)
	switch {
	case flags["scope"] == "false" && !q.rules.Known:
		q.fail(cause.ScopingFilter, v, noGroup, "a scoping filter leaves the user out", fmt.Sprintf("A scoping filter keeps %s out.", q.name()), nil,
			seen(document.ProvisioningLogs, "%s: %s", moment(a.record.ActivityDateTime.Time), filterText(a.record)))
	case flags["role"] == "false" && flags["assigned"] != "false":
		q.fail(cause.AppRoleMissing, v, noGroup, "assigned without a role that provisions", fmt.Sprintf("%s is assigned without a role that provisions.", q.name()), nil, ev)
	}
}

// skipFlags reads the details of a scoping step in both spellings that the service uses (entra.md 1.13).
func skipFlags(r *document.ProvisioningRecord) map[string]string {
	flags := map[string]string{}
	names := map[string]string{
		"assigned to the application": "assigned", "assigned": "assigned",
		"user has the required role": "role", "iseffectivelyentitledforprovisioning": "role",
		"scoping filter evaluation passed": "scope", "isinprovisioningscope": "scope", "isinprovisioningscopedisplayname": "scope",
		"active in the source system": "active", "isactive": "active",
	}
	for _, s := range r.Steps {
		for k, v := range s.Details {
			if name, ok := names[facts.Fold(k)]; ok {
				flags[name] = facts.Fold(fmt.Sprint(v))
			}
		}
	}
	return flags
}

func filterText(r *document.ProvisioningRecord) string {
	for _, s := range r.Steps {
		if v, ok := s.Details["ScopeEvaluationResult"]; ok {
			return fmt.Sprint(v)
		}
	}
	return "scoping filter not passed"
}

// recordGone proves that Entra provisioned a record once which the directory no longer has.
func (q *inquiry) recordGone(a attempt) {
	q.wrongDirectory(Missing, noGroup)
	if a.success == nil || a.success.TargetIdentity.ID == "" || q.record() != nil || !q.w.Has(document.ScimUsers) {
		return
	}
	if _, there := q.w.ScimByID(a.success.TargetIdentity.ID); there {
		return
	}
	q.fail(cause.TargetRecordGone, Missing, noGroup, "the record that Entra remembers is gone",
		fmt.Sprintf("The SCIM record that Entra made for %s no longer exists.", q.name()), values{"record": a.success.TargetIdentity.ID},
		recordSeen(a.success), seen(document.ScimUsers, "no record %s", a.success.TargetIdentity.ID))
}

// guardLogConflict reads a 409 out of Guard's own log, where Entra's was not there or has no entry.
func (q *inquiry) guardLogConflict(v Verdict) {
	for _, l := range slices.Backward(q.w.GuardLog) {
		mail := conflictAddress(l.Text)
		if mail == "" || (!same(mail, q.p.email) && !same(mail, q.p.userName)) {
			continue
		}
		rec := document.ProvisioningRecord{Action: "create"}
		rec.Status.Status = "failure"
		rec.Status.ErrorInformation = &document.ErrorDetails{ErrorCode: "409", Reason: l.Text}
		q.conflict(v, attempt{known: true, record: &rec, kind: conflict})
		return
	}
}
