package apply_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// wired is a server behind the HTTP client.
type wired struct {
	*server
	client *wire.Client
	sent   int
}

func (w *wired) RoundTrip(*http.Request) (*http.Response, error) {
	w.sent++
	return nil, errors.New("nothing should have been sent")
}

func (w *wired) Do(ctx context.Context, c target.Change) (target.Receipt, error) {
	if _, err := w.client.Do(ctx, wire.Request{Method: http.MethodPost, Path: "/Users"}); err != nil {
		return target.Receipt{}, &target.Error{Class: target.Transient, Err: err}
	}
	return w.server.Do(ctx, c)
}

func TestAClaimThatIsLostWhileARequestWaitsForItsTurnKeepsItFromBeingSent(t *testing.T) {
	w := &wired{server: &server{t: t, book: &book{}, tries: map[string]int{}}}
	var err error
	if w.client, err = wire.New(wire.Options{Base: "https://api.example/scim", Transport: w}); err != nil {
		t.Fatal(err)
	}
	asked := 0
	r := apply.Run{ID: "run", Target: w, Ledger: w.book, Workers: 1, Still: func(context.Context) error {
		if asked++; asked > 1 { // when the change's turn came it was still ours
			return store.ErrFenced
		}
		return nil
	}}
	got, err := r.Do(t.Context(), func(yield func(plan.Step) bool) { yield(user(plan.Create, "lena")) })
	if err != nil {
		t.Fatal(err)
	}
	if w.sent != 0 || !errors.Is(got.Stopped, store.ErrFenced) || got.Counts.Failed != 0 {
		t.Errorf("%d requests, stopped by %v, %+v", w.sent, got.Stopped, got.Counts)
	}
	if e := w.book.entries[0]; e.Outcome != ledger.Undone {
		t.Errorf("%+v", e)
	}
}
