package entra

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a tenant's time that passes only when told to.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// reader is a program that reads the tenant.
type graph struct {
	t     *testing.T
	l     *Lab
	token string
	http  *http.Client
}

// open starts a lab in this process, with a clock that stands still.
func open(t *testing.T, l *Lab) *graph {
	t.Helper()
	c := newClock()
	if l.Now == nil {
		l.Now = c.now
	}
	if l.Wait == nil {
		l.Wait = func(ctx context.Context, d time.Duration) error { c.pass(d); return ctx.Err() }
	}
	return &graph{t, l, l.Token(DefaultClient), &http.Client{Transport: l.Transport()}}
}

type reply struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// values are the objects of a page.
func (r reply) values() []map[string]any {
	var out []map[string]any
	list, _ := r.body["value"].([]any)
	for _, v := range list {
		out = append(out, v.(map[string]any))
	}
	return out
}

func (r reply) link(name string) string {
	s, _ := r.body["@odata."+name].(string)
	return s
}

func (r reply) code() string {
	e, _ := r.body["error"].(map[string]any)
	s, _ := e["code"].(string)
	return s
}

// get asks for a path below /v1.0, or for a link. Headers are "Name: value".
func (g *graph) get(path string, headers ...string) reply {
	g.t.Helper()
	return g.do(http.MethodGet, path, "", headers...)
}

func (g *graph) do(method, path, body string, headers ...string) reply {
	g.t.Helper()
	r, err := g.try(method, path, body, headers...)
	if err != nil {
		g.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (g *graph) try(method, path, body string, headers ...string) (reply, error) {
	g.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = "https://graph.microsoft.com/v1.0" + strings.ReplaceAll(path, " ", "%20")
	}
	req, err := http.NewRequestWithContext(g.t.Context(), method, path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := g.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if err == nil && bytes.HasPrefix(raw, []byte("{")) {
		err = json.Unmarshal(raw, &r.body)
	}
	return r, err
}

// all follows nextLinks and gives every object, and the last page.
func (g *graph) all(path string, headers ...string) ([]map[string]any, reply) {
	g.t.Helper()
	var out []map[string]any
	for {
		r := g.get(path, headers...)
		if r.status != 200 {
			g.t.Fatalf("GET %s: %d %s", path, r.status, r.raw)
		}
		out = append(out, r.values()...)
		if path = r.link("nextLink"); path == "" {
			return out, r
		}
	}
}

// ids are the ids of objects, in order.
func ids(list []map[string]any) []string {
	out := []string{}
	for _, o := range list {
		out = append(out, o["id"].(string))
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// user adds a user called that, and gives the id.
func (g *graph) user(name string) string {
	g.t.Helper()
	id, err := g.l.AddUser(Props{
		"userPrincipalName": name + "@fabrikam.example", "mail": name + "@fabrikam.example", "displayName": name, "mailNickname": name,
	})
	must(g.t, err)
	return id
}

// group adds a group with members, and gives the id.
func (g *graph) group(name string, members ...string) string {
	g.t.Helper()
	id, err := g.l.AddGroup(Props{"displayName": name, "mailNickname": name})
	must(g.t, err)
	must(g.t, g.l.AddMember(id, members...))
	return id
}

const eventual = "ConsistencyLevel: eventual"

func request(t *testing.T, ctx context.Context, url string) *http.Request { //nolint:revive // t comes first in every helper here
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	must(t, err)
	return req
}
