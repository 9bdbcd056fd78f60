// Package guard looks at Atlassian Guard and the organization around it: the SCIM directory and which accounts its records
// are linked to, accounts, groups, domains, what may be managed on accounts, authentication policies and the audit log.
// It records what the services answered as the documents below atlassian/ of a bundle, and only ever reads.
//
// Everything is optional. Of what no key was given for, and of what a key may not see, there is a gap that says so, and
// the rest is read all the same.
package guard

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Options say whom to ask and how much.
type Options struct {
	Connection document.Connection                        // method, directory, organization, expected policies and products
	SCIMKey    func() (string, error)                     // of the directory; nil: there is none
	AdminKey   func() (string, error)                     // of the organization, best one without scopes; nil: there is none
	Base       string                                     // empty: https://api.atlassian.com
	Plain      bool                                       // http is allowed, for a service on this machine
	Transport  http.RoundTripper                          // nil: that of package wire
	Agent      string                                     // User-Agent
	Log        *slog.Logger                               // operators' lines; nil: none
	Now        func() time.Time                           // nil: the real clock
	Sleep      func(context.Context, time.Duration) error // nil: waits for real

	// OneByOne bounds what a whole reading asks for each account and address by itself: links and what may be managed.
	// 0: 1000; less than 0: nothing. See oneByOne for whom it comes first.
	OneByOne int
	// Addresses gives addresses of people at the source, in a whole reading, so that links of somebody who has no
	// account are found as well; nil: none.
	Addresses func() []string
	// Back is how far the audit log is read; 0: 180 days, which is how long Atlassian keeps it.
	Back time.Duration
	// Requests bounds what is sent for a question about a few people; 0: 100.
	Requests int
	// SideBySide is how many requests are under way at once; 0: 8.
	SideBySide int
}

// Source is the evidence of Guard and the organization. It is for one Fetch at a time.
type Source struct {
	o     Options
	scim  *wire.Client // nil without a key
	admin *wire.Client
}

var _ evidence.Source = (*Source)(nil)

// The lanes keep calls apart that are limited apart.
const (
	manageLane = "manage"
	eventsLane = "events"
)

// New checks the options. It sends nothing.
func New(o Options) (*Source, error) {
	if o.Base == "" {
		o.Base = "https://api.atlassian.com"
	}
	if o.OneByOne == 0 {
		o.OneByOne = 1000
	}
	if o.Back == 0 {
		o.Back = 180 * 24 * time.Hour
	}
	if o.Requests == 0 {
		o.Requests = 100
	}
	if o.SideBySide == 0 {
		o.SideBySide = sideBySide
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Source{o: o}
	for _, c := range []struct {
		key  func() (string, error)
		name string
		to   **wire.Client
	}{{o.SCIMKey, "the key of the SCIM directory", &s.scim}, {o.AdminKey, "the organization's key", &s.admin}} {
		if c.key == nil {
			continue
		}
		client, err := wire.New(wire.Options{
			Base: o.Base, Plain: o.Plain, Transport: o.Transport, Agent: o.Agent, Log: o.Log, Now: o.Now, Sleep: o.Sleep,
			Authorize: bearer(c.name, c.key), MaxBody: maxBody,
		})
		if err != nil {
			return nil, fmt.Errorf("a client for Atlassian: %w", err)
		}
		*c.to = client
	}
	return s, nil
}

// maxBody holds a group of 290,000 members, the largest that Atlassian allows.
const maxBody = 256 << 20

// bearer puts a key on a request. The key is asked for anew each time, so that one that was replaced counts.
func bearer(name string, key func() (string, error)) wire.Authorize {
	return func(_ context.Context, r *http.Request, _ string) error {
		k, err := key()
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		r.Header.Set("Authorization", "Bearer "+k)
		return nil
	}
}

// Name is "guard".
func (s *Source) Name() string { return "guard" }

// Fetch records the documents; see evidence.Source. With a focus it asks at most Options.Requests times, whatever the
// size of the directory; see focused for what it asks and why that is enough.
func (s *Source) Fetch(ctx context.Context, focus *evidence.Focus, to evidence.Recorder) error {
	r := &reading{Source: s, to: to}
	var err error
	if focus != nil {
		r.most = s.o.Requests
		err = r.focused(ctx, focus)
	} else {
		err = r.everything(ctx)
	}
	return wrapped(err)
}

func wrapped(err error) error {
	if err != nil {
		return fmt.Errorf("reading Atlassian Guard: %w", err)
	}
	return nil
}
