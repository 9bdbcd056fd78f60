package entra_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// provisioned is the example company on the day when its key expires: Entra's service runs with the company's own mapping.
func provisioned(t *testing.T) (w *tenant, job *lab.Job) {
	t.Helper()
	w = tenantOf(t, fabrikam)
	pass := func(ctx context.Context, d time.Duration) error {
		w.manifest.CapturedAt.Time = w.manifest.CapturedAt.Add(d) // the recording is made when all has happened
		return w.clock.Sleep(ctx, d)
	}
	w.lab.Wait, w.lab.Limits.Off = pass, true
	guard := &atlassian.Lab{Now: w.clock.Now, Sleep: pass, Domains: []atlassian.Domain{{Name: "fabrikam.example", Directory: atlassian.DefaultDirectory}}}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	job, err := w.lab.Provision(w.manifest.Connection.Application, lab.Provisioning{SecretToken: atlassian.DefaultKey, Through: guard.Transport()})
	check(err)
	const base = "https://api.atlassian.com/scim/directory/" + atlassian.DefaultDirectory
	job.UseCredentials(base, atlassian.DefaultKey)
	check(job.Restart(lab.ResetFull))
	check(w.lab.Advance(t.Context(), time.Hour))
	job.UseCredentials(base, "expired")
	check(w.lab.UpdateUser("lena.vogel@fabrikam.example", lab.Props{"jobTitle": "Chef"}))
	check(w.lab.Advance(t.Context(), time.Hour))
	return w, job
}

func TestWhatEntrasServiceWritesIsReadUnchanged(t *testing.T) {
	w, job := provisioned(t)
	began := w.manifest.CapturedAt.Add(-2 * time.Hour)
	dir, err := labkit.Record(t, w.manifest, func(to evidence.Recorder) error { return w.source(t).Fetch(t.Context(), nil, to) })
	if err != nil {
		t.Fatal(err)
	}
	world := labkit.Load(t, dir)
	if len(world.Jobs) != 1 || world.Jobs[0].ID != job.ID() {
		t.Fatalf("jobs: %+v", world.Jobs)
	}
	s := world.Jobs[0].Status
	if s.Code != "Quarantine" || s.Quarantine == nil || s.Quarantine.Reason != "EncounteredQuarantineException" || !s.Quarantine.NextAttempt.After(began) {
		t.Errorf("the job's status: %+v", s)
	}
	if e := s.Quarantine.Error; e == nil || !strings.HasSuffix(e.Code, "CredentialValidationFailure") {
		t.Errorf("why: %+v", e)
	}
	if last := s.LastExecution; last == nil || last.State != "Failed" || !last.TimeBegan.After(began) || !s.LastSuccessfulExecution.TimeBegan.After(began) {
		t.Errorf("cycles: %+v, %+v", last, s.LastSuccessfulExecution)
	}
	if world.Schema == nil || len(world.Schema.Rules) == 0 {
		t.Error("the schema was not read")
	}
	outcomes := map[string]int{}
	for i := range world.Records {
		r := &world.Records[i]
		if r.ActivityDateTime.Before(began) {
			continue // of the recording
		}
		outcomes[r.Action+" "+r.Status.Status]++
		if r.JobID != job.ID() || r.SourceIdentity.ID == "" || r.SourceIdentity.IdentityType == "" || len(r.Steps) == 0 || r.ServicePrincipal.ID != w.manifest.Connection.Application {
			t.Errorf("a record: %+v", r)
		}
	}
	for _, want := range []string{"create success", "update success", "create skipped"} {
		if outcomes[want] == 0 {
			t.Errorf("nothing of %q in %v", want, outcomes)
		}
	}
	before, after, restarted := "", "", false
	for i := range world.Audits {
		a := &world.Audits[i]
		if b, n, ok := facts.Changed(a, "BaseAddress"); ok && after == "" {
			before, after = b, n
		}
		restarted = restarted || a.ActivityDisplayName == "Enable/restart provisioning configuration" && a.ActivityDateTime.After(began.Add(-time.Minute))
	}
	if !strings.HasPrefix(after, "https://api.atlassian.com/scim/directory/dir-lab") || !restarted {
		t.Errorf("audits: BaseAddress %q to %q, restarted %t", before, after, restarted)
	}
	if !world.Has(document.SynchronizationKeys) {
		t.Error("the settings were not read")
	}
}
