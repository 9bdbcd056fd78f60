package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Do sends a request, waits and repeats as the service asks, and gives the answer. Every other end is an *Error, whose
// Err is the context's where that ended it. The body and header of a request are not changed.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	u, err := c.locate(r)
	if err != nil {
		return nil, &Error{Method: r.Method, URL: address(c.base), Err: fmt.Errorf("not sent: %w", err)}
	}
	e := exchange{client: c, request: r, url: u, lane: c.lane(r.Lane)}
	return e.run(ctx)
}

// exchange is one request with all its attempts.
type exchange struct {
	client  *Client
	request Request
	url     *url.URL
	lane    *lane

	attempts  int
	hops      int
	asked     bool // for new credentials
	challenge string
	refused   http.Header // what was sent when the credentials were refused, until they are asked for again
	denial    outcome     // the answer to it
}

func (e *exchange) run(ctx context.Context) (*Response, error) {
	for {
		pass, err := e.lane.enter(ctx, e.client.MaxWait)
		if err != nil {
			return nil, e.held(err)
		}
		began := e.client.Now()
		o, sent := e.client.attempt(ctx, e.request, e.url, e.challenge, e.refused)
		if errors.Is(o.err, errSameKey) {
			e.lane.leave(pass, unknown)
			return nil, e.fail(e.denial)
		}
		e.attempts++
		e.challenge, e.refused = "", nil
		e.note(o, e.client.Now().Sub(began))
		again, err := e.judge(ctx, o, sent, pass)
		switch {
		case err != nil:
			return nil, err
		case !again:
			return &Response{
				Status: o.status, Header: o.header, Body: o.body, RequestID: requestID(o.header), Attempts: e.attempts,
			}, nil
		}
	}
}

// judge looks at an attempt's outcome: the answer, an error for good, or again, after the wait that it needs.
func (e *exchange) judge(ctx context.Context, o outcome, sent http.Header, pass pass) (again bool, err error) {
	after, told := retryAfter(o.status, o.header, e.client.Now())
	switch {
	case o.status == http.StatusTooManyRequests:
		if !told {
			after = e.client.jitter(e.lane.patience(pass))
		}
		e.lane.leave(pass, refused)
		e.lane.pause(o.status, after)
	case o.status == http.StatusServiceUnavailable && told:
		e.lane.leave(pass, unknown)
		e.lane.pause(o.status, after)
	case o.status == 0:
		e.lane.leave(pass, unknown)
	default:
		e.lane.leave(pass, through)
	}

	switch {
	case o.status/100 == 2 && o.err == nil:
		return false, nil
	case o.status == http.StatusUnauthorized && e.client.Authorize != nil && !e.asked:
		e.asked, e.refused, e.denial = true, sent, o
		if e.challenge = o.header.Get("WWW-Authenticate"); e.challenge == "" {
			e.challenge = "Bearer" // it says nothing more, and "" is for the first time
		}
		return true, nil
	case redirects(o.status):
		to, err := e.client.redirected(e.request.Method, e.url, o.status, o.header, e.hops)
		if err != nil {
			o.err = err
			return false, e.fail(o)
		}
		e.url, e.hops = to, e.hops+1
		return true, nil
	case ctx.Err() != nil || o.fatal || !worthRepeating(e.request, o) || e.attempts >= e.client.Attempts ||
		told && after > e.client.MaxWait:
		return false, e.fail(o)
	}
	if o.status != http.StatusTooManyRequests && !told { // those wait in the lane, together with everybody else there
		if err := e.client.Sleep(ctx, e.client.jitter(backoff(e.attempts))); err != nil {
			o.err = err
			return false, e.fail(o)
		}
	}
	return true, nil
}

// fail is the error of an outcome.
func (e *exchange) fail(o outcome) *Error {
	failed := &Error{
		Method: e.request.Method, URL: address(e.url), Status: o.status, Header: o.header, RequestID: requestID(o.header),
		Attempts: e.attempts, Err: o.err, Lost: lost(e.request, o), Body: o.body,
	}
	if len(failed.Body) > errorBody {
		failed.Body = failed.Body[:errorBody]
	}
	failed.RetryAfter, _ = retryAfter(o.status, o.header, e.client.Now())
	return failed
}

// held is the error of a request that was not let into its lane: nothing was sent this time.
func (e *exchange) held(err error) *Error {
	failed := &Error{Method: e.request.Method, URL: address(e.url), Attempts: e.attempts, Err: err}
	var closed *closedError
	if errors.As(err, &closed) {
		failed.Status, failed.RetryAfter = closed.status, closed.wait
	}
	return failed
}

// note writes an operator's line. Answers that need no thought are for those who look closely.
func (e *exchange) note(o outcome, took time.Duration) {
	log := e.client.Log.With("method", e.request.Method, "url", address(e.url), "attempt", e.attempts,
		"took", took.Round(time.Millisecond), "request_id", requestID(o.header))
	switch {
	case o.err != nil:
		log.Warn("no answer", "error", o.err.Error(), "status", o.status)
	case o.status == http.StatusTooManyRequests || o.status >= http.StatusInternalServerError:
		log.Warn("refused", "status", o.status, "retry_after", o.header.Get("Retry-After"))
	default:
		log.Debug("answer", "status", o.status, "bytes", len(o.body))
	}
}
