package storetest

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

var settlements = []sentence{
	{"an outcome is written over the intent, and nothing else of it changes", func(b *bench) {
		want := entry("create", "u1", "ada")
		want.Seq = b.intend(want)[0]
		out := ledger.Entry{
			Seq: want.Seq, Took: time.Second, Outcome: ledger.Failed, Class: "permanent", Text: "the name is taken", Status: 409, Request: "q7",
			Op: "delete", Why: "another reason", At: noon.Add(time.Hour),
		}
		b.ok(b.store.Settle(b.Context(), b.fence, []store.Settlement{{Entry: out}}))
		want.Took, want.Outcome, want.Class, want.Text, want.Status, want.Request = out.Took, out.Outcome, out.Class, out.Text, out.Status, out.Request
		b.same(b.entries(store.Query{}), []ledger.Entry{want})
	}},
	{"the id that a new record got at the target is written down, and found", func(b *bench) {
		seq := b.intend(entry("create", "u1", "ada"))[0]
		s := done(seq)
		s.Entry.Subject.Target = "scim-1"
		b.ok(b.store.Settle(b.Context(), b.fence, []store.Settlement{s}))
		b.same(b.entries(store.Query{Subject: "scim-1"})[0].Subject, ledger.Subject{ID: "u1", Name: "ada", Target: "scim-1"})
	}},
	{"what was settled is not settled again", func(b *bench) {
		seq := b.intend(entry("create", "u1", "ada"))[0]
		b.settle(seq)
		again := done(seq)
		again.Entry.Outcome = ledger.Failed
		b.refused(b.store.Settle(b.Context(), b.fence, []store.Settlement{again}), "already", "done")
		b.same(b.entries(store.Query{})[0].Outcome, ledger.Done)
	}},
	{"an entry that is not there is ErrUnknown, as is one of another connection", func(b *bench) {
		seq := b.intend(entry("create", "u1", "ada"))[0]
		b.fails(b.store.Settle(b.Context(), b.fence, []store.Settlement{done(seq + 1)}), store.ErrUnknown)
		b.fails(b.store.Settle(b.Context(), b.claim("fabrikam", "here", noon), []store.Settlement{done(seq)}), store.ErrUnknown)
	}},
	{"\"intended\" and unheard-of words are no outcomes", func(b *bench) {
		s := done(b.intend(entry("create", "u1", "ada"))[0])
		for _, o := range []ledger.Outcome{ledger.Intended, "", "perhaps"} {
			s.Entry.Outcome = o
			b.refused(b.store.Settle(b.Context(), b.fence, []store.Settlement{s}))
		}
	}},
	{"links and mirror follow together with the outcome, or none of them does", func(b *bench) {
		seq := b.intend(entry("create", "u1", "ada"))[0]
		s := done(seq)
		s.Link = &store.Link{Kind: "user", Source: "u1", Target: "t1"}
		s.Mirror = []store.Edit{{File: document.ScimUsers, ID: "t1", Object: []byte(`{"id":"t1"}`)}}
		bad := done(seq + 100)
		b.fails(b.store.Settle(b.Context(), b.fence, []store.Settlement{s, bad}), store.ErrUnknown)
		b.same(b.links(), nil)
		b.target()
		s.Mirror = append(s.Mirror, store.Edit{File: document.ScimUsers, ID: "t2", Object: []byte(`{"id`)})
		b.refused(b.store.Settle(b.Context(), b.fence, []store.Settlement{s}), "t2")
		b.same(b.links(), nil)
		open, err := b.store.Open(b.Context(), "acme")
		b.ok(err)
		b.same(len(open), 1)
		s.Mirror = s.Mirror[:1]
		b.ok(b.store.Settle(b.Context(), b.fence, []store.Settlement{s}))
		b.same(b.links(), []store.Link{*s.Link})
		b.target(`atlassian/scim-users.json t1 {"id":"t1"}`)
	}},
	{"a link that is taken away is gone", func(b *bench) {
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{{Kind: "group", Source: "g1", Target: "t1"}, {Kind: "group", Source: "g2", Target: "t2"}}))
		s := done(b.intend(entry("delete", "g1", "devs"))[0])
		s.Unlink = &store.Link{Kind: "group", Source: "g1", Target: "t1"}
		b.ok(b.store.Settle(b.Context(), b.fence, []store.Settlement{s}))
		b.same(b.links(), []store.Link{{Kind: "group", Source: "g2", Target: "t2"}})
		s = done(b.intend(entry("delete", "t2", "old"))[0])
		s.Unlink = &store.Link{Kind: "group", Target: "t2"} // the source does not know it any more
		b.ok(b.store.Settle(b.Context(), b.fence, []store.Settlement{s}))
		b.same(b.links(), nil)
	}},
	{"what may have been taken away counts in the limits, and what a person had let go does not, nor a repaired record", func(b *bench) {
		doubtful, allowed, repaired, lost := entry("deactivate", "u1", "ada"), entry("deactivate", "u2", "bo"), entry("delete", "u3", "cy"), entry("deactivate", "u4", "di")
		allowed.Approved, allowed.Allowed = "lena", 1
		out := entry("remove-members", "g1", "devs")
		out.Kind, out.Remove, out.Approved, out.Allowed = "group", []ledger.Member{{ID: "u1"}, {ID: "u2"}, {ID: "u3"}}, "lena", 2
		gone := entry("delete", "g2", "old")
		gone.Kind, gone.Approved, gone.Allowed = "group", "lena", 1
		var all []store.Settlement
		for i, seq := range b.intend(doubtful, allowed, repaired, out, gone, lost) {
			all = append(all, done(seq))
			switch i {
			case 0:
				all[i].Entry.Outcome = ledger.Unsure
			case 5:
				all[i].Entry.Outcome = ledger.Undone
			}
		}
		b.ok(b.store.Settle(b.Context(), b.fence, all))
		want := []plan.Removal{{At: noon, Class: plan.Deactivations, Count: 1}, {At: noon, Class: plan.MemberRemovals, Count: 1}}
		got, err := b.store.Removed(b.Context(), "acme", noon)
		b.ok(err)
		b.same(got, want)
		b.same(b.entries(store.Query{Op: "remove-members"})[0].Allowed, 2)
		b.prune(noon.Add(23*time.Hour), store.Keep{Age: time.Hour})
		got, err = b.store.Removed(b.Context(), "acme", noon)
		b.ok(err)
		b.same(got, want)
	}},
	{"what was taken away is counted by class, since a moment, of the connection, and only where it was done", func(b *bench) {
		leaver := entry("deactivate", "u1", "ada")
		old := entry("deactivate", "u2", "bo")
		old.At = noon.Add(-time.Hour)
		out := entry("remove-members", "g1", "devs")
		out.Kind, out.Remove = "group", []ledger.Member{{ID: "u1"}, {ID: "u2"}, {ID: "u3"}}
		both := entry("add-members", "g2", "ops")
		both.Kind, both.At, both.Add, both.Remove = "group", noon.Add(time.Minute), []ledger.Member{{ID: "u1"}}, []ledger.Member{{ID: "u2"}}
		gone := entry("delete", "g3", "old")
		gone.Kind, gone.At = "group", noon.Add(time.Hour)
		failed := entry("deactivate", "u4", "eve")
		joiner := entry("create", "u5", "joe")
		seqs := b.intend(leaver, old, out, both, gone, failed, joiner, entry("deactivate", "u6", "open"))
		all := []store.Settlement{done(seqs[0]), done(seqs[1]), done(seqs[2]), done(seqs[3]), done(seqs[4]), done(seqs[5]), done(seqs[6])}
		all[5].Entry.Outcome = ledger.Failed
		b.ok(b.store.Settle(b.Context(), b.fence, all))
		got, err := b.store.Removed(b.Context(), "acme", noon)
		b.ok(err)
		b.same(got, []plan.Removal{
			{At: noon, Class: plan.Deactivations, Count: 1},
			{At: noon, Class: plan.MemberRemovals, Count: 3},
			{At: noon.Add(time.Minute), Class: plan.MemberRemovals, Count: 1},
			{At: noon.Add(time.Hour), Class: plan.GroupDeletions, Count: 1},
		})
		got, err = b.store.Removed(b.Context(), "fabrikam", time.Time{})
		b.ok(err)
		b.same(got, nil)
	}},
}
