package stories

import (
	"context"
	"errors"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// service is what an administrator does to Entra's provisioning service.
var service = []sentence{
	says(`a cycle runs`, func(ctx context.Context, s *Stage, _ []string) error { return s.Pass(ctx, entra.Interval) }),
	says(`provisioning is paused`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.Pause() })),
	says(`provisioning is started`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.Start() })),
	says(`provisioning is restarted`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.Restart(entra.Restarted) })),
	says(`a scoping filter lets only TEXT through`, byJob(func(_ context.Context, j *entra.Job, m []string) error { return j.Filter("User", "filter", m[0]) })),
	says(`the scoping filters are removed`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.Unfilter("User") })),
	says(`users are mapped (.+) ← TEXT`, byJob(func(_ context.Context, j *entra.Job, m []string) error { return j.Map("User", m[0], m[1]) })),
	says(`WHO is provisioned on demand`, func(ctx context.Context, s *Stage, m []string) error {
		id, err := s.id(m[0])
		if err != nil {
			return err
		}
		if err := s.Pass(ctx, time.Minute); err != nil { // so that the log tells before from after
			return err
		}
		return byJob(func(ctx context.Context, j *entra.Job, _ []string) error {
			_, err := j.ProvisionOnDemand(ctx, id)
			return err
		})(ctx, s, nil)
	}),
}

func byJob(do func(ctx context.Context, j *entra.Job, m []string) error) func(context.Context, *Stage, []string) error {
	return func(ctx context.Context, s *Stage, m []string) error {
		if s.job == nil {
			return errors.New("the company is not provisioned by Entra's service")
		}
		return do(ctx, s.job, m)
	}
}
