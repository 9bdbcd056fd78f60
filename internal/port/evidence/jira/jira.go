// Package jira looks at Jira sites: who is in which group as a site sees it, and what each product's role says of
// groups, default groups and seats. It records what the sites answered as the documents below jira/ of a bundle, and
// only ever reads.
package jira

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Site is one Jira Cloud site. Without a token it is not asked, and a gap says so.
type Site struct {
	URL   string                 // https://acme.atlassian.net
	Email string                 // whose token it is; needs Administer Jira
	Token func() (string, error) // nil: there is none
}

// Options say whom to ask.
type Options struct {
	Sites     []Site
	Plain     bool              // http is allowed, for a service on this machine
	Transport http.RoundTripper // nil: that of package wire
	Agent     string
	Log       *slog.Logger
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error

	// Only says of which groups a whole reading asks for the members; nil: of every group that a site has.
	Only func(name string) bool
	// Requests bounds what is sent for a question about a few people, over all sites; 0: 100.
	Requests int
}

// Source is the evidence of Jira sites. It is for one Fetch at a time.
type Source struct {
	o     Options
	sites []site
}

var _ evidence.Source = (*Source)(nil)

// New checks the options. It sends nothing.
func New(o Options) (*Source, error) {
	if o.Requests == 0 {
		o.Requests = 100
	}
	s := &Source{o: o}
	for _, x := range o.Sites {
		u, err := url.Parse(x.URL)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("the site %q is no URL such as https://acme.atlassian.net", x.URL)
		}
		one := site{host: u.Host, folder: folderOf(u)}
		if len(o.Sites) == 1 {
			one.folder = ""
		}
		if slices.ContainsFunc(s.sites, func(have site) bool { return have.folder == one.folder }) {
			return nil, fmt.Errorf("the site %s is named twice", u.Host)
		}
		if x.Token != nil {
			if one.client, err = wire.New(wire.Options{
				Base: x.URL, Plain: o.Plain, Transport: o.Transport, Agent: o.Agent, Log: o.Log, Now: o.Now, Sleep: o.Sleep,
				Authorize: basic(u.Host, x.Email, x.Token),
			}); err != nil {
				return nil, fmt.Errorf("a client for %s: %w", u.Host, err)
			}
		}
		s.sites = append(s.sites, one)
	}
	return s, nil
}

// folderOf is what a site's documents are called after: its host, or the last part of a path where several sites are
// reached through one host.
func folderOf(u *url.URL) string {
	path := strings.Trim(u.Path, "/")
	if last := path[strings.LastIndexByte(path, '/')+1:]; last != "" {
		return last
	}
	return u.Hostname()
}

// basic puts an address and its token on a request. The token is asked for anew each time.
func basic(host, email string, token func() (string, error)) wire.Authorize {
	return func(_ context.Context, r *http.Request, _ string) error {
		t, err := token()
		if err != nil {
			return fmt.Errorf("reading the token of %s: %w", host, err)
		}
		r.SetBasicAuth(email, t)
		return nil
	}
}

// Name is "jira".
func (s *Source) Name() string { return "jira" }

// Fetch records the documents of every site; see evidence.Source. A site that does not answer, or refuses, is a gap
// and the others are read. With a focus it asks each site for the product roles and, of the accounts that the sources
// before it found, which groups they are in; of an expected group that one of them is not in, whether the site has it
// and how many are in it.
func (s *Source) Fetch(ctx context.Context, focus *evidence.Focus, to evidence.Recorder) error {
	left := s.o.Requests
	for _, x := range s.sites {
		r := &reading{site: x, to: to, only: s.o.Only}
		if focus != nil {
			r.left = &left
		}
		if err := r.all(ctx, focus); err != nil {
			return fmt.Errorf("reading %s: %w", x.host, err)
		}
	}
	return nil
}

// site is one that can be asked.
type site struct {
	host, folder string       // folder: empty where there is one site only
	client       *wire.Client // nil without a token
}

func (s site) file(base document.File) document.File { return document.ForSite(base, s.folder) }

// reading is one Fetch of one site.
type reading struct {
	site
	to   evidence.Recorder
	only func(string) bool
	left *int // requests; nil: any number
}

func (r *reading) all(ctx context.Context, focus *evidence.Focus) error {
	if r.client == nil {
		for _, f := range []document.File{document.ApplicationRoles, document.JiraGroups} {
			g := r.gap(f, "", "the whole document")
			g.Why = "not asked: no token of " + r.host + " is configured"
			if err := r.to.Gap(g); err != nil {
				return err
			}
		}
		return nil
	}
	if err := r.roles(ctx); err != nil {
		return err
	}
	if focus != nil {
		return r.focused(ctx, focus)
	}
	return r.groups(ctx)
}

// roles reads what the products' roles say. They are few, so they are read in any case.
func (r *reading) roles(ctx context.Context) error {
	f := r.file(document.ApplicationRoles)
	raw, err := r.get(ctx, "/rest/api/3/applicationrole", nil)
	if err != nil {
		return r.failed(ctx, err, r.gap(document.ApplicationRoles, "", "the whole document"))
	}
	list, err := decode[[]jsontext.Value](raw)
	if err != nil {
		return r.failed(ctx, err, r.gap(document.ApplicationRoles, "", "the whole document"))
	}
	if len(list) == 0 { // a site without any product does not exist
		return r.failed(ctx, errors.New("the site names no product at all"), r.gap(document.ApplicationRoles, "", "the whole document"))
	}
	for _, o := range list {
		if err := r.to.Add(f, "", o); err != nil {
			return err
		}
	}
	return r.to.Whole(f)
}

// errSpent ends what a question about a few people asks.
var errSpent = errors.New("not asked: a question sends only so many requests")

func (r *reading) get(ctx context.Context, path string, query url.Values) (jsontext.Value, error) {
	if r.left != nil {
		if *r.left <= 0 {
			return nil, errSpent
		}
		*r.left--
	}
	answer, err := r.client.Do(ctx, wire.Request{Method: http.MethodGet, Path: path, Query: query})
	if err != nil {
		return nil, err
	}
	if !jsontext.Value(answer.Body).IsValid() {
		return nil, fmt.Errorf("the answer to GET %s is no JSON", path)
	}
	return answer.Body, nil
}

func (r *reading) gap(base document.File, subject, what string) document.Gap {
	f := r.file(base)
	return document.Gap{File: string(f), Subject: subject, What: what, Call: document.Of(f).Call}
}

// failed notes what a request that came to nothing hides, so that the rest goes on.
func (r *reading) failed(ctx context.Context, err error, g document.Gap) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	g.Why = evidence.Reason(err)
	return r.to.Gap(g)
}
