package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
		pass, err := e.lane.enter(ctx, e.client.options.MaxWait)
		if err != nil {
			return nil, e.held(err)
		}
		began := e.client.options.Now()
		o, sent := e.client.attempt(ctx, e.request, e.url, e.challenge, e.refused)
		if e.refused != nil && o.fatal && o.status == 0 { // no better credentials: the refusal is what there is to tell
			e.lane.leave(pass, unknown)
			e.denial.err = o.err
			return nil, e.fail(e.denial)
		}
		e.attempts++
		e.challenge, e.refused = "", nil
		e.note(ctx, o, e.client.options.Now().Sub(began))
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
	after, told := retryAfter(o.status, o.header, e.client.options.Now())
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
	case o.status == http.StatusUnauthorized && e.client.options.Authorize != nil && !e.asked:
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
	case ctx.Err() != nil || o.fatal || !worthRepeating(e.request, o) || e.attempts >= e.client.options.Attempts ||
		told && after > e.client.options.MaxWait:
		return false, e.fail(o)
	}
	if o.status != http.StatusTooManyRequests && !told { // those wait in the lane, together with everybody else there
		if err := e.client.options.Sleep(ctx, e.client.jitter(backoff(e.attempts))); err != nil {
			o.err = err
			return false, e.fail(o)
		}
	}
	return true, nil
}

// fail is the error of an outcome.
func (e *exchange) fail(o outcome) *Error {
	failed := &Error{
		Method: e.request.Method, URL: address(e.url), Status: o.status, Body: o.body[:min(len(o.body), errorBody)],
		RequestID: requestID(o.header), Attempts: e.attempts, Lost: lost(e.request, o), Err: o.err,
	}
	if o.header != nil {
		header := o.header.Clone()
		header.Del("Set-Cookie") // may hold secrets, and
		header.Del("Location")   // a query
		failed.Header = header
	}
	failed.RetryAfter, _ = retryAfter(o.status, o.header, e.client.options.Now())
	return failed
}

// held is the error of a request that was not let into its lane: nothing was sent this time.
func (e *exchange) held(err error) *Error {
	failed := &Error{Method: e.request.Method, URL: address(e.url), Attempts: e.attempts, Err: err}
	if closed, is := errors.AsType[*closedError](err); is {
		failed.Status, failed.RetryAfter = closed.status, closed.wait
	}
	return failed
}

// note writes an operator's line. Answers that need no thought are for those who look closely.
func (e *exchange) note(ctx context.Context, o outcome, took time.Duration) {
	level := slog.LevelDebug
	if o.err != nil || o.status == http.StatusTooManyRequests || o.status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	if !e.client.options.Log.Enabled(ctx, level) {
		return
	}
	log := e.client.options.Log.With("method", e.request.Method, "url", address(e.url), "attempt", e.attempts,
		"took", took.Round(time.Millisecond), "request_id", requestID(o.header))
	switch {
	case o.err != nil:
		log.Log(ctx, level, "no whole answer", "status", o.status, "error", o.err.Error())
	case o.status == http.StatusTooManyRequests:
		log.Log(ctx, level, "refused", "status", o.status, "retry_after", o.header.Get("Retry-After"), "lane", e.request.Lane)
	default:
		log.Log(ctx, level, "answer", "status", o.status, "bytes", len(o.body))
	}
}
