package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

func says(text string, after <-chan struct{}) func(context.Context) []engine.Check {
	return func(context.Context) []engine.Check {
		<-after
		return []engine.Check{{Name: text, State: evidence.OK, Fact: text}}
	}
}

func TestProbesLookSideBySideAndAreToldInOrder(t *testing.T) {
	second := make(chan struct{})
	first := func(ctx context.Context) []engine.Check {
		close(second) // the first ends only when the second is under way as well
		return says("first", second)(ctx)
	}
	d := engine.Doctor{Probes: []engine.Probe{{Name: "one", Look: first}, {Name: "two", Look: says("second", second)}}}
	got, err := d.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []engine.Examined{
		{Name: "one", Checks: []engine.Check{{Name: "first", State: evidence.OK, Fact: "first"}}},
		{Name: "two", Checks: []engine.Check{{Name: "second", State: evidence.OK, Fact: "second"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAProbeThatDoesNotEndHoldsUpNothing(t *testing.T) {
	never, now := make(chan struct{}), make(chan struct{})
	close(now)
	t.Cleanup(func() { close(never) })
	d := engine.Doctor{Patience: 20 * time.Millisecond, Probes: []engine.Probe{{Name: "stuck", Look: says("never", never)}, {Name: "two", Look: says("second", now)}}}
	got, err := d.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c := got[0].Checks[0]; c.State != evidence.Unknown || c.Name != "stuck" || got[1].Checks[0].Name != "second" {
		t.Errorf("%+v", got)
	}
}

func TestWhoeverIsInterruptedSaysNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&engine.Doctor{}).Examine(ctx); err == nil {
		t.Error("an interrupted look came to an end")
	}
}

func TestTheProvisioningJobIsJudgedByTheMethod(t *testing.T) {
	job := func(state, code string) []document.Job {
		return []document.Job{{ID: "job", Schedule: document.JobSchedule{State: state}, Status: document.JobStatus{Code: code}}}
	}
	quarantined := job("Active", "Quarantine")
	quarantined[0].Status.Quarantine = &document.Quarantine{Reason: "EncounteredQuarantineException"}
	for sentence, c := range map[string]struct {
		method string
		jobs   []document.Job
		known  bool
		state  evidence.State
		fact   string
	}{
		"it runs, as it shall":           {document.EntraSCIM, job("Active", "Active"), true, evidence.OK, "runs"},
		"it was stopped":                 {document.EntraSCIM, job("Disabled", "Paused"), true, evidence.Bad, "stopped (Disabled)"},
		"it is in quarantine":            {document.EntraSCIM, quarantined, true, evidence.Bad, "EncounteredQuarantineException"},
		"there is none":                  {document.EntraSCIM, nil, true, evidence.Bad, "there is none"},
		"nobody knows":                   {document.EntraSCIM, nil, false, evidence.Unknown, "could not be read"},
		"it writes beside rollcall":      {document.Rollcall, job("Active", "Active"), true, evidence.Bad, "writes the same directory"},
		"it may write beside rollcall":   {document.Rollcall, job("", ""), true, evidence.Bad, "writes the same directory"},
		"it is off beside rollcall":      {document.Rollcall, job("Disabled", "Paused"), true, evidence.OK, "off"},
		"nobody knows, beside rollcall":  {document.Rollcall, nil, false, evidence.Unknown, "could not be read"},
		"it runs beside Guard's own":     {document.GuardNested, job("Active", "Active"), true, evidence.Warning, "writes the same directory"},
		"Guard's own connector is alone": {document.GuardNested, nil, true, evidence.OK, "off"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := engine.Writers(c.method, c.jobs, c.known, "Atlassian Cloud")
			if len(got) != 1 || got[0].State != c.state || !strings.Contains(got[0].Fact, c.fact) || c.state != evidence.OK && (got[0].Lost == "" || got[0].Fix == "") {
				t.Errorf("%+v", got)
			}
		})
	}
	if got := engine.Writers(document.GuardNested, nil, false, ""); got != nil {
		t.Errorf("without an application there is no job: %+v", got)
	}
}
