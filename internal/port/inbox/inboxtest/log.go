package inboxtest

import (
	"time"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

var tokens = []sentence{
	{"a token is found by its public part, and those of a directory are given from the oldest on", func(b *bench) {
		one := inbox.Token{ID: "t1", Directory: "acme", Name: "Entra", Hash: []byte{0, 1, 255}, Created: after(2), Expires: after(100)}
		two := inbox.Token{ID: "t0", Directory: "acme", Name: "Okta", Hash: []byte{7}, Created: after(3)}
		other := inbox.Token{ID: "t2", Directory: "beta", Name: "Entra", Hash: []byte{8}, Created: after(1)}
		for _, t := range []inbox.Token{two, one, other} {
			b.ok(b.inbox.PutToken(b.Context(), t))
		}
		got, err := b.inbox.Token(b.Context(), "t1")
		b.ok(err)
		b.same(got, one)
		all, err := b.inbox.Tokens(b.Context(), "acme")
		b.ok(err)
		b.same(all, []inbox.Token{one, two})
	}},
	{"a token that is not there is none", func(b *bench) {
		_, err := b.inbox.Token(b.Context(), "t1")
		b.fails(err, inbox.ErrNone)
		b.fails(b.inbox.UsedToken(b.Context(), "t1", noon, "10.0.0.1"), inbox.ErrNone)
	}},
	{"a token gets another end and another name, and stays what it was", func(b *bench) {
		t := inbox.Token{ID: "t1", Directory: "acme", Name: "Entra", Hash: []byte{1}, Created: noon}
		b.ok(b.inbox.PutToken(b.Context(), t))
		b.ok(b.inbox.UsedToken(b.Context(), "t1", after(3), "10.0.0.1"))
		t.Name, t.Revoked, t.Expires = "Entra, old", after(5), after(9)
		b.ok(b.inbox.PutToken(b.Context(), t))
		got, err := b.inbox.Token(b.Context(), "t1")
		b.ok(err)
		t.Used, t.From = after(3).Truncate(time.Minute), "10.0.0.1"
		b.same(got, t)
	}},
	{"the last use is kept to the minute, with where it came from, and never goes back", func(b *bench) {
		b.ok(b.inbox.PutToken(b.Context(), inbox.Token{ID: "t1", Directory: "acme", Hash: []byte{1}, Created: noon}))
		for _, use := range []struct {
			minute int
			from   string
		}{{1, "10.0.0.1"}, {3, "10.0.0.3"}, {2, "10.0.0.2"}} {
			b.ok(b.inbox.UsedToken(b.Context(), "t1", after(use.minute), use.from))
		}
		got, err := b.inbox.Token(b.Context(), "t1")
		b.ok(err)
		b.same([]any{got.Used, got.From}, []any{after(3).Truncate(time.Minute), "10.0.0.3"})
	}},
}

// found gives the names of the requests that a search finds.
func (b *bench) found(q inbox.Log) []string {
	b.Helper()
	all, err := b.inbox.Requests(b.Context(), q)
	b.ok(err)
	out := []string{}
	for _, r := range all {
		out = append(out, r.Path)
	}
	return out
}

var requests = []sentence{
	{"a request is kept as it was, with a number", func(b *bench) {
		r := inbox.Request{
			At: noon, Took: 1234567, Directory: "acme", Token: "t1", Method: "PATCH", Path: "/Users/1", Query: `filter=userName eq "ada"`, Status: 409,
			ScimType: "uniqueness", Reason: "taken", Type: "User", ID: "1", Name: "ada", Size: 99, Agent: "Entra", From: "10.0.0.1",
		}
		b.ok(b.inbox.PutRequests(b.Context(), []inbox.Request{r}))
		b.ok(b.inbox.PutRequests(b.Context(), nil))
		got, err := b.inbox.Requests(b.Context(), inbox.Log{})
		b.ok(err)
		if len(got) != 1 || got[0].Seq < 1 {
			b.Fatal(got)
		}
		r.Seq = got[0].Seq
		b.same(got, []inbox.Request{r})
	}},
	{"the log is searched by whatever is named, and given from the newest on", func(b *bench) {
		b.ok(b.inbox.PutRequests(b.Context(), []inbox.Request{
			{At: after(0), Path: "a", Directory: "acme", Token: "t1", ID: "1", Name: "ada", Status: 200},
			{At: after(1), Path: "b", Directory: "acme", Token: "t2", ID: "2", Name: "bo", Status: 404},
			{At: after(2), Path: "c", Directory: "beta", Token: "t1", ID: "1", Status: 399},
		}))
		b.ok(b.inbox.PutRequests(b.Context(), []inbox.Request{{At: after(3), Path: "d", Status: 400}}))
		b.same(b.found(inbox.Log{}), []string{"d", "c", "b", "a"})
		b.same(b.found(inbox.Log{Directory: "acme"}), []string{"b", "a"})
		b.same(b.found(inbox.Log{Token: "t1"}), []string{"c", "a"})
		b.same(b.found(inbox.Log{ID: "1"}), []string{"c", "a"})
		b.same(b.found(inbox.Log{Name: "ada"}), []string{"a"})
		b.same(b.found(inbox.Log{Refused: true}), []string{"d", "b"})
		b.same(b.found(inbox.Log{Refused: true, Directory: "acme"}), []string{"b"})
		b.same(b.found(inbox.Log{From: after(1), Until: after(3)}), []string{"c", "b"})
		b.same(b.found(inbox.Log{ID: "1", Directory: "acme", Token: "t1", Name: "ada", Until: after(1)}), []string{"a"})
		b.same(b.found(inbox.Log{ID: "3"}), []string{})
	}},
	{"the log is read page by page", func(b *bench) {
		var all []inbox.Request
		for range 2500 {
			all = append(all, inbox.Request{At: noon, Path: "x"})
		}
		b.ok(b.inbox.PutRequests(b.Context(), all))
		got, before := 0, int64(0)
		for _, want := range []int{1000, 1000, 500, 0} {
			page, err := b.inbox.Requests(b.Context(), inbox.Log{Before: before})
			b.ok(err)
			b.same(len(page), want)
			for i, r := range page {
				if before > 0 && r.Seq >= before || i > 0 && r.Seq >= page[i-1].Seq {
					b.Fatalf("%d does not come behind", r.Seq)
				}
			}
			if got += want; want > 0 {
				before = page[want-1].Seq
			}
		}
		b.same(got, 2500)
		b.same(len(b.found(inbox.Log{Limit: 7})), 7)
	}},
	{"pruning forgets requests of before, and no number is given again", func(b *bench) {
		var all []inbox.Request
		for i := range 4500 {
			all = append(all, inbox.Request{At: after(i % 2), Path: "x"})
		}
		b.ok(b.inbox.PutRequests(b.Context(), all))
		newest, err := b.inbox.Requests(b.Context(), inbox.Log{Limit: 1})
		b.ok(err)
		n, err := b.inbox.Prune(b.Context(), after(1))
		b.ok(err)
		b.same(n, 2250)
		n, err = b.inbox.Prune(b.Context(), after(2))
		b.ok(err)
		b.same(n, 2250)
		b.same(b.found(inbox.Log{}), []string{})
		b.ok(b.inbox.PutRequests(b.Context(), all[:1]))
		next, err := b.inbox.Requests(b.Context(), inbox.Log{})
		b.ok(err)
		if len(next) != 1 || next[0].Seq <= newest[0].Seq {
			b.Fatalf("%d follows %d", next[0].Seq, newest[0].Seq)
		}
	}},
	{"those who write the log at the same time keep everything", func(b *bench) {
		b.together(func(int) error {
			return b.inbox.PutRequests(b.Context(), []inbox.Request{{At: noon, Path: "x"}, {At: noon, Path: "y"}})
		})
		b.same(len(b.found(inbox.Log{})), 2*many)
	}},
}
