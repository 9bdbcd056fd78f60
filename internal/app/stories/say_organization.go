package stories

import (
	"context"

	"github.com/rollcall/rollcall/internal/core/document"
)

// organization is what happens at Atlassian: accounts, groups made by hand, domains, policies, products, seats.
var organization = []sentence{
	says(`somebody invites (\S+) by hand`, func(_ context.Context, s *Stage, m []string) error {
		_, err := s.Atlassian.InviteUser(mail(m[0]), "")
		return err
	}),
	says(`somebody makes a local group NAME`, func(_ context.Context, s *Stage, m []string) error {
		_, err := s.Atlassian.CreateLocalGroup(m[0])
		return err
	}),
	says(`the local group NAME is deleted`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.DeleteLocalGroup(m[0]) }),
	says(`somebody deactivates WHO by hand`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.DeactivateByHand(mail(m[0])) }),
	says(`somebody reactivates WHO by hand`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.ReactivateByHand(mail(m[0])) }),
}

// ours is what rollcall and its administrator do.
var ours = []sentence{
	says(`rollcall applies`, func(ctx context.Context, s *Stage, _ []string) error { return s.apply(ctx) }),
	says(`rollcall takes over`, func(ctx context.Context, s *Stage, _ []string) error { return s.takeOver(ctx, document.Rollcall) }),
}

// takeOver changes the method.
func (s *Stage) takeOver(ctx context.Context, method string) error {
	if s.job != nil {
		if err := s.job.Pause(); err != nil {
			return err
		}
		s.job = nil
	}
	if err := s.configure(method, ""); err != nil {
		return err
	}
	return s.connect(ctx, method)
}
