package storetest

import (
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

var leases = []sentence{
	{"a lease that somebody holds is not given to another, who is told who has it and how long", func(b *bench) {
		_, ok, other, until, err := b.store.Claim(b.Context(), "acme", "there", noon.Add(59*time.Second), time.Minute)
		b.ok(err)
		if ok || other != "here" || !until.Equal(noon.Add(time.Minute)) {
			b.Fatalf("ok %v, held by %q until %v", ok, other, until)
		}
	}},
	{"its holder renews it and keeps the token", func(b *bench) {
		again := b.claim("acme", "here", noon.Add(30*time.Second))
		b.same(again, b.fence)
		_, ok, _, until, err := b.store.Claim(b.Context(), "acme", "there", noon.Add(80*time.Second), time.Minute)
		b.ok(err)
		if ok || !until.Equal(noon.Add(90*time.Second)) {
			b.Fatalf("ok %v until %v", ok, until)
		}
	}},
	{"one that ran out is taken over with a higher token", func(b *bench) {
		f := b.claim("acme", "there", noon.Add(time.Minute))
		if f.Connection != "acme" || f.Token <= b.fence.Token {
			b.Fatalf("%+v after %+v", f, b.fence)
		}
	}},
	{"one that ran out and was not taken over still writes", func(b *bench) {
		b.ok(b.store.EndRun(b.Context(), b.fence, run("r1", noon)))
	}},
	{"one whose holder is gone is taken over at once, with a higher token, and the old one writes no more", func(b *bench) {
		f, ok, err := b.store.TakeOver(b.Context(), "acme", "here", "there", noon, time.Minute)
		b.ok(err)
		if !ok || f.Connection != "acme" || f.Token <= b.fence.Token {
			b.Fatalf("ok %v, %+v after %+v", ok, f, b.fence)
		}
		b.fails(b.store.EndRun(b.Context(), b.fence, run("r1", noon)), store.ErrFenced)
		b.ok(b.store.EndRun(b.Context(), f, run("r1", noon)))
		_, ok, other, until, err := b.store.Claim(b.Context(), "acme", "elsewhere", noon.Add(59*time.Second), time.Minute)
		b.ok(err)
		if ok || other != "there" || !until.Equal(noon.Add(time.Minute)) {
			b.Fatalf("ok %v, held by %q until %v", ok, other, until)
		}
	}},
	{"one that somebody else holds by now is not taken over", func(b *bench) {
		b.claim("acme", "there", noon.Add(time.Minute))
		f, ok, err := b.store.TakeOver(b.Context(), "acme", "here", "elsewhere", noon, time.Minute)
		b.ok(err)
		if ok || f != (store.Fence{}) {
			b.Fatalf("%+v", f)
		}
		_, ok, err = b.store.TakeOver(b.Context(), "nowhere", "here", "elsewhere", noon, time.Minute)
		b.ok(err)
		if ok {
			b.Fatal("a lease that is not there was taken over")
		}
		_, _, err = b.store.TakeOver(b.Context(), "acme", "", "elsewhere", noon, time.Minute)
		b.refused(err)
	}},
	{"of many who take over at once one gets it", func(b *bench) {
		var wg sync.WaitGroup
		got := make(chan store.Fence, 16)
		for i := range 16 {
			wg.Go(func() {
				f, ok, err := b.store.TakeOver(b.Context(), "acme", "here", string(rune('a'+i)), noon, time.Minute)
				if err != nil {
					b.Error(err)
				}
				if ok {
					got <- f
				}
			})
		}
		wg.Wait()
		if len(got) != 1 {
			b.Fatalf("%d got it", len(got))
		}
	}},
	{"one that was given back is free at once, and writes no more", func(b *bench) {
		b.ok(b.store.Release(b.Context(), b.fence))
		b.fails(b.store.EndRun(b.Context(), b.fence, run("r1", noon)), store.ErrFenced)
		if f := b.claim("acme", "there", noon); f.Token <= b.fence.Token {
			b.Fatalf("%+v after %+v", f, b.fence)
		}
	}},
	{"giving back what was lost takes nothing from its new holder", func(b *bench) {
		f := b.claim("acme", "there", noon.Add(time.Hour))
		b.ok(b.store.Release(b.Context(), b.fence))
		b.ok(b.store.EndRun(b.Context(), f, run("r1", noon)))
	}},
	{"connections have leases of their own", func(b *bench) {
		other := b.claim("fabrikam", "there", noon)
		b.ok(b.store.Release(b.Context(), other))
		b.ok(b.store.EndRun(b.Context(), b.fence, run("r1", noon)))
	}},
	{"a lease that was never claimed does not write", func(b *bench) {
		b.fails(b.store.PutLinks(b.Context(), store.Fence{Connection: "nowhere"}, []store.Link{{Kind: "user", Source: "a", Target: "b"}}), store.ErrFenced)
	}},
	{"a lease without a connection or a holder is refused", func(b *bench) {
		_, _, _, _, err := b.store.Claim(b.Context(), "", "here", noon, time.Minute)
		b.refused(err)
		_, _, _, _, err = b.store.Claim(b.Context(), "acme", "", noon, time.Minute)
		b.refused(err)
	}},
	{"of many who claim at once one gets it", func(b *bench) {
		var wg sync.WaitGroup
		got := make(chan store.Fence, 16)
		for i := range 16 {
			wg.Go(func() {
				f, ok, _, _, err := b.store.Claim(b.Context(), "new", string(rune('a'+i)), noon, time.Minute)
				if err != nil {
					b.Error(err)
				}
				if ok {
					got <- f
				}
			})
		}
		wg.Wait()
		if len(got) != 1 {
			b.Fatalf("%d got it", len(got))
		}
	}},
	{"whoever lost the lease writes nothing, whatever it is", func(b *bench) {
		seq := b.intend(entry("create", "u1", "ada"))[0]
		r, err := b.store.Reading(b.Context(), b.fence, store.Source)
		b.ok(err)
		b.ok(r.Put(document.Users, "u1", []byte(`{}`)))
		b.lose()
		ctx, f := b.Context(), b.fence
		for what, err := range map[string]error{
			"begin":  b.store.BeginRun(ctx, f, run("r2", noon)),
			"end":    b.store.EndRun(ctx, f, run("r1", noon)),
			"settle": b.store.Settle(ctx, f, []store.Settlement{done(seq)}),
			"links":  b.store.PutLinks(ctx, f, []store.Link{{Kind: "user", Source: "a", Target: "b"}}),
			"holds":  b.store.PutHolds(ctx, f, "apply", []store.Hold{{Step: "s"}}),
			"keep":   r.Keep(ctx, "c", noon),
		} {
			b.Log(what)
			b.fails(err, store.ErrFenced)
		}
		_, err = b.store.Intend(ctx, f, []ledger.Entry{entry("create", "u2", "eve")})
		b.fails(err, store.ErrFenced)
		_, err = b.store.Reading(ctx, f, store.Source)
		b.fails(err, store.ErrFenced)
		b.same(b.find(store.Query{}), []int64{seq})
		b.same(b.entries(store.Query{})[0].Outcome, ledger.Intended)
		b.source()
	}},
}
