package storetest

import (
	"slices"
	"strconv"
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// some entries to search, numbered from 0 in the order of seqs.
func (b *bench) some() []int64 {
	b.Helper()
	b.ok(b.store.BeginRun(b.Context(), b.fence, run("r2", noon)))
	ada := entry("create", "ID-1", "Ada@Acme.example")
	ada.Subject.Target = "T-1"
	group := entry("add-members", "g1", "Devs")
	group.Kind, group.At, group.Run = "group", noon.Add(time.Minute), "r2"
	group.Add = []ledger.Member{{ID: "ID-1", Name: "Ada@Acme.example", Target: "T-1"}, {ID: "ID-2", Name: "Bo"}}
	group.Remove = []ledger.Member{{ID: "ID-3", Name: "Çelik"}}
	held := entry("deactivate", "ID-2", "Bo")
	held.Outcome, held.At = ledger.Held, noon.Add(2*time.Minute)
	return b.intend(ada, group, held)
}

var searches = []sentence{
	{"everything is found, oldest first, or newest first", func(b *bench) {
		s := b.some()
		b.same(b.find(store.Query{}), s)
		b.same(b.find(store.Query{Newest: true}), []int64{s[2], s[1], s[0]})
	}},
	{"a subject is found by either id or its name, also as a member, whatever the letter case", func(b *bench) {
		s := b.some()
		for _, who := range []string{"ID-1", "id-1", "t-1", " ADA@acme.example "} {
			b.Log(who)
			b.same(b.find(store.Query{Subject: who}), s[:2])
		}
		b.same(b.find(store.Query{Subject: "çelik"}), s[1:2])
		b.same(b.find(store.Query{Subject: "devs"}), s[1:2])
		b.same(b.find(store.Query{Subject: "bo", Newest: true}), []int64{s[2], s[1]})
		b.same(b.find(store.Query{Subject: "nobody"}), nil)
		b.same(b.find(store.Query{Subject: "Ada"}), nil)
	}},
	{"fields narrow, alone and together", func(b *bench) {
		s := b.some()
		b.same(b.find(store.Query{Connection: "acme"}), s)
		b.same(b.find(store.Query{Connection: "fabrikam"}), nil)
		b.same(b.find(store.Query{Run: "r1"}), []int64{s[0], s[2]})
		b.same(b.find(store.Query{Op: "deactivate"}), s[2:])
		b.same(b.find(store.Query{Kind: "user"}), []int64{s[0], s[2]})
		b.same(b.find(store.Query{Outcome: ledger.Held}), s[2:])
		b.same(b.find(store.Query{Outcome: ledger.Intended}), s[:2])
		b.same(b.find(store.Query{Run: "r1", Subject: "bo", Outcome: ledger.Held, Connection: "acme"}), s[2:])
		b.same(b.find(store.Query{Run: "r2", Outcome: ledger.Held}), nil)
	}},
	{"since counts its moment, until does not", func(b *bench) {
		s := b.some()
		b.same(b.find(store.Query{Since: noon.Add(time.Minute)}), s[1:])
		b.same(b.find(store.Query{Until: noon.Add(time.Minute)}), s[:1])
		b.same(b.find(store.Query{Since: noon.Add(time.Second), Until: noon.Add(2 * time.Minute)}), s[1:2])
	}},
	{"after continues behind a number, and a limit stops", func(b *bench) {
		s := b.some()
		b.same(b.find(store.Query{After: s[0]}), s[1:])
		b.same(b.find(store.Query{Limit: 2}), s[:2])
		b.same(b.find(store.Query{After: s[0], Limit: 1}), s[1:2])
		b.same(b.find(store.Query{After: s[0], Limit: 1, Newest: true}), s[2:])
	}},
	{"long answers come complete, in order, and stop where the reader stops", func(b *bench) {
		var all []ledger.Entry
		for i := range 1700 {
			all = append(all, entry("update", "u"+strconv.Itoa(i), "same name"))
		}
		want := b.intend(all...)
		b.same(b.find(store.Query{Subject: "same name"}), want)
		b.same(b.find(store.Query{Limit: 1100}), want[:1100])
		slices.Reverse(want)
		b.same(b.find(store.Query{Newest: true}), want)
		n := 0
		for _, err := range b.store.Entries(b.Context(), store.Query{}) {
			b.ok(err)
			if n++; n == 3 {
				break
			}
		}
		b.same(n, 3)
	}},
}
