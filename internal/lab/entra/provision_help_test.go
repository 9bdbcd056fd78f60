package entra_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// company is both labs and the provisioning service between them, on one clock that passes when told to.
type company struct {
	*entra.Lab
	t      *testing.T
	now    time.Time
	target *atlassian.Lab
	app    string
	job    *entra.Job
	mu     sync.Mutex
	sent   []string // the service's requests, as "METHOD path body"
	ids    map[string]string
}

const tenantURL = "https://api.atlassian.com/scim/directory/" + atlassian.DefaultDirectory

// begin sets up a company whose people are assigned through groups.
func begin(t *testing.T, p entra.Provisioning) *company {
	t.Helper()
	c := &company{t: t, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), ids: map[string]string{}}
	clock := func() time.Time { return c.now }
	pass := func(ctx context.Context, d time.Duration) error { c.now = c.now.Add(d); return ctx.Err() }
	c.Lab = &entra.Lab{Now: clock, Wait: pass, Limits: entra.Limits{Off: true}}
	c.target = &atlassian.Lab{Now: clock, Sleep: pass, Domains: []atlassian.Domain{{Name: "fabrikam.example", Directory: atlassian.DefaultDirectory}}}
	app, err := c.AddServicePrincipal(entra.Props{"displayName": "Atlassian Cloud", "appId": "c2a671a9-0992-45f4-bcae-3f5bbef67279"})
	c.must(err)
	c.app = app
	if p.Template == "" {
		p.Template = "atlassianCloud"
	}
	if p.TenantURL == "" {
		p.TenantURL = tenantURL
	}
	if p.SecretToken == "" {
		p.SecretToken = atlassian.DefaultKey
	}
	p.Through = c
	c.job, err = c.Provision(app, p)
	c.must(err)
	return c
}

func (c *company) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// RoundTrip notes a request of the service and hands it to the target.
func (c *company) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	line := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/scim/directory/"+atlassian.DefaultDirectory)
	if q, err := url.QueryUnescape(r.URL.RawQuery); err == nil && q != "" {
		line += "?" + q
	}
	c.mu.Lock()
	c.sent = append(c.sent, strings.TrimSpace(line+" "+string(raw)))
	c.mu.Unlock()
	return c.target.Transport().RoundTrip(r)
}

func (c *company) user(name string) string {
	c.t.Helper()
	mail := name + "@fabrikam.example"
	id, err := c.AddUser(entra.Props{"userPrincipalName": mail, "mail": mail, "displayName": strings.ToUpper(name[:1]) + name[1:], "mailNickname": name, "givenName": name, "surname": "Test"})
	c.must(err)
	c.ids[name] = id
	return id
}

// group adds a group with members and, unless told otherwise, assigns it.
func (c *company) group(name string, members ...string) string {
	c.t.Helper()
	id, err := c.AddGroup(entra.Props{"displayName": name, "mailNickname": name})
	c.must(err)
	c.must(c.AddMember(id, members...))
	c.ids[name] = id
	return id
}

func (c *company) assigned(id string) string {
	c.t.Helper()
	grant, err := c.Assign(c.app, id, "")
	c.must(err)
	c.ids["grant of "+id] = grant
	return id
}

// cycle lets forty minutes pass.
func (c *company) cycle() {
	c.t.Helper()
	c.sent = nil
	c.must(c.Advance(c.t.Context(), entra.Interval))
}

func (c *company) start() {
	c.t.Helper()
	c.must(c.job.Start())
	_, err := c.Tick(c.t.Context())
	c.must(err)
}

// at reads what the target has: users as "userName" or "userName (inactive)", groups as "name: members".
func (c *company) at(kind string) []string {
	c.t.Helper()
	list := c.scim("GET", "/"+kind, nil)
	var out []string
	for _, r := range list["Resources"].([]any) {
		m := r.(map[string]any)
		if kind == "Users" {
			line := m["userName"].(string)
			if m["active"] != true {
				line += " (inactive)"
			}
			out = append(out, line)
			continue
		}
		line := m["displayName"].(string) + ":"
		for _, x := range m["members"].([]any) {
			line += " " + strings.TrimSuffix(x.(map[string]any)["display"].(string), "@fabrikam.example")
		}
		out = append(out, line)
	}
	return out
}

// scim is a call of the target by somebody else.
func (c *company) scim(method, path string, body any) map[string]any {
	c.t.Helper()
	raw, err := json.Marshal(body)
	c.must(err)
	req, err := http.NewRequestWithContext(c.t.Context(), method, tenantURL+path, bytes.NewReader(raw))
	c.must(err)
	req.Header.Set("Authorization", "Bearer "+atlassian.DefaultKey)
	req.Header.Set("Content-Type", "application/scim+json")
	resp, err := c.target.Client().Do(req)
	c.must(err)
	defer resp.Body.Close()
	var out map[string]any
	if resp.StatusCode != http.StatusNoContent {
		c.must(json.NewDecoder(resp.Body).Decode(&out))
	}
	if resp.StatusCode > 299 {
		c.t.Fatalf("%s %s: %d %v", method, path, resp.StatusCode, out)
	}
	return out
}
