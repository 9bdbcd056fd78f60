package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// recordMissing names why a user in scope has no SCIM record (with the connector: no synced account). Everything
// that could explain it is asked; what nothing explains is record-missing.
func (q *inquiry) recordMissing(r reach, a attempt) {
	what, f := "no SCIM record", document.ScimUsers
	if q.guard() {
		what, f = "no synced account", document.OrgUsers
	}
	fact := fmt.Sprintf("%s for %s", what, join(" or ", q.p.source().ID, orElse(q.p.email, q.p.userName)))
	if !q.guard() { // how many accounts there are is not told where only some were asked for
		fact += fmt.Sprintf(" among %d", q.w.Totals[f])
	}
	q.mark(cause.HopDirectory, Fail, what, seen(f, "%s", fact))

	q.attemptFailed(Missing, a)
	q.mappingFaults(Missing)
	q.ambiguous(Missing)
	if q.entra() && !q.w.Has(document.ServicePrincipals) {
		q.maybe(noGroup, document.ServicePrincipals, cause.AppRoleMissing)
	}
	switch {
	case q.entra() && q.in != unknown:
		q.noAttemptYet(r)
	case q.guard():
		q.connectorMissed(r)
	case q.own != nil && q.in != unknown:
		q.ownRecordGone()
		q.awaits(change{verdict: Missing, group: noGroup, kind: plan.KindUser, id: q.p.user.ID, what: q.name() + "'s record"})
	}
	q.staleRecordWithoutConflict(a)
	q.foreignAccount(Missing, q.p.email)
	if !q.w.Has(document.OrgUsers) {
		q.maybe(noGroup, document.OrgUsers, cause.HeldByOtherDirectory, cause.ManagedByOtherOrganization)
	}
	if !q.guard() && q.p.email != "" {
		q.linkedElsewhere(Missing, q.p.email)
	}
	if a.kind != conflict && q.p.email != "" {
		for _, u := range q.strangers(q.p.email) {
			q.alternatives = append(q.alternatives, Alternative{cause.DuplicateAccount, fmt.Sprintf("account %s has %s already: a 409 in the log, or in the answer to provisioning on demand, would prove it", u.AccountID, u.Email)})
			break
		}
	}
	if u := q.p.user; (guest(u) || external(u)) && !q.guard() && q.fromUPN() && (a.kind == noFailure || badRequest(a.record)) {
		q.fail(cause.GuestUser, Missing, noGroup, "a guest, mapped by user principal name",
			fmt.Sprintf("%s is a guest, and the name that Entra would send, %s, is made of the guest's sign-in name.", q.name(), orElse(q.p.userName, "none")), values{"value": u.UserPrincipalName},
			seen(document.Users, "userType %s, userPrincipalName %s", orElse(u.UserType, "not told"), u.UserPrincipalName))
	}
	if n, most := q.w.Totals[document.ScimUsers], q.w.Limits.UsersPerDirectory; !q.guard() && n >= most {
		q.fail(cause.SizeLimit, Missing, noGroup, "the directory is full", fmt.Sprintf("The Guard directory holds %d users, its limit is %d.", n, most), nil,
			seen(document.ScimUsers, "%d records, limit %d", n, most))
	}
	q.prove(cause.RecordMissing, Missing, noGroup, fmt.Sprintf("%s is in scope but has %s, and nothing that was read explains it.", q.name(), what), nil,
		seen(f, "%s", what))
}

// guest tells whether a user is a guest. A member can have #EXT# in the name as well: cross-tenant synchronization makes
// such; only where the type is not told does the name decide.
func guest(u *document.User) bool {
	return u != nil && (strings.EqualFold(u.UserType, "Guest") || u.UserType == "" && external(u))
}

// external tells whether the user comes from another tenant, by the user principal name.
func external(u *document.User) bool {
	return strings.Contains(strings.ToUpper(u.UserPrincipalName), "#EXT#")
}

// homeDomain is the domain that an external user comes from: of the mail, else of the name before #EXT#, in which the
// @ was written as an underscore.
func homeDomain(u *document.User, identifier string) string {
	if !external(u) {
		return domainOf(orElse(identifier, u.UserPrincipalName))
	}
	if u.Mail.Value != "" {
		return domainOf(u.Mail.Value)
	}
	alias, _, _ := strings.Cut(strings.ToUpper(u.UserPrincipalName), "#EXT#")
	return strings.ToLower(alias[strings.LastIndex(alias, "_")+1:])
}

// badRequest tells whether the target refused the values that were sent.
func badRequest(r *document.ProvisioningRecord) bool {
	words := strings.ToLower(wordsOf(r))
	return classify(r) == otherFailure && (strings.Contains(words, "400") || strings.Contains(words, "badrequest") || strings.Contains(words, "bad request") || strings.Contains(words, "invalid"))
}

// fromUPN tells whether the userName comes from the user principal name, which Entra cuts for guests.
func (q *inquiry) fromUPN() bool {
	from := strings.ToLower(q.p.mapped.UserName().From)
	return strings.Contains(from, "userprincipalname") && !strings.Contains(from, "original") && external(q.p.user)
}

// wrongDirectory proves that the service pushes to another directory than the one looked at.
func (q *inquiry) wrongDirectory(v Verdict, group int32) {
	if !q.entra() || q.w.Bundle.Connection.Directory == "" {
		return
	}
	if !q.w.Has(document.SynchronizationKeys) || q.w.Settings["BaseAddress"] == "" {
		if v == Missing { // who is there, is there whatever the job writes now
			q.maybe(group, document.SynchronizationKeys, cause.WrongDirectory)
		}
		return
	}
	if other, ok := q.otherDirectory(); ok {
		q.fail(cause.WrongDirectory, v, group, "Entra writes to another directory",
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
func (q *inquiry) noAttemptYet(r reach) {
	q.wrongDirectory(Missing, noGroup)
	c := q.enteredAt(r)
	if !c.known && q.job.known && q.job.ill == "" {
		q.maybe(noGroup, document.DirectoryAudits, cause.CycleDelay)
	}
	if !q.job.known {
		q.maybe(noGroup, document.SynchronizationJobs, cause.CycleDelay)
	}
	q.jobHinders(Missing, noGroup, c.entered)
	if c.seen.Fact != "" && q.proved(noGroup, cause.CycleDelay) {
		due := q.found[slices.IndexFunc(q.found, func(f *finding) bool { return f.state == proven && f.code == cause.CycleDelay })]
		due.evidence = append(due.evidence, c.seen)
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
