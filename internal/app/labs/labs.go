// Package labs puts the services in miniature on this machine, Entra with its token endpoint and Atlassian, loaded from a
// recorded world, and writes the configuration with which rollcall finds them. It is for trying things out: it serves the
// loopback alone, with keys that are made up anew each time. What the services answer is the business of the labs
// themselves (internal/lab/entra, internal/lab/atlassian).
package labs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// Labs are both services with what lets a client in.
type Labs struct {
	Entra      *entra.Lab
	Atlassian  *atlassian.Lab
	Connection document.Connection

	ClientID string // of the application that may ask Entra for tokens
	Keys     Keys

	// Line stands between a client inside this process and Atlassian; nil: nothing does.
	Line func(http.RoundTripper) http.RoundTripper

	servers []*server
	ca      []byte
}

// Keys are what lets a client in. They open nothing but these labs.
type Keys struct {
	ClientSecret, SCIM, Admin, Token string
}

// Email is the account that the sites' token belongs to.
const Email = atlassian.DefaultEmail

// ToAtlassian is the way of a client inside this process.
func (l *Labs) ToAtlassian() http.RoundTripper {
	if l.Line == nil {
		return l.Atlassian.Transport()
	}
	return l.Line(l.Atlassian.Transport())
}

// Load fills both labs with the documents of a recorded world. What the connection does not name, such as an
// organization, is called as the labs call it.
func Load(files fs.FS, c document.Connection) (*Labs, error) { return LoadAt(files, c, nil) }

// LoadAt does the same with labs that have a clock of their own; nil is the machine's.
func LoadAt(files fs.FS, c document.Connection, now func() time.Time) (*Labs, error) {
	l := &Labs{Connection: c, ClientID: entra.DefaultClient, Keys: Keys{rand.Text(), rand.Text(), rand.Text(), rand.Text()}}
	if l.Connection.Directory == "" {
		l.Connection.Directory = atlassian.DefaultDirectory
	}
	if l.Connection.Org == "" {
		l.Connection.Org = atlassian.DefaultOrg
	}
	l.Entra = &entra.Lab{Now: now, Clients: map[string]entra.Client{
		l.ClientID: {Secrets: []entra.Secret{{Value: l.Keys.ClientSecret}}, Permissions: entra.Everything()},
	}}
	l.Atlassian = &atlassian.Lab{
		Now:         now,
		Directories: []atlassian.Directory{{ID: l.Connection.Directory, Name: l.Connection.Directory, Key: l.Keys.SCIM}},
		AdminKeys:   []atlassian.AdminKey{{Key: l.Keys.Admin}},
	}
	l.Entra.Through = l.Atlassian.Transport()
	for _, host := range l.hosts() {
		l.Atlassian.Sites = append(l.Atlassian.Sites, atlassian.Site{Host: host, Email: Email, Token: l.Keys.Token})
	}
	if err := l.Entra.Load(files); err != nil {
		return nil, fmt.Errorf("filling the lab: %w", err)
	}
	if err := l.Atlassian.Load(files); err != nil {
		return nil, fmt.Errorf("filling the lab: %w", err)
	}
	return l, nil
}

// hosts are the sites of the connection.
func (l *Labs) hosts() []string {
	var out []string
	for _, s := range l.Connection.Sites {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(s, "https://"), "/"))
	}
	return out
}

// Serve opens both labs on the loopback: Entra at the address, Atlassian at the port after it, or both at free ports
// where the port is 0. Every request is told to see, which may be nil and is called by several goroutines.
func (l *Labs) Serve(address string, see func(Request)) error {
	host, port, err := loopback(address)
	if err != nil {
		return err
	}
	ca, cert, err := certify()
	if err != nil {
		return fmt.Errorf("making the lab's certificate: %w", err)
	}
	l.ca = ca
	for i, service := range []struct {
		name    string
		handler handler
	}{{"entra", l.Entra.Handler()}, {"atlassian", l.Atlassian.Handler()}} {
		at := port
		if port > 0 {
			at += i
		}
		s, err := listen(net.JoinHostPort(host, fmt.Sprint(at)), cert, watched{service.handler, service.name, see})
		if err != nil {
			return errors.Join(err, l.Close())
		}
		l.servers = append(l.servers, s)
	}
	return nil
}

// EntraURL is the address of Entra's login host and of Graph, once it is served.
func (l *Labs) EntraURL() string { return l.servers[0].url }

// AtlassianURL is the address of Atlassian. The first part of a path says which host is meant.
func (l *Labs) AtlassianURL() string { return l.servers[1].url }

// Wait ends when a lab stops by itself, with what stopped it, or when the context does.
func (l *Labs) Wait(ctx context.Context) error {
	ended := make(chan error, len(l.servers))
	for _, s := range l.servers {
		go func() {
			select {
			case err := <-s.done:
				s.done <- err
				ended <- err
			case <-ctx.Done():
				ended <- nil
			}
		}()
	}
	return <-ended
}

// Close stops serving.
func (l *Labs) Close() error {
	var all []error
	for _, s := range slices.Backward(l.servers) {
		all = append(all, s.close())
	}
	l.servers = nil
	return errors.Join(all...)
}
