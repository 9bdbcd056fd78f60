package compose

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
)

func TestTheMadeUpCompanyIsSyncedInsideTheProcessOnceItsJobIsStopped(t *testing.T) {
	l, clock := kestrelLabs(t)
	c, err := InLabs(l, document.Rollcall, clock)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Sync(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Store.Close()

	l.Atlassian.ForgetRequests()
	_, err = s.Apply(t.Context(), engine.ApplyRequest{})
	if _, ok := errors.AsType[*engine.SecondWriter](err); !ok {
		t.Fatalf("beside a job that is on: %v", err)
	}
	for _, r := range l.Atlassian.Requests() {
		read := r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/search") || strings.HasSuffix(r.Path, "/bulk-fetch")
		if !read {
			t.Errorf("refused, and yet %s %s", r.Method, r.Path)
		}
	}
	if n, err := l.StopProvisioning(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d jobs were stopped: %v", n, err)
	}
	if on, err := l.Provisions(t.Context()); on || err != nil {
		t.Errorf("the job is on: %v", err)
	}
	before := rollCall(t, c)
	got, err := s.Apply(t.Context(), engine.ApplyRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if n := got.Run.Counts; n.Done == 0 || n.Held == 0 || n.Failed+n.Blocked+n.Stale > 0 {
		t.Errorf("%+v", n)
	}
	after := rollCall(t, c)
	if after.Present < before.Present+20 || after.Unknown+before.Unknown > 0 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if again, err := s.Apply(t.Context(), engine.ApplyRequest{}); err != nil || again.Run.ID != "" {
		t.Errorf("there was something left to do: %+v, %v", again, err)
	}
}

func rollCall(t *testing.T, c *Configuration) trace.Counts {
	t.Helper()
	worlds, err := Live(c)
	if err != nil {
		t.Fatal(err)
	}
	e := &engine.Engine{Worlds: worlds}
	r, err := e.Check(t.Context(), engine.CheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Counts
}
