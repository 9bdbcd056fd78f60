package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// errorBody is how much of a refusal's body is kept.
const errorBody = 64 << 10

var (
	errCutShort = errors.New("the answer broke off")
	errNotJSON  = errors.New("the answer is not whole: it says that it is JSON and is not")
	errTooLarge = errors.New("the answer is too large")
)

// outcome is what came of one attempt.
type outcome struct {
	status int // 0: no answer
	header http.Header
	body   []byte
	err    error // no answer, or not all of it
	unsent bool  // with err: it certainly never left this machine
	fatal  bool  // with err: it will not be better the next time
}

// attempt sends a request once and reads the answer, both within Timeout.
func (c *Client) attempt(parent context.Context, r Request, u *url.URL, challenge string, before http.Header) (outcome, http.Header) {
	ctx, cancel := context.WithTimeout(parent, c.options.Timeout)
	defer cancel()
	var wanted, got atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	req := c.request(traced, r, u)
	if c.options.Authorize != nil {
		if err := c.options.Authorize(ctx, req, challenge); err != nil {
			return outcome{err: fmt.Errorf("no credentials: %w", err), unsent: true, fatal: true}, nil
		}
	}
	sent := req.Header.Clone()
	if before != nil && sent.Get("Authorization") == before.Get("Authorization") {
		return outcome{err: errSameKey, unsent: true, fatal: true}, nil
	}
	if err := mayWrite(parent, r); err != nil {
		return outcome{err: err, unsent: true, fatal: true}, sent
	}
	res, err := c.options.Transport.RoundTrip(req)
	if err != nil {
		// A transport that traces tells whether there was a connection to send anything on.
		unsent := wanted.Load() && !got.Load() || neverDialed(err)
		_, stranger := errors.AsType[*tls.CertificateVerificationError](err)
		return outcome{err: c.lost(parent, ctx, err, u, sent), unsent: unsent || stranger, fatal: stranger}, sent
	}
	defer res.Body.Close()
	o := outcome{status: res.StatusCode, header: res.Header}
	o.body, err = c.read(res, r.Method)
	if o.status/100 != 2 {
		o.body = redact(o.body, sent)
	}
	if errors.Is(err, errTooLarge) {
		o.err, o.fatal = err, true
	} else if err != nil {
		o.err = c.lost(parent, ctx, err, u, sent)
	}
	return o, sent
}

// errSameKey says that asking for credentials once more gave those that were refused.
var errSameKey = errors.New("the credentials were refused, and there are no others")

func (c *Client) request(ctx context.Context, r Request, u *url.URL) *http.Request {
	req := (&http.Request{
		Method: r.Method, URL: u, Host: u.Host, Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	for name, values := range r.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if c.options.Agent != "" {
		req.Header.Set("User-Agent", c.options.Agent)
	}
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	if r.Body == nil {
		return req
	}
	kind := r.Type
	if kind == "" {
		kind = "application/json"
	}
	req.Header.Set("Content-Type", kind)
	body := &once{Reader: bytes.NewReader(r.Body)}
	req.Body, req.ContentLength = body, int64(len(r.Body))
	req.GetBody = func() (io.ReadCloser, error) {
		// net/http sends a body again by itself in a few cases. A write must not be sent twice behind our back.
		if body.begun.Load() && !repeatable(r) {
			return nil, errors.New("a part of it was sent already")
		}
		return io.NopCloser(bytes.NewReader(r.Body)), nil
	}
	return req
}

// once is a body that knows whether anything was taken from it.
type once struct {
	*bytes.Reader
	begun atomic.Bool
}

func (o *once) Read(p []byte) (int, error) { o.begun.Store(true); return o.Reader.Read(p) }

func (o *once) WriteTo(w io.Writer) (int64, error) { o.begun.Store(true); return o.Reader.WriteTo(w) }

func (o *once) Close() error { return nil }

// read takes the whole body. What is shorter than announced, or calls itself JSON and is not, is not an answer.
func (c *Client) read(res *http.Response, method string) ([]byte, error) {
	good := res.StatusCode/100 == 2
	most := c.options.MaxBody
	if !good {
		most = errorBody
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	switch {
	case int64(len(body)) > most && !good:
		return body[:most], nil
	case int64(len(body)) > most:
		return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, most)
	case err != nil:
		return body, fmt.Errorf("%w after %d bytes: %w", errCutShort, len(body), err)
	case method != http.MethodHead && res.ContentLength >= 0 && int64(len(body)) < res.ContentLength:
		return body, fmt.Errorf("%w after %d of %d bytes", errCutShort, len(body), res.ContentLength)
	case good && len(body) > 0 && isJSON(res.Header.Get("Content-Type")) && !json.Valid(body):
		return body, fmt.Errorf("%w (%d bytes)", errNotJSON, len(body))
	}
	return body, nil
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// neverDialed tells whether an error came before there was a connection.
func neverDialed(err error) bool {
	if op, is := errors.AsType[*net.OpError](err); is && op.Op == "dial" {
		return true
	}
	_, is := errors.AsType[*net.DNSError](err)
	return is
}

// lost says why there is no answer, without secrets.
func (c *Client) lost(parent, attempt context.Context, err error, u *url.URL, sent http.Header) error {
	switch {
	case parent.Err() != nil:
		return context.Cause(parent)
	case attempt.Err() != nil:
		return fmt.Errorf("no whole answer within %v: %w", c.options.Timeout.Round(time.Millisecond), attempt.Err())
	}
	return clean(err, u, sent)
}
