package compose

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

var (
	_ engine.Capturer = (*live)(nil)
	_ engine.Capturer = recorded{}
)

// Capture implements engine.Capturer: it asks for everything.
func (l *live) Capture(ctx context.Context, r engine.CaptureRequest, progress engine.Progress) (engine.Captured, error) {
	m, err := l.manifest(ctx)
	if err != nil {
		return engine.Captured{}, err
	}
	return capture(m, r, func(to evidence.Recorder) error { return l.record(ctx, m.Connection, to, progress) })
}

// Capture implements engine.Capturer: the recording is written anew.
func (r recorded) Capture(ctx context.Context, to engine.CaptureRequest, _ engine.Progress) (engine.Captured, error) {
	defer r.b.Close()
	return capture(r.b.Manifest, to, func(to evidence.Recorder) error { return r.b.Record(ctx, to) })
}

// capture writes a bundle and opens it once, so that what is said to be there can be read.
func capture(m document.Bundle, r engine.CaptureRequest, fill func(evidence.Recorder) error) (engine.Captured, error) {
	redact := func(to evidence.Recorder) evidence.Recorder { return to }
	if r.Redact {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		redaction := bundle.NewRedaction(key)
		m, redact = redaction.Manifest(m), redaction.Recorder
	}
	w, err := bundle.Create(r.Path, m)
	if err != nil {
		return engine.Captured{}, err
	}
	defer w.Abort()
	pages := &pages{Recorder: w, objects: map[document.File]int{}}
	if err := fill(redact(pages)); err != nil {
		return engine.Captured{}, err
	}
	if err := w.Close(); err != nil {
		return engine.Captured{}, err
	}
	b, err := bundle.Open(r.Path)
	if err != nil {
		return engine.Captured{}, err
	}
	defer b.Close()
	out := engine.Captured{
		Path: r.Path, Name: b.Manifest.Connection.Name, Method: b.Manifest.Connection.Method, At: b.Manifest.CapturedAt.Time, Redacted: r.Redact,
		Documents: []engine.CapturedDocument{}, Gaps: append([]document.Gap{}, b.Manifest.Gaps...),
	}
	for _, f := range b.Documents() {
		out.Documents = append(out.Documents, engine.CapturedDocument{File: f, Objects: pages.objects[f]})
	}
	return out, nil
}

// pages counts the objects of each document.
type pages struct {
	evidence.Recorder
	mu      sync.Mutex
	objects map[document.File]int
}

// Add implements evidence.Recorder.
func (p *pages) Add(file document.File, key string, object jsontext.Value) error {
	p.mu.Lock()
	p.objects[file]++
	p.mu.Unlock()
	return p.Recorder.Add(file, key, object)
}

// Count implements evidence.Counter.
func (p *pages) Count(file document.File, n int) error { return evidence.Count(p.Recorder, file, n) }
