package stories

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// worker is somebody of the company, with department and groups.
type worker struct{ handle, department, groups string }

// staff are the people of the company.
var staff = []worker{
	{"lena.vogel", "Engineering", "jira-developers all-staff"},
	{"omar.haddad", "Engineering", "jira-developers all-staff"},
	{"mia.keller", "Engineering", "jira-developers platform-team all-staff"},
	{"tomas.riva", "Engineering", "jira-developers platform-team all-staff"},
	{"jon.berg", "Support", "service-desk all-staff"},
	{"ana.sousa", "Support", "service-desk all-staff"},
	{"rosa.lindt", "Marketing", "confluence-writers all-staff"},
	{"paul.okafor", "Marketing", "confluence-writers all-staff"},
	{"sven.dahl", "Finance", "finance all-staff"},
	{"yuki.mori", "Finance", "finance all-staff"},
	{"ines.costa", "Legal", ""}, // assigned to nothing: nobody expects her in Jira
}

// team is a group of the company: whether it is assigned to the application, and which product it grants.
type team struct {
	name     string
	assigned bool
	product  string
}

// teams are the groups of the company.
var teams = []team{
	{"jira-developers", true, "jira-software"},
	{"platform-team", true, "jira-software"},
	{"service-desk", true, "jira-servicedesk"},
	{"confluence-writers", true, "confluence"},
	{"finance", true, "confluence"},
	{"all-staff", true, "confluence"},
}

// branches are several companies of the same make in one tenant: the names of each end in a suffix of its own.
type branches []string

// staff are the people of all of them.
func (b branches) staff() []worker {
	var out []worker
	for _, suffix := range b {
		for _, w := range staff {
			var in []string
			for g := range strings.FieldsSeq(w.groups) {
				in = append(in, g+suffix)
			}
			out = append(out, worker{w.handle + suffix, w.department, strings.Join(in, " ")})
		}
	}
	return out
}

// teams are their groups.
func (b branches) teams() []team {
	var out []team
	for _, suffix := range b {
		for _, t := range teams {
			out = append(out, team{t.name + suffix, t.assigned, t.product})
		}
	}
	return out
}

// found makes the company and waits until everybody is where they should be.
func (s *Stage) found(ctx context.Context, method, rules string) error {
	if err := errors.Join(s.foundEntra(), s.foundAtlassian()); err != nil {
		return err
	}
	if err := s.configure(method, rules); err != nil {
		return err
	}
	if err := s.connect(ctx, method); err != nil {
		return err
	}
	if err := s.grantProducts(); err != nil {
		return err
	}
	return s.Pass(ctx, Begin.Sub(s.Clock.Now()))
}

func (s *Stage) foundEntra() (err error) {
	const user = "4b5d4e35-5b5a-4e0c-9d0b-8f4b1c2d3e4f"
	s.role = user
	s.app, err = s.Entra.AddServicePrincipal(entra.Props{
		"displayName": "Atlassian Cloud", "appId": "c2a671a9-0992-45f4-bcae-3f5bbef67279", "accountEnabled": true,
		"appRoles": []any{map[string]any{"id": user, "displayName": "User", "isEnabled": true, "value": "User", "allowedMemberTypes": []any{"User"}}},
	})
	if err != nil {
		return err
	}
	s.Connection.Application = s.app
	for _, p := range s.branches.staff() {
		if err := s.hire(p.handle, entra.Props{"department": p.department}); err != nil {
			return err
		}
	}
	for _, t := range s.branches.teams() {
		if err := s.makeGroup(t.name); err != nil {
			return err
		}
		for _, p := range s.branches.staff() {
			for g := range strings.FieldsSeq(p.groups) {
				if g != t.name {
					continue
				}
				if err := s.Entra.AddMember(s.ids[t.name], s.ids[p.handle]); err != nil {
					return err
				}
			}
		}
		if t.assigned {
			if err := s.assign(t.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// hire adds somebody to Entra.
func (s *Stage) hire(handle string, more entra.Props) error {
	given, family, _ := strings.Cut(handle, ".")
	p := entra.Props{
		"userPrincipalName": mail(handle), "mail": mail(handle), "mailNickname": handle, "givenName": capital(given), "surname": capital(family),
		"displayName": strings.TrimSpace(capital(given) + " " + capital(family)), "accountEnabled": true, "userType": "Member",
	}
	maps.Copy(p, more)
	id, err := s.Entra.AddUser(p)
	if err != nil {
		return fmt.Errorf("hiring %s: %w", handle, err)
	}
	s.ids[handle] = id
	return nil
}

func (s *Stage) makeGroup(name string) error {
	id, err := s.Entra.AddGroup(entra.Props{"displayName": name, "mailNickname": name, "securityEnabled": true, "mailEnabled": false})
	if err != nil {
		return fmt.Errorf("making the group %s: %w", name, err)
	}
	s.ids[strings.ToLower(name)] = id
	return nil
}

func (s *Stage) assign(name string) error { return s.assignAs(name, s.role) }

func (s *Stage) assignAs(name, role string) error {
	id, err := s.id(name)
	if err != nil {
		return err
	}
	grant, err := s.Entra.Assign(s.app, id, role)
	if err != nil {
		return fmt.Errorf("assigning %s: %w", name, err)
	}
	s.grants[strings.ToLower(name)] = grant
	return nil
}

func (s *Stage) foundAtlassian() error {
	id, err := s.Atlassian.CreatePolicy(atlassian.Policy{Name: "SSO required", Directory: s.Connection.Directory, SSO: true})
	if err != nil {
		return err
	}
	s.policies = map[string]string{"SSO required": id, "Entra ID policy": "policy-" + s.Connection.Directory}
	s.Connection.ExpectedPolicies = map[string]string{"payroll": id} // a group that comes only in a tale
	for _, product := range []string{"jira-software", "confluence", "jira-servicedesk"} {
		name := product + "-users-fabrikam"
		if _, err := s.Atlassian.CreateLocalGroup(name); err != nil {
			return err
		}
		if err := errors.Join(s.Atlassian.Grant(name, Site, product, "atlassian/user"), s.Atlassian.MakeDefault(name, Site, product)); err != nil {
			return err
		}
	}
	return nil
}

// grantProducts gives the synced groups what they are for.
func (s *Stage) grantProducts() error {
	for _, t := range s.branches.teams() {
		if err := s.Atlassian.Grant(t.name, Site, t.product, "atlassian/user"); err != nil {
			return err
		}
	}
	return nil
}

// connect lets the method bring everybody over.
func (s *Stage) connect(ctx context.Context, method string) (err error) {
	switch method {
	case document.EntraSCIM:
		s.job, err = s.Entra.Provision(s.app, entra.Provisioning{
			Template: "atlassianCloud", TenantURL: "https://api.atlassian.com/scim/directory/" + s.Connection.Directory, SecretToken: s.Keys.SCIM, Through: s.Atlassian.Transport(),
		})
		if err != nil {
			return err
		}
		if err := s.job.Start(); err != nil {
			return err
		}
		return s.Pass(ctx, 3*entra.Interval)
	case document.Rollcall:
		if s.Sync, err = compose.Sync(ctx, s.Config, "the stage"); err != nil {
			return err
		}
		s.Sync.Workers = 1 // the same story gives the same ids
		return s.apply(ctx)
	}
	return s.connectGuard(ctx)
}

// apply is rollcall's own run.
func (s *Stage) apply(ctx context.Context) error {
	if s.Sync == nil {
		return errors.New("rollcall does not provision this company")
	}
	_, err := s.Sync.Apply(ctx, engine.ApplyRequest{})
	return err
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// minutes, hours, days of a sentence.
func span(n int, unit string) time.Duration {
	switch strings.TrimSuffix(unit, "s") {
	case "minute":
		return time.Duration(n) * time.Minute
	case "hour":
		return time.Duration(n) * time.Hour
	}
	return time.Duration(n) * 24 * time.Hour
}
