package entra

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Limits are when the service throttles. The zero value throttles as documented.
type Limits struct {
	// Off never throttles.
	Off bool
	// Units are the resource units that an application may spend in ten seconds; 0 is by the tenant's size: 3500 below
	// 50 users, 5000 up to 500, 8000 above.
	Units int
	// Reports are the calls of /auditLogs that an application may make in ten seconds; 0 is 5.
	Reports int
	// Fractional writes Retry-After as 2.128, which has been seen, instead of whole seconds.
	Fractional bool
}

// window is the time that limits are given for.
const window = 10 * time.Second

// bucket is what an application has spent. It leaks: what was spent ten seconds ago counts no more. Requests that
// are refused count too, up to 1.8 of the limit.
type bucket struct {
	level float64
	at    time.Time
}

// cost is what a call takes from the bucket: $select and a small $top make it cheaper, $expand dearer, never below 1.
func (c *call) cost(e endpoint) int {
	n := e.units
	if c.opts.sel != nil {
		n--
	}
	if c.opts.expand != "" {
		n++
	}
	if c.opts.top > 0 && c.opts.top < 20 {
		n--
	}
	return max(n, 1)
}

// throttle counts the call and refuses it if the application has spent too much.
func (l *Lab) throttle(c *call, e endpoint, header http.Header) *graphError {
	switch {
	case e.logs:
		return l.throttleReports(c)
	case e.units == 0:
		return nil
	}
	c.units = c.cost(e)
	if l.Limits.Off {
		return nil
	}
	limit := float64(l.units())
	level, over := l.wire.spend(c.who.Client, c.at, float64(c.units), limit)
	if used := level / limit; used > 0.8 {
		header.Set("x-ms-throttle-limit-percentage", strconv.FormatFloat(math.Min(used, 1.8), 'f', 2, 64))
	}
	if over <= 0 {
		return nil
	}
	wait := time.Duration(over / limit * float64(window))
	err := l.slowDown(wait).
		with("x-ms-throttle-scope", fmt.Sprintf("Tenant_Application/ReadWrite/%s/%s", c.who.Client, l.tenant())).
		with("x-ms-throttle-information", "ResourceUnitLimitExceeded")
	maps.Copy(err.header, header)
	return err
}

func (l *Lab) units() int {
	if l.Limits.Units > 0 {
		return l.Limits.Units
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	switch n := l.dir.users.len(); {
	case n < 50:
		return 3500
	case n <= 500:
		return 5000
	}
	return 8000
}

// throttleReports counts calls of the reporting service, whose limit has no bucket: so many in any ten seconds.
func (l *Lab) throttleReports(c *call) *graphError {
	if l.Limits.Off {
		return nil
	}
	oldest, over := l.wire.report(c.who.Client, c.at, or(l.Limits.Reports, 5))
	if !over {
		return nil
	}
	return l.slowDown(oldest.Add(window).Sub(c.at))
}

// slowDown is the 429 with the time to wait.
func (l *Lab) slowDown(wait time.Duration) *graphError {
	after := strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	if l.Limits.Fractional {
		after = strconv.FormatFloat(math.Max(wait.Seconds(), 0.001)+0.001, 'f', 3, 64)
	}
	return tooManyRequests().with("Retry-After", after)
}

func tooManyRequests() *graphError {
	return &graphError{
		status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Please retry again later.",
		inner: []string{"code", "429", "status", "429", "message", "Please retry after"},
	}
}

// spend adds a cost to a client's bucket. It gives the level, and by how much it is over the limit.
func (t *traffic) spend(client string, now time.Time, cost, limit float64) (level, over float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.buckets == nil {
		t.buckets = map[string]*bucket{}
	}
	b := t.buckets[client]
	if b == nil {
		b = &bucket{at: now}
		t.buckets[client] = b
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.level = math.Max(0, b.level-limit*passed.Seconds()/window.Seconds())
	}
	b.at = now
	b.level += cost
	over = b.level - limit
	b.level = math.Min(b.level, 1.8*limit)
	return b.level, math.Min(over, 0.8*limit)
}

// report notes a call of the reporting service. It gives the oldest of those that count, and whether there are too
// many.
func (t *traffic) report(client string, now time.Time, limit int) (oldest time.Time, over bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.reports == nil {
		t.reports = map[string][]time.Time{}
	}
	recent := t.reports[client][:0]
	for _, at := range t.reports[client] {
		if at.After(now.Add(-window)) {
			recent = append(recent, at)
		}
	}
	if len(recent) < limit {
		t.reports[client] = append(recent, now)
		return now, false
	}
	t.reports[client] = recent
	return recent[0], true
}
