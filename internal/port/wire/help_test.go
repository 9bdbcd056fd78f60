package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// service is a transport that answers with a function, and counts. Time is synctest's.
type service struct {
	answer func(r *http.Request, n int) (*http.Response, error) // n counts from 1

	mu   sync.Mutex
	sent []*http.Request
	at   []time.Time
	body []string
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	s.mu.Lock()
	s.sent, s.at, s.body = append(s.sent, r), append(s.at, time.Now()), append(s.body, string(body))
	n := len(s.sent)
	s.mu.Unlock()
	return s.answer(r, n)
}

// reply is an answer with a status, headers in pairs, and a body.
func reply(status int, body string, header ...string) *http.Response {
	res := &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}
	for i := 0; i < len(header); i += 2 {
		res.Header.Set(header[i], header[i+1])
	}
	return res
}

// script answers one after the other, and with the last for ever. A func() error is a broken connection.
func script(steps ...any) func(*http.Request, int) (*http.Response, error) {
	return func(_ *http.Request, n int) (*http.Response, error) {
		switch step := steps[min(n, len(steps))-1].(type) {
		case func() *http.Response:
			return step(), nil
		case error:
			return nil, step
		default:
			panic("a script has answers and errors")
		}
	}
}

func says(status int, body string, header ...string) func() *http.Response {
	return func() *http.Response { return reply(status, body, header...) }
}

const base = "https://api.example/scim"

// client is a client of a service, with options changed.
func client(t *testing.T, s http.RoundTripper, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{Base: base, Transport: s}
	for _, c := range change {
		c(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ask sends one request in virtual time and tells how long it took.
func ask(t *testing.T, s *service, r Request, change ...func(*Options)) (res *Response, failed *Error, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var err error
		res, err = client(t, s, change...).Do(t.Context(), r)
		took = time.Since(began)
		if err != nil && !errors.As(err, &failed) {
			t.Fatalf("the error is a %T, not an *Error: %v", err, err)
		}
	})
	return res, failed, took
}

// stalled is a body that gives a byte a minute, until the request is given up.
type stalled struct{ ctx context.Context }

func (s stalled) Read(p []byte) (int, error) {
	if err := Sleep(s.ctx, time.Minute); err != nil {
		return 0, err
	}
	p[0] = ' '
	return 1, nil
}

func (s stalled) Close() error { return nil }
