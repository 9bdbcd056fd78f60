package stories

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// Domain is the company's, and Site where it works.
const (
	Domain = "fabrikam.example"
	Site   = "fabrikam.atlassian.example"
)

// Begin is when every story begins: a Friday at noon.
var Begin = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Stage is a small company in both labs, connected by one method, where everybody is where they should be.
type Stage struct {
	*labs.Labs
	Clock  *compose.Clock
	Config *compose.Configuration
	Sync   *engine.Sync // of the method rollcall

	branches  branches          // of the company; one, without a suffix, unless a test wants a crowd
	app, role string            // the enterprise application and the role that its users get
	job       *entra.Job        // of Entra's service
	ids       map[string]string // handle or display name -> id in Entra
	grants    map[string]string // handle or display name -> assignment
	policies  map[string]string // name -> id
	stash     map[string]string // what a sentence keeps for a later one
	selected  []string          // ids of the groups that Guard's connector was told to sync
	manual    bool              // the connector syncs only when told to
	rules     string            // of the connection in rollcall.yaml, as the tale has them
	waiting   []string          // sentences that are true in Active Directory and not yet in Entra
	past      past              // of the tale that is played
	told      map[string]told   // what that tale says of histories itself
	used      map[string]bool   // the questions of which it was asked
	say       func(ctx context.Context, text string) error
}

// Set builds the stage for a method and lets the method run until everybody is there.
func Set(ctx context.Context, method, rules string) (*Stage, error) {
	return set(ctx, method, rules, branches{""})
}

func set(ctx context.Context, method, rules string, of branches) (*Stage, error) {
	clock := compose.StoppedAt(Begin.Add(-30 * 24 * time.Hour))
	s := &Stage{branches: of, Clock: clock, ids: map[string]string{}, grants: map[string]string{}, policies: map[string]string{}, stash: map[string]string{}}
	s.say = s.Say
	s.Labs = &labs.Labs{
		ClientID: entra.DefaultClient,
		Keys:     labs.Keys{ClientSecret: "client-secret-of-the-stage", SCIM: "scim-key-of-the-stage", Admin: "admin-key-of-the-stage", Token: "token-of-the-stage"},
		Connection: document.Connection{
			Name: "fabrikam", Method: method, Directory: atlassian.DefaultDirectory, Org: atlassian.DefaultOrg, Sites: []string{"https://" + Site},
		},
	}
	s.Entra = &entra.Lab{
		Now: clock.Now, Wait: clock.Sleep, Limits: entra.Limits{Off: true}, Domains: []string{Domain},
		Clients: map[string]entra.Client{s.ClientID: {Secrets: []entra.Secret{{Value: s.Keys.ClientSecret}}, Permissions: entra.Everything()}},
	}
	s.Atlassian = &atlassian.Lab{
		Now: clock.Now, Sleep: clock.Sleep,
		Directories: []atlassian.Directory{{ID: atlassian.DefaultDirectory, Name: "Entra ID", Key: s.Keys.SCIM, Expires: Begin.AddDate(0, 11, 0)}},
		Limits:      atlassian.Limits{ConnectorGroup: ConnectorGroup},
		AdminKeys:   []atlassian.AdminKey{{Key: s.Keys.Admin}},
		Domains:     []atlassian.Domain{{Name: Domain, Directory: atlassian.DefaultDirectory}},
		Sites: []atlassian.Site{{Host: Site, Email: labs.Email, Token: s.Keys.Token, Products: []atlassian.Product{
			{Key: "jira-software", Name: "Jira", Seats: 100 * len(of)}, {Key: "confluence", Name: "Confluence", Seats: 100 * len(of)}, {Key: "jira-servicedesk", Name: "Jira Service Management", Seats: 10 * len(of)},
		}}},
		Readings: atlassian.Readings{NewAccountsAreVerified: true},
	}
	if err := s.found(ctx, method, rules); err != nil {
		return nil, fmt.Errorf("setting the stage: %w", err)
	}
	return s, nil
}

// configure makes what rollcall is told of the connection.
func (s *Stage) configure(method, rules string) (err error) {
	s.rules = rules
	s.Config, err = compose.InLabs(s.Labs, method, s.Clock, rules)
	return err
}

// Pass lets time go by; the services do what is due meanwhile.
func (s *Stage) Pass(ctx context.Context, d time.Duration) error {
	if err := s.Entra.Advance(ctx, d); err != nil {
		return fmt.Errorf("letting %s pass: %w", d, err)
	}
	s.Atlassian.SyncStatus() // the connector does what is due now, not when the next question wakes it
	return nil
}

// Worlds are the services as they are now.
func (s *Stage) Worlds() (engine.Worlds, error) { return compose.Live(s.Config) }

// Close lets go of what the stage holds.
func (s *Stage) Close() error {
	if s.Sync != nil {
		return s.Sync.Store.Close()
	}
	return nil
}

// id is somebody's in Entra.
func (s *Stage) id(name string) (string, error) {
	if id := s.ids[strings.ToLower(name)]; id != "" {
		return id, nil
	}
	return "", fmt.Errorf("nobody and nothing is called %s", name)
}

// mail is somebody's address at the company.
func mail(handle string) string {
	if strings.Contains(handle, "@") {
		return handle
	}
	return handle + "@" + Domain
}
