package entra_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// tokens issues what the target takes, to a client that knows the secret.
type tokens struct {
	*company
	issued int
}

func (k *tokens) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "login.example" {
		return k.company.RoundTrip(r)
	}
	status, body := http.StatusUnauthorized, `{"error":"invalid_client"}`
	if id, secret, ok := r.BasicAuth(); ok && id == "entra" && secret == "hush" {
		k.issued++
		status, body = http.StatusOK, `{"access_token":"`+atlassian.DefaultKey+`","token_type":"Bearer","expires_in":21600}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestATargetThatWantsOAuthIsProvisionedWithTokens(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.must(c.job.Delete())
	k := &tokens{company: c}
	var err error
	c.job, err = c.Provision(c.app, entra.Provisioning{
		Template: "atlassianCloud", TenantURL: tenantURL, Through: k, Grant: entra.ClientCredentials{TokenURL: "https://login.example/token", ID: "entra", Secret: "hush"},
	})
	c.must(err)
	c.assigned(c.group("jira", c.user("ana")))
	c.start()
	c.expect("with a token", []string{"ana@fabrikam.example"}, []string{"jira: ana"})
	c.must(c.AddMember(c.ids["jira"], c.user("ben")))
	c.cycle()
	if k.issued != 1 {
		t.Errorf("%d tokens were fetched in forty minutes, which live six hours", k.issued)
	}
	c.must(c.AddMember(c.ids["jira"], c.user("cyd")))
	c.advance(6 * time.Hour)
	c.must(c.RemoveMember(c.ids["jira"], c.ids["cyd"]))
	c.cycle()
	if k.issued != 2 {
		t.Errorf("%d tokens were fetched after they expired", k.issued)
	}
	if raw := c.graph("/servicePrincipals/" + c.app + "/synchronization/secrets")["value"].([]any); len(raw) != 5 || strings.Contains(fmt.Sprint(raw), "hush") {
		t.Errorf("the secrets: %v", raw)
	}
	c.Lab.Clients = map[string]entra.Client{entra.DefaultClient: {Permissions: append(entra.Everything(), "Synchronization.ReadWrite.All")}}
	c.ask(204, "PUT", "secrets", `{"value":[{"key":"BaseAddress","value":"`+tenantURL+`"},{"key":"Oauth2TokenExchangeUri","value":"https://login.example/token"},
		{"key":"ClientIdentifier","value":"entra"},{"key":"ClientSecret","value":"forgotten"}]}`)
	c.must(c.AddMember(c.ids["jira"], c.ids["cyd"]))
	c.cycle()
	if s := c.status(); s["code"] != "Quarantine" {
		t.Errorf("with a wrong secret: %v", s)
	}
}
