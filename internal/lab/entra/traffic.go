package entra

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// Request is one call as it was answered. A batch is one, and each of its parts is one.
type Request struct {
	At         time.Time
	Client     string // client id; empty before a token is known
	Method     string
	Path       string
	Query      string
	Status     int
	Bytes      int    // of the body
	Units      int    // resource units
	Permission string // the least permission that lets the call pass
	Part       bool   // of a batch
	Fault      string // what was broken on purpose; empty: nothing
}

// traffic is what the lab remembers of requests rather than of the directory.
type traffic struct {
	mu      sync.Mutex
	calls   uint64
	log     []Request
	seen    map[int]int // how many calls each fault has matched
	shift   time.Duration
	buckets map[string]*bucket
	reports map[string][]time.Time
	rounds  []*round
}

// Bounds of what is remembered.
const (
	maxLog    = 200_000
	maxRounds = 64
)

// Requests gives the calls so far in the order of their answers: the last 100,000 at least.
func (l *Lab) Requests() []Request {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	return slices.Clone(l.wire.log)
}

// ForgetRequests empties the log of calls.
func (l *Lab) ForgetRequests() {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.log = nil
}

func (t *traffic) record(c *call, a answer) {
	r := Request{
		At: c.at, Method: c.r.Method, Path: c.r.URL.Path, Query: c.r.URL.RawQuery, Status: a.status, Bytes: len(a.body),
		Units: c.units, Permission: c.needs, Part: c.part, Fault: c.fault,
	}
	if c.who != nil {
		r.Client = c.who.Client
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.log) >= maxLog {
		t.log = slices.Clone(t.log[maxLog/2:])
	}
	t.log = append(t.log, r)
}

func (t *traffic) requestID() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	return guid(0x1d, t.calls)
}

func (t *traffic) jump() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.shift
}

// keep remembers a round under a new id and forgets the oldest if there are many.
func (t *traffic) keep(r *round) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	r.id = strconv.FormatUint(t.calls, 36)
	if len(r.pages) < 2 {
		return // no link will lead back to it
	}
	if len(t.rounds) >= maxRounds {
		t.rounds = slices.Delete(t.rounds, 0, 1)
	}
	t.rounds = append(t.rounds, r)
}

func (t *traffic) round(id string) *round {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.rounds {
		if r.id == id {
			return r
		}
	}
	return nil
}

func (t *traffic) forgetRounds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rounds = nil
}
