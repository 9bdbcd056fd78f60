package stories

import (
	"context"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// jobs is what an administrator sets on the pages of a provisioning job, beyond starting and stopping it.
var jobs = []sentence{
	says(`the scope becomes everybody`, setJob(func(j *entra.Job, _ []string) { j.SyncEverybody() })),
	says(`the scope becomes those who are assigned`, setJob(func(j *entra.Job, _ []string) { j.SyncAssigned() })),
	says(`whoever falls out of scope is left alone`, setJob(func(j *entra.Job, _ []string) { j.SkipOutOfScopeDeletions(true) })),
	says(`whoever falls out of scope is deactivated`, setJob(func(j *entra.Job, _ []string) { j.SkipOutOfScopeDeletions(false) })),
	says(`more than N deletions? waits? for a person`, setJob(func(j *entra.Job, m []string) { j.PreventDeletions(number(m[0])) })),
	says(`more than N failures put provisioning into quarantine`, setJob(func(j *entra.Job, m []string) { j.QuarantineFrom(number(m[0])) })),
	says(`the deletions are allowed`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.AllowDeletes() })),
	says(`provisioning is restarted and forgets everything`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.Restart(entra.ResetFull) })),
	says(`provisioning of (user|group)s does only TEXT`, byJob(func(_ context.Context, j *entra.Job, m []string) error {
		return j.Actions(capital(m[0]), strings.Split(m[1], ", ")...)
	})),
	says(`provisioning of groups is switched off`, byJob(func(_ context.Context, j *entra.Job, _ []string) error { return j.Actions("Group") })),
	says(`the mapping of (user|group)s to (\S+) is removed`, byJob(func(_ context.Context, j *entra.Job, m []string) error { return j.Unmap(capital(m[0]), m[1]) })),
	says(`GROUP is provisioned on demand with WHO`, pairInJob(func(ctx context.Context, j *entra.Job, group, who string) error {
		_, err := j.ProvisionOnDemand(ctx, group, who)
		return err
	})),
	says(`Entra keeps its logs for N days`, func(_ context.Context, s *Stage, m []string) error {
		s.Entra.LogRetention = time.Duration(number(m[0])) * 24 * time.Hour
		return nil
	}),
}

func setJob(do func(j *entra.Job, m []string)) func(context.Context, *Stage, []string) error {
	return byJob(func(_ context.Context, j *entra.Job, m []string) error {
		do(j, m)
		return nil
	})
}

func pairInJob(do func(ctx context.Context, j *entra.Job, first, second string) error) func(context.Context, *Stage, []string) error {
	return func(ctx context.Context, s *Stage, m []string) error {
		return pair(func(s *Stage, first, second string) error {
			return byJob(func(ctx context.Context, j *entra.Job, _ []string) error { return do(ctx, j, first, second) })(ctx, s, nil)
		})(ctx, s, m)
	}
}
