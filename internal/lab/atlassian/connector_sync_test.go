package atlassian

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"
)

// roundTrip is a function as a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheLabCanBeUsedWhileASyncReadsEntra(t *testing.T) {
	p := connected(t, &Lab{})
	states := map[string]bool{}
	through := p.Connector.Transport
	p.Connector.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		states[p.SyncStatus().State] = true
		if p.SyncNow() == nil {
			t.Error("a second sync began while one is in progress")
		}
		p.jira("/myself").want(t, 200)
		return through.RoundTrip(r)
	})
	p.sync()
	if !states["Sync in progress"] || len(states) != 1 {
		t.Errorf("during the sync the page said %v", states)
	}
	p.sees("jira-developers", "lena", "max")
}

func TestAConnectionThatIsCutDuringASyncIsForgotten(t *testing.T) {
	p := connected(t, &Lab{})
	through := p.Connector.Transport
	p.Connector.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		_ = p.DisconnectMicrosoft()
		return through.RoundTrip(r)
	})
	if err := p.SyncNow(); err == nil {
		t.Error("the sync went well")
	}
	if p.orgGroup("jira-developers") != nil {
		t.Error("what was read after the disconnection is synced")
	}
	broken := errors.New("no route")
	p = connected(t, &Lab{})
	p.Connector.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, broken })
	if err := p.SyncNow(); !errors.Is(err, broken) || errors.Is(err, errConsent) {
		t.Errorf("Graph could not be reached: %v", err)
	}
}

func TestManyMayAskWhileASyncComesDue(t *testing.T) {
	p := connected(t, &Lab{})
	p.sync()
	p.person("nina@acme.example")
	p.later(4 * time.Hour)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				p.AccountID("nina@acme.example")
				p.SyncStatus()
			}
		})
	}
	all.Wait()
	if p.accountOf("nina@acme.example") == nil {
		t.Error("nina is not synced")
	}
}
