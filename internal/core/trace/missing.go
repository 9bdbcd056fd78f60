package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// recordMissing names why a user in scope has no SCIM record (with the connector: no synced account). Everything
// that could explain it is asked; what nothing explains is record-missing.
func (q *inquiry) recordMissing(r reach, a attempt) {
	what, f := "no SCIM record", document.ScimUsers
	if q.guard() {
		what, f = "no synced account", document.OrgUsers
	}
	q.mark(cause.HopDirectory, Fail, what, seen(f, "%s for %s among %d", what, join(" or ", q.p.source().ID, orElse(q.p.email, q.p.userName)), q.w.Totals[f]))

	q.attemptFailed(Missing, a)
	q.mappingFaults(Missing)
	q.ambiguous(Missing)
	if q.entra() && !q.w.Has(document.ServicePrincipals) {
		q.maybe(noGroup, document.ServicePrincipals, cause.AppRoleMissing)
	}
	switch {
	case q.entra():
		q.noAttemptYet(r, a)
	case q.guard():
		q.connectorMissed(r)
	}
	q.staleRecordWithoutConflict(a)
	if u := q.p.user; guest(u) && !q.guard() && q.fromUPN() {
		q.fail(cause.GuestUser, Missing, noGroup, "a guest, mapped by user principal name",
			fmt.Sprintf("%s is a guest, and Entra cuts #EXT# from the name that it would send.", q.name()), values{"value": u.UserPrincipalName},
			seen(document.Users, "userType %s, userPrincipalName %s", orElse(u.UserType, "not told"), u.UserPrincipalName))
	}
	if n, most := q.w.Totals[document.ScimUsers], q.w.Limits.UsersPerDirectory; !q.guard() && n >= most {
		q.fail(cause.SizeLimit, Missing, noGroup, "the directory is full", fmt.Sprintf("The Guard directory holds %d users, its limit is %d.", n, most), nil,
			seen(document.ScimUsers, "%d records, limit %d", n, most))
	}
	q.prove(cause.RecordMissing, Missing, noGroup, fmt.Sprintf("%s is in scope but has %s, and nothing that was read explains it.", q.name(), what), nil,
		seen(f, "%s", what))
}

func guest(u *document.User) bool {
	return u != nil && (strings.EqualFold(u.UserType, "Guest") || strings.Contains(strings.ToUpper(u.UserPrincipalName), "#EXT#"))
}

// fromUPN tells whether the userName comes from the user principal name, which Entra cuts for guests.
func (q *inquiry) fromUPN() bool {
	from := strings.ToLower(q.p.mapped.UserName().From)
	return strings.Contains(from, "userprincipalname") && !strings.Contains(from, "original") && strings.Contains(strings.ToUpper(q.p.user.UserPrincipalName), "#EXT#")
}

// attemptFailed reads what the newest entry of the log says, for a record that is missing or was not updated.
func (q *inquiry) attemptFailed(v Verdict, a attempt) {
	if q.guard() || !q.entra() {
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
	q.wrongDirectory(noGroup)
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

// wrongDirectory proves that the service pushes to another directory than the one looked at.
func (q *inquiry) wrongDirectory(group int32) {
	if !q.entra() || q.w.Bundle.Connection.Directory == "" {
		return
	}
	if !q.w.Has(document.SynchronizationKeys) || q.w.Settings["BaseAddress"] == "" {
		q.maybe(group, document.SynchronizationKeys, cause.WrongDirectory)
		return
	}
	if other, ok := q.otherDirectory(); ok {
		q.fail(cause.WrongDirectory, Missing, group, "Entra writes to another directory",
			fmt.Sprintf("Entra provisions directory %s, not %s.", other, q.w.Bundle.Connection.Directory), values{"other": other},
			seen(document.SynchronizationKeys, "BaseAddress %s", q.w.Settings["BaseAddress"]))
	}
}

func (t *Tracer) otherDirectory() (string, bool) {
	_, rest, ok := strings.Cut(t.w.Settings["BaseAddress"], "/directory/")
	if !ok {
		return "", false
	}
	id, _, _ := strings.Cut(rest, "/")
	id, _, _ = strings.Cut(id, "?")
	return id, id != "" && !same(id, t.w.Bundle.Connection.Directory)
}

// noAttemptYet asks what keeps Entra's service as a whole from working on the user.
func (q *inquiry) noAttemptYet(r reach, a attempt) {
	q.wrongDirectory(noGroup)
	c := q.enteredAt(r)
	if !c.known && q.job.known && q.job.ill == "" {
		q.maybe(noGroup, document.DirectoryAudits, cause.CycleDelay)
	}
	if !q.job.known {
		q.maybe(noGroup, document.SynchronizationJobs, cause.CycleDelay)
	}
	q.jobHinders(Missing, noGroup, c.entered)
	if c.seen.Fact != "" && q.proved(noGroup, cause.CycleDelay) {
		q.found[len(q.found)-1].evidence = append(q.found[len(q.found)-1].evidence, c.seen)
		q.mark(cause.HopProvisioning, Fail, "", c.seen)
	}
	q.typeDisabled(Missing, noGroup, q.rules.User, "users")
	q.restartNeeded(Missing)
}

// typeDisabled proves that an object type is switched off in the mappings.
func (q *inquiry) typeDisabled(v Verdict, group int32, rules mapping.ObjectRules, what string) {
	if !q.w.Has(document.SynchronizationRule) {
		q.maybe(group, document.SynchronizationRule, cause.ObjectTypeDisabled)
		return
	}
	if !q.rules.Known || (rules.Enabled && rules.Add) {
		return
	}
	fact := "creating " + what + " is switched off"
	if !rules.Enabled {
		fact = "the object mapping of " + what + " is disabled"
	}
	q.fail(cause.ObjectTypeDisabled, v, group, fact, fmt.Sprintf("Provisioning of %s is switched off in the attribute mappings.", what), nil,
		seen(document.SynchronizationRule, "%s", fact))
}

// guardLogConflict reads a 409 out of Guard's own log, where Entra's was not there or has no entry.
func (q *inquiry) guardLogConflict(v Verdict) {
	for i := len(q.w.GuardLog) - 1; i >= 0; i-- {
		l := q.w.GuardLog[i]
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

// staleRecordWithoutConflict looks at records with the user's name or address that belong to nobody, where no 409
// was seen.
func (q *inquiry) staleRecordWithoutConflict(a attempt) {
	if a.kind == conflict || q.proved(noGroup, cause.StaleScimRecord) {
		return
	}
	q.staleRecord(Missing, q.p.email, attempt{})
	if slices.ContainsFunc(q.p.foreign, func(r uint32) bool {
		_, living := q.w.UserByID(q.w.ScimUsers[r].ExternalID)
		return !living
	}) {
		q.heldElsewhere(Missing, q.p.email, attempt{})
	}
}
