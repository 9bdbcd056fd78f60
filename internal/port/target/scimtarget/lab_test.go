package scimtarget_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
	"github.com/rollcall/rollcall/internal/port/wire"
)

const labBase = "https://api.atlassian.com/scim/directory/" + atlassian.DefaultDirectory

// client speaks to a lab in this process and never waits.
func client(t testing.TB, transport http.RoundTripper) *wire.Client {
	t.Helper()
	c, err := wire.New(wire.Options{
		Base: labBase, Transport: transport, Attempts: 3,
		Authorize: func(_ context.Context, r *http.Request, _ string) error {
			r.Header.Set("Authorization", "Bearer "+atlassian.DefaultKey)
			return nil
		},
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// harness is the suite's view of a lab.
func harness(t testing.TB, lab *atlassian.Lab, opts scimtarget.Options) *targettest.Harness {
	t.Helper()
	lab.Domains = []atlassian.Domain{{Name: "fabrikam.example", Directory: atlassian.DefaultDirectory}}
	lossy := &targettest.Lossy{To: lab.Transport()}
	return &targettest.Harness{
		Target:   scimtarget.New(client(t, lossy), opts),
		LoseNext: lossy.LoseNext,
		Writes:   lossy.Writes,
	}
}

func TestTheSuiteOverTheLab(t *testing.T) {
	plain := func() *atlassian.Lab { return &atlassian.Lab{} }
	for name, c := range map[string]struct {
		lab  func() *atlassian.Lab
		opts scimtarget.Options
	}{
		"as it is": {plain, scimtarget.Options{}},
		"few members at a time, removed by a list of values": {
			func() *atlassian.Lab { return &atlassian.Lab{Limits: atlassian.Limits{PatchMembers: 7}} },
			scimtarget.Options{PatchMembers: 7, MembersInCreate: 3, RemoveByValue: true},
		},
		"without PATCH, and new groups without members": {plain, scimtarget.Options{Patch: scimtarget.No, MembersInCreate: -1}},
		"without filters, in pages smaller than asked for": {
			func() *atlassian.Lab { return &atlassian.Lab{Limits: atlassian.Limits{UserPage: 10, GroupPage: 3}} },
			scimtarget.Options{Filter: scimtarget.No, Page: 50},
		},
		"lists that leave members out, in pages larger than asked for": {
			func() *atlassian.Lab {
				return &atlassian.Lab{Readings: atlassian.Readings{ListsWithoutMembers: true}, Faults: []atlassian.Fault{{IgnoreCount: true}}}
			},
			scimtarget.Options{Page: 9, GroupPage: 4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			targettest.Run(t, func(t *testing.T) *targettest.Harness { return harness(t, c.lab(), c.opts) })
		})
	}
}
