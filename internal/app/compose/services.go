package compose

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence/guard"
	"github.com/rollcall/rollcall/internal/port/evidence/jira"
	"github.com/rollcall/rollcall/internal/port/graph"
)

const agent = "rollcall"

// clockwork is what tests put into the place of the real one; nil functions are the real one's.
type clockwork struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
}

// moment is now.
func (c clockwork) moment() time.Time {
	if c.now == nil {
		return time.Now()
	}
	return c.now()
}

// services are the clients that a connection of a configuration names. Each secret is looked for when its client is
// made, so that a missing one is said before anything is asked.
type services struct {
	file *config.File
	of   *config.Connection
	clockwork
	within *within // nil: the services themselves, over the network
}

// graph is the tenant; nil where the connection names none.
func (s services) graph() (*graph.Client, error) {
	e := s.of.Source.Entra
	if e == nil {
		return nil, nil
	}
	trust, err := s.trust(e.CA)
	if err != nil {
		return nil, err
	}
	o := graph.Options{Tenant: e.Tenant, ClientID: e.ClientID, Cloud: graph.Cloud(e.Cloud), LoginURL: e.LoginURL, GraphURL: e.GraphURL, CA: trust, Agent: agent, Now: s.now, Sleep: s.sleep}
	switch {
	case e.TokenFile != "":
		o.Credential.TokenFile = s.file.Locate(e.TokenFile)
	case !e.Certificate.IsZero():
		text, err := s.readSecret(e.Certificate)
		if err != nil {
			return nil, s.wrap("source.entra.certificate", err)
		}
		o.Credential.Certificate = []byte(text)
	default:
		if o.Credential.Secret, err = s.readSecret(e.ClientSecret); err != nil {
			return nil, s.wrap("source.entra.client_secret", err)
		}
	}
	if s.within != nil {
		o.Transport = s.within.labs.Entra.Transport()
	}
	client, err := graph.New(o)
	if err != nil {
		return nil, s.wrap("source.entra", err)
	}
	return client, nil
}

// guard is the organization with its directory; nil where the connection names none.
func (s services) guard(c document.Connection, addresses func() []string) (*guard.Source, error) {
	a := s.of.Target.Atlassian
	if a == nil {
		return nil, nil
	}
	transport, err := s.transport(a.CA)
	if err != nil {
		return nil, err
	}
	o := guard.Options{Connection: c, Base: a.API(), Plain: true, Transport: transport, Agent: agent, Addresses: addresses, Back: s.of.Lookback, Now: s.now, Sleep: s.sleep}
	if s.within != nil { // nothing is gained there, and one after the other is the same order every time
		o.SideBySide = 1
	}
	if o.SCIMKey, err = s.key("target.atlassian.scim_key", a.SCIMKey); err != nil {
		return nil, err
	}
	if o.AdminKey, err = s.key("target.atlassian.admin_key", a.AdminKey); err != nil {
		return nil, err
	}
	source, err := guard.New(o)
	if err != nil {
		return nil, s.wrap("target.atlassian", err)
	}
	return source, nil
}

// jira are the sites; nil where there are none.
func (s services) jira() (*jira.Source, error) {
	a := s.of.Target.Atlassian
	if a == nil || len(a.Sites) == 0 {
		return nil, nil
	}
	transport, err := s.transport(a.CA)
	if err != nil {
		return nil, err
	}
	o := jira.Options{Plain: true, Transport: transport, Agent: agent, Now: s.now, Sleep: s.sleep}
	for i, site := range a.Sites {
		token, err := s.key(fmt.Sprintf("target.atlassian.sites[%d].token", i), site.Token)
		if err != nil {
			return nil, err
		}
		o.Sites = append(o.Sites, jira.Site{URL: fullAddress(site.URL), Email: site.Email, Token: token})
	}
	source, err := jira.New(o)
	if err != nil {
		return nil, s.wrap("target.atlassian.sites", err)
	}
	return source, nil
}

// fullAddress is an address of which a file may give the host alone; empty, where it gives none.
func fullAddress(text string) string {
	if text != "" && !strings.Contains(text, "://") {
		return "https://" + text
	}
	return text
}

// key reads a secret whenever it is needed, so that one that is renewed counts at once; nil where none is named.
func (s services) key(path string, secret config.Secret) (func() (string, error), error) {
	if secret.IsZero() {
		return nil, nil
	}
	read := func() (string, error) {
		text, err := s.readSecret(secret)
		if err != nil {
			return "", s.wrap(path, err)
		}
		return text, nil
	}
	_, err := read()
	return read, err
}

// readSecret gives what a reference of the file stands for.
func (s services) readSecret(of config.Secret) (string, error) {
	if s.within != nil {
		return s.within.labs.Secret(of.File), nil
	}
	return of.Read(s.file)
}

// transport leads to Atlassian and trusts the authorities of a file; nil is the usual transport.
func (s services) transport(ca string) (http.RoundTripper, error) {
	if s.within != nil {
		return s.within.labs.ToAtlassian(), nil
	}
	trust, err := s.trust(ca)
	if err != nil || trust == nil {
		return nil, err
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 64, MaxConnsPerHost: 256,
		TLSHandshakeTimeout: 15 * time.Second, IdleConnTimeout: 90 * time.Second, MaxResponseHeaderBytes: 1 << 20,
		TLSClientConfig: &tls.Config{RootCAs: trust, MinVersion: tls.VersionTLS12},
	}, nil
}

// trust reads authorities; nil is the machine's.
func (s services) trust(ca string) (*x509.CertPool, error) {
	if ca == "" {
		return nil, nil
	}
	path := s.file.Locate(ca)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, s.wrap("ca", fmt.Errorf("reading the authorities to trust: %w", err))
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, s.wrap("ca", fmt.Errorf("%s holds no certificate in PEM", path))
	}
	return pool, nil
}

// wrap says which key of the configuration an error is about.
func (s services) wrap(path string, err error) error {
	return fmt.Errorf("%s, connection %s, %s: %w", s.file.Path, s.of.Name, path, err)
}
