package entra

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// Transport answers in this process, without a network: whatever host a request names, the lab is it. A simulation
// of months then runs in seconds. Faults that cut a connection are errors of the round trip or of reading the body.
func (l *Lab) Transport() http.RoundTripper { return inProcess{l} }

type inProcess struct{ l *Lab }

// RoundTrip implements http.RoundTripper.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &recorder{header: http.Header{}}
	w.run(t.l, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if w.status == 0 {
		return nil, fmt.Errorf("%s %s: the connection was cut: %w", r.Method, r.URL.Path, io.ErrUnexpectedEOF)
	}
	var body io.Reader = bytes.NewReader(w.body)
	if w.cut {
		body = io.MultiReader(body, failing{})
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.header,
		Body: io.NopCloser(body), ContentLength: w.length(), Request: r,
	}, nil
}

// recorder is a response that is kept.
type recorder struct {
	header http.Header
	status int
	body   []byte
	cut    bool
}

func (w *recorder) run(l *Lab, r *http.Request) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			w.cut = true
		default:
			panic(v)
		}
	}()
	l.serve(w, r)
}

func (w *recorder) length() int64 {
	if w.cut {
		return -1
	}
	return int64(len(w.body))
}

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.body = append(w.body, b...)
	return len(b), nil
}

// failing is the end of a body that was cut.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
