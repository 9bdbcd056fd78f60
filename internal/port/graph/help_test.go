package graph_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open gives a client of a lab in this process.
func open(t *testing.T, l *entra.Lab, change ...func(*graph.Options)) (*graph.Client, *labkit.Clock) {
	t.Helper()
	c := labkit.At(labkit.Noon)
	l.Now, l.Wait = c.Now, c.Sleep
	o := graph.Options{
		Tenant: entra.DefaultTenant, ClientID: entra.DefaultClient, Credential: graph.Credential{Secret: entra.DefaultSecret},
		Transport: l.Transport(), Now: c.Now, Sleep: c.Sleep,
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
