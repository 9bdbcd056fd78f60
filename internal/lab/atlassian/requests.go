package atlassian

import (
	"slices"
	"sync"
	"time"
)

// Request is one that arrived, as the log keeps it: without keys and bodies.
type Request struct {
	At     time.Time
	Method string
	Host   string // of the service: api.atlassian.com or a site's
	Path   string
	Query  string
	Size   int // bytes of the body
	Status int // what was served; zero: the connection was cut before it was
}

// maxRequests bounds the log; the oldest half falls off.
const maxRequests = 200_000

type requestLog struct {
	mu   sync.Mutex
	list []Request
}

func (r *requestLog) add(x Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.list) >= maxRequests {
		r.list = slices.Delete(r.list, 0, maxRequests/2)
	}
	r.list = append(r.list, x)
}

// Requests lists what arrived since the start or since ForgetRequests, the oldest first.
func (l *Lab) Requests() []Request {
	l.log.mu.Lock()
	defer l.log.mu.Unlock()
	return slices.Clone(l.log.list)
}

// ForgetRequests empties the log.
func (l *Lab) ForgetRequests() {
	l.log.mu.Lock()
	defer l.log.mu.Unlock()
	l.log.list = nil
}
