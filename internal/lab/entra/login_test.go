package entra

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const loginHost = "https://login.microsoftonline.com/"

// login asks the token endpoint.
func (g *graph) login(tenant string, form map[string]string) reply {
	g.t.Helper()
	v := url.Values{"grant_type": {"client_credentials"}, "scope": {"https://graph.microsoft.com/.default"}}
	for name, value := range form {
		v.Set(name, value)
		if value == "" {
			v.Del(name)
		}
	}
	return g.do("POST", loginHost+tenant+"/oauth2/v2.0/token", v.Encode(), "Content-Type: application/x-www-form-urlencoded")
}

func TestASecretGetsATokenThatWorksForAnHour(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Domains: []string{"fabrikam.example"}})
	for _, tenant := range []string{DefaultTenant, "fabrikam.example"} {
		r := g.login(tenant, map[string]string{"client_id": DefaultClient, "client_secret": DefaultSecret})
		token, _ := r.body["access_token"].(string)
		delete(r.body, "access_token")
		want := map[string]any{"token_type": "Bearer", "expires_in": 3599.0, "ext_expires_in": 3599.0}
		if diff := cmp.Diff(want, r.body); diff != "" || token == "" {
			t.Fatalf("token %q (-want +got):\n%s", token, diff)
		}
		if strings.Contains(token, ".") {
			t.Error("the token looks like one that a client could read")
		}
		g.token = token
	}
	c.pass(3598 * time.Second)
	if r := g.get("/users"); r.status != 200 {
		t.Errorf("within the hour: %d %s", r.status, r.raw)
	}
	c.pass(time.Second)
	r := g.get("/users")
	if r.status != 401 || r.code() != "InvalidAuthenticationToken" || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer ") {
		t.Errorf("afterwards: %d %s", r.status, r.raw)
	}
}

func TestTheTokenEndpointSaysWhatIsWrong(t *testing.T) {
	c := newClock()
	const app = "11111111-2222-3333-4444-555555555555"
	g := open(t, &Lab{Now: c.now, Clients: map[string]Client{app: {
		Secrets: []Secret{{Value: "old", Expires: c.now().Add(-time.Hour)}, {Value: "good", Expires: c.now().Add(time.Hour)}},
	}}})
	tests := map[string]struct {
		tenant string
		form   map[string]string
		status int
		err    string
		number float64
	}{
		"another tenant":        {"contoso.example", map[string]string{"client_id": app, "client_secret": "good"}, 400, "invalid_request", 90002},
		"an unknown client":     {DefaultTenant, map[string]string{"client_id": "x", "client_secret": "good"}, 400, "unauthorized_client", 700016},
		"a wrong secret":        {DefaultTenant, map[string]string{"client_id": app, "client_secret": "bad"}, 401, "invalid_client", 7000215},
		"an expired secret":     {DefaultTenant, map[string]string{"client_id": app, "client_secret": "old"}, 401, "invalid_client", 7000222},
		"no secret":             {DefaultTenant, map[string]string{"client_id": app}, 401, "invalid_client", 7000216},
		"another grant":         {DefaultTenant, map[string]string{"client_id": app, "grant_type": "password"}, 400, "unsupported_grant_type", 70003},
		"a scope of one right":  {DefaultTenant, map[string]string{"client_id": app, "client_secret": "good", "scope": "User.Read.All"}, 400, "invalid_scope", 1002012},
		"no client":             {DefaultTenant, map[string]string{"client_secret": "good"}, 400, "invalid_request", 900144},
		"an assertion of noise": {DefaultTenant, map[string]string{"client_id": app, "client_assertion": "a.b.c", "client_assertion_type": jwtBearer}, 401, "invalid_client", 50027},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			r := g.login(tt.tenant, tt.form)
			codes, _ := r.body["error_codes"].([]any)
			if r.status != tt.status || r.body["error"] != tt.err || len(codes) != 1 || codes[0] != tt.number {
				t.Errorf("%d %s", r.status, r.raw)
			}
			for _, k := range []string{"error_description", "timestamp", "trace_id", "correlation_id", "error_uri"} {
				if s, _ := r.body[k].(string); s == "" {
					t.Errorf("%s is missing: %s", k, r.raw)
				}
			}
		})
	}
	if r := g.login(DefaultTenant, map[string]string{"client_id": app, "client_secret": "good"}); r.status != 200 {
		t.Errorf("the good secret: %s", r.raw)
	}
}

func TestTheVendorsLibrariesFindTheTokenEndpoint(t *testing.T) {
	g := open(t, &Lab{})
	r := g.get(loginHost + "common/discovery/instance?api-version=1.1&authorization_endpoint=" +
		url.QueryEscape(loginHost+DefaultTenant+"/oauth2/v2.0/authorize"))
	at, _ := r.body["tenant_discovery_endpoint"].(string)
	if want := loginHost + DefaultTenant + "/v2.0/.well-known/openid-configuration"; at != want {
		t.Fatalf("tenant_discovery_endpoint = %q, want %q", at, want)
	}
	r = g.get(at)
	if want := loginHost + DefaultTenant + "/oauth2/v2.0/token"; r.body["token_endpoint"] != want {
		t.Errorf("token_endpoint = %v, want %s", r.body["token_endpoint"], want)
	}
	for _, k := range []string{"issuer", "authorization_endpoint", "jwks_uri"} {
		if s, _ := r.body[k].(string); !strings.HasPrefix(s, loginHost+DefaultTenant) {
			t.Errorf("%s = %v", k, r.body[k])
		}
	}
	if r := g.get(r.body["jwks_uri"].(string)); r.raw != `{"keys":[]}` {
		t.Errorf("keys: %s", r.raw)
	}
	if r := g.get(loginHost + "common/discovery/instance"); r.status != 400 {
		t.Errorf("discovery of nothing: %d %s", r.status, r.raw)
	}
	if r := g.get(loginHost + DefaultTenant + "/oauth2/v2.0/token"); r.status != 400 {
		t.Errorf("GET of the token endpoint: %d %s", r.status, r.raw)
	}
	if r := g.get(loginHost + DefaultTenant + "/elsewhere"); r.status != 404 {
		t.Errorf("another path: %d", r.status)
	}
}
