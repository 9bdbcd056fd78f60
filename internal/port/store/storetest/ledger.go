package storetest

import (
	"context"
	"sync"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

var entries = []sentence{
	{"an intent is read as it was written", func(b *bench) {
		e := ledger.Entry{
			Run: "r1", Step: "s1", Op: "update", Kind: "group",
			Subject: ledger.Subject{ID: "g1", Name: "Jira «devs»", Target: "t1"},
			Fields:  []byte(`[{"path":"displayName","old":"a","new":"b"}]`),
			Add:     []ledger.Member{{ID: "u1", Name: "Ada", Target: "t-u1"}, {ID: "u2", Name: "Bo"}},
			Remove:  []ledger.Member{{ID: "u0", Name: "Zoë"}},
			Reason:  "changed", Why: "the name changed", At: noon, Took: 5, Outcome: ledger.Intended,
			Class: "c", Text: "t", Status: 200, Request: "q", Approved: "eve",
		}
		e.Seq = b.intend(e)[0]
		b.same(b.entries(store.Query{}), []ledger.Entry{e})
	}},
	{"members keep their order, and the same one may stand in both lists", func(b *bench) {
		e := entry("add-members", "g1", "devs")
		e.Add = []ledger.Member{{ID: "z"}, {ID: "a"}, {ID: "m"}}
		e.Remove = []ledger.Member{{ID: "y"}, {ID: "a"}}
		b.intend(e)
		got := b.entries(store.Query{})[0]
		b.same(got.Add, e.Add)
		b.same(got.Remove, e.Remove)
	}},
	{"numbers come in the order of the entries and rise from call to call", func(b *bench) {
		first := b.intend(entry("create", "u1", "a"), entry("create", "u2", "b"), entry("create", "u3", "c"))
		second := b.intend(entry("create", "u4", "d"))
		all := append(first, second...)
		for i := 1; i < len(all); i++ {
			if all[i] <= all[i-1] {
				b.Fatalf("numbers do not rise: %v", all)
			}
		}
		for i, e := range b.entries(store.Query{}) {
			b.same(e.Subject.ID, []string{"u1", "u2", "u3", "u4"}[i])
			b.same(e.Seq, all[i])
		}
	}},
	{"a number is never given twice, even when the last entries were forgotten", func(b *bench) {
		seq := b.intend(entry("create", "u1", "a"))[0]
		b.settle(seq)
		removed, err := b.store.Prune(b.Context(), noon.AddDate(1, 0, 0), store.Keep{Age: 1})
		b.ok(err)
		b.same(removed, 1)
		if again := b.intend(entry("create", "u1", "a"))[0]; again <= seq {
			b.Fatalf("%d after %d", again, seq)
		}
	}},
	{"intents of one call are written together or not at all", func(b *bench) {
		bad := entry("create", "u2", "b")
		bad.Run = "no such run"
		_, err := b.store.Intend(b.Context(), b.fence, []ledger.Entry{entry("create", "u1", "a"), bad})
		b.fails(err, store.ErrUnknown)
		bad.Run, bad.Outcome = "r1", "perhaps"
		_, err = b.store.Intend(b.Context(), b.fence, []ledger.Entry{entry("create", "u1", "a"), bad})
		b.refused(err, "perhaps")
		b.same(b.find(store.Query{}), nil)
	}},
	{"an entry whose outcome is known is not open and cannot be settled", func(b *bench) {
		e := entry("create", "u1", "a")
		e.Outcome, e.Text = ledger.Blocked, "needs the group"
		seq := b.intend(e)[0]
		open, err := b.store.Open(b.Context(), "acme")
		b.ok(err)
		b.same(open, nil)
		b.refused(b.store.Settle(b.Context(), b.fence, []store.Settlement{done(seq)}), "already")
		b.same(b.entries(store.Query{})[0].Text, "needs the group")
	}},
	{"no entries are no call", func(b *bench) {
		b.same(b.intend(), nil)
		b.ok(b.store.Settle(b.Context(), b.fence, nil))
	}},
	{"open intents are those of the connection without an outcome, by number", func(b *bench) {
		seqs := b.intend(entry("create", "u1", "a"), entry("create", "u2", "b"), entry("create", "u3", "c"))
		b.settle(seqs[1])
		open, err := b.store.Open(b.Context(), "acme")
		b.ok(err)
		b.same([]int64{open[0].Seq, open[1].Seq}, []int64{seqs[0], seqs[2]})
		open, err = b.store.Open(b.Context(), "fabrikam")
		b.ok(err)
		b.same(open, nil)
	}},
	{"many who write at once lose nothing", func(b *bench) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					seqs, err := b.store.Intend(b.Context(), b.fence, []ledger.Entry{entry("update", "u1", "a"), entry("update", "u2", "b")})
					if err == nil {
						err = b.store.Settle(b.Context(), b.fence, []store.Settlement{done(seqs[0]), done(seqs[1])})
					}
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.same(len(b.find(store.Query{Outcome: ledger.Done})), 320)
	}},
	{"a call that is given up writes nothing and spoils nothing", func(b *bench) {
		ctx, stop := context.WithCancel(b.Context())
		stop()
		_, err := b.store.Intend(ctx, b.fence, []ledger.Entry{entry("create", "u1", "a")})
		b.fails(err, context.Canceled)
		b.same(b.find(store.Query{}), nil)
		b.same(len(b.intend(entry("create", "u1", "a"))), 1)
	}},
	{"a reader may write while it reads", func(b *bench) {
		for range 3 {
			b.intend(entry("create", "u1", "a"))
		}
		for e, err := range b.store.Entries(b.Context(), store.Query{}) {
			b.ok(err)
			b.settle(e.Seq)
		}
		open, err := b.store.Open(b.Context(), "acme")
		b.ok(err)
		b.same(open, nil)
	}},
}
