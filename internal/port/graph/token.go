package graph

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// Credential is what the application proves itself by: exactly one of Secret, Certificate, TokenFile and Token.
// Printing it shows nothing of it.
type Credential struct {
	Secret      string
	Certificate []byte                 // with its private key, as PEM or PFX
	Password    string                 // of an encrypted PFX
	TokenFile   string                 // workload identity: a file with the token of another issuer, read again for each use
	Token       azcore.TokenCredential // given ready
}

// String says which kind it is.
func (c Credential) String() string {
	kinds := c.kinds()
	if len(kinds) == 0 {
		return "none"
	}
	return strings.Join(kinds, " and ")
}

// GoString keeps %#v from showing what String hides.
func (c Credential) GoString() string { return "graph.Credential(" + c.String() + ")" }

func (c Credential) kinds() (kinds []string) {
	for _, k := range []struct {
		name string
		is   bool
	}{
		{"client secret", c.Secret != ""},
		{"certificate", len(c.Certificate) > 0},
		{"workload identity", c.TokenFile != ""},
		{"given credential", c.Token != nil},
	} {
		if k.is {
			kinds = append(kinds, k.name)
		}
	}
	return kinds
}

// tokens gives access tokens. The vendor's credential keeps a token until shortly before its end; where the service
// refuses one earlier without saying which claims it wants, a new credential forgets it.
type tokens struct {
	tenant, client, scope string
	fresh                 func() (azcore.TokenCredential, error)

	mu   sync.Mutex
	cred azcore.TokenCredential
}

func newTokens(o Options, login, resource string) (*tokens, error) {
	kinds := o.Credential.kinds()
	switch {
	case len(kinds) != 1:
		return nil, fmt.Errorf("exactly one credential is needed (client secret, certificate or workload identity), found: %s", o.Credential)
	case o.ClientID == "" && o.Credential.Token == nil:
		return nil, fmt.Errorf("no client id is named: that of the application that rollcall signs in as")
	}
	own := o.LoginURL != ""
	if own {
		login = o.LoginURL
	}
	t := &tokens{tenant: o.Tenant, client: o.ClientID, scope: resource + "/.default"}
	options := azcore.ClientOptions{
		Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: login},
		// No redirects: a redirected request would carry the secret to another host.
		Transport: &http.Client{
			Transport: bounded{o.Transport}, Timeout: time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	t.fresh = func() (azcore.TokenCredential, error) { return o.Credential.make(o.Tenant, o.ClientID, options, own) }
	var err error
	if t.cred, err = t.fresh(); err != nil {
		return nil, fmt.Errorf("credentials of application %s: %w", o.ClientID, err)
	}
	return t, nil
}

// make builds the vendor's credential. own says that the authority is not one of the vendor's hosts.
func (c Credential) make(tenant, client string, o azcore.ClientOptions, own bool) (azcore.TokenCredential, error) {
	switch {
	case c.Token != nil:
		return c.Token, nil
	case c.Secret != "":
		return azidentity.NewClientSecretCredential(tenant, client, c.Secret, &azidentity.ClientSecretCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: own})
	case c.TokenFile != "":
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
			ClientOptions: o, DisableInstanceDiscovery: own, ClientID: client, TenantID: tenant, TokenFilePath: c.TokenFile,
		})
	}
	certs, key, err := azidentity.ParseCertificates(c.Certificate, []byte(c.Password))
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be read; it must be PEM or PFX and hold the private key too: %w", err)
	}
	return azidentity.NewClientCertificateCredential(tenant, client, certs, key, &azidentity.ClientCertificateCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: own})
}

// authorize implements wire.Authorize.
func (t *tokens) authorize(ctx context.Context, r *http.Request, challenge string) error {
	claims, err := claimsOf(challenge)
	if err != nil {
		return err
	}
	cred, err := t.credential(challenge != "" && claims == "")
	if err != nil {
		return err
	}
	token, err := cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{t.scope}, EnableCAE: true, Claims: claims})
	if err != nil {
		return t.failed(err)
	}
	r.Header.Set("Authorization", "Bearer "+token.Token)
	return nil
}

func (t *tokens) credential(anew bool) (azcore.TokenCredential, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if anew {
		cred, err := t.fresh()
		if err != nil {
			return nil, fmt.Errorf("credentials of application %s: %w", t.client, err)
		}
		t.cred = cred
	}
	return t.cred, nil
}

var claimsParam = regexp.MustCompile(`(?i)\bclaims="([^"]*)"`)

// claimsOf reads the claims that a refusal asks for, by continuous access evaluation.
func claimsOf(challenge string) (string, error) {
	m := claimsParam.FindStringSubmatch(challenge)
	if len(m) < 2 || m[1] == "" {
		return "", nil
	}
	text := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(m[1]), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("microsoft Graph asks for a token with claims that cannot be read: %w", err)
	}
	return string(b), nil
}

// TokenError says that no token was given, in the words of the service.
type TokenError struct {
	Tenant, Client string
	Code           string // such as AADSTS7000222; may be empty
	Text           string
	Err            error
}

func (e *TokenError) Error() string {
	s := fmt.Sprintf("signing in to tenant %s as application %s: %s", e.Tenant, e.Client, e.Text)
	if hint := hints[e.Code]; hint != "" {
		s += "; " + hint
	}
	return s
}

func (e *TokenError) Unwrap() error { return e.Err }

// hints say what to do. They name settings, which the service's own texts do not know.
var hints = map[string]string{
	"AADSTS7000215": "client_secret must be the secret's value, not its id",
	"AADSTS7000222": "make a new secret in the Entra admin center › App registrations › (application) › Certificates & secrets",
	"AADSTS700016":  "client_id or tenant is wrong",
	"AADSTS90002":   "tenant or cloud is wrong",
	"AADSTS700027":  "upload the certificate to the application, or use the one that is there",
	"AADSTS70021":   "the federated credential's issuer and subject must be those of the token",
}

var aadsts = regexp.MustCompile(`(AADSTS\d+): [^"\\\r\n]*`)

// failed shortens the vendor's error, which quotes the whole answer.
func (t *tokens) failed(err error) error {
	e := &TokenError{Tenant: t.tenant, Client: t.client, Err: err}
	if m := aadsts.FindStringSubmatch(err.Error()); m != nil {
		e.Code, e.Text = m[1], m[0]
		return e
	}
	e.Text = "no token was given"
	if _, cause, found := strings.Cut(err.Error(), ": "); found {
		e.Text += ": " + firstLine(cause)
	}
	return e
}

// firstLine is the first line of a text, and the second where the first only announces it.
func firstLine(s string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if first = strings.TrimSpace(first); strings.HasSuffix(first, ":") {
		rest, _, _ = strings.Cut(strings.TrimSpace(rest), "\n")
		first += " " + rest
	}
	first, _, _ = strings.Cut(first, ". To troubleshoot, visit") // the library's page about itself
	return shorten(first)
}

// bounded keeps answers of the token endpoint small.
type bounded struct{ http.RoundTripper }

var errLarge = errors.New("the answer of the token endpoint is larger than a megabyte")

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &atMost{resp.Body, 1 << 20}
	return resp, nil
}

type atMost struct {
	io.ReadCloser
	left int
}

func (a *atMost) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if a.left -= n; a.left < 0 {
		return 0, errLarge
	}
	return n, err
}
