package stories

import "context"

// guard is what happens to the Guard directory, its keys and Guard's own connector.
var guard = []sentence{
	says(`the SCIM key expires`, func(_ context.Context, s *Stage, _ []string) error {
		return s.Atlassian.ExpireKey(s.Connection.Directory)
	}),
}
