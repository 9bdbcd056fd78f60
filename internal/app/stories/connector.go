package stories

import (
	"context"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// guardsClient is the application of Guard's connector in Entra; its consent is another than rollcall's.
const guardsClient = "6d1e0c5a-2b7f-4f0e-9a53-8c4b7d2e1f60"

// connectGuard signs in with Microsoft on Guard's page, chooses the groups that would be assigned and starts the first
// sync. The directory of the provider stays what it was, without a key.
func (s *Stage) connectGuard(ctx context.Context) error {
	s.Entra.Clients[guardsClient] = entra.Client{Permissions: entra.Everything()}
	err := s.Atlassian.Connect(atlassian.Connector{
		Directory: s.Connection.Directory, Name: "Microsoft Entra ID", Transport: s.Entra.Transport(),
		Token: func() (string, error) { return s.Entra.Token(guardsClient), nil },
	})
	if err != nil {
		return err
	}
	for _, t := range teams {
		if t.assigned {
			s.selected = append(s.selected, s.ids[t.name])
		}
	}
	if err := s.editSync(); err != nil {
		return err
	}
	return s.syncNow(ctx)
}

// editSync saves what is chosen on the connector's page, and rollcall is told the same.
func (s *Stage) editSync() error {
	if err := s.Atlassian.EditSync(atlassian.SyncSettings{Groups: s.selected, Identifier: s.Connection.Identifier}); err != nil {
		return err
	}
	s.Connection.Selected = &document.Selected{Users: "groups", Groups: slices.Clone(s.selected)}
	return s.configure(document.GuardNested, s.rules)
}

func (s *Stage) syncNow(_ context.Context) error {
	if err := s.Atlassian.SyncNow(); err != nil {
		return fmt.Errorf("syncing: %w", err)
	}
	return nil
}

// connector is what happens to Guard's connector.
var connector = []sentence{
	says(`the connector syncs`, func(ctx context.Context, s *Stage, _ []string) error { return s.syncNow(ctx) }),
	says(`GROUP is selected`, on(func(s *Stage, id string, _ []string) error {
		s.selected = append(s.selected, id)
		return s.editSync()
	})),
	says(`GROUP is not selected any more`, on(func(s *Stage, id string, _ []string) error {
		s.selected = slices.DeleteFunc(s.selected, func(x string) bool { return x == id })
		return s.editSync()
	})),
	says(`the connector's consent ends`, func(_ context.Context, s *Stage, _ []string) error { return s.Atlassian.LoseConsent() }),
	says(`somebody signs in with Microsoft again`, func(_ context.Context, s *Stage, _ []string) error { return s.Atlassian.GiveConsent() }),
}
