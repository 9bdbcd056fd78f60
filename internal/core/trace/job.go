package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// job is the state of Entra's provisioning job.
type job struct {
	known     bool
	job       *document.Job
	lastBegan time.Time // begin of the last cycle that did work
	every     time.Duration
	ill       cause.Code // why it does not work as it should; empty when it does
	since     time.Time  // since when
	facts     string
	verified  []Evidence
}

// readJob chooses the job of the connection: of several the one that runs.
func (t *Tracer) readJob() job {
	j := job{known: t.w.Has(document.SynchronizationJobs), every: 40 * time.Minute}
	if !j.known || !t.entra() {
		return j
	}
	for i := range t.w.Jobs {
		c := &t.w.Jobs[i]
		if j.job == nil || (j.job.Schedule.State != "Active" && c.Schedule.State == "Active") {
			j.job = c
		}
	}
	if j.job == nil {
		j.ill, j.facts = cause.ProvisioningStopped, "no provisioning job exists"
		j.verified = []Evidence{seen(document.SynchronizationJobs, "no job")}
		return j
	}
	s := &j.job.Status
	j.every = interval(j.job.Schedule.Interval, j.every)
	for _, e := range []*document.Execution{s.LastExecution, s.LastSuccessfulExecution, s.LastSuccessWithExports} {
		// A cycle that failed as a whole has seen nothing.
		if e != nil && e.TimeBegan.After(j.lastBegan) && !strings.EqualFold(e.State, "Failed") {
			j.lastBegan = e.TimeBegan.Time
		}
	}
	j.diagnose()
	return j
}

// diagnose names what is wrong with the job itself.
func (j *job) diagnose() {
	s := &j.job.Status
	code := jobError(s)
	state := fmt.Sprintf("job %s, schedule %s", s.Code, orElse(j.job.Schedule.State, "not told"))
	switch {
	case strings.EqualFold(s.Code, "Quarantine") || s.Quarantine != nil && s.Quarantine.Reason != "" && !strings.EqualFold(s.Code, "Active"):
		j.ill = cause.Quarantine
		reason := ""
		if s.Quarantine != nil {
			j.since, reason = s.Quarantine.CurrentBegan.Time, s.Quarantine.Reason
			if !s.Quarantine.SeriesBegan.IsZero() {
				j.since = s.Quarantine.SeriesBegan.Time
			}
		}
		switch {
		case strings.EqualFold(reason, "TooManyDeletes"):
			j.ill = cause.DeletionThresholdHeld
		case credentialCode(code):
			j.ill = cause.CredentialExpired
		}
		j.facts = join(", ", "in quarantine", reason, code)
		if s.Quarantine != nil && !s.Quarantine.NextAttempt.IsZero() {
			j.facts += ", next attempt " + moment(s.Quarantine.NextAttempt.Time)
		}
	case s.LastExecution != nil && strings.EqualFold(s.LastExecution.State, "Failed") && credentialCode(code):
		j.ill, j.since, j.facts = cause.CredentialExpired, s.LastExecution.TimeBegan.Time, "the last cycle failed: "+code
	case oneOf(s.Code, "NotConfigured", "NotRun", "Paused") || oneOf(j.job.Schedule.State, "Disabled", "Paused"):
		j.ill, j.since, j.facts = cause.ProvisioningStopped, j.lastBegan, state
		if !j.lastBegan.IsZero() {
			j.facts += ", last cycle " + moment(j.lastBegan)
		}
	default:
		j.facts = state
		if !j.lastBegan.IsZero() {
			j.facts += ", last cycle " + moment(j.lastBegan)
		}
	}
	j.verified = []Evidence{seen(document.SynchronizationJobs, "%s", j.facts)}
}

func oneOf(s string, list ...string) bool {
	for _, l := range list {
		if strings.EqualFold(s, l) {
			return true
		}
	}
	return false
}

func jobError(s *document.JobStatus) string {
	if s.Quarantine != nil && s.Quarantine.Error != nil && s.Quarantine.Error.Code != "" {
		return s.Quarantine.Error.Code
	}
	if s.LastExecution != nil && s.LastExecution.Error != nil {
		return s.LastExecution.Error.Code
	}
	return ""
}

// credentialCode recognises the codes of a key that the target refuses (entra.md 2.10, 7.2).
func credentialCode(code string) bool {
	for _, part := range []string{"CredentialValidationFailure", "InvalidCredentials", "Unauthorized"} {
		if strings.Contains(code, part) {
			return true
		}
	}
	return false
}

// interval reads PT40M and its like.
func interval(iso string, other time.Duration) time.Duration {
	d, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(iso, "PT")))
	if err != nil || d <= 0 {
		return other
	}
	return d
}

// jobHinders proves that the job as a whole keeps the subject from being worked on, or notes that this could not
// be ruled out. A job that fell ill after it had seen the change explains nothing by its state.
func (q *inquiry) jobHinders(v Verdict, group int32, changed time.Time) {
	if !q.entra() {
		return
	}
	j := &q.job
	if !j.known {
		q.maybe(group, document.SynchronizationJobs, cause.ProvisioningStopped, cause.Quarantine, cause.CredentialExpired, cause.DeletionThresholdHeld)
		q.unknownHop(cause.HopProvisioning, document.SynchronizationJobs, "the state of the job was not read")
	} else if j.ill != "" && (j.ill != cause.DeletionThresholdHeld || v == Extra || changed.After(j.since) || changed.IsZero()) {
		q.fail(j.ill, v, group, j.facts, illness(j), nil, j.verified...)
	}
	q.cycleDelay(v, group, changed)
}

func illness(j *job) string {
	switch j.ill {
	case cause.ProvisioningStopped:
		return "Entra's provisioning is stopped: " + j.facts + "."
	case cause.CredentialExpired:
		return "Entra cannot sign in to the Guard directory: its key expired or was replaced."
	case cause.DeletionThresholdHeld:
		return "Entra's provisioning is held: more deletions are due than its threshold allows."
	}
	return "Entra's provisioning job is " + j.facts + "."
}

// cycleDelay proves that no cycle has begun since the change.
func (q *inquiry) cycleDelay(v Verdict, group int32, changed time.Time) {
	if changed.IsZero() || !q.job.known || q.job.job == nil || q.job.ill != "" {
		return
	}
	began := q.job.lastBegan
	if began.IsZero() || !changed.After(began) {
		return
	}
	next := began.Add(q.job.every)
	q.fail(cause.CycleDelay, v, group, "changed after the last cycle",
		fmt.Sprintf("%s changed at %s; Entra's last cycle began %s, the next is due about %s.", q.name(), moment(changed), moment(began), moment(next)),
		values{"when": moment(next)},
		seen(document.SynchronizationJobs, "last cycle began %s, interval %s", moment(began), span(q.job.every)))
}

// restartNeeded proves that the scope was narrowed without the restart that the service then needs.
func (q *inquiry) restartNeeded(v Verdict) {
	if q.syncAll == proven {
		return
	}
	if !q.w.Has(document.DirectoryAudits) {
		q.maybe(noGroup, document.DirectoryAudits, cause.RestartNeeded)
		return
	}
	if !q.w.Has(document.SynchronizationKeys) {
		q.maybe(noGroup, document.SynchronizationKeys, cause.RestartNeeded)
		return
	}
	if a := q.narrowed(); a != nil {
		q.fail(cause.RestartNeeded, v, noGroup, "the scope was narrowed, the job was not restarted",
			"The scope was changed from all users to assigned users, but the job was not restarted since.", values{"when": moment(a.ActivityDateTime.Time)},
			seen(document.DirectoryAudits, "%s on %s: SyncAll true to false, no restart since", a.ActivityDisplayName, moment(a.ActivityDateTime.Time)))
	}
}
