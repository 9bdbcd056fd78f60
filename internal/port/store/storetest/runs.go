package storetest

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

var runs = []sentence{
	{"a run is read as it was begun", func(b *bench) {
		got, err := b.store.Run(b.Context(), "r1")
		b.ok(err)
		b.same(got, run("r1", noon))
	}},
	{"its end is written down with its state, text and counts, and nothing else changes", func(b *bench) {
		end := ledger.Run{
			ID: "r1", Connection: "acme", By: "somebody else", Ended: noon.Add(time.Hour), State: ledger.Stopped, Text: "the key was revoked",
			Counts: ledger.Counts{Done: 1, Failed: 2, Stale: 3, Blocked: 4, Held: 5},
		}
		b.ok(b.store.EndRun(b.Context(), b.fence, end))
		want := run("r1", noon)
		want.Ended, want.State, want.Text, want.Counts = end.Ended, end.State, end.Text, end.Counts
		got, err := b.store.Run(b.Context(), "r1")
		b.ok(err)
		b.same(got, want)
	}},
	{"moments keep their nanoseconds and are UTC", func(b *bench) {
		at := time.Date(2026, 11, 20, 13, 0, 0, 123456789, time.FixedZone("", 3600))
		b.ok(b.store.BeginRun(b.Context(), b.fence, run("r2", at)))
		got, err := b.store.Run(b.Context(), "r2")
		b.ok(err)
		b.same(got.Started, at.UTC())
	}},
	{"an unknown run is ErrUnknown, to read and to end", func(b *bench) {
		_, err := b.store.Run(b.Context(), "nothing")
		b.fails(err, store.ErrUnknown)
		b.fails(b.store.EndRun(b.Context(), b.fence, run("nothing", noon)), store.ErrUnknown)
	}},
	{"a run begins once", func(b *bench) {
		b.refused(b.store.BeginRun(b.Context(), b.fence, run("r1", noon)), "r1", "already")
	}},
	{"a run of another connection is refused, and cannot be ended", func(b *bench) {
		other := b.claim("fabrikam", "here", noon)
		b.refused(b.store.BeginRun(b.Context(), other, run("r2", noon)), "acme", "fabrikam")
		b.fails(b.store.EndRun(b.Context(), other, run("r1", noon)), store.ErrUnknown)
	}},
	{"runs are listed by connection, the newest first, as many as wanted", func(b *bench) {
		for i, id := range []string{"r2", "r3", "r4"} {
			b.ok(b.store.BeginRun(b.Context(), b.fence, run(id, noon.Add(time.Duration(i+1)*time.Hour))))
		}
		other := run("x", noon)
		other.Connection = "fabrikam"
		b.ok(b.store.BeginRun(b.Context(), b.claim("fabrikam", "here", noon), other))
		for limit, want := range map[int][]string{0: {"r4", "r3", "r2", "r1"}, 2: {"r4", "r3"}} {
			all, err := b.store.Runs(b.Context(), "acme", limit)
			b.ok(err)
			var got []string
			for _, r := range all {
				got = append(got, r.ID)
			}
			b.same(got, want)
		}
	}},
}
