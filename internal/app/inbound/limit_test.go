package inbound_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

func TestATokenThatSendsTooManyRequestsIsToldWhenToComeAgain(t *testing.T) {
	s := start(t, func(o *inbound.Options) { o.Rate, o.Burst = 0.25, 3 })
	other := s.newToken("acme", time.Time{})
	for range 3 {
		s.do("GET", "/Users", "").is(http.StatusOK)
	}
	a := s.do("GET", "/Users", "")
	a.refused(http.StatusTooManyRequests, "", "Retry-After")
	if a.Header().Get("Retry-After") != "4" {
		t.Errorf("Retry-After %q", a.Header().Get("Retry-After"))
	}
	s.do("GET", "/Users", "", "Authorization", "Bearer "+other).is(http.StatusOK) // each has its own
	s.clock.pass(4 * time.Second)
	s.do("GET", "/Users", "").is(http.StatusOK)
	s.do("GET", "/Users", "").is(http.StatusTooManyRequests)
}

// gate is an inbox that fails, panics, or waits as it is told.
type gate struct {
	inbox.Inbox
	entered, open chan struct{} // List tells entered, and waits for open
	fail          error
	panics        bool
}

func (g *gate) List(ctx context.Context, directory string, t *scim.ResourceType, q *scim.Query) (*inbox.Listing, error) {
	switch {
	case g.panics:
		panic("a fault of ours, with rc_abc_0123456789abcdef0123456789abcdef in it")
	case g.fail != nil:
		return nil, g.fail
	case g.open != nil:
		g.entered <- struct{}{}
		<-g.open
	}
	return g.Inbox.List(ctx, directory, t, q)
}

func TestOneRequestTooManyAtTheSameTimeIsToldToWait(t *testing.T) {
	g := &gate{entered: make(chan struct{}), open: make(chan struct{})}
	s := start(t, func(o *inbound.Options) { g.Inbox, o.Inbox, o.Concurrent = o.Inbox, g, 2 })
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { s.do("GET", "/Users", "").is(http.StatusOK) })
		<-g.entered
	}
	a := s.do("GET", "/Schemas", "")
	a.refused(http.StatusServiceUnavailable, "", "at this moment")
	if a.Header().Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", a.Header().Get("Retry-After"))
	}
	close(g.open)
	wg.Wait()
	s.do("GET", "/Schemas", "").is(http.StatusOK)
}

func TestAFaultOfOursIsA500WithAnIdAndTheServiceGoesOn(t *testing.T) {
	for name, g := range map[string]*gate{"panic": {panics: true}, "failure": {fail: errors.New("disk full")}} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			s := start(t, func(o *inbound.Options) { g.Inbox, o.Inbox, o.Log = o.Inbox, g, textLog(&log) })
			a := s.do("GET", "/Users", "")
			a.refused(http.StatusInternalServerError, "", "Its log tells more under ")
			_, rest, _ := strings.Cut(a.Body.String(), "more under ")
			if id := rest[:10]; !strings.Contains(log.String(), "id="+id) {
				t.Errorf("the log does not tell of %s: %s", id, log.String())
			}
			if strings.Contains(log.String(), "0123456789abcdef") || strings.Contains(a.Body.String(), "disk") {
				t.Errorf("too much is told: %s %s", log.String(), a.Body)
			}
			g.panics, g.fail = false, nil
			s.do("GET", "/Users", "").is(http.StatusOK)
		})
	}
}

func TestAClientThatWentAwayIsNoFault(t *testing.T) {
	g := &gate{fail: context.Canceled}
	s := start(t, func(o *inbound.Options) { g.Inbox, o.Inbox = o.Inbox, g })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.send(s.request("GET", "/Users", "").WithContext(ctx))
	if r := s.log(inbox.Log{})[0]; r.Status != 499 || !strings.Contains(r.Reason, "went away") {
		t.Errorf("got %+v", r)
	}
}
