package guard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// reading is one Fetch.
type reading struct {
	*Source
	to   evidence.Recorder
	most int // requests; 0: any number

	sent     atomic.Int64
	answered atomic.Bool // any service gave any answer
	silent   atomic.Int64
}

// errSpent ends what a question about a few people asks.
var errSpent = errors.New("not asked: a question sends only so many requests")

// errSilent ends a reading: nothing answers.
var errSilent = errors.New("no request was answered")

func (r *reading) ask(ctx context.Context, c *wire.Client, q wire.Request) (jsontext.Value, error) {
	if n := r.sent.Add(1); r.most > 0 && n > int64(r.most) {
		return nil, errSpent
	}
	answer, err := c.Do(ctx, q)
	if err != nil {
		if evidence.Status(err) != 0 {
			r.answered.Store(true)
		} else {
			r.silent.Add(1)
		}
		return nil, err
	}
	r.answered.Store(true)
	if !jsontext.Value(answer.Body).IsValid() {
		return nil, fmt.Errorf("the answer to %s %s is no JSON", q.Method, q.Path)
	}
	return answer.Body, nil
}

func (r *reading) get(ctx context.Context, c *wire.Client, path string, query url.Values) (jsontext.Value, error) {
	return r.ask(ctx, c, wire.Request{Method: http.MethodGet, Path: path, Query: query})
}

// search sends a POST that changes nothing.
func (r *reading) search(ctx context.Context, path string, body any) (jsontext.Value, error) {
	text, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("writing a search: %w", err)
	}
	return r.ask(ctx, r.admin, wire.Request{Method: http.MethodPost, Path: path, Body: text, Reads: true})
}

// failed is what a request that came to nothing means for the reading: a gap, so that the rest goes on, or the end
// where nothing answers at all.
func (r *reading) failed(ctx context.Context, err error, g document.Gap) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	g.Why = evidence.Reason(err)
	if e := r.to.Gap(g); e != nil {
		return e
	}
	if !r.answered.Load() && r.silent.Load() > 1 {
		return fmt.Errorf("%w: %w", errSilent, err)
	}
	return nil
}

// gap is one of a document, with the call that would tell.
func gap(f document.File, subject, what, why string) document.Gap {
	return document.Gap{File: string(f), Subject: subject, What: what, Why: why, Call: document.Of(f).Call}
}

// ended says how a list was read: to its end, or that this much is missing.
func (r *reading) ended(ctx context.Context, f document.File, e extent, err error) error {
	if err != nil {
		what := "the whole document"
		if e.got > 0 {
			what = fmt.Sprintf("everything after the first %d", e.got)
		}
		return r.failed(ctx, err, gap(f, "", what, ""))
	}
	if e.hole != "" {
		return r.to.Gap(gap(f, "", e.missing(), e.hole))
	}
	return r.to.Whole(f)
}

// extent is how much of a list came.
type extent struct {
	got, total int    // total: as the service says, 0 where it does not
	hole       string // why some of it is missing; empty: nothing is
}

func (e extent) missing() string {
	if e.total > e.got {
		return fmt.Sprintf("%d of %d", e.total-e.got, e.total)
	}
	return fmt.Sprintf("some beyond the %d that came", e.got)
}
