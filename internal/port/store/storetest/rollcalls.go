package storetest

import (
	"time"

	"github.com/rollcall/rollcall/internal/port/store"
)

var rollCalls = []sentence{
	{"roll calls are read as they were made, oldest first, since a moment", func(b *bench) {
		var want []store.RollCall
		for _, h := range []int{2, 0, 1} {
			r := store.RollCall{Connection: "acme", At: noon.Add(time.Duration(h) * time.Hour), Counts: []byte(`{"missing":1}`), Findings: []byte(`[{"a":1}]`)}
			b.ok(b.store.PutRollCall(b.Context(), r))
			want = append(want, r)
		}
		b.ok(b.store.PutRollCall(b.Context(), store.RollCall{Connection: "fabrikam", At: noon}))
		b.same(b.calls(time.Time{}), []store.RollCall{want[1], want[2], want[0]})
		b.same(b.calls(noon.Add(time.Hour)), []store.RollCall{want[2], want[0]})
	}},
	{"a roll call of the same moment replaces the first", func(b *bench) {
		for _, counts := range []string{`{"missing":1}`, `{"missing":2}`} {
			b.ok(b.store.PutRollCall(b.Context(), store.RollCall{Connection: "acme", At: noon, Counts: []byte(counts)}))
		}
		all := b.calls(time.Time{})
		b.same(len(all), 1)
		b.same(string(all[0].Counts), `{"missing":2}`)
	}},
	{"a roll call without a connection or a moment is refused", func(b *bench) {
		b.refused(b.store.PutRollCall(b.Context(), store.RollCall{At: noon}))
		b.refused(b.store.PutRollCall(b.Context(), store.RollCall{Connection: "acme"}))
	}},
}

func (b *bench) calls(since time.Time) []store.RollCall {
	b.Helper()
	var out []store.RollCall
	for r, err := range b.store.RollCalls(b.Context(), "acme", since) {
		b.ok(err)
		out = append(out, r)
	}
	return out
}
