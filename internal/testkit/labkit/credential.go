package labkit

import (
	"context"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// Token is a credential that somebody made elsewhere: each time a new token of the lab's first application, without a
// request.
type Token struct{ Lab *entra.Lab }

// GetToken gives a token that lasts for an hour.
func (t Token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: t.Lab.Token(entra.DefaultClient), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// Secret is how a connector is told a key.
func Secret(s string) func() (string, error) { return func() (string, error) { return s, nil } }
