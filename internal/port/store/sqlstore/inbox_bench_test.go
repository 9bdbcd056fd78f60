package sqlstore_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// crowd is how many goroutines use the inbox at once.
const crowd = 16

// benchInbox is an inbox with the directory "acme" and so many users, kept from one benchmark to the next.
type benchInbox struct {
	*sqlstore.Inbox
	users, groups *scim.ResourceType
	made, turn    atomic.Int64
}

func openInbox(b *testing.B) *benchInbox {
	b.Helper()
	s, err := scim.NewService([]scim.Schema{scim.User(), scim.Group(), scim.EnterpriseUser()},
		[]scim.TypeDefinition{scim.UserDefinition(), scim.GroupDefinition()}, scim.Rules{Tolerate: scim.Lenient})
	must(b, err)
	x := &benchInbox{Inbox: open(b, filepath.Join(b.TempDir(), "rollcall.db")).Inbox(), users: s.Type("User"), groups: s.Type("Group")}
	must(b, x.PutDirectory(b.Context(), inbox.Directory{ID: "acme", Created: noon}))
	return x
}

func (x *benchInbox) key(t *scim.ResourceType, id string) inbox.Key {
	return inbox.Key{Directory: "acme", Type: t, ID: id}
}

// userBody is what Entra sends of a user with the usual mappings.
func userBody(n int) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"x%[1]s",`+
		`"userName":"user%[2]d@acme.example","active":true,"displayName":"Somebody %[2]d","emails":[{"primary":true,"type":"work","value":"user%[2]d@acme.example"}],`+
		`"name":{"formatted":"Somebody With A Name","familyName":"Name","givenName":"Somebody"},"title":"Engineer","preferredLanguage":"en-US",`+
		`"addresses":[{"type":"work","streetAddress":"1 Main Street","locality":"Berlin","country":"DE","formatted":"1 Main Street, Berlin"}],`+
		`"phoneNumbers":[{"type":"work","value":"+49 30 1234567"}],`+
		`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"%[2]d","department":"Platform","manager":{"value":"26118915-6090-4610-87e4-49d8ca9f808d"}}}`, guid(n), n)
}

func (x *benchInbox) create(b *testing.B, n int) {
	b.Helper()
	body, err := x.users.Decode([]byte(userBody(n)))
	if err != nil {
		b.Error(err)
		return
	}
	if _, err := x.Create(b.Context(), x.key(x.users, guid(n)), body, noon); err != nil {
		b.Error(err)
	}
}

// fillTo makes users until there are so many.
func (x *benchInbox) fillTo(b *testing.B, n int) {
	b.Helper()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := int(x.made.Add(1)); i <= n; i = int(x.made.Add(1)) {
				x.create(b, i)
			}
		})
	}
	all.Wait()
	x.made.Store(int64(n))
}

// perSecond runs do from as many goroutines as there are in a crowd, and reports how often it was done in a second.
func perSecond(b *testing.B, do func(*rand.Rand)) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	before := processorTime(b)
	for i := range crowd {
		all.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for left.Add(-1) >= 0 {
				do(r)
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/call")
}

// processorTime is what this process has used so far: on a machine that has other things to do as well, it says more than
// the time that passed.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkInbox measures 16 goroutines with 10,000 users; with INBOX_USERS, with as many.
func BenchmarkInbox(b *testing.B) {
	n := 10_000
	if s := os.Getenv("INBOX_USERS"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		must(b, err)
	}
	x := openInbox(b)
	x.fillTo(b, n)
	everybody := func(*scim.Attr) bool { return true }
	b.Run("get", func(b *testing.B) {
		perSecond(b, func(r *rand.Rand) {
			if _, err := x.Get(b.Context(), x.key(x.users, guid(1+r.IntN(n))), everybody); err != nil {
				b.Error(err)
			}
		})
	})
	find := func(b *testing.B, filter func(n int) string) {
		b.Helper()
		perSecond(b, func(r *rand.Rand) {
			f, err := x.users.ParseFilter(filter(1 + r.IntN(n)))
			if err != nil {
				b.Error(err)
				return
			}
			l, err := x.List(b.Context(), "acme", x.users, &scim.Query{Filter: f, Page: scim.Page{Start: 1, Count: 100}})
			if err != nil || len(l.Resources) != 1 {
				b.Error(l, err)
			}
		})
	}
	b.Run("filter userName", func(b *testing.B) {
		find(b, func(n int) string { return fmt.Sprintf(`userName eq "USER%d@acme.example"`, n) })
	})
	b.Run("filter work address", func(b *testing.B) {
		find(b, func(n int) string {
			return fmt.Sprintf(`emails[type eq "work"].value eq "user%d@acme.example"`, n)
		})
	})
	b.Run("pages of 100 by index", func(b *testing.B) {
		perSecond(b, func(r *rand.Rand) {
			if l, err := x.List(b.Context(), "acme", x.users, &scim.Query{Page: scim.Page{Start: 1 + r.IntN(n/100)*100, Count: 100}}); err != nil || len(l.Resources) != 100 {
				b.Error(err)
			}
		})
	})
	b.Run("walk by cursor", func(b *testing.B) {
		perSecond(b, func(r *rand.Rand) {
			q := &scim.Query{Page: scim.Page{Count: 100, ByCursor: true}}
			for range 10 {
				l, err := x.List(b.Context(), "acme", x.users, q)
				if err != nil {
					b.Error(err)
					return
				}
				q.Page.Cursor = l.Next
			}
		})
		b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	})
	b.Run("search everybody", func(b *testing.B) {
		f, err := x.users.ParseFilter(`title eq "Nobody"`)
		must(b, err)
		for b.Loop() {
			_, err := x.List(b.Context(), "acme", x.users, &scim.Query{Filter: f, Page: scim.Page{Start: 1, Count: 100}})
			must(b, err)
		}
	})
	b.Run("create", func(b *testing.B) {
		perSecond(b, func(*rand.Rand) { x.create(b, int(x.made.Add(1))) })
	})
	b.Run("change a user", func(b *testing.B) {
		perSecond(b, func(r *rand.Rand) {
			x.patch(b, x.users, guid(1+r.IntN(n)), fmt.Sprintf(`{"op":"replace","path":"title","value":"%d"}`, x.turn.Add(1)))
		})
	})
}

func (x *benchInbox) patch(b *testing.B, t *scim.ResourceType, id, operation string) {
	b.Helper()
	p, err := t.ParsePatch([]byte(`{"Operations":[` + operation + `]}`))
	if err != nil {
		b.Error(err)
		return
	}
	if _, changed, err := x.Change(b.Context(), x.key(t, id), noon, p.Apply); err != nil || !changed {
		b.Error(changed, err)
	}
}

// BenchmarkMembers changes one member of one group, from 16 goroutines; the size of the group should make no difference.
func BenchmarkMembers(b *testing.B) {
	x := openInbox(b)
	for _, size := range []int{1_000, 100_000} {
		x.fillTo(b, size+crowd*1000)
		var refs []scim.Ref
		for i := range size {
			refs = append(refs, scim.Ref{Value: guid(1 + i)})
		}
		body, err := x.groups.Decode(fmt.Appendf(nil, `{"displayName":"group %d"}`, size))
		must(b, err)
		body.Refs = map[*scim.Attr][]scim.Ref{x.groups.Attr("members"): refs}
		id := fmt.Sprintf("group-%d", size)
		_, err = x.Create(b.Context(), x.key(x.groups, id), body, noon)
		must(b, err)
		x.turn.Store(0)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			perSecond(b, func(*rand.Rand) {
				i := x.turn.Add(1) - 1
				op := "add"
				if i/(crowd*1000)%2 == 1 {
					op = "remove"
				}
				x.patch(b, x.groups, id, fmt.Sprintf(`{"op":%q,"path":"members","value":[{"value":%q}]}`, op, guid(1+size+int(i%(crowd*1000)))))
			})
		})
		b.Run(fmt.Sprint("get ", size), func(b *testing.B) {
			for b.Loop() {
				_, err := x.Get(b.Context(), x.key(x.groups, id), func(*scim.Attr) bool { return true })
				must(b, err)
			}
		})
	}
}
