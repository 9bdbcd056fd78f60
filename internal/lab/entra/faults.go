package entra

import (
	"net/http"
	"strings"
	"time"
)

// Fault breaks answers on purpose. It says which calls it hits and what happens to them; of several that hit a call,
// the first does. In a batch, what happens to a body on its way (Cut, Slow) happens to the batch alone.
type Fault struct {
	// Path is a pattern of the path, "*" standing for any run of characters: "/v1.0/groups/*/members". Empty hits all.
	Path string
	// Method is empty for any.
	Method string
	// Skip lets the first calls pass; Times is how many are hit then, 0 all.
	Skip, Times int

	// Delay is the latency before anything else happens.
	Delay time.Duration
	// Clock moves the tenant's clock when the fault hits.
	Clock time.Duration
	// Status answers with an error instead; Code and Message are its body's, RetryAfter its header, if not empty.
	Status                    int
	Code, Message, RetryAfter string
	// ExpireDelta answers 410 to a deltaLink. Other calls are not counted.
	ExpireDelta bool

	// EmptyPage gives no objects and a nextLink to the page that was asked for: allowed, nothing is lost.
	EmptyPage bool
	// LosePage gives no objects and goes on behind them: they are lost.
	LosePage bool
	// Host replaces scheme and host of nextLink and deltaLink, such as "https://elsewhere.example".
	Host string

	// Empty is 200 without a body.
	Empty bool
	// Truncate ends the body in the middle, but properly.
	Truncate bool
	// Cut breaks the connection in the middle of the body.
	Cut bool
	// Slow waits before each of eight pieces of the body.
	Slow time.Duration
}

// Break adds faults while the lab runs.
func (l *Lab) Break(f ...Fault) {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.Faults = append(l.Faults, f...)
}

// Mend removes all faults.
func (l *Lab) Mend() {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.Faults, l.wire.seen = nil, nil
}

// fault finds the fault that hits a call; one that does nothing if there is none.
func (l *Lab) fault(c *call) *Fault {
	t := &l.wire
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range l.Faults {
		f := l.Faults[i]
		if !f.hits(c.r) {
			continue
		}
		if t.seen == nil {
			t.seen = map[int]int{}
		}
		t.seen[i]++
		if n := t.seen[i]; n > f.Skip && (f.Times == 0 || n <= f.Skip+f.Times) {
			t.shift += f.Clock
			c.fault = f.String()
			return &f
		}
	}
	return &Fault{}
}

func (f *Fault) hits(r *http.Request) bool {
	token := r.URL.Query().Get("$deltatoken")
	return (f.Path == "" || like(f.Path, r.URL.Path)) && (f.Method == "" || f.Method == r.Method) &&
		(!f.ExpireDelta || token != "" && token != "latest")
}

// like matches a pattern in which "*" stands for any run of characters.
func like(pattern, s string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	if !star {
		return s == ""
	}
	for i := 0; i <= len(s); i++ {
		if like(rest, s[i:]) {
			return true
		}
	}
	return false
}

// before does what happens instead of an answer.
func (f *Fault) before(c *call) (answer, bool) {
	if f.Delay > 0 {
		if err := c.l.wait(c.r.Context(), f.Delay); err != nil {
			panic(http.ErrAbortHandler) // the client went away
		}
	}
	if f.Delay > 0 || f.Clock != 0 {
		c.at = c.l.now()
	}
	switch {
	case f.ExpireDelta:
		var t deltaToken
		if !c.l.open("delta", c.r.URL.Query().Get("$deltatoken"), &t) {
			return answer{}, false
		}
		return resync("syncStateNotFound", c.restart(t.Kind, t.Query)).answer(c), true
	case f.Status == 0:
		return answer{}, false
	}
	return f.refuse(c), true
}

// usualCodes are the codes of statuses where a fault names none.
var usualCodes = map[int]string{
	400: "BadRequest", 401: "InvalidAuthenticationToken", 403: "Authorization_RequestDenied", 404: "Request_ResourceNotFound",
	429: "TooManyRequests", 500: "InternalServerError", 502: "BadGateway", 503: "ServiceUnavailable", 504: "GatewayTimeout",
}

func (f *Fault) refuse(c *call) answer {
	var a answer
	if strings.HasPrefix(c.r.URL.Path, "/v1.0/") {
		e := &graphError{status: f.Status, code: f.Code, message: f.Message}
		if f.Status == http.StatusTooManyRequests {
			e = tooManyRequests()
		}
		if e.code = f.Code; e.code == "" {
			e.code = usualCodes[f.Status]
		}
		if e.message == "" {
			e.message = http.StatusText(f.Status)
		}
		a = e.answer(c)
	} else {
		e := &loginError{f.Status, f.Code, 90033, f.Message}
		if e.code == "" {
			e.code = "temporarily_unavailable"
		}
		if e.message == "" {
			e.message = "A transient error has occurred. Please try again."
		}
		a = e.answer(c)
	}
	if f.RetryAfter != "" {
		a.header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return a
}
