package entra

import (
	"context"

	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Jobs is the source narrowed to the provisioning jobs and their rules, without logs: what is asked before every run,
// because a job that is on writes the same directory.
func (s *Source) Jobs() evidence.Source { return jobs{s} }

type jobs struct{ *Source }

// Fetch implements evidence.Source, without a focus.
func (j jobs) Fetch(ctx context.Context, _ *evidence.Focus, to evidence.Recorder) error {
	into := sheaf{}
	opened, err := j.open(ctx, ofJobs...)
	if err != nil {
		return err
	}
	if _, _, err := j.synchronization(ctx, opened, into); err != nil {
		return err
	}
	return into.record(to)
}
