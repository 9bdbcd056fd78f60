package graph_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// clock stands still unless somebody waits.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open gives a client of a lab in this process.
func open(t *testing.T, l *entra.Lab, change ...func(*graph.Options)) (*graph.Client, *clock) {
	t.Helper()
	c := newClock()
	l.Now, l.Wait = c.now, c.sleep
	o := graph.Options{
		Tenant: entra.DefaultTenant, ClientID: entra.DefaultClient, Credential: graph.Credential{Secret: entra.DefaultSecret},
		Transport: l.Transport(), Now: c.now, Sleep: c.sleep,
	}
	for _, f := range change {
		f(&o)
	}
	g, err := graph.New(o)
	must(t, err)
	return g, c
}

// people fills a lab.
func people(t *testing.T, l *entra.Lab, n int) {
	t.Helper()
	for i := range n {
		_, err := l.AddUser(entra.Props{"displayName": "user", "userPrincipalName": string(rune('a'+i%26)) + time.Duration(i).String() + "@fabrikam.example"})
		must(t, err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
