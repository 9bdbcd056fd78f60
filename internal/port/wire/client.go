package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// What holds where Options say nothing.
const (
	usualAttempts = 6
	usualMaxWait  = 2 * time.Minute
	usualTimeout  = 2 * time.Minute
	usualMaxBody  = 64 << 20
)

// Client speaks to one service. It may be used by many goroutines at once.
type Client struct {
	options Options

	base  *url.URL
	mu    sync.Mutex
	lanes map[string]*lane
	dice  *rand.Rand
}

// New checks the options and gives a client for the service at Base. It sends nothing.
func New(o Options) (*Client, error) {
	base, err := checkBase(o.Base, o.Plain)
	if err != nil {
		return nil, err
	}
	for name, p := range o.Lanes {
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("pace of %q: %w", name, err)
		}
	}
	if o.Attempts <= 0 {
		o.Attempts = usualAttempts
	}
	if o.MaxWait <= 0 {
		o.MaxWait = usualMaxWait
	}
	if o.Timeout <= 0 {
		o.Timeout = usualTimeout
	}
	if o.MaxBody <= 0 {
		o.MaxBody = usualMaxBody
	}
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	o.Lanes = maps.Clone(o.Lanes)
	// Jitter keeps the requests of one client apart, so that the same numbers in every run do no harm and make a
	// run repeatable.
	dice := rand.New(rand.NewPCG(uint64(len(o.Base)), 1)) //nolint:gosec // no secret hangs on it
	return &Client{options: o, base: base, lanes: map[string]*lane{}, dice: dice}, nil
}

// checkBase wants https, and http only for this machine when that was asked for.
func checkBase(text string, plain bool) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the service's address cannot be read as a URL") // the error repeats what may hold a secret
	}
	switch {
	case u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("the service's address %q is not a URL such as https://example.com/scim", address(u))
	case u.User != nil:
		return nil, fmt.Errorf("the service's address %s holds a user name or password; secrets belong elsewhere", address(u))
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the service's address %s has a query or fragment", address(u))
	case u.Scheme == "http" && !plain:
		return nil, fmt.Errorf("the service's address %s is not https", address(u))
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("the service's address %s is not https, and %s is not this machine", address(u), u.Hostname())
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func loopback(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// lane gives the lane of a name. One that no pace is given for learns from refusals, like that of the zero Pace.
func (c *Client) lane(name string) *lane {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lanes[name]
	if l == nil {
		l = newLane(c.options.Lanes[name], c.options.Now, c.options.Sleep)
		c.lanes[name] = l
	}
	return l
}

// jitter gives half of a duration and a random part of the other half.
func (c *Client) jitter(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return d/2 + time.Duration(c.dice.Float64()*float64(d/2))
}

// Sleep waits, or ends with the context's error.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// newTransport is a transport for some 64 workers on one host. How long an answer may take is Options.Timeout.
func newTransport() *http.Transport {
	dialer := net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    15 * time.Second,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    64,
		MaxConnsPerHost:        256,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}
