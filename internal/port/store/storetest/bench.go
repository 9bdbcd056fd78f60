package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// noon is the moment at which every test begins.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// bench is a store with the lease of the connection "acme", and the run "r1" under it.
type bench struct {
	*testing.T
	store store.Store
	fence store.Fence
}

func start(t *testing.T, s store.Store) *bench {
	t.Helper()
	b := &bench{T: t, store: s}
	b.fence = b.claim("acme", "here", noon)
	b.ok(s.BeginRun(t.Context(), b.fence, run("r1", noon)))
	return b
}

// claim takes a lease that must be free.
func (b *bench) claim(connection, holder string, now time.Time) store.Fence {
	b.Helper()
	f, ok, other, until, err := b.store.Claim(b.Context(), connection, holder, now, time.Minute)
	if err != nil || !ok {
		b.Fatalf("%s could not claim %s: %v (held by %q until %v)", holder, connection, err, other, until)
	}
	return f
}

// lose makes the fence one that was taken over.
func (b *bench) lose() {
	b.Helper()
	b.claim("acme", "there", noon.Add(time.Hour))
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) fails(err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Fatalf("the error is %v, not: %v", err, want)
	}
}

// refused expects an error that says the words.
func (b *bench) refused(err error, words ...string) {
	b.Helper()
	if err == nil {
		b.Fatal("it was not refused")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			b.Fatalf("the error does not say %q: %v", w, err)
		}
	}
}

// same compares two values as they look in JSON: no list and an empty one are the same.
func (b *bench) same(got, want any) {
	b.Helper()
	x, y := b.text(got), b.text(want)
	if x != y {
		b.Fatalf("got\n  %s\nwant\n  %s", x, y)
	}
}

func (b *bench) text(v any) string {
	b.Helper()
	out, err := json.Marshal(v, json.Deterministic(true))
	b.ok(err)
	if string(out) == "null" {
		return "[]"
	}
	return string(out)
}

// sound expects that the store finds nothing wrong with itself.
func (b *bench) sound() {
	b.Helper()
	wrong, err := b.store.Check(b.Context())
	b.ok(err)
	for _, w := range wrong {
		b.Errorf("the store says of itself: %s", w)
	}
}

// intend writes entries of the run r1 down.
func (b *bench) intend(all ...ledger.Entry) []int64 {
	b.Helper()
	seqs, err := b.store.Intend(b.Context(), b.fence, all)
	b.ok(err)
	return seqs
}

// settle settles one intent as done.
func (b *bench) settle(seq int64) {
	b.Helper()
	b.ok(b.store.Settle(b.Context(), b.fence, []store.Settlement{done(seq)}))
}

// find searches the ledger and gives the numbers.
func (b *bench) find(q store.Query) []int64 {
	b.Helper()
	var out []int64
	for _, e := range b.entries(q) {
		out = append(out, e.Seq)
	}
	return out
}

func (b *bench) entries(q store.Query) []ledger.Entry {
	b.Helper()
	var out []ledger.Entry
	for e, err := range b.store.Entries(b.Context(), q) {
		b.ok(err)
		out = append(out, e)
	}
	return out
}

// reading starts a reading of the source.
func (b *bench) reading() *reading {
	b.Helper()
	r, err := b.store.Reading(b.Context(), b.fence, store.Source)
	b.ok(err)
	return &reading{b, r}
}

// mirror is what the mirror of a side holds, a line for everything.
func (b *bench) mirror(side store.Side) []string {
	b.Helper()
	rec := &recorder{}
	b.ok(b.store.Documents(b.Context(), "acme", side, rec))
	return rec.lines
}

// holds expects the lines in the mirror of the source.
func (b *bench) source(want ...string) {
	b.Helper()
	b.same(b.mirror(store.Source), want)
}

func (b *bench) target(want ...string) {
	b.Helper()
	b.same(b.mirror(store.Target), want)
}

// recorder writes down what it is told.
type recorder struct{ lines []string }

func (r *recorder) Add(f document.File, key string, object jsontext.Value) error {
	r.lines = append(r.lines, string(f)+" "+key+" "+string(object))
	return nil
}

func (r *recorder) Whole(f document.File) error {
	r.lines = append(r.lines, string(f)+" whole")
	return nil
}

func (r *recorder) Gap(g document.Gap) error {
	r.lines = append(r.lines, g.File+" gap "+g.Subject+": "+g.What)
	return nil
}

// reading tells a mirror things that must be taken.
type reading struct {
	*bench
	to store.Reading
}

func (r *reading) full(files ...document.File) *reading {
	r.Helper()
	r.ok(r.to.Full(files...))
	return r
}

func (r *reading) put(f document.File, id, object string) *reading {
	r.Helper()
	r.ok(r.to.Put(f, id, jsontext.Value(object)))
	return r
}

func (r *reading) merge(f document.File, id, object string) *reading {
	r.Helper()
	r.ok(r.to.Merge(f, id, jsontext.Value(object)))
	return r
}

func (r *reading) drop(f document.File, id string) *reading {
	r.Helper()
	r.ok(r.to.Drop(f, id))
	return r
}

func (r *reading) in(group, member string) *reading {
	r.Helper()
	r.ok(r.to.Member(document.Groups, group, member, "#user", true))
	return r
}

func (r *reading) out(group, member string) *reading {
	r.Helper()
	r.ok(r.to.Member(document.Groups, group, member, "#user", false))
	return r
}

func (r *reading) gap(f document.File, subject, what string) *reading {
	r.Helper()
	r.ok(r.to.Gap(document.Gap{File: string(f), Subject: subject, What: what}))
	return r
}

func (r *reading) whole(f document.File) *reading {
	r.Helper()
	r.ok(r.to.Whole(f))
	return r
}

func (r *reading) keep() {
	r.Helper()
	r.ok(r.to.Keep(r.Context(), "next", noon))
}

func run(id string, started time.Time) ledger.Run {
	return ledger.Run{ID: id, Connection: "acme", Command: "apply", Plan: "plan1", By: "ada", Started: started, State: ledger.Running}
}

// entry is an intent of the run r1 to do something to a user.
func entry(op, id, name string) ledger.Entry {
	return ledger.Entry{
		Run: "r1", Step: op + ":" + id, Op: op, Kind: "user", Subject: ledger.Subject{ID: id, Name: name},
		Reason: "in-scope", Why: "she is assigned", At: noon, Outcome: ledger.Intended,
	}
}

func done(seq int64) store.Settlement {
	return store.Settlement{Entry: ledger.Entry{Seq: seq, Outcome: ledger.Done}}
}
