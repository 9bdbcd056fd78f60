package atlassian

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// readAll pages through the directory, the organization and a group on the site, and counts what it sees.
func readAll(t testing.TB, w *testWorld) (users, memberships, accounts int) {
	t.Helper()
	get := func(address, key string, body any, into any) {
		r, err := w.try(map[bool]string{true: "GET", false: "POST"}[body == nil], address, key, body)
		if err != nil || r.status != 200 {
			t.Fatalf("%s: %d %v", address, r.status, err)
		}
		if err := json.Unmarshal([]byte(r.text), into); err != nil {
			t.Fatal(err)
		}
	}
	for start := 1; ; {
		var page struct{ Resources []struct{ ID string } }
		get(fmt.Sprintf("%s/Users?startIndex=%d", scimBase, start), "Bearer "+DefaultKey, nil, &page)
		if len(page.Resources) == 0 {
			break
		}
		users += len(page.Resources)
		start += len(page.Resources)
	}
	for start := 1; ; {
		var page struct {
			Resources []struct{ Members []struct{ Value string } }
		}
		get(fmt.Sprintf("%s/Groups?startIndex=%d", scimBase, start), "Bearer "+DefaultKey, nil, &page)
		if len(page.Resources) == 0 {
			break
		}
		for _, g := range page.Resources {
			memberships += len(g.Members)
		}
		start += len(page.Resources)
	}
	for body := (object{"limit": 100}); ; {
		var page struct {
			Data  []struct{ AccountID string }
			Links struct{ Next string }
		}
		get(orgV2+"/directories/-/users/search", "Bearer "+DefaultAdminKey, body, &page)
		accounts += len(page.Data)
		if page.Links.Next == "" {
			return users, memberships, accounts
		}
		body["cursor"] = page.Links.Next
	}
}

func BenchmarkPatchOfOneMemberInAGroupOf50000(b *testing.B) {
	l := &Lab{}
	if err := l.Load(crowd(50_001, 1, 1)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		world := l.lock()
		g, r := world.directories[0].groupByID["g-0"], world.directories[0].userByID["s-25000"]
		world.removeMember(g, r)
		world.addMember(g, r)
		l.mu.Unlock()
	}
}

// BenchmarkLoadingAndReading is the size of the design: 100,000 people, 5,000 groups, a million memberships.
func BenchmarkLoadingAndReading(b *testing.B) {
	files := crowd(100_000, 5_000, 10)
	for b.Loop() {
		l := &Lab{}
		start := time.Now()
		if err := l.Load(files); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "load-s")
		start = time.Now()
		w := &testWorld{Lab: l, t: b}
		w.http = clientOf(l)
		users, memberships, accounts := readAll(b, w)
		if users != 100_000 || memberships != 1_000_000 || accounts != 100_000 {
			b.Fatalf("read %d users, %d memberships, %d accounts", users, memberships, accounts)
		}
		b.ReportMetric(time.Since(start).Seconds(), "read-s")
	}
}
