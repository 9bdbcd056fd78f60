package atlassian

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// transport hands requests to the lab within the process.
type transport struct{ lab *Lab }

// RoundTrip answers a request as a server would, with the errors that a broken connection gives.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	o, err := t.lab.serve(r.Context(), r)
	if err != nil {
		return nil, err
	}
	if o.lost {
		return nil, fmt.Errorf("%s %s: connection reset by the lab: %w", r.Method, r.URL.Path, io.ErrUnexpectedEOF)
	}
	length := int64(len(o.body))
	if o.header == nil {
		o.header = http.Header{}
	}
	o.header.Set("Content-Length", fmt.Sprint(length))
	var body io.Reader = bytes.NewReader(o.body)
	if o.short {
		body = io.MultiReader(bytes.NewReader(o.body[:o.keep]), broken{})
	}
	if o.stall > 0 {
		body = &stalled{ctx: r.Context(), lab: t.lab, wait: o.stall, rest: body}
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", o.status, http.StatusText(o.status)), StatusCode: o.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: o.header, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}, nil
}

// broken is where a body ends too early.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// stalled waits before its first byte.
type stalled struct {
	ctx  context.Context
	lab  *Lab
	wait time.Duration
	rest io.Reader
}

func (s *stalled) Read(p []byte) (int, error) {
	if s.wait > 0 {
		d := s.wait
		s.wait = 0
		if err := s.lab.sleep(s.ctx, d); err != nil {
			return 0, err
		}
	}
	return s.rest.Read(p)
}
