package guard

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// policyBatch is how many accounts one request asks about; how many the service takes is not documented.
const policyBatch = 50

// policies asks for the authentication policy of each account.
func (w *whole) policies(ctx context.Context) error {
	for at := 0; at < len(w.people); at += policyBatch {
		batch := w.people[at:min(at+policyBatch, len(w.people))]
		list, err := w.policiesOf(ctx, batch)
		if err != nil {
			return w.ended(ctx, document.AuthPolicies, extent{got: at}, err)
		}
		for _, p := range list {
			if err := w.to.Add(document.AuthPolicies, p.account, p.object); err != nil {
				return err
			}
		}
	}
	return w.known(document.AuthPolicies)
}

// policy is the policy of an account.
type policy struct {
	account, id string
	object      jsontext.Value
}

// policiesOf asks about a few accounts. Only the field email of an answer is documented (atlassian.md 8.4), so that an
// account is known by its address where its id is not told.
func (r *reading) policiesOf(ctx context.Context, of []account) ([]policy, error) {
	ids, byMail := make([]string, 0, len(of)), map[string]string{}
	for _, a := range of {
		ids = append(ids, a.ID)
		if a.Email != "" {
			byMail[document.Fold(a.Email)] = a.ID
		}
	}
	raw, err := r.search(ctx, "/admin/control/v1/orgs/"+r.o.Connection.Org+"/users/auth-policies/bulk-fetch", map[string][]string{"accountIds": ids})
	if err != nil {
		return nil, err
	}
	var list []jsontext.Value
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("reading authentication policies: %w", err)
	}
	var out []policy
	for _, o := range list {
		p, err := decode[struct {
			AccountID string `json:"accountId"`
			Email     string `json:"email"`
			PolicyID  string `json:"policyId"`
		}](o)
		if err != nil {
			return nil, err
		}
		account := p.AccountID
		if account == "" {
			account = byMail[document.Fold(p.Email)]
		}
		if account != "" {
			out = append(out, policy{account, p.PolicyID, o})
		}
	}
	return out, nil
}
