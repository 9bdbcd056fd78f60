package compose

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
)

// life is a process: when it is dead nothing more comes from it.
type life struct {
	dead   atomic.Bool
	sends  atomic.Int64 // likewise requests to the directory
	writes atomic.Int64 // writes to the store until it dies; below zero: it does not
	steal  func()       // instead of dying it loses its claim at that write; nil: it dies
	after  bool         // it dies after the write, not before
	cancel context.CancelFunc
}

var errKilled = errors.New("killed")

func (l *life) write(do func() error) error {
	if l.dead.Load() {
		return errKilled
	}
	if l.writes.Load() >= 0 && l.writes.Add(-1) == -1 {
		if l.steal != nil {
			l.steal()
			return do()
		}
		l.die()
		if l.after {
			_ = do()
		}
		return errKilled
	}
	return do()
}

func (l *life) die() {
	l.dead.Store(true)
	l.cancel()
}

// mortal is a store whose process may die at any write.
type mortal struct {
	store.Store
	life *life
}

func (m *mortal) Intend(ctx context.Context, f store.Fence, e []ledger.Entry) (out []int64, err error) {
	err = m.life.write(func() error { out, err = m.Store.Intend(context.WithoutCancel(ctx), f, e); return err })
	return out, err
}

func (m *mortal) Settle(ctx context.Context, f store.Fence, d []store.Settlement) error {
	return m.life.write(func() error { return m.Store.Settle(context.WithoutCancel(ctx), f, d) })
}

func (m *mortal) BeginRun(ctx context.Context, f store.Fence, r ledger.Run) error {
	return m.life.write(func() error { return m.Store.BeginRun(context.WithoutCancel(ctx), f, r) })
}

func (m *mortal) EndRun(ctx context.Context, f store.Fence, r ledger.Run) error {
	return m.life.write(func() error { return m.Store.EndRun(context.WithoutCancel(ctx), f, r) })
}

func (m *mortal) PutHolds(ctx context.Context, f store.Fence, command string, h []store.Hold) error {
	return m.life.write(func() error { return m.Store.PutHolds(context.WithoutCancel(ctx), f, command, h) })
}

func (m *mortal) Release(ctx context.Context, f store.Fence) error {
	if m.life.dead.Load() {
		return errKilled
	}
	return m.Store.Release(ctx, f)
}

func (m *mortal) Reading(ctx context.Context, f store.Fence, side store.Side) (store.Reading, error) {
	if m.life.dead.Load() {
		return nil, errKilled
	}
	r, err := m.Store.Reading(ctx, f, side)
	return &mortalReading{r, m.life}, err
}

type mortalReading struct {
	store.Reading
	life *life
}

func (m *mortalReading) Keep(ctx context.Context, c source.Cursor, at time.Time) error {
	return m.life.write(func() error { return m.Reading.Keep(context.WithoutCancel(ctx), c, at) })
}

// tap is the line to the Guard directory: a dead process sends nothing, and what is written is looked at.
type tap struct {
	mu     sync.Mutex
	lie    int               // so many readings of single objects are answered wrongly
	before map[string][]byte // what they were answered before

	life *life
	to   http.RoundTripper
	look func(method, path string, body []byte)                              // before it is sent
	saw  func(method, path string, body []byte, r *http.Response, err error) // and what came of it
}

// lies answers what is no longer so, or that something is not there that is.
func (t *tap) lies(r *http.Request) *http.Response {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.Method != http.MethodGet || t.lie <= 0 || len(strings.Split(r.URL.Path, "/")) < 6 {
		return nil
	}
	t.lie--
	text, status := t.before[r.URL.Path], http.StatusOK
	if text == nil {
		text, status = []byte("{}"), http.StatusNotFound
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/scim+json"}}, Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)), Request: r}
}

func (t *tap) remember(r *http.Request, got *http.Response, err error) {
	if r.Method != http.MethodGet || err != nil || got.StatusCode != http.StatusOK {
		return
	}
	text, err := io.ReadAll(got.Body)
	got.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), failing{err}))
	if err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.before == nil {
			t.before = map[string][]byte{}
		}
		t.before[r.URL.Path] = text
	}
}

func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.life.dead.Load() {
		return nil, errKilled
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if r.Method != http.MethodGet {
		t.look(r.Method, r.URL.Path, body)
	}
	dies := t.life.sends.Load() >= 0 && t.life.sends.Add(-1) == -1
	if dies && !t.life.after {
		t.life.die()
		return nil, errKilled
	}
	if answer := t.lies(r); answer != nil {
		return answer, nil
	}
	got, err := t.to.RoundTrip(r)
	t.remember(r, got, err)
	if dies {
		t.life.die()
		return nil, errKilled
	}
	if r.Method != http.MethodGet {
		t.saw(r.Method, r.URL.Path, body, got, err)
	}
	return got, err
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
