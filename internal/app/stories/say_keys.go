package stories

import (
	"context"
	"errors"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// keys is how the way from Entra to the Guard directory is set up: the key, and where the tenant URL leads.
var keys = []sentence{
	says(`somebody makes a new SCIM key`, func(_ context.Context, s *Stage, _ []string) (err error) {
		s.stash["key"], err = s.Atlassian.RegenerateKey(s.Connection.Directory)
		return err
	}),
	says(`the new key is entered at Entra`, func(_ context.Context, s *Stage, _ []string) error {
		return s.point(s.Connection.Directory, s.stash["key"])
	}),
	says(`rollcall is given the new key`, func(_ context.Context, s *Stage, _ []string) error {
		s.Keys.SCIM = s.stash["key"]
		return nil
	}),
	says(`the directory takes at most N users`, func(_ context.Context, s *Stage, m []string) error { return s.limit(number(m[0]), 0) }),
	says(`a group takes at most N members`, func(_ context.Context, s *Stage, m []string) error { return s.limit(0, number(m[0])) }),
	says(`Atlassian support raises the limit`, func(_ context.Context, s *Stage, _ []string) error { return s.limit(0, 0) }),
	says(`the tenant URL leads to (\S+)`, func(ctx context.Context, s *Stage, m []string) error {
		return setJob(func(j *entra.Job, _ []string) { j.UseCredentials(m[0], s.Keys.SCIM) })(ctx, s, nil)
	}),
	says(`somebody adds a second directory`, func(_ context.Context, s *Stage, _ []string) (err error) {
		s.stash["second"], s.stash["second key"], err = s.Atlassian.AddDirectory("Second")
		return err
	}),
	says(`the tenant URL and key of the second directory are entered at Entra`, func(_ context.Context, s *Stage, _ []string) error {
		return s.point(s.stash["second"], s.stash["second key"])
	}),
	says(`the tenant URL and key of the first directory are entered at Entra`, func(_ context.Context, s *Stage, _ []string) error {
		return s.point(s.Connection.Directory, s.Keys.SCIM)
	}),
}

// limit is what Atlassian and the customer agreed on, which rollcall is told; zero is the published number.
func (s *Stage) limit(users, groupMembers int) error {
	s.Atlassian.SetLimits(users, groupMembers)
	s.Connection.SizeLimits = document.SizeLimits{Users: users, GroupMembers: groupMembers}
	return s.configure(s.Connection.Method, "")
}

// point gives the job a directory and its key.
func (s *Stage) point(directory, key string) error {
	if directory == "" || key == "" {
		return errors.New("no such directory or key was made")
	}
	return setJob(func(j *entra.Job, _ []string) {
		j.UseCredentials("https://api.atlassian.com/scim/directory/"+directory, key)
	})(context.Background(), s, nil)
}
