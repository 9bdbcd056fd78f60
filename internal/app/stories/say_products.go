package stories

import (
	"context"
	"time"
)

// products is what happens to products, seats and access at the sites, and to the way there.
var products = []sentence{
	says(`GROUP is given (\S+)`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.Grant(m[0], Site, m[1], "atlassian/user")
	}),
	says(`GROUP loses (jira-\S+|confluence)`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.Ungrant(m[0], Site, m[1])
	}),
	says(`(\S+) has N seats`, func(_ context.Context, s *Stage, m []string) error {
		n := number(m[1])
		return s.Atlassian.SetSeats(Site, m[0], n)
	}),
	says(`the access of WHO is suspended by hand`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.SuspendSite(mail(m[0]), "") }),
	says(`the access of WHO is restored`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.RestoreSite(mail(m[0]), "") }),
	says(`the access of WHO to the site is suspended by hand`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.SuspendSite(mail(m[0]), Site)
	}),
	says(`the access of WHO to the site is restored`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.RestoreSite(mail(m[0]), Site)
	}),
	says(`what the directory says takes N minutes to the sites`, func(_ context.Context, s *Stage, m []string) error {
		n := number(m[0])
		s.Atlassian.SetPropagation(time.Duration(n) * time.Minute)
		return nil
	}),
	says(`the site loses WHO out of GROUP`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.LoseAtSite(Site, m[1], mail(m[0]))
	}),
}
