// Package graph is a thin client of Microsoft Graph v1.0 for reading: tokens, pages, delta queries, counts, and errors
// that say which permission is missing. It knows nothing of what the answers mean; connectors do. Requests go through
// package wire; the vendor's library is asked for tokens and for nothing else.
//
// No method of it changes anything at the service.
package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/port/wire"
)

// Options say which tenant is read, by whom, and where. Tenant and Credential are required, ClientID with every
// credential but Token.
type Options struct {
	Tenant     string // its id or a verified domain
	ClientID   string // of the application that rollcall signs in as
	Credential Credential

	Cloud    Cloud  // "": Public
	LoginURL string // "": that of the cloud. With another one, the vendor's list of its own hosts is not asked
	GraphURL string // likewise, without /v1.0

	Transport http.RoundTripper // for Graph and for tokens; nil: one with timeouts
	CA        *x509.CertPool    // who is trusted, where Transport is nil; nil: what the machine trusts
	Agent     string            // User-Agent

	Log   *slog.Logger
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Cloud is one of Microsoft's separate clouds.
type Cloud string

// The clouds.
const (
	Public Cloud = "public"
	USGov  Cloud = "usgov"
	DoD    Cloud = "dod"
	China  Cloud = "china"
)

// hosts are where a cloud signs in and where its Graph is. Both can be set otherwise.
var hosts = map[Cloud][2]string{
	Public: {"https://login.microsoftonline.com", "https://graph.microsoft.com"},
	USGov:  {"https://login.microsoftonline.us", "https://graph.microsoft.us"},
	DoD:    {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us"},
	China:  {"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"},
}

// reports is the lane of /auditLogs, which has a limit of its own: the reporting service takes five calls in ten seconds (entra.md 1.11, 7.6).
const reports = "reports"

// Client reads one tenant. It is safe for several goroutines.
type Client struct {
	base   *url.URL // of the service, with /v1.0
	tenant string
	wire   *wire.Client
	tokens *tokens
}

// New makes a client. It asks nothing yet: a wrong secret shows with the first call.
func New(o Options) (*Client, error) {
	if o.Cloud == "" {
		o.Cloud = Public
	}
	cloud, ok := hosts[o.Cloud]
	switch {
	case !ok:
		return nil, fmt.Errorf("unknown cloud %q: expected public, usgov, dod or china", o.Cloud)
	case o.Tenant == "":
		return nil, fmt.Errorf("no tenant is named")
	}
	resource := cloud[1] // tokens are for Graph itself, also where it is reached through another address
	if o.GraphURL == "" {
		o.GraphURL = cloud[1]
	}
	base, err := url.Parse(strings.TrimSuffix(strings.TrimSuffix(o.GraphURL, "/"), "/v1.0") + "/v1.0")
	if err != nil || base.Host == "" || base.RawQuery != "" {
		return nil, fmt.Errorf("%q is no address of Microsoft Graph", o.GraphURL)
	}
	if o.Transport == nil {
		o.Transport = transport(o.CA)
	}
	tokens, err := newTokens(o, cloud[0], resource)
	if err != nil {
		return nil, err
	}
	w, err := wire.New(wire.Options{
		Base: base.String(), Transport: o.Transport, Authorize: tokens.authorize, Agent: o.Agent,
		Lanes: map[string]wire.Pace{"": {}, reports: {Fixed: 5, Window: 10 * time.Second, Burst: 5}},
		Log:   o.Log, Now: o.Now, Sleep: o.Sleep,
	})
	if err != nil {
		return nil, fmt.Errorf("Microsoft Graph: %w", err) //nolint:staticcheck // a name
	}
	return &Client{base: base, tenant: o.Tenant, wire: w, tokens: tokens}, nil
}

// Tenant is the tenant as it was named.
func (c *Client) Tenant() string { return c.tenant }

// Base is the address of the service, such as https://graph.microsoft.com/v1.0.
func (c *Client) Base() string { return c.base.String() }

// Own tells whether a link leads to this service. Others are never followed: the token would go with the request.
func (c *Client) Own(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Scheme == c.base.Scheme && strings.EqualFold(u.Host, c.base.Host) && u.User == nil &&
		strings.HasPrefix(u.Path, c.base.Path+"/")
}

// transport is a transport that waits for nobody forever.
func transport(ca *x509.CertPool) http.RoundTripper {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16,
		TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: 2 * time.Minute, IdleConnTimeout: 90 * time.Second,
		TLSClientConfig: &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12},
	}
	return t
}
