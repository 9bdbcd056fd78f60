package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// kind is what a failed provisioning record says, by its error code and, since one code stands for many errors,
// by its text (entra.md 2.10, 7.2).
type kind int

const (
	noFailure  kind = iota
	conflict        // 409: another object has the value
	mandatory       // a required or matching attribute has no value
	several         // matching found several objects
	badMapping      // filter or attribute that the target does not take
	anchorGone      // the cached target id does not exist any more
	tooMany         // throttled
	noSeat
	badKey
	otherFailure
)

// attempt is the newest thing that the provisioning log says of an object.
type attempt struct {
	known   bool // the log was there
	record  *document.ProvisioningRecord
	kind    kind
	skipped bool
	success *document.ProvisioningRecord // the newest success, also where a failure came later
}

// attempts reads the log of an object. Redundant skips say that both sides agree, so they count as success; a
// failure followed by a success counts for nothing.
func (t *Tracer) attempts(id string) attempt {
	a := attempt{known: t.w.Has(document.ProvisioningLogs)}
	for _, r := range t.records(id) {
		switch strings.ToLower(r.Status.Status) {
		case "failure":
			a.record, a.kind, a.skipped = r, classify(r), false
		case "skipped":
			if strings.Contains(skipReason(r), "RedundantExport") {
				a.record, a.kind, a.skipped, a.success = r, noFailure, false, r
				continue
			}
			if classify(r) == mandatory || strings.Contains(skipReason(r), "ImportSkipped") { // no matching attribute has a value: counted among the skips
				a.record, a.kind, a.skipped = r, mandatory, false
				continue
			}
			a.record, a.kind, a.skipped = r, noFailure, true
		case "success", "warning":
			a.record, a.kind, a.skipped, a.success = r, noFailure, false, r
		}
	}
	return a
}

// records are the log's entries about an object, oldest first. The log is the tenant's: entries of other applications
// and other jobs are left out, where an entry says whose it is.
func (t *Tracer) records(id string) []*document.ProvisioningRecord {
	all := t.w.RecordsOf(id)
	return slices.DeleteFunc(all, func(r *document.ProvisioningRecord) bool { return !t.ours(r) })
}

func (t *Tracer) ours(r *document.ProvisioningRecord) bool {
	if app := t.w.Bundle.Connection.Application; app != "" {
		for _, id := range []string{r.ServicePrincipal.ID, text(r.TargetSystem.Details["ServicePrincipalId"]), text(r.TargetSystem.Details["servicePrincipalId"])} {
			if id != "" && !same(id, app) {
				return false
			}
		}
	}
	if r.JobID == "" || len(t.w.Jobs) == 0 || !t.w.Has(document.SynchronizationJobs) {
		return true
	}
	return slices.ContainsFunc(t.w.Jobs, func(j document.Job) bool { return same(j.ID, r.JobID) })
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func skipReason(r *document.ProvisioningRecord) string {
	for _, s := range r.Steps {
		if v, ok := s.Details["SkipReason"]; ok {
			return fmt.Sprint(v)
		}
	}
	if e := r.Status.Error(); e != nil {
		return e.ErrorCode
	}
	return ""
}

// words is all text of a record in which an error may stand.
func wordsOf(r *document.ProvisioningRecord) string {
	parts := []string{}
	if e := r.Status.Error(); e != nil {
		parts = append(parts, e.ErrorCode, e.Reason, e.AdditionalDetails)
	}
	for _, s := range r.Steps {
		if !strings.EqualFold(s.Status, "success") {
			parts = append(parts, s.Description)
			for _, k := range []string{"ErrorCode", "errorCode", "Error", "Message"} {
				if v, ok := s.Details[k]; ok {
					parts = append(parts, fmt.Sprint(v))
				}
			}
		}
	}
	return strings.Join(parts, " ")
}

func classify(r *document.ProvisioningRecord) kind {
	text := wordsOf(r)
	has := func(list ...string) bool {
		for _, s := range list {
			if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
				return true
			}
		}
		return false
	}
	switch {
	case has("invalid filter", "invalidFilter", "SchemaAttributeNotFound", "SchemaPropertyCanOnlyAcceptValue", "InvalidDomain"):
		return badMapping
	case has("TooManyRequests", "429"):
		return tooMany
	case has("DuplicateTargetEntries", "DuplicateSourceEntries", "MultipleEntriesInResponse"):
		return several
	case has("InvalidAnchor"):
		return anchorGone
	case has("MandatoryFieldsMissing", "MissingValues", "ImportSkipped"):
		return mandatory
	case has("LicenseLimitExceeded", "licenceExceeded", "LicenceCheckHardLimitFailure"):
		return noSeat
	case has("CredentialValidation", "InvalidCredentials", "Unauthorized"):
		return badKey
	case has("conflict", "409", "uniqueness", "already exists"):
		return conflict
	}
	return otherFailure
}

// quote is the shortest text that shows the error.
func quote(r *document.ProvisioningRecord) string {
	code, reason := "", ""
	if e := r.Status.Error(); e != nil {
		code, reason = e.ErrorCode, orElse(e.Reason, e.AdditionalDetails)
	}
	if detail, ok := between(wordsOf(r), "Resource [", "already exists"); ok {
		reason = "Resource [" + detail + "already exists"
	}
	if reason == "" {
		for _, s := range r.Steps {
			if strings.EqualFold(s.Status, "failure") {
				reason = s.Description
			}
		}
	}
	const most = 200
	if len(reason) > most {
		cut := most
		for cut > 0 && reason[cut]&0xC0 == 0x80 {
			cut--
		}
		reason = reason[:cut] + "…"
	}
	return join(": ", code, reason)
}

func between(s, from, to string) (string, bool) {
	_, rest, ok := strings.Cut(s, from)
	if !ok {
		return "", false
	}
	inner, _, ok := strings.Cut(rest, to)
	return inner, ok
}

// conflictAddress is the address that Guard names in its 409.
func conflictAddress(text string) string {
	v, _ := between(text, "with email[", "]")
	return v
}

func recordSeen(r *document.ProvisioningRecord) Evidence {
	if r.ID == ownRecord {
		return seen(document.OwnLog, "%s, %s failed: %s", moment(r.ActivityDateTime.Time), r.Action, quote(r))
	}
	return seen(document.ProvisioningLogs, "%s, %s %s: %s", moment(r.ActivityDateTime.Time), r.Action, r.Status.Status, orElse(quote(r), "no error named"))
}

// logHop marks hop 5 by what the log says, unless the job itself failed.
func (q *inquiry) logHop(a attempt) {
	switch {
	case !q.entra():
	case !a.known:
		q.unknownHop(cause.HopProvisioning, document.ProvisioningLogs, "Entra's provisioning log was not read")
	case a.record == nil:
		if q.job.known {
			q.pass(cause.HopProvisioning, func() (string, []Evidence) { return join("; ", q.job.facts, "no entry in the log"), q.job.verified })
		}
	case a.kind != noFailure:
		q.mark(cause.HopProvisioning, Fail, a.record.Action+" failed", recordSeen(a.record))
	case a.skipped && q.record() != nil:
		q.pass(cause.HopProvisioning, func() (string, []Evidence) {
			return "skipped " + day(a.record.ActivityDateTime.Time), []Evidence{recordSeen(a.record)}
		})
	case a.skipped:
		q.mark(cause.HopProvisioning, Fail, "skipped", recordSeen(a.record))
	default:
		q.pass(cause.HopProvisioning, func() (string, []Evidence) {
			return "last " + orElse(a.record.Action, "action") + " " + orElse(a.record.Status.Status, "done") + " " + day(a.record.ActivityDateTime.Time), []Evidence{recordSeen(a.record)}
		})
	}
}
