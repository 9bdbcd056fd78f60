package graph_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// given is a credential that somebody made elsewhere. Its token says which claims were wanted.
type given struct{}

func (given) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token" + base64.RawURLEncoding.EncodeToString([]byte(o.Claims)), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func TestASecretSignsInOverTLS(t *testing.T) {
	l := &entra.Lab{}
	people(t, l, 3)
	s, err := l.Start()
	must(t, err)
	defer s.Close()
	g, err := graph.New(graph.Options{
		Tenant: entra.DefaultTenant, ClientID: entra.DefaultClient, Credential: graph.Credential{Secret: entra.DefaultSecret},
		LoginURL: s.URL, GraphURL: s.URL, CA: s.Pool,
	})
	must(t, err)
	if n, _, _, err := count(t, g, "/users/delta", nil); n != 3 || err != nil {
		t.Errorf("%d users, %v", n, err)
	}
}

func TestAServerOfAnUnknownAuthorityIsNotTrusted(t *testing.T) {
	l := &entra.Lab{}
	s, err := l.Start()
	must(t, err)
	defer s.Close()
	g, err := graph.New(graph.Options{
		Tenant: entra.DefaultTenant, ClientID: "app", Credential: graph.Credential{Token: given{}}, GraphURL: s.URL,
		Sleep: labkit.At(labkit.Noon).Sleep,
	})
	must(t, err)
	if _, _, _, err := count(t, g, "/users", nil); err == nil || len(l.Requests()) > 0 {
		t.Errorf("%v after %d requests", err, len(l.Requests()))
	}
}

func TestACertificateSignsIn(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	both := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})...)
	l := &entra.Lab{Clients: map[string]entra.Client{"app": {Certificates: []*x509.Certificate{cert}, Permissions: entra.Everything()}}}
	people(t, l, 2)
	o := graph.Options{Tenant: entra.DefaultTenant, ClientID: "app", Credential: graph.Credential{Certificate: both}, Transport: l.Transport()}
	g, err := graph.New(o)
	must(t, err)
	if n, _, _, err := count(t, g, "/users", nil); n != 2 || err != nil {
		t.Errorf("%d users, %v", n, err)
	}
	o.Credential.Certificate = both[:400]
	if _, err := graph.New(o); err == nil || !strings.Contains(err.Error(), "private key") {
		t.Errorf("half a certificate: %v", err)
	}
}

func TestATokenFileOfAnotherIssuerSignsIn(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
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
	file := filepath.Join(t.TempDir(), "token")
	jwt := text + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
	must(t, os.WriteFile(file, []byte(jwt), 0o600))
	l := &entra.Lab{Clients: map[string]entra.Client{"app": {
		Permissions: entra.Everything(), Federated: []entra.Federated{{Issuer: "https://ci.example", Subject: "repo:main", Key: &key.PublicKey}},
	}}}
	people(t, l, 2)
	g, err := graph.New(graph.Options{Tenant: entra.DefaultTenant, ClientID: "app", Credential: graph.Credential{TokenFile: file}, Transport: l.Transport()})
	must(t, err)
	if n, _, _, err := count(t, g, "/users", nil); n != 2 || err != nil {
		t.Errorf("%d users, %v", n, err)
	}
}

func TestAWrongSecretIsToldWithWhatToDoAndNotShown(t *testing.T) {
	g, _ := open(t, &entra.Lab{}, func(o *graph.Options) { o.Credential.Secret = "hunter2~hunter2" })
	_, err := g.Get(t.Context(), "/users/x", nil)
	e, ok := errors.AsType[*graph.TokenError](err)
	if !ok || e.Code != "AADSTS7000215" || !strings.Contains(err.Error(), "not its id") || strings.Contains(fmt.Sprintf("%+v", err), "hunter2") ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	o := graph.Options{Credential: graph.Credential{Secret: "hunter2", Certificate: []byte("hunter2"), Password: "hunter2"}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(verb, o); strings.Contains(s, "hunter2") || strings.Contains(s, "104 117") || strings.Contains(s, "0x68") {
			t.Errorf("%s: %s", verb, s)
		}
	}
	if _, err := graph.New(graph.Options{Tenant: "t", ClientID: "c", Credential: o.Credential}); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("two credentials at once: %v", err)
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	good := graph.Options{Tenant: "t", ClientID: "c", Credential: graph.Credential{Secret: "s"}}
	if _, err := graph.New(good); err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(*graph.Options){
		"no tenant":   func(o *graph.Options) { o.Tenant = "" },
		"client id":   func(o *graph.Options) { o.ClientID = "" },
		"credential":  func(o *graph.Options) { o.Credential = graph.Credential{} },
		"cloud":       func(o *graph.Options) { o.Cloud = "mars" },
		"not https":   func(o *graph.Options) { o.GraphURL = "http://graph.example" },
		"address":     func(o *graph.Options) { o.GraphURL = "graph" },
		"credentials": func(o *graph.Options) { o.LoginURL = "http://login.example" },
	} {
		o := good
		change(&o)
		if _, err := graph.New(o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("the error is %v, which should say %q", err, says)
		}
	}
}

func TestEachCloudHasItsHosts(t *testing.T) {
	for cloud, base := range map[graph.Cloud]string{
		"": "https://graph.microsoft.com/v1.0", graph.USGov: "https://graph.microsoft.us/v1.0",
		graph.DoD: "https://dod-graph.microsoft.us/v1.0", graph.China: "https://microsoftgraph.chinacloudapi.cn/v1.0",
	} {
		l := &entra.Lab{}
		asked := map[string]bool{}
		g, _ := open(t, l, func(o *graph.Options) {
			o.Cloud = cloud
			o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				asked[r.URL.Host] = true
				return l.Transport().RoundTrip(r)
			})
		})
		if _, _, _, err := count(t, g, "/users", nil); err != nil || g.Base() != base || len(asked) != 2 {
			t.Errorf("%s: %s, asked %v, %v", cloud, g.Base(), asked, err)
		}
	}
}

// TestClaimsThatAreAskedForAreInTheNextToken: continuous access evaluation.
func TestClaimsThatAreAskedForAreInTheNextToken(t *testing.T) {
	const claims = `{"access_token":{"nbf":{"essential":true,"value":"1763640000"}}}`
	var tokens []string
	g, _ := open(t, &entra.Lab{}, func(o *graph.Options) {
		o.Credential = graph.Credential{Token: given{}}
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			tokens = append(tokens, r.Header.Get("Authorization"))
			resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: -1, Request: r, Body: io.NopCloser(strings.NewReader(`{"id":"1"}`))}
			if len(tokens) == 1 {
				resp.StatusCode = http.StatusUnauthorized
				resp.Header.Set("WWW-Authenticate", `Bearer realm="", error="insufficient_claims", claims="`+base64.StdEncoding.EncodeToString([]byte(claims))+`"`)
			}
			return resp, nil
		})
	})
	_, err := g.Get(t.Context(), "/users/1", nil)
	must(t, err)
	if len(tokens) != 2 || tokens[1] != "Bearer token"+base64.RawURLEncoding.EncodeToString([]byte(claims)) {
		t.Errorf("%v", tokens)
	}
}

func TestATokenThatTheServiceNoLongerTakesIsAskedForAnew(t *testing.T) {
	l := &entra.Lab{}
	g, c := open(t, l)
	people(t, l, 2)
	for range 2 {
		if n, _, _, err := count(t, g, "/users", nil); n != 2 || err != nil {
			t.Fatalf("%d users, %v", n, err)
		}
		c.Pass(2 * time.Hour) // by the tenant's clock; the credential goes by the machine's
	}
	got := 0
	for _, r := range l.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			got++
		}
	}
	if got != 2 {
		t.Errorf("%d tokens", got)
	}
}

func TestTheSecretFollowsNoRedirect(t *testing.T) {
	l := &entra.Lab{}
	g, _ := open(t, l, func(o *graph.Options) {
		o.LoginURL = "https://login.example"
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			switch {
			case r.URL.Host == "elsewhere.example":
				t.Error("a request went to another host")
			case r.Method == http.MethodPost && r.URL.Host == "login.example":
				return &http.Response{
					StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://elsewhere.example/token"}},
					Body: http.NoBody, Request: r,
				}, nil
			}
			return l.Transport().RoundTrip(r)
		})
	})
	if _, err := g.Get(t.Context(), "/users/1", nil); err == nil {
		t.Error("a token was given")
	}
}
