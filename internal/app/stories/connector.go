package stories

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// guardsClient is the application of Guard's connector in Entra; its consent is another than rollcall's.
const guardsClient = "6d1e0c5a-2b7f-4f0e-9a53-8c4b7d2e1f60"

// noConsent is where the stage keeps that Entra gives Guard's application no token any more.
const noConsent = "Guard's application gets no token"

// consent is what an administrator of Entra does to Guard's application, and whether it gets a token afterwards.
func (s *Stage) consent(given bool, do func() error) error {
	if given {
		delete(s.stash, noConsent)
	} else {
		s.stash[noConsent] = "so"
	}
	return do()
}

// connectGuard signs in with Microsoft on Guard's page, chooses the groups that would be assigned and starts the first
// sync. The directory of the provider stays what it was, without a key.
func (s *Stage) connectGuard(ctx context.Context) error {
	s.Entra.Clients[guardsClient] = entra.Client{Permissions: entra.Everything()}
	err := s.Atlassian.Connect(atlassian.Connector{
		Directory: s.Connection.Directory, Name: "Microsoft Entra ID", Transport: s.Entra.Transport(),
		Token: func() (string, error) {
			if s.stash[noConsent] != "" {
				return "", errors.New("AADSTS65001: the application has no consent, or is disabled")
			}
			return s.Entra.Token(guardsClient), nil
		},
	})
	if err != nil {
		return err
	}
	for _, t := range s.branches.teams() {
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
	if err := s.Atlassian.EditSync(atlassian.SyncSettings{Groups: s.selected, Identifier: s.Connection.Identifier, Manual: s.manual}); err != nil {
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

// ConnectorGroup is how many users the connector puts into one group on the stage, for the 10,000 of the service.
const ConnectorGroup = 12

// measured tells rollcall the stage's limits.
type measured struct{ engine.Worlds }

// Load implements engine.Worlds.
func (m measured) Load(ctx context.Context, focus *engine.Focus, progress engine.Progress) (*facts.World, error) {
	w, err := m.Worlds.Load(ctx, focus, progress)
	if w != nil {
		w.Limits.ConnectorGroup = ConnectorGroup
	}
	return w, err
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
	says(`the application is (disabled|enabled) in Entra`, func(_ context.Context, s *Stage, m []string) error {
		on := m[0] == "enabled"
		return s.consent(on, func() error { return s.Entra.UpdateServicePrincipal(s.app, entra.Props{"accountEnabled": on}) })
	}),
	says(`the application's permissions are taken back in Entra`, func(_ context.Context, s *Stage, _ []string) error {
		return s.consent(false, func() error { return s.Entra.Consent(s.app, false) })
	}),
	says(`somebody consents to the application again`, func(_ context.Context, s *Stage, _ []string) error {
		return s.consent(true, func() error { return errors.Join(s.Entra.Consent(s.app, true), s.Atlassian.GiveConsent()) })
	}),
	says(`WHO comes from the tenant of (\S+) as a (Member|Guest)`, func(_ context.Context, s *Stage, m []string) error {
		address := m[0] + "@" + m[1]
		return s.hire(m[0], entra.Props{"mail": address, "userType": m[2], "userPrincipalName": m[0] + "_" + m[1] + "#EXT#@" + Domain})
	}),
	says(`N people are hired into GROUP`, func(_ context.Context, s *Stage, m []string) error {
		n := number(m[0])
		group, err := s.id(m[1])
		for i := range n {
			name := fmt.Sprintf("newcomer.no%d", i+1)
			if err = errors.Join(err, s.hire(name, nil), s.Entra.AddMember(group, s.ids[name])); err != nil {
				return err
			}
		}
		return err
	}),
	says(`automatic syncing is switched (on|off)`, func(_ context.Context, s *Stage, m []string) error {
		s.manual = m[0] == "off"
		return s.editSync()
	}),
	says(`the connector's consent ends`, func(_ context.Context, s *Stage, _ []string) error { return s.Atlassian.LoseConsent() }),
	says(`somebody signs in with Microsoft again`, func(_ context.Context, s *Stage, _ []string) error { return s.Atlassian.GiveConsent() }),
}
