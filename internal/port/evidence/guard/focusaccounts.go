package guard

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// lookUpAccounts asks the organization for accounts by address and by id: two requests, however many there are.
func (s *search) lookUpAccounts(ctx context.Context, mails, ids []string) error {
	if !s.org {
		return nil
	}
	q, p := userSearch{Limit: 100}, userSearch{Limit: 100}
	for _, m := range mails {
		if isMail(m) && s.first("mail", m) && len(q.Emails) < 100 {
			q.Emails = append(q.Emails, m)
		}
	}
	if len(q.Emails) > 0 {
		if err := s.addAccounts(ctx, q, nil); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if s.first("account", id) && len(p.AccountIDs) < 100 {
			p.AccountIDs = append(p.AccountIDs, id)
		}
	}
	if len(p.AccountIDs) > 0 {
		return s.addAccounts(ctx, p, nil)
	}
	return nil
}

// addAccounts records the accounts of a search, of which fits may want only some.
func (s *search) addAccounts(ctx context.Context, q userSearch, fits func(account) bool) error {
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		q.Cursor = cursor
		return s.searchUsers(ctx, q)
	}, "accountId", 2, func(id string, o jsontext.Value) error {
		a, err := decode[account](o)
		if err != nil || fits != nil && !fits(a) {
			return err
		}
		for _, have := range s.accounts {
			if have.ID == id {
				return nil
			}
		}
		s.first("account", id) // need not be asked for
		s.accounts = append(s.accounts, a)
		if a.Groups != nil {
			for _, g := range *a.Groups {
				s.members[g.ID] = append(s.members[g.ID], id)
			}
		}
		return s.to.Add(document.OrgUsers, "", o)
	})
	switch {
	case err != nil:
		return s.hole(ctx, err, gap(document.OrgUsers, "", "accounts", ""))
	case e.hole != "":
		return s.hole(ctx, errFewer, gap(document.OrgUsers, "", "accounts: "+e.hole, ""))
	}
	return nil
}

// ofAccounts asks what hangs on each account, and reads the domains.
func (s *search) ofAccounts(ctx context.Context) error {
	if !s.org {
		return nil
	}
	e, err := s.readDomains(ctx, 3)
	if err != nil {
		err = s.hole(ctx, err, gap(document.Domains, "", "the whole document", ""))
	} else if e.hole != "" {
		err = s.hole(ctx, errFewer, gap(document.Domains, "", e.missing(), ""))
	}
	if err != nil {
		return err
	}
	for i, id := range s.focus.Accounts {
		if i == mostAccounts {
			return s.hole(ctx, errMany, gap(document.Manage, "", "further accounts", ""))
		}
		m := s.manageOf(ctx, id)
		if m.err != nil {
			err = s.hole(ctx, m.err, gap(document.Manage, "", "account "+id, ""))
		} else {
			err = s.to.Add(document.Manage, id, m.object)
		}
		if err != nil {
			return err
		}
	}
	return s.policies(ctx)
}

// policies asks in which authentication policies the accounts are. The name of an expected policy in which none of them
// is only another account can tell: one of those whom the same group should bring into it.
func (s *search) policies(ctx context.Context) error {
	if len(s.accounts) == 0 || s.recordless {
		return nil
	}
	seen := map[string]bool{}
	list, err := s.policiesOf(ctx, s.accounts)
	if err != nil {
		return s.hole(ctx, err, gap(document.AuthPolicies, "", "the whole document", ""))
	}
	for _, p := range list {
		seen[document.Fold(p.id)] = true
		if err := s.to.Add(document.AuthPolicies, p.account, p.object); err != nil {
			return err
		}
	}
	for _, g := range s.found {
		want := s.o.Connection.ExpectedPolicies[g.Name]
		if want == "" || !s.first("policy", want) || seen[document.Fold(want)] {
			continue
		}
		if err := s.policyName(ctx, g, want); err != nil {
			return err
		}
	}
	return nil
}

func (s *search) policyName(ctx context.Context, g foundGroup, want string) error {
	others, err := s.someOf(ctx, g.ID, policyBatch)
	if err != nil || len(others) == 0 {
		return nil //nolint:nilerr // without a name the policy's id is shown
	}
	list, err := s.policiesOf(ctx, others)
	if err != nil {
		return nil //nolint:nilerr // likewise
	}
	for _, p := range list {
		if document.Fold(p.id) == document.Fold(want) {
			return s.to.Add(document.AuthPolicies, p.account, p.object)
		}
	}
	return nil
}

// someOf gives a page of accounts that are in a group.
func (s *search) someOf(ctx context.Context, group string, n int) ([]account, error) {
	raw, err := s.searchUsers(ctx, userSearch{GroupIDs: []string{group}, Limit: n})
	if err != nil {
		return nil, err
	}
	page, err := decode[orgPageAnswer](raw)
	if err != nil {
		return nil, err
	}
	var out []account
	for _, o := range page.Data[:min(n, len(page.Data))] {
		a, err := decode[account](o)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
