package document

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// AuthPolicy is the authentication policy of one account. Error is set where the service answered with an error.
type AuthPolicy struct {
	PolicyID string
	Name     string
	Error    string

	AccountID, Email string // whose it is, where the answer is a list and says so
}

// UnmarshalJSONFrom reads an entry of the map that a bundle holds, or an element of the list that the service
// answers. Only the first field of such an element, email, is documented (atlassian.md 2.6).
func (p *AuthPolicy) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var wire struct {
		PolicyID  string         `json:"policyId"`
		ID        string         `json:"id"`
		Name      string         `json:"name"`
		AccountID string         `json:"accountId"`
		Email     string         `json:"email"`
		Errors    jsontext.Value `json:"errors"`
		Error     jsontext.Value `json:"error"`
		Message   jsontext.Value `json:"message"`
	}
	if err := json.UnmarshalDecode(d, &wire); err != nil {
		return err
	}
	*p = AuthPolicy{PolicyID: wire.PolicyID, Name: wire.Name, AccountID: wire.AccountID, Email: wire.Email}
	if wire.PolicyID == "" && wire.AccountID+wire.Email == "" {
		p.PolicyID = wire.ID
	}
	if p.PolicyID == "" {
		p.Error = first(refusal(wire.Errors), text(wire.Message), refusal(wire.Error))
	}
	return nil
}

// Key is the account of an element of the list; its address where the id is not told.
func (p *AuthPolicy) Key() string { return first(p.AccountID, p.Email) }
