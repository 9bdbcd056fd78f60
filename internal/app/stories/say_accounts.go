package stories

import (
	"context"
	"fmt"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
)

// accounts is what happens to accounts at Atlassian, to their records and to the domains of their addresses.
var accounts = []sentence{
	says(`the account WHO gets the address (\S+)`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.SetEmail(mail(m[0]), mail(m[1]))
	}),
	says(`single sign-on opens an account for (\S+)`, func(_ context.Context, s *Stage, m []string) error {
		_, err := s.Atlassian.InviteUser(mail(m[0]), "")
		return err
	}),
	says(`somebody opens an account of their own as (\S+)`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.SignUp(mail(m[0])) }),
	says(`the organization claims every account of its domain`, func(_ context.Context, s *Stage, _ []string) error { return s.Atlassian.ClaimAccounts(Domain) }),
	says(`the organization claims every account of NAME`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.ClaimAccounts(m[0]) }),
	says(`the account WHO is to be deleted`, byAccount((*atlassian.Lab).ScheduleDeletion)),
	says(`the deletion of WHO is called off`, byAccount((*atlassian.Lab).CancelDeletion)),
	says(`WHO has not confirmed the address`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.SetEmailVerified(mail(m[0]), false)
	}),
	says(`WHO signs in`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.SetEmailVerified(mail(m[0]), true)
	}),
	says(`another organization takes WHO over`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.SetForeign(mail(m[0]), true) }),
	says(`the other organization lets WHO go`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.SetForeign(mail(m[0]), false) }),
	says(`the account WHO moves to the policy TEXT`, func(_ context.Context, s *Stage, m []string) error {
		if id, known := s.policies[m[1]]; known {
			return s.Atlassian.MoveToPolicy(mail(m[0]), id)
		}
		return fmt.Errorf("there is no policy %q", m[1])
	}),
	says(`the claim of the domain NAME lapses`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.SetDomain(m[0], atlassian.Unverified)
	}),
	says(`the domain NAME is verified`, func(_ context.Context, s *Stage, m []string) error { return s.Atlassian.VerifyDomain(m[0]) }),
	says(`WHO is taken out of GROUP at Atlassian`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.RemoveFromGroup(m[1], mail(m[0]))
	}),
	says(`the domain NAME is verified and claimed`, func(_ context.Context, s *Stage, m []string) error {
		if err := s.Atlassian.VerifyDomain(m[0]); err != nil {
			return err
		}
		return s.Atlassian.ClaimAccounts(m[0])
	}),
	says(`the domain NAME is linked to the directory`, func(_ context.Context, s *Stage, m []string) error {
		return s.Atlassian.LinkDomain(m[0], s.Connection.Directory)
	}),
}

func byAccount(do func(l *atlassian.Lab, who string) error) func(context.Context, *Stage, []string) error {
	return func(_ context.Context, s *Stage, m []string) error { return do(s.Atlassian, mail(m[0])) }
}
