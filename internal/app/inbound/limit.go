package inbound

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// limits keep one client from taking what belongs to all.
type limits struct {
	perSecond rate.Limit
	burst     int
	running   chan struct{} // a place for each request that may run
	bodies    chan struct{} // a place for each large body that may lie in memory

	mu     sync.Mutex
	tokens map[string]*rate.Limiter // of tokens that were let in once: there are no more of them than tokens
}

const (
	largeBody   = 1 << 20
	largeBodies = 8
)

func newLimits(o Options) *limits {
	l := &limits{perSecond: rate.Limit(o.Rate), burst: o.Burst, running: make(chan struct{}, o.Concurrent), bodies: make(chan struct{}, largeBodies)}
	if o.Rate > 0 {
		l.tokens = map[string]*rate.Limiter{}
	}
	return l
}

// enter takes a place for a request of a token, or says when to come again. free gives the place back.
func (l *limits) enter(t *inbox.Token, at time.Time, h http.Header) (free func(), err error) {
	if wait := l.wait(t.ID, at); wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		return nil, &scim.Error{Status: http.StatusTooManyRequests, Detail: "There are more requests than this token may send. Wait as long as Retry-After says."}
	}
	return place(l.running, h, "Too many requests are being answered at this moment. Wait as long as Retry-After says.")
}

// wait is how long a token has to wait before its next request; zero: it counts now.
func (l *limits) wait(id string, at time.Time) time.Duration {
	if l.tokens == nil {
		return 0
	}
	l.mu.Lock()
	of := l.tokens[id]
	if of == nil {
		of = rate.NewLimiter(l.perSecond, l.burst)
		l.tokens[id] = of
	}
	l.mu.Unlock()
	next := of.ReserveN(at, 1)
	wait := next.DelayFrom(at)
	if wait > 0 {
		next.CancelAt(at)
	}
	return wait
}

// large takes a place for a large body.
func (l *limits) large(h http.Header) (free func(), err error) {
	return place(l.bodies, h, "Too many large bodies are being read at this moment. Wait as long as Retry-After says, or send less at once.")
}

// place takes one of the places, or says why there is none. free gives it back.
func place(places chan struct{}, h http.Header, full string) (free func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	default:
		h.Set("Retry-After", "1")
		return nil, &scim.Error{Status: http.StatusServiceUnavailable, Detail: full}
	}
}
