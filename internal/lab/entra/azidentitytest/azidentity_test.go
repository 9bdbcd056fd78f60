// Package azidentitytest lets the vendor's own credentials ask the lab for tokens.
package azidentitytest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

const app = "0a7b1f5e-93c4-4d0e-8f6a-2b9d5c7e1a10"

// transport is a round tripper as the vendor's library wants it.
type transport struct{ http.RoundTripper }

func (t transport) Do(r *http.Request) (*http.Response, error) { return t.RoundTrip(r) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reads asks for a token and reads the users with it.
func reads(t *testing.T, c azcore.TokenCredential, client *http.Client, graph string) {
	t.Helper()
	token, err := c.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}})
	must(t, err)
	if left := time.Until(token.ExpiresOn); left < 55*time.Minute || left > time.Hour {
		t.Errorf("the token works for %s", left)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, graph+"/v1.0/users", http.NoBody)
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+token.Token)
	resp, err := client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("GET /users: %s", resp.Status)
	}
}

func TestASecretOverTheVendorsHostsInThisProcess(t *testing.T) {
	l := &entra.Lab{}
	options := &azidentity.ClientSecretCredentialOptions{ClientOptions: azcore.ClientOptions{Transport: transport{l.Transport()}}}
	c, err := azidentity.NewClientSecretCredential(entra.DefaultTenant, app, entra.DefaultSecret, options)
	must(t, err)
	reads(t, c, &http.Client{Transport: l.Transport()}, "https://graph.microsoft.com")
	discovered := false
	for _, r := range l.Requests() {
		discovered = discovered || strings.HasSuffix(r.Path, "/.well-known/openid-configuration")
	}
	if !discovered {
		t.Error("the library did not ask for the tenant's metadata, so the test proves little")
	}
}

func TestASecretOverLoopback(t *testing.T) {
	l := &entra.Lab{}
	s, err := l.Start()
	must(t, err)
	defer s.Close()
	options := &azidentity.ClientSecretCredentialOptions{
		DisableInstanceDiscovery: true, // for authorities that the vendor does not know
		ClientOptions: azcore.ClientOptions{
			Transport: s.Client(), Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: s.URL},
		},
	}
	c, err := azidentity.NewClientSecretCredential(entra.DefaultTenant, app, entra.DefaultSecret, options)
	must(t, err)
	reads(t, c, s.Client(), s.URL)
}

func TestAWrongSecretIsAnErrorWithItsNumber(t *testing.T) {
	l := &entra.Lab{}
	options := &azidentity.ClientSecretCredentialOptions{ClientOptions: azcore.ClientOptions{Transport: transport{l.Transport()}}}
	c, err := azidentity.NewClientSecretCredential(entra.DefaultTenant, app, "wrong", options)
	must(t, err)
	_, err = c.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}})
	if failed := (&azidentity.AuthenticationFailedError{}); !errors.As(err, &failed) || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("GetToken: %v", err)
	}
}

func TestACertificate(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	l := &entra.Lab{Clients: map[string]entra.Client{app: {Certificates: []*x509.Certificate{cert}, Permissions: []string{"User.Read.All"}}}}
	options := &azidentity.ClientCertificateCredentialOptions{ClientOptions: azcore.ClientOptions{Transport: transport{l.Transport()}}}
	c, err := azidentity.NewClientCertificateCredential(entra.DefaultTenant, app, []*x509.Certificate{cert}, crypto.PrivateKey(key), options)
	must(t, err)
	reads(t, c, &http.Client{Transport: l.Transport()}, "https://graph.microsoft.com")
}

func TestAnAssertionOfAnotherIssuer(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	l := &entra.Lab{Clients: map[string]entra.Client{app: {
		Permissions: []string{"User.Read.All"},
		Federated:   []entra.Federated{{Issuer: "https://ci.example", Subject: "repo:main", Key: &key.PublicKey}},
	}}}
	part := func(v any) string {
		b, err := json.Marshal(v)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(map[string]any{"alg": "ES256"}) + "." + part(map[string]any{
		"iss": "https://ci.example", "sub": "repo:main", "aud": "api://AzureADTokenExchange", "exp": time.Now().Add(time.Minute).Unix(),
	})
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	must(t, err)
	jwt := text + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
	options := &azidentity.ClientAssertionCredentialOptions{ClientOptions: azcore.ClientOptions{Transport: transport{l.Transport()}}}
	c, err := azidentity.NewClientAssertionCredential(entra.DefaultTenant, app, func(context.Context) (string, error) { return jwt, nil }, options)
	must(t, err)
	reads(t, c, &http.Client{Transport: l.Transport()}, "https://graph.microsoft.com")
}
