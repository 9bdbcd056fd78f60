package mortal

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Line is the way to a SCIM directory: a dead process sends nothing, and what is written is looked at.
type Line struct {
	To   http.RoundTripper
	Life *Life
	Look func(method, path string, body []byte)                              // at a write, before it is sent; may be nil
	Saw  func(method, path string, body []byte, r *http.Response, err error) // and what came of it; may be nil

	mu     sync.Mutex
	lie    int               // so many readings of single objects are answered wrongly
	before map[string][]byte // what they were answered before
}

// Lie has so many of the next readings of single objects be answered with what was so before, or that nothing is there.
func (t *Line) Lie(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lie = n
}

// RoundTrip implements http.RoundTripper.
func (t *Line) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.Life.Dead() {
		return nil, ErrKilled
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	writes := r.Method != http.MethodGet && strings.HasPrefix(r.URL.Path, "/scim/")
	if writes && t.Look != nil {
		t.Look(r.Method, r.URL.Path, body)
	}
	dies := due(&t.Life.requests)
	if dies && !t.Life.After {
		t.Life.die()
		return nil, ErrKilled
	}
	if answer := t.lies(r); answer != nil {
		return answer, nil
	}
	got, err := t.To.RoundTrip(r)
	t.remember(r, got, err)
	if dies {
		t.Life.die()
		return nil, ErrKilled
	}
	if writes && t.Saw != nil {
		t.Saw(r.Method, r.URL.Path, body, got, err)
	}
	return got, err
}

// single tells whether a request reads one object of a directory.
func single(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/scim/") && len(strings.Split(r.URL.Path, "/")) > 5
}

func (t *Line) lies(r *http.Request) *http.Response {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lie <= 0 || !single(r) {
		return nil
	}
	t.lie--
	text, status := t.before[r.URL.Path], http.StatusOK
	if text == nil {
		text, status = []byte("{}"), http.StatusNotFound
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/scim+json"}}, Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)), Request: r}
}

func (t *Line) remember(r *http.Request, got *http.Response, err error) {
	if !single(r) || err != nil || got.StatusCode != http.StatusOK {
		return
	}
	text, err := io.ReadAll(got.Body)
	got.Body = Again(text, err)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.before == nil {
		t.before = map[string][]byte{}
	}
	t.before[r.URL.Path] = text
}

// Again is the body of an answer that was read already, and ended with an error or without one.
func Again(text []byte, err error) io.ReadCloser {
	return io.NopCloser(io.MultiReader(bytes.NewReader(text), failing{err}))
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
