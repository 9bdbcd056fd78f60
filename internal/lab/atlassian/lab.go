// Package atlassian is Atlassian Cloud in miniature, for tests and for trying things out: an organization with SCIM
// directories, accounts, groups, domains, authentication policies and Jira sites, answered over HTTP as the vendor
// documents it, including what is odd. It knows nothing of the rest of the program: what a client believes about
// Atlassian must not be what its counterpart believes, or the two could agree on a mistake.
//
// The zero value of [Lab] works: an empty organization with one SCIM directory. Its fields say what the world is at
// the start and are read when the lab is first used; afterwards its methods change it, as an administrator would in
// the pages of Atlassian Administration, and such a change is also an event of the organization.
//
// What the vendor does not say, or says in two ways, is a field of [Readings], so that a client can be tried with both.
package atlassian

import (
	"context"
	"crypto/x509"
	"net/http"
	"sync"
	"time"
)

// What the zero value of [Lab] is called and lets in with.
const (
	DefaultOrg       = "org-lab"
	DefaultDirectory = "dir-lab"
	DefaultKey       = "scim-key"                  // of the SCIM directory
	DefaultAdminKey  = "admin-key"                 // of the organization, without scopes
	DefaultEmail     = "administrator@lab.example" // who the token of a loaded site belongs to
	DefaultToken     = "site-token"                // of a loaded site
	LocalDirectory   = "dir-local"                 // holds whom nobody provisions; in every organization
)

// Lab is one organization. All its methods and its handler may be used from several goroutines at once.
type Lab struct {
	Now   func() time.Time                           // the clock; nil is the real one
	Sleep func(context.Context, time.Duration) error // how latency passes; nil waits for real
	Org   Org                                        // zero: DefaultOrg

	Directories []Directory // none: one, DefaultDirectory with DefaultKey
	AdminKeys   []AdminKey  // none: one, DefaultAdminKey
	Sites       []Site
	Domains     []Domain
	Policies    []Policy   // none: a default policy for each directory
	Connector   *Connector // Guard's own connection to Entra; nil: none. Then there is no other directory unless one is named
	BuiltIn     []string   // names of groups that are Atlassian's own; nil: those commonly named

	Limits      Limits
	Propagation time.Duration // from the SCIM directory to organization and sites; zero: at once
	Rate        Rate
	Faults      []Fault
	Readings    Readings

	mu     sync.Mutex
	w      *world
	faults faults
	bucket bucket
	log    requestLog
	server *server
}

// Handler answers for api.atlassian.com and for every site. A site is chosen by the Host header; where all requests
// go to one address, by the first part of the path: /api.atlassian.com/scim/… or /acme.atlassian.net/rest/…
func (l *Lab) Handler() http.Handler { return http.HandlerFunc(l.serveHTTP) }

// Transport answers requests in this process, without a network.
func (l *Lab) Transport() http.RoundTripper { return transport{l} }

// Start opens the lab on a free port of the loopback, with TLS and a certificate authority of its own.
func (l *Lab) Start() error {
	w := l.lock()
	hosts := []string{apiHost}
	for _, s := range w.sites {
		hosts = append(hosts, s.Host)
	}
	l.mu.Unlock()
	s, err := listen(hosts, l.Handler())
	if err != nil {
		return err
	}
	l.server = s
	return nil
}

// Close ends what Start began; without it, it does nothing.
func (l *Lab) Close() error {
	if l.server == nil {
		return nil
	}
	return l.server.close()
}

// URL is the address of a started lab, https://127.0.0.1:port, empty before.
func (l *Lab) URL() string {
	if l.server == nil {
		return ""
	}
	return l.server.url
}

// CA holds the certificate authority of a started lab, nil before.
func (l *Lab) CA() *x509.CertPool {
	if l.server == nil {
		return nil
	}
	return l.server.roots
}

// Client reaches the lab under every name it serves: https://api.atlassian.com is the lab. It goes over the network
// and trusts the lab's authority where the lab was started, and stays in this process where it was not.
func (l *Lab) Client() *http.Client {
	if l.server == nil {
		return &http.Client{Transport: l.Transport()}
	}
	return l.server.client()
}

// lock gives the world for one request or one change, brought up to the moment. The caller unlocks l.mu.
func (l *Lab) lock() *world {
	l.mu.Lock()
	now := l.clock()
	if l.w == nil {
		l.w = newWorld(l, now)
	}
	l.catchUp(l.w, now)
	l.w.at = now
	l.w.settle()
	return l.w
}

func (l *Lab) clock() time.Time {
	if l.Now == nil {
		return time.Now().UTC()
	}
	return l.Now().UTC()
}

// change runs one change of the world by hand.
func (l *Lab) change(do func(*world) error) error {
	w := l.lock()
	defer l.mu.Unlock()
	return do(w)
}
