// Package wire is the one HTTP client: it finds the rate that a service allows and keeps it, waits as Retry-After says,
// repeats only what cannot have been carried out twice, stays on the host that it was made for, bounds what it reads,
// and keeps secrets out of every error.
package wire

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// Options say how a service is spoken to. Base is required.
type Options struct {
	Base      string            // https://graph.microsoft.com/v1.0; requests and links to other hosts are refused
	Plain     bool              // http is allowed; for services on this machine
	Transport http.RoundTripper // nil: a transport with timeouts and many connections
	Authorize Authorize         // nil: no authorization
	Agent     string            // User-Agent

	Lanes    map[string]Pace // paces by name; "" is that of requests that name none. A lane that is not there has the zero Pace
	Attempts int             // at most so many for one request; 0: 6
	MaxWait  time.Duration   // a longer Retry-After is given back as an error at once; 0: 2 minutes
	Timeout  time.Duration   // of one attempt, body included; 0: 2 minutes
	MaxBody  int64           // bytes; 0: 64 MiB

	Log   *slog.Logger // operators' lines; nil: none
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Authorize puts credentials on a request. challenge is the WWW-Authenticate header of a 401 to the same request, ""
// at first; it is asked once more then, with "Bearer" where the answer had no such header. It should get other credentials
// then: the ones that were refused are not sent again.
type Authorize func(ctx context.Context, r *http.Request, challenge string) error

// Pace bounds requests. The zero Pace bounds nothing and learns from refusals.
type Pace struct {
	Fixed  float64       // requests a second that are never exceeded; 0: found out
	Burst  int           // of Fixed; 0: 1
	Window time.Duration // 0: a second. Fixed 5 with Window 10 s is five in any ten seconds
}

// Request is one request.
type Request struct {
	Method string
	Path   string // below Base, beginning with a slash; or a whole URL that the service gave, such as a nextLink
	Query  url.Values
	Header http.Header
	Body   []byte
	Type   string // Content-Type of the body; "": application/json
	Reads  bool   // it changes nothing although it is a POST: it may be repeated
	Lane   string
}

// Response is an answer of the class 2xx, its body read.
type Response struct {
	Status    int
	Header    http.Header
	Body      []byte
	RequestID string
	Attempts  int
}
