package stories

import (
	"context"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// conflicts is what happens to groups at Atlassian that stand in the way of synced ones.
var conflicts = []sentence{
	says(`the synced groups take over, all of them`, func(_ context.Context, s *Stage, _ []string) error { return s.Atlassian.ReviewAllGroups() }),
	says(`at Atlassian, NAME grants (\S+)`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.Grant(m[0], Site, m[1], "atlassian/user")
	}),
	says(`NAME becomes the default group of (\S+)`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.MakeDefault(m[0], Site, m[1])
	}),
	says(`the subscription lapses, and the directory is made anew`, func(_ context.Context, s *Stage, _ []string) (err error) {
		s.Connection.Directory, err = s.Atlassian.RecreateDirectory(s.Connection.Directory)
		if err != nil {
			return err
		}
		return s.configure(s.Connection.Method, "")
	}),
	says(`provisioning is given the new directory and restarted`, func(ctx context.Context, s *Stage, m []string) error {
		return byJob(func(_ context.Context, j *entra.Job, _ []string) error {
			j.UseCredentials("https://api.atlassian.com/scim/directory/"+s.Connection.Directory, s.Keys.SCIM)
			return j.Restart(entra.Restarted)
		})(ctx, s, m)
	}),
	says(`users are matched by TEXT`, byJob(func(_ context.Context, j *entra.Job, m []string) error { return j.Match("User", m[0]) })),
}
