package entra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAFaultHitsTheCallsItNamesAndNoMore(t *testing.T) {
	g := open(t, &Lab{Faults: []Fault{{Path: "/v1.0/groups/*/members", Skip: 1, Times: 2, Status: 503, RetryAfter: "7"}}})
	id := g.group("team")
	var got []int
	for range 4 {
		got = append(got, g.get("/groups/"+id+"/members").status)
	}
	if diff := cmp.Diff([]int{200, 503, 503, 200}, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if r := g.get("/groups/" + id); r.status != 200 {
		t.Errorf("another path: %d", r.status)
	}
	g.l.Break(Fault{Method: "POST", Status: 500})
	if r := g.get("/users"); r.status != 200 {
		t.Errorf("another method: %d", r.status)
	}
}

func TestErrorsHaveTheServicesShape(t *testing.T) {
	g := open(t, &Lab{})
	for _, f := range []Fault{{Status: 500}, {Status: 502}, {Status: 503}, {Status: 504}, {Status: 429}, {Status: 403, Code: "Special", Message: "Because."}} {
		g.l.Mend()
		g.l.Break(f)
		r := g.get("/users")
		e, _ := r.body["error"].(map[string]any)
		if r.status != f.Status || e["code"] == "" || e["message"] == "" || e["innerError"] == nil {
			t.Errorf("status %d: %d %s", f.Status, r.status, r.raw)
		}
		if r.header.Get("Retry-After") != "" {
			t.Errorf("status %d has a Retry-After nobody asked for", f.Status)
		}
		if f.Code != "" && (e["code"] != f.Code || e["message"] != f.Message) {
			t.Errorf("its own words: %s", r.raw)
		}
	}
	g.l.Mend()
	g.l.Break(Fault{Path: "*/oauth2/v2.0/token", Status: 503})
	if r := g.login(DefaultTenant, nil); r.status != 503 || r.body["error"] != "temporarily_unavailable" {
		t.Errorf("the token endpoint: %d %s", r.status, r.raw)
	}
}

func TestPagesGoWrongInTheWaysPagesDo(t *testing.T) {
	g := open(t, &Lab{})
	var all []string
	for i := range 6 {
		all = append(all, g.user(fmt.Sprint("user", i)))
	}
	g.l.Break(Fault{Path: "/v1.0/users", Skip: 1, Times: 1, EmptyPage: true})
	got, _ := g.all("/users?$top=2")
	if diff := cmp.Diff(all, ids(got)); diff != "" || len(g.l.Requests()) != 4 {
		t.Errorf("an empty page loses nothing and costs a call (-want +got):\n%s", diff)
	}
	g.l.Mend()
	g.l.Break(Fault{Path: "/v1.0/users", Skip: 1, Times: 1, LosePage: true})
	got, _ = g.all("/users?$top=2")
	if diff := cmp.Diff(append(append([]string{}, all[:2]...), all[4:]...), ids(got)); diff != "" {
		t.Errorf("a lost page (-want +got):\n%s", diff)
	}
	g.l.Mend()
	g.l.Break(Fault{Host: "https://elsewhere.example"})
	if next := g.get("/users?$top=2").link("nextLink"); !strings.HasPrefix(next, "https://elsewhere.example/v1.0/users?$top=2&$skiptoken=") {
		t.Errorf("nextLink = %s", next)
	}
	if link := g.get("/users/delta").link("deltaLink"); !strings.HasPrefix(link, "https://elsewhere.example/v1.0/users/delta?") {
		t.Errorf("deltaLink = %s", link)
	}
}

func TestBodiesGoWrongInTheWaysBodiesDo(t *testing.T) {
	g := open(t, &Lab{})
	g.user("ana")
	whole := g.get("/users").raw
	g.l.Break(Fault{Times: 1, Empty: true})
	if r := g.get("/users"); r.status != 200 || r.raw != "" {
		t.Errorf("no body: %d %q", r.status, r.raw)
	}
	g.l.Break(Fault{Times: 1, Truncate: true})
	if r, err := g.try("GET", "/users", ""); err == nil || r.raw != whole[:len(whole)/2] {
		t.Errorf("half a body: %q, %v", r.raw, err)
	}
	g.l.Break(Fault{Times: 1, Cut: true})
	if r, err := g.try("GET", "/users", ""); !errors.Is(err, io.ErrUnexpectedEOF) || r.raw != whole[:len(whole)/2] {
		t.Errorf("a cut connection: %q, %v", r.raw, err)
	}
	if r := g.get("/users"); r.raw != whole {
		t.Errorf("afterwards: %s", r.raw)
	}
}

func TestLatencyIsSpentOnTheTenantsClock(t *testing.T) {
	c := newClock()
	var waited []time.Duration
	g := open(t, &Lab{Now: c.now, Wait: func(_ context.Context, d time.Duration) error {
		waited = append(waited, d)
		c.pass(d)
		return nil
	}})
	g.l.Break(Fault{Times: 1, Delay: time.Minute}, Fault{Times: 1, Slow: time.Second}, Fault{Times: 1, Clock: 10 * time.Minute})
	begin := c.now()
	if g.get("/users"); c.now().Sub(begin) != time.Minute {
		t.Errorf("a delay of a minute took %s", c.now().Sub(begin))
	}
	if r := g.get("/users"); r.status != 200 || len(waited) != 9 {
		t.Errorf("a slow body came in %d pieces", len(waited)-1)
	}
	before := g.get("/users") // the clock jumps during this call
	if d := before.header.Get("Date"); !strings.Contains(d, "12:11:08") {
		t.Errorf("Date after the jump = %s", d)
	}
}

func TestWhoGivesUpWaitingGetsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g := open(t, &Lab{Wait: func(context.Context, time.Duration) error {
		cancel()
		return context.Canceled
	}})
	g.l.Break(Fault{Delay: time.Hour})
	req := request(t, ctx, "https://graph.microsoft.com/v1.0/users")
	if resp, err := g.http.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("the call ended with %v, %v", resp, err)
	}
}

func TestADeltaTokenCanExpireAtAnyTime(t *testing.T) {
	g := open(t, &Lab{})
	g.user("ana")
	g.l.Break(Fault{ExpireDelta: true, Times: 1})
	_, last := g.all("/users/delta?$select=displayName")
	r := g.get(last.link("deltaLink"))
	if r.status != 410 || !strings.HasSuffix(r.header.Get("Location"), "/v1.0/users/delta?$deltatoken=&$select=displayName") {
		t.Errorf("%d, Location %s", r.status, r.header.Get("Location"))
	}
	if r := g.get(last.link("deltaLink")); r.status != 200 {
		t.Errorf("only once: %d", r.status)
	}
}

func TestEveryCallIsWrittenDown(t *testing.T) {
	g := open(t, &Lab{})
	g.l.Break(Fault{Path: "/v1.0/groups", Status: 500})
	body := g.get("/users?$select=id").raw
	g.get("/groups")
	want := []Request{
		{
			At: g.l.Now(), Client: DefaultClient, Method: "GET", Path: "/v1.0/users", Query: "$select=id", Status: 200, Bytes: len(body),
			Units: 1, Permission: "User.Read.All",
		},
		{At: g.l.Now(), Method: "GET", Path: "/v1.0/groups", Status: 500, Fault: "status 500"},
	}
	got := g.l.Requests()
	got[1].Bytes = 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
