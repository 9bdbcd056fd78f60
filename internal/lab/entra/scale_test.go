package entra

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// company makes the documents of a company: every user in some groups, one group with everybody.
func company(users, groups, memberships int) fs.FS {
	var u, g strings.Builder
	u.WriteString(`{"value":[`)
	for i := range users {
		if i > 0 {
			u.WriteByte(',')
		}
		fmt.Fprintf(&u, `{"id":"%s","userPrincipalName":"user%d@fabrikam.example","mail":"user%d@fabrikam.example","displayName":"User %d",`+
			`"givenName":"User","surname":"%d","accountEnabled":true,"userType":"Member","department":"Dept %d","jobTitle":null}`,
			guid(1, uint64(i)), i, i, i, i, i%40)
	}
	u.WriteString("]}")
	g.WriteString(`{"value":[`)
	each := (memberships - users) / (groups - 1)
	next := 0
	for i := range groups {
		if i > 0 {
			g.WriteByte(',')
		}
		fmt.Fprintf(&g, `{"id":"%s","displayName":"group-%d","securityEnabled":true,"groupTypes":[],"members":[`, guid(2, uint64(i)), i)
		n := each
		if i == 0 {
			n, next = users, 0
		}
		for j := range n {
			if j > 0 {
				g.WriteByte(',')
			}
			fmt.Fprintf(&g, `{"@odata.type":"#microsoft.graph.user","id":"%s"}`, guid(1, uint64(next%users)))
			next++
		}
		g.WriteString("]}")
	}
	g.WriteString("]}")
	return fstest.MapFS{"entra/users.json": {Data: []byte(u.String())}, "entra/groups.json": {Data: []byte(g.String())}}
}

// read follows a list or a delta query to its end and counts its bytes, without parsing more than the link.
func read(tb testing.TB, c *http.Client, token, address string) (pages, size int) {
	tb.Helper()
	for address != "" {
		req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			tb.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("ConsistencyLevel", "eventual")
		resp, err := c.Do(req)
		if err != nil {
			tb.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			tb.Fatalf("%s: %d %.200s %v", address, resp.StatusCode, raw, err)
		}
		resp.Body.Close()
		pages, size = pages+1, size+len(raw)
		_, rest, more := strings.Cut(string(raw[:min(len(raw), 2000)]), `"@odata.nextLink":`)
		address = ""
		if more {
			end := strings.IndexByte(rest[1:], '"') + 2
			if address, err = strconv.Unquote(rest[:end]); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return pages, size
}

// TestALargeCompanyIsReadWithoutQuadraticWork reads ten times as much in about ten times the time. The bounds are wide:
// what is quadratic takes a hundred times.
func TestALargeCompanyIsReadWithoutQuadraticWork(t *testing.T) {
	took := func(users, groups, memberships int) map[string]time.Duration {
		l := &Lab{Limits: Limits{Off: true}}
		docs := company(users, groups, memberships)
		out := map[string]time.Duration{}
		begin := time.Now()
		lap := func(name string) {
			out[name] = time.Since(begin)
			begin = time.Now()
		}
		must(t, l.Load(docs))
		lap("load")
		c, token := &http.Client{Transport: l.Transport()}, l.Token(DefaultClient)
		base := "https://graph.microsoft.com/v1.0"
		read(t, c, token, base+"/users?$top=100")
		lap("users")
		read(t, c, token, base+"/groups/"+guid(2, 0)+"/members?$select=id&$top=100")
		lap("members of everybody")
		read(t, c, token, base+"/groups/"+guid(2, 0)+"/transitiveMembers/microsoft.graph.user?$count=true&$top=100")
		lap("transitive members")
		read(t, c, token, base+"/groups/delta?$select=displayName,members")
		lap("delta of groups")
		for i := range users / 10 {
			must(t, l.UpdateUser(guid(1, uint64(i)), Props{"department": "New"}))
		}
		read(t, c, token, base+"/auditLogs/directoryAudits?$top=100")
		lap("changes and their log")
		return out
	}
	for try := 1; ; try++ { // a busy machine is no quadratic work: it does not stay at the same place three times
		small, large := took(1_000, 50, 10_000), took(10_000, 500, 100_000)
		var slow []string
		for name, d := range large {
			if limit := 40*small[name] + 200*time.Millisecond; d > limit {
				slow = append(slow, fmt.Sprintf("%s: %s for ten times of what took %s", name, d, small[name]))
			}
		}
		if len(slow) == 0 {
			return
		}
		if try == 3 {
			t.Fatal(strings.Join(slow, "\n"))
		}
	}
}

func BenchmarkLoadAHundredThousandUsers(b *testing.B) {
	docs := company(100_000, 5_000, 1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := (&Lab{}).Load(docs); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadAHundredThousandUsers(b *testing.B) {
	l := &Lab{Limits: Limits{Off: true}}
	if err := l.Load(company(100_000, 5_000, 1_000_000)); err != nil {
		b.Fatal(err)
	}
	c, token := &http.Client{Transport: l.Transport()}, l.Token(DefaultClient)
	for name, path := range map[string]string{
		"users": "/users?$top=999", "group delta": "/groups/delta?$select=displayName,members", "one large group": "/groups/" + guid(2, 0) + "/members?$top=999&$select=id",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, n := read(b, c, token, "https://graph.microsoft.com/v1.0"+path)
				b.SetBytes(int64(n))
			}
		})
	}
}
