package storetest

import (
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

const day = 24 * time.Hour

// prune forgets at a moment and gives how much went.
func (b *bench) prune(now time.Time, k store.Keep) int {
	b.Helper()
	n, err := b.store.Prune(b.Context(), now, k)
	b.ok(err)
	return n
}

var upkeep = []sentence{
	{"without bounds nothing is forgotten", func(b *bench) {
		b.settle(b.intend(entry("create", "u1", "ada"))[0])
		b.same(b.prune(noon.AddDate(10, 0, 0), store.Keep{}), 0)
		b.same(len(b.find(store.Query{})), 1)
	}},
	{"settled entries, ended runs and roll calls go by age", func(b *bench) {
		young := entry("create", "u2", "bo")
		young.At = noon.Add(2 * day)
		seqs := b.intend(entry("create", "u1", "ada"), young)
		b.settle(seqs[0])
		b.settle(seqs[1])
		end := run("r1", noon)
		end.State, end.Ended = ledger.Ended, noon.Add(time.Hour)
		b.ok(b.store.EndRun(b.Context(), b.fence, end))
		b.ok(b.store.PutRollCall(b.Context(), store.RollCall{Connection: "acme", At: noon}))
		b.ok(b.store.PutRollCall(b.Context(), store.RollCall{Connection: "acme", At: noon.Add(2 * day)}))
		b.Log("the run stays while an entry of it stays")
		b.same(b.prune(noon.Add(3*day), store.Keep{Age: 2 * day}), 2)
		b.same(b.find(store.Query{}), seqs[1:])
		b.same(len(b.calls(time.Time{})), 1)
		_, err := b.store.Run(b.Context(), "r1")
		b.ok(err)
		b.same(b.prune(noon.Add(9*day), store.Keep{Age: 2 * day}), 3)
		_, err = b.store.Run(b.Context(), "r1")
		b.fails(err, store.ErrUnknown)
	}},
	{"the oldest go where there are too many, members with them", func(b *bench) {
		var all []ledger.Entry
		for i := range 40 {
			e := entry("add-members", "g", "devs")
			e.Add = []ledger.Member{{ID: "m" + strconv.Itoa(i)}}
			all = append(all, e)
		}
		seqs := b.intend(all...)
		for _, seq := range seqs {
			b.settle(seq)
		}
		b.same(b.prune(noon.Add(2*day), store.Keep{Entries: 10}), 30)
		b.same(b.find(store.Query{}), seqs[30:])
		b.same(b.find(store.Query{Subject: "m3"}), nil)
		b.same(b.find(store.Query{Subject: "m33"}), seqs[33:34])
	}},
	{"open intents, runs under way, links, mirrors and holds are never forgotten", func(b *bench) {
		seqs := b.intend(entry("create", "u1", "ada"))
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "a", "1")}))
		b.wait(hold("s1", "", ""))
		b.reading().put(g, "1", `{}`).in("1", "ada").keep()
		b.same(b.prune(noon.AddDate(10, 0, 0), store.Keep{Age: 1, Entries: 1}), 0)
		b.same(b.prune(noon.AddDate(10, 0, 0), store.Keep{Age: 1}), 0)
		b.same(b.find(store.Query{}), seqs)
		b.same(len(b.links()), 1)
		b.same(len(b.waiting()), 1)
		b.source(group("1", "ada"))
		_, err := b.store.Run(b.Context(), "r1")
		b.ok(err)
	}},
	{"what was taken away in the last day stays, so that its limits hold", func(b *bench) {
		out := entry("remove-members", "g", "devs")
		out.Remove = []ledger.Member{{ID: "u1"}}
		for _, seq := range b.intend(entry("deactivate", "u1", "ada"), entry("create", "u2", "bo"), out) {
			b.settle(seq)
		}
		b.same(b.prune(noon.Add(23*time.Hour), store.Keep{Age: time.Hour}), 1)
		got, err := b.store.Removed(b.Context(), "acme", noon)
		b.ok(err)
		b.same(got, []plan.Removal{{At: noon, Class: plan.Deactivations, Count: 1}, {At: noon, Class: plan.MemberRemovals, Count: 1}})
		b.same(b.prune(noon.Add(25*time.Hour), store.Keep{Age: time.Hour}), 2)
	}},
	{"what follows on forgetting is found and mirrored as before", func(b *bench) {
		e := entry("add-members", "g", "devs")
		e.Add = []ledger.Member{{ID: "ada", Name: "Ada"}}
		b.settle(b.intend(e)[0])
		b.reading().put(g, "1", `{}`).in("1", "ada").keep()
		b.reading().out("1", "ada").keep()
		b.same(b.prune(noon.Add(2*day), store.Keep{Age: time.Hour}), 1)
		seq := b.intend(e)
		b.reading().in("1", "ada").keep()
		b.same(b.find(store.Query{Subject: "ada"}), seq)
		b.source(group("1", "ada"))
	}},
	{"a backup is a file that only its owner reads, and is never written over another", func(b *bench) {
		b.reading().put(document.Users, "u1", `{}`).keep()
		path := filepath.Join(b.TempDir(), "backup.db")
		b.ok(b.store.Backup(b.Context(), path))
		info, err := os.Stat(path)
		b.ok(err)
		if info.Mode().Perm() != 0o600 || info.Size() == 0 {
			b.Fatalf("%v, %d bytes", info.Mode(), info.Size())
		}
		b.refused(b.store.Backup(b.Context(), path), "there already")
		b.refused(b.store.Backup(b.Context(), filepath.Join(b.TempDir(), "no", "folder")), "not made")
	}},
}
