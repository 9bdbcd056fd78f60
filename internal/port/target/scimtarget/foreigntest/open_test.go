package foreigntest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// open is the suite's view of a server on this machine.
func open(t *testing.T, base string, opts scimtarget.Options) *targettest.Harness {
	t.Helper()
	lossy := &targettest.Lossy{To: http.DefaultTransport}
	c, err := wire.New(wire.Options{
		Base: base, Plain: true, Transport: lossy,
		Authorize: func(_ context.Context, r *http.Request, _ string) error {
			r.Header.Set("Authorization", "Bearer suite")
			return nil
		},
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return &targettest.Harness{Target: scimtarget.New(c, opts), LoseNext: lossy.LoseNext, Writes: lossy.Writes}
}
