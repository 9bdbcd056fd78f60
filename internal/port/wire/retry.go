package wire

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// repeatable tells whether a request may be sent again whatever became of it, because it changes nothing.
func repeatable(r Request) bool {
	return r.Reads || r.Method == http.MethodGet || r.Method == http.MethodHead
}

// worthRepeating tells whether a request that failed may be sent again, and whether that could help. A write is only
// repeated where it was certainly not carried out.
func worthRepeating(r Request, o outcome) bool {
	switch o.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return repeatable(r)
	case 0:
		return o.unsent || repeatable(r)
	}
	return o.err != nil && repeatable(r) // an answer that broke off
}

// lost tells whether a write may have been carried out although its answer does not say so.
func lost(r Request, o outcome) bool {
	if repeatable(r) {
		return false
	}
	switch o.status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	case 0:
		return !o.unsent
	}
	return o.err != nil && o.status/100 == 2
}

// backoff is how long to wait after so many attempts when the service does not say: half a second, doubled each time,
// at most half a minute.
func backoff(attempts int) time.Duration {
	return min(500*time.Millisecond<<min(max(attempts-1, 0), 10), 30*time.Second)
}

// longest bounds what a header can ask for; more is as good as never.
const longest = 10 * 365 * 24 * time.Hour

// retryAfter reads how long the service asks to wait: Retry-After in seconds, which may have a fraction, or as a date;
// or X-RateLimit-Reset as a time, where X-RateLimit-Remaining says that nothing is left.
func retryAfter(status int, h http.Header, now time.Time) (time.Duration, bool) {
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0, false
	}
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 && !math.IsNaN(seconds) {
		if seconds >= longest.Seconds() {
			return longest, true
		}
		return time.Duration(math.Ceil(seconds * float64(time.Second))), true
	}
	if at, err := http.ParseTime(text); err == nil {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date // the service's own clock, should ours be wrong
		}
		return between(at.Sub(now)), true
	}
	if left, err := strconv.Atoi(strings.TrimSpace(h.Get("X-RateLimit-Remaining"))); err == nil && left <= 0 {
		reset := strings.TrimSpace(h.Get("X-RateLimit-Reset"))
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
			if at, err := time.Parse(layout, reset); err == nil {
				return between(at.Sub(now)), true
			}
		}
	}
	return 0, false
}

// between keeps a wait sensible: our clock may be ahead of the service's.
func between(d time.Duration) time.Duration {
	return min(max(d, time.Second), longest)
}

// requestID finds the name under which the service's people find a request.
func requestID(h http.Header) string {
	for _, name := range []string{"request-id", "client-request-id", "x-request-id", "atl-traceid", "X-Trace-Id"} {
		if id := h.Get(name); id != "" {
			return id[:min(len(id), 200)]
		}
	}
	return ""
}
