package storetest

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

func hold(step, item, detail string) store.Hold {
	return store.Hold{
		Command: "apply", Run: "r1", Step: step, Item: item, Op: "delete", Kind: "group", Subject: ledger.Subject{ID: "g", Name: "Devs", Target: "t"},
		Member: ledger.Member{ID: item, Name: "m"}, Code: "group-delete", Text: "permissions would go", Detail: detail, Found: noon,
	}
}

func (b *bench) wait(holds ...store.Hold) {
	b.Helper()
	b.ok(b.store.PutHolds(b.Context(), b.fence, "apply", holds))
}

// waiting is every hold: its name, and who approved it.
func (b *bench) waiting() []string {
	b.Helper()
	all, err := b.store.Holds(b.Context(), "acme")
	b.ok(err)
	var out []string
	for _, h := range all {
		out = append(out, h.Step+"/"+h.Item+" "+h.Approved)
	}
	return out
}

func (b *bench) approve(items ...string) []string {
	b.Helper()
	got, err := b.store.Approve(b.Context(), "acme", "r1", items, "eve", "asked her", noon.Add(time.Hour))
	b.ok(err)
	var out []string
	for _, h := range got {
		if h.Approved != "eve" || h.Note != "asked her" || !h.When.Equal(noon.Add(time.Hour)) {
			b.Fatalf("approved as %+v", h)
		}
		out = append(out, h.Step+"/"+h.Item)
	}
	return out
}

var holds = []sentence{
	{"what waits is read as it was written, by step and item", func(b *bench) {
		b.wait(hold("s2", "", "d"), hold("s1", "b", "d"), hold("s1", "a", "d"))
		got, err := b.store.Holds(b.Context(), "acme")
		b.ok(err)
		b.same(got, []store.Hold{hold("s1", "a", "d"), hold("s1", "b", "d"), hold("s2", "", "d")})
	}},
	{"the newest plan replaces what waited", func(b *bench) {
		b.wait(hold("s1", "", "d"), hold("s2", "", "d"))
		b.wait(hold("s2", "", "d"), hold("s3", "", "d"))
		b.same(b.waiting(), []string{"s2/ ", "s3/ "})
		b.wait()
		b.same(b.waiting(), nil)
	}},
	{"what waits for one command stays, approvals too, when that of another is replaced", func(b *bench) {
		mend := hold("mend", "", "d")
		mend.Run = "r2"
		b.ok(b.store.PutHolds(b.Context(), b.fence, "repair", []store.Hold{mend}))
		_, err := b.store.Approve(b.Context(), "acme", "r2", nil, "eve", "", noon)
		b.ok(err)
		b.wait(hold("s1", "", "d"))
		b.same(b.waiting(), []string{"mend/ eve", "s1/ "})
		b.wait()
		b.same(b.waiting(), []string{"mend/ eve"})
		got, err := b.store.Holds(b.Context(), "acme")
		b.ok(err)
		b.same(got[0].Command, "repair")
		b.wait(hold("s1", "", "d"))
		b.ok(b.store.PutHolds(b.Context(), b.fence, "repair", nil))
		b.same(b.waiting(), []string{"s1/ "})
	}},
	{"everything of a run is approved, or what is named, a step with its items", func(b *bench) {
		b.wait(hold("s1", "a", ""), hold("s1", "b", ""), hold("s2", "", ""), hold("s3", "x", ""), hold("s3", "y", ""), hold("s4", "", ""))
		b.same(b.approve("s1/b", "s2"), []string{"s1/b", "s2/"})
		b.same(b.approve("s3"), []string{"s3/x", "s3/y"})
		b.same(b.waiting(), []string{"s1/a ", "s1/b eve", "s2/ eve", "s3/x eve", "s3/y eve", "s4/ "})
		b.same(b.approve(), []string{"s1/a", "s4/"})
		b.same(b.approve(), nil)
	}},
	{"naming one that does not wait approves none", func(b *bench) {
		b.wait(hold("s1", "", ""), hold("s2", "", ""))
		_, err := b.store.Approve(b.Context(), "acme", "r1", []string{"s1", "s9"}, "eve", "", noon)
		b.refused(err, "s9")
		b.same(b.waiting(), []string{"s1/ ", "s2/ "})
		b.approve("s1")
		_, err = b.store.Approve(b.Context(), "acme", "r1", []string{"s1"}, "eve", "", noon)
		b.refused(err, "s1")
	}},
	{"a run of which nothing waits is ErrUnknown, as is that of another connection", func(b *bench) {
		b.wait(hold("s1", "", ""))
		_, err := b.store.Approve(b.Context(), "acme", "r9", nil, "eve", "", noon)
		b.fails(err, store.ErrUnknown)
		_, err = b.store.Approve(b.Context(), "fabrikam", "r1", nil, "eve", "", noon)
		b.fails(err, store.ErrUnknown)
	}},
	{"an approval names who gave it", func(b *bench) {
		b.wait(hold("s1", "", ""))
		_, err := b.store.Approve(b.Context(), "acme", "r1", nil, "", "", noon)
		b.refused(err)
		b.same(b.waiting(), []string{"s1/ "})
	}},
	{"an approval stays while the same is held, with the run and the moment in which it was found", func(b *bench) {
		b.wait(hold("s1", "a", "d"))
		b.approve()
		later := hold("s1", "a", "d")
		later.Run, later.Found, later.Text = "r2", noon.Add(2*time.Hour), "newer words"
		b.wait(later)
		want := hold("s1", "a", "d")
		want.Text, want.Approved, want.Note, want.When = "newer words", "eve", "asked her", noon.Add(time.Hour)
		got, err := b.store.Holds(b.Context(), "acme")
		b.ok(err)
		b.same(got, []store.Hold{want})
	}},
	{"an approval counts for nothing else: another detail, item or step waits again", func(b *bench) {
		b.wait(hold("s1", "a", "d"), hold("s2", "", "d"))
		b.approve()
		changed := hold("s2", "", "another")
		changed.Run = "r2"
		b.wait(hold("s1", "b", "d"), changed, hold("s3", "", "d"))
		b.same(b.waiting(), []string{"s1/b ", "s2/ ", "s3/ "})
		got, err := b.store.Holds(b.Context(), "acme")
		b.ok(err)
		b.same(got[1].Run, "r2")
	}},
	{"a plan approves nothing by itself", func(b *bench) {
		h := hold("s1", "", "")
		h.Approved = "the plan"
		b.wait(h)
		b.same(b.waiting(), []string{"s1/ "})
	}},
	{"the same step and item waits once", func(b *bench) {
		b.refused(b.store.PutHolds(b.Context(), b.fence, "apply", []store.Hold{hold("s1", "a", "d"), hold("s1", "a", "e")}))
		b.same(b.waiting(), nil)
	}},
}
