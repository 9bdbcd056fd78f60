package sqlstore_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

func benchStore(b *testing.B) (*sqlstore.Store, store.Fence) {
	b.Helper()
	s := open(b, filepath.Join(b.TempDir(), "rollcall.db"))
	f, ok, _, _, err := s.Claim(b.Context(), "acme", "bench", noon, time.Hour)
	if err != nil || !ok {
		b.Fatal(ok, err)
	}
	if err := s.BeginRun(b.Context(), f, ledger.Run{ID: "r", Connection: "acme", Started: noon, State: ledger.Running}); err != nil {
		b.Fatal(err)
	}
	return s, f
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// guid is an id that sorts as those of the services do: not by time.
func guid(n int) string {
	h := uint64(n) * 0x9e3779b97f4a7c15
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", h>>32, h>>16&0xffff, h&0xfff, h>>8&0xfff, n)
}

// BenchmarkChanges writes intents and settles them, as many per call as the name says. One op is one change: two
// transactions that are on disk, shared by the changes of a call.
func BenchmarkChanges(b *testing.B) {
	for _, size := range []int{1, 10, 100, 500} {
		b.Run(fmt.Sprintf("users/%d", size), func(b *testing.B) {
			s, f := benchStore(b)
			for n := 0; n < b.N; n += size {
				change(b, s, f, n, size, 0)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
		})
	}
	b.Run("groups of 100 members/10", func(b *testing.B) {
		s, f := benchStore(b)
		for n := 0; n < b.N; n += 10 {
			change(b, s, f, n, 10, 100)
		}
		b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "members/s")
	})
}

func change(b *testing.B, s *sqlstore.Store, f store.Fence, first, size, members int) {
	b.Helper()
	var all []ledger.Entry
	for i := range size {
		id := guid(first + i)
		e := ledger.Entry{
			Run: "r", Step: "create:" + id, Op: "create", Kind: "user", Subject: ledger.Subject{ID: id, Name: id + "@acme.example"},
			Fields: jsontext.Value(`[{"path":"userName","old":null,"new":"x@acme.example"},{"path":"displayName","old":null,"new":"Xaver Y"}]`),
			Reason: "in-scope", Why: "assigned to the application through jira-users", At: noon, Outcome: ledger.Intended,
		}
		for m := range members {
			who := guid(((first+i)*37 + m*7919) % 100_000)
			e.Add = append(e.Add, ledger.Member{ID: who, Name: who + "@acme.example", Target: "t" + who})
		}
		all = append(all, e)
	}
	seqs, err := s.Intend(b.Context(), f, all)
	must(b, err)
	done := make([]store.Settlement, size)
	for i := range done {
		id := all[i].Subject.ID
		edit := store.Edit{File: document.ScimUsers, ID: "t" + id, Object: user(id)}
		if members > 0 {
			edit.File = document.ScimGroups
			for _, m := range all[i].Add {
				edit.Add = append(edit.Add, m.Target)
			}
		}
		done[i] = store.Settlement{
			Entry: ledger.Entry{Seq: seqs[i], Outcome: ledger.Done, Subject: ledger.Subject{Target: "t" + id}, Status: 201},
			Link:  &store.Link{Kind: "user", Source: id, Target: "t" + id}, Mirror: []store.Edit{edit},
		}
	}
	must(b, s.Settle(b.Context(), f, done))
}

func user(id string) jsontext.Value {
	return jsontext.Value(fmt.Sprintf(`{"id":%[1]q,"userPrincipalName":"%[1]s@acme.example","mail":"%[1]s@acme.example","displayName":"Somebody With A Name","givenName":"Somebody","surname":"Name","jobTitle":"Engineer","department":"Platform","accountEnabled":true,"userType":"Member","proxyAddresses":["SMTP:%[1]s@acme.example"],"createdDateTime":"2024-03-01T00:00:00Z"}`, id))
}

// BenchmarkMirror keeps and shows a tenant of 100,000 users, 5,000 groups and 1,000,000 memberships. Telling is part of it.
func BenchmarkMirror(b *testing.B) {
	const users, groups, each = 100_000, 5_000, 200
	tell := func(b *testing.B, s *sqlstore.Store, f store.Fence, turn int) {
		b.Helper()
		r, err := s.Reading(b.Context(), f, store.Source)
		must(b, err)
		must(b, r.Full(document.Users, document.Groups))
		for i := range users {
			must(b, r.Put(document.Users, guid(i), user(guid(i))))
		}
		for g := range groups {
			id := guid(users + g)
			must(b, r.Put(document.Groups, id, jsontext.Value(`{"id":"`+id+`","displayName":"group","securityEnabled":true}`)))
			for m := range each {
				must(b, r.Member(document.Groups, id, guid((g*131+m*499+turn)%users), "#microsoft.graph.user", true))
			}
		}
		must(b, r.Keep(b.Context(), "c", noon))
	}
	b.Run("keep/first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			s, f := benchStore(b)
			b.StartTimer()
			tell(b, s, f, 0)
		}
	})
	s, f := benchStore(b)
	tell(b, s, f, 0)
	b.Run("keep/the same again", func(b *testing.B) {
		for b.Loop() {
			tell(b, s, f, 0)
		}
	})
	b.Run("keep/1,000 changes", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			r, err := s.Reading(b.Context(), f, store.Source)
			must(b, err)
			for i := range 500 {
				must(b, r.Merge(document.Users, guid(i*7), jsontext.Value(fmt.Sprintf(`{"jobTitle":"%d"}`, n))))
				must(b, r.Member(document.Groups, guid(users+i), guid(i*11), "#microsoft.graph.user", n%2 == 0))
			}
			must(b, r.Keep(b.Context(), "c", noon))
		}
	})
	b.Run("documents", func(b *testing.B) {
		for b.Loop() {
			c := &counter{}
			must(b, s.Documents(b.Context(), "acme", store.Source, c))
			if c.objects != users+groups {
				b.Fatal(c.objects)
			}
			b.ReportMetric(float64(c.bytes)/1e6, "MB/op")
		}
	})
}

type counter struct{ objects, bytes int }

func (c *counter) Add(_ document.File, _ string, object jsontext.Value) error {
	c.objects++
	c.bytes += len(object)
	return nil
}
func (c *counter) Gap(document.Gap) error    { return nil }
func (c *counter) Whole(document.File) error { return nil }
