// Package inbound is rollcall's own SCIM 2.0 endpoint: what identity providers push to. It knows HTTP, who may do what, and
// what to answer; bytes become values in core/scim, and values are kept behind the port inbox.
//
// Every request goes the same way: whose is it (access.go), is it one too many (limit.go), where does it lead (route.go),
// what does it want done (write.go, read.go, list.go, bulk.go, discovery.go). What became of it is in the log of requests
// (journal.go), with the reason of every refusal. Without a token nothing is told, not even which directories there are.
package inbound

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Options are what an endpoint is made of. Of all but Inbox, what is zero has a default.
type Options struct {
	Inbox   inbox.Inbox
	Service *scim.Service // Service()

	Directories []string // whose tokens count: those of every directory of the inbox

	Prefix string // of all addresses: /scim/v2. The directory's id follows, and then the path of SCIM
	Origin string // what clients see before it, https://scim.example.com. Without, it is what each request says

	Rate       float64 // requests a second of one token: 1000; negative: without a limit
	Burst      int     // how many may come at once: twice the rate
	Concurrent int     // requests at the same time, of all tokens: 256
	Page       int     // bytes of the answer to a query: 64 MB. Groups with their members can be large

	Patch PatchAnswer

	// SkipUnknownMembers passes over members that are not there, where without it the request is refused: nobody is lost in
	// silence. Two suites of others send such members and want them taken.
	SkipUnknownMembers bool

	// Key signs the access tokens of OAuth. Without, it is random, and they end with the process; several processes that
	// serve one address need the same one.
	Key []byte

	Log  *slog.Logger               // operators' lines: none
	Now  func() time.Time           // time.Now
	From func(*http.Request) string // the client's address: that of the connection. Behind a proxy, what it tells
}

// PatchAnswer says what a PATCH is answered with where the client asks for no attributes. RFC 7644 section 3.5.2 allows
// both; Entra takes both.
type PatchAnswer uint8

// The answers.
const (
	PatchByType PatchAnswer = iota // 204 for a resource with members, of which there may be many; else 200 with the resource
	PatchBrief                     // 204
	PatchWhole                     // 200 with the resource
)

// Endpoint answers SCIM requests. It may be used from several goroutines.
type Endpoint struct {
	o       Options
	limits  *limits
	journal *journal
}

// New makes an endpoint. The inbox stays the caller's to close, after Close.
func New(o Options) (*Endpoint, error) {
	if o.Inbox == nil {
		return nil, errors.New("an endpoint needs an inbox")
	}
	if o.Service == nil {
		s, err := Service()
		if err != nil {
			return nil, err
		}
		o.Service = s
	}
	for _, t := range o.Service.Types() {
		if fixed(t.Endpoint()[1:]) != nil {
			return nil, fmt.Errorf("resource type %s: the endpoint %s has a meaning of its own in SCIM", t.Name(), t.Endpoint())
		}
	}
	if o.Prefix = strings.TrimRight(o.Prefix, "/"); o.Prefix == "" {
		o.Prefix = "/scim/v2"
	}
	if o.Prefix[0] != '/' {
		return nil, fmt.Errorf("the prefix %q should begin with a slash", o.Prefix)
	}
	o.Origin = strings.TrimRight(o.Origin, "/")
	if o.Rate == 0 {
		o.Rate = 1000
	}
	if o.Burst <= 0 {
		o.Burst = max(1, int(2*o.Rate))
	}
	if o.Concurrent <= 0 {
		o.Concurrent = 256
	}
	if o.Page <= 0 {
		o.Page = 64 << 20
	}
	if len(o.Key) == 0 {
		o.Key = make([]byte, 32)
		rand.Read(o.Key)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.From == nil {
		o.From = peer
	}
	return &Endpoint{o: o, limits: newLimits(o), journal: newJournal(o.Inbox, o.Log)}, nil
}

// Service is what an endpoint speaks without a configuration: the users and groups of RFC 7643, and every bend of clients
// that is known. It has no password: nobody signs in with one here, and what is not kept cannot leak.
func Service() (*scim.Service, error) {
	user := scim.User()
	var attrs []scim.Attribute
	for _, a := range user.Attributes {
		if a.Name != "password" {
			attrs = append(attrs, a)
		}
	}
	user.Attributes = attrs
	return scim.NewService([]scim.Schema{user, scim.Group(), scim.EnterpriseUser()},
		[]scim.TypeDefinition{scim.UserDefinition(), scim.GroupDefinition()}, scim.Rules{Tolerate: scim.Lenient})
}

// Beside serves the endpoint's addresses, and leaves all others to another handler. A http.ServeMux in front of the endpoint
// would redirect the double slashes that some clients send, and they do not follow.
func (e *Endpoint) Beside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ours := strings.CutPrefix(r.URL.EscapedPath(), e.o.Prefix); ours && (rest == "" || rest[0] == '/') {
			e.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Dropped counts the requests that are missing from the log of requests, because it could not be written as fast.
func (e *Endpoint) Dropped() int64 { return e.journal.dropped.Load() }

// Close writes what is left of the log of requests. No request may come any more.
func (e *Endpoint) Close() error { return e.journal.close() }

// Server is an HTTP server with bounds for clients that are slow, silent or talkative. A filter of the greatest length that
// is allowed fits into an address three times, as percent signs take that much.
func Server(address string, h http.Handler, log *slog.Logger) *http.Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &http.Server{
		Addr: address, Handler: h, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute, // a body of 32 MB over a line of 2 Mbit/s
		WriteTimeout:      4 * time.Minute, // from the end of the header on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    256 << 10,
	}
}

func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Path is where a directory lies below the service's address.
func (e *Endpoint) Path(directory string) string { return e.o.Prefix + "/" + directory }
