package atlassian

import (
	"context"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// maxBody is the most of a request that is read.
const maxBody = 32 << 20

// outcome is an answer with what happens to it on its way.
type outcome struct {
	answer
	lost  bool // the connection ends without an answer
	short bool // the connection ends within the body
	keep  int  // with short: so many bytes arrive
	stall time.Duration
}

// serve carries a request out. An error means that the caller gave up while waiting.
func (l *Lab) serve(ctx context.Context, r *http.Request) (outcome, error) {
	host, base, path := l.place(r)
	entry := Request{At: l.clock(), Method: r.Method, Host: host, Path: path, Query: r.URL.RawQuery}
	body, err := readBody(r)
	entry.Size = len(body)
	f := l.hitting(r.Method, path)
	if f.Latency > 0 {
		if err := l.sleep(ctx, f.Latency); err != nil {
			return outcome{}, err
		}
	}
	if f.Cut == CutBefore {
		l.log.add(entry)
		return outcome{lost: true}, nil
	}
	var a answer
	limited, wait, left := l.throttled(path)
	switch {
	case err != nil:
		a = refuse(path, http.StatusRequestEntityTooLarge)
	case f.Status != 0:
		a = refuse(path, f.Status)
		if f.RetryAfter > 0 {
			a.header.Set("Retry-After", wholeSeconds(f.RetryAfter))
		}
	case limited:
		a = l.tooMany(path, wait)
	default:
		a = l.route(&call{lab: l, method: r.Method, base: base, query: r.URL.Query(), header: r.Header, body: body, fault: f}, host, path)
		l.rated(&a, path, left)
	}
	entry.Status = a.status
	l.log.add(entry)
	out := outcome{answer: a, lost: f.Cut == CutAfter, stall: f.Stall}
	if f.Truncate > 0 && f.Truncate < len(a.body) {
		out.short, out.keep = true, f.Truncate
	}
	return out, nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
}

func (l *Lab) serveHTTP(w http.ResponseWriter, r *http.Request) {
	o, err := l.serve(r.Context(), r)
	if err != nil || o.lost {
		panic(http.ErrAbortHandler) // this is how net/http ends a connection without an answer
	}
	maps.Copy(w.Header(), o.header)
	if o.body != nil {
		w.Header().Set("Content-Length", strconv.Itoa(len(o.body)))
	}
	w.WriteHeader(o.status)
	rest := o.body
	if o.short {
		rest = rest[:o.keep]
	}
	if o.stall > 0 {
		half := len(rest) / 2
		_, _ = w.Write(rest[:half])
		rest = rest[half:]
		_ = http.NewResponseController(w).Flush()
		if l.sleep(r.Context(), o.stall) != nil {
			panic(http.ErrAbortHandler)
		}
	}
	_, _ = w.Write(rest)
	if o.short {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// sleep lets time pass, with the lab's own idea of it if it has one.
func (l *Lab) sleep(ctx context.Context, d time.Duration) error {
	if l.Sleep != nil {
		return l.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
