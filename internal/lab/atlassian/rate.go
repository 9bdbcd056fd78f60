package atlassian

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Rate is how many requests are let through. Atlassian publishes no number for the SCIM paths.
type Rate struct {
	PerSecond         float64 // zero: no limit
	Burst             int     // zero: one
	Path              string  // only paths that fit; * stands for any run of characters; empty: all
	WithoutRetryAfter bool    // 429 comes without the header
}

// bucket is filled with the lab's clock.
type bucket struct {
	mu     sync.Mutex
	tokens float64
	at     time.Time
}

// throttled takes a token, or tells how long until there is one. The third value is what is left.
func (l *Lab) throttled(path string) (bool, time.Duration, int) {
	r := l.Rate
	if r.PerSecond <= 0 || r.Path != "" && !matches(r.Path, path) {
		return false, 0, -1
	}
	most := math.Max(1, float64(r.Burst))
	now := l.clock()
	b := &l.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.at.IsZero() {
		b.tokens = most
	} else {
		b.tokens = math.Min(most, b.tokens+now.Sub(b.at).Seconds()*r.PerSecond)
	}
	b.at = now
	const nearly = 1 - 1e-9 // a second in ten steps is a second
	if b.tokens < nearly {
		return true, time.Duration((1 - b.tokens) / r.PerSecond * float64(time.Second)), 0
	}
	b.tokens = math.Max(0, b.tokens-1)
	return false, 0, int(b.tokens)
}

// tooMany is the answer to a request too many.
func (l *Lab) tooMany(path string, wait time.Duration) answer {
	a := refuse(path, http.StatusTooManyRequests)
	if !l.Rate.WithoutRetryAfter {
		a.header.Set("Retry-After", wholeSeconds(wait))
	}
	return a
}

// wholeSeconds rounds up: the header has no smaller unit, and who comes too early waits again.
func wholeSeconds(d time.Duration) string {
	return fmt.Sprint(int64(math.Ceil(d.Seconds() - 1e-6)))
}

// rated tells an answer of the organization's API how much is left, which is the one family that documents it.
func (l *Lab) rated(a *answer, path string, left int) {
	if left < 0 || !strings.HasPrefix(path, "/admin/") {
		return
	}
	reset := l.clock().Add(time.Duration(float64(time.Second) / l.Rate.PerSecond))
	a.header.Set("X-RateLimit-Limit", fmt.Sprint(max(1, l.Rate.Burst)))
	a.header.Set("X-RateLimit-Remaining", fmt.Sprint(left))
	a.header.Set("X-RateLimit-Reset", reset.Format("2006-01-02T15:04:05Z"))
}

// refuse is an answer with a status and nothing else to say, in the form of the family that the path belongs to.
func refuse(path string, status int) answer {
	text := http.StatusText(status)
	switch {
	case strings.HasPrefix(path, "/scim/") && status >= http.StatusInternalServerError:
		return scimError(status, "", text)
	case strings.HasPrefix(path, "/scim/"):
		return scimFailure(status, text)
	case strings.HasPrefix(path, "/rest/"):
		return jiraError(status, text)
	}
	return gatewayError(status, text)
}
