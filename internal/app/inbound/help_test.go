package inbound_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/memory"
)

// noon is the moment at which tests begin.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

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

// server is an endpoint over an inbox in memory, with the directory acme and a token of it.
type server struct {
	t        testing.TB
	endpoint *inbound.Endpoint
	inbox    *memory.Inbox
	clock    *clock
	token    string // its text
	base     string // before the path of SCIM
}

func start(t testing.TB, change ...func(*inbound.Options)) *server {
	t.Helper()
	s := &server{t: t, inbox: &memory.Inbox{}, clock: &clock{at: noon}, base: "/scim/v2/acme"}
	o := inbound.Options{Inbox: s.inbox, Now: s.clock.now, Rate: -1, Origin: "https://scim.example.com"}
	for _, c := range change {
		c(&o)
	}
	for _, id := range []string{"acme", "other"} {
		if err := s.inbox.PutDirectory(t.Context(), inbox.Directory{ID: id, Created: noon}); err != nil {
			t.Fatal(err)
		}
	}
	s.token = s.newToken("acme", time.Time{})
	e, err := inbound.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.endpoint = e
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *server) newToken(directory string, expires time.Time) string {
	s.t.Helper()
	token, text := inbound.NewToken(directory, "of a test", noon, expires)
	if err := s.inbox.PutToken(s.t.Context(), token); err != nil {
		s.t.Fatal(err)
	}
	return text
}

// request makes a request; headers are pairs.
func (s *server) request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, s.base+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// answer is what came back.
type answer struct {
	t testing.TB
	*httptest.ResponseRecorder
	what string
}

func (s *server) do(method, path, body string, headers ...string) *answer {
	s.t.Helper()
	return s.send(s.request(method, path, body, headers...))
}

func (s *server) send(r *http.Request) *answer {
	w := httptest.NewRecorder()
	s.endpoint.ServeHTTP(w, r)
	return &answer{s.t, w, r.Method + " " + r.URL.String()}
}

// is checks the status.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%s: %d, want %d: %.500s", a.what, a.Code, status, a.Body)
	}
	return a
}

// json reads the body.
func (a *answer) json() map[string]any {
	a.t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
		a.t.Fatalf("%s: %v: %.500s", a.what, err, a.Body)
	}
	return v
}

// created is the id of what was made.
func (a *answer) created() string {
	a.t.Helper()
	id, _ := a.is(http.StatusCreated).json()["id"].(string)
	if id == "" {
		a.t.Fatalf("%s: no id: %.500s", a.what, a.Body)
	}
	return id
}

// refused checks that the answer is an error in SCIM's form, with words in its detail.
func (a *answer) refused(status int, scimType, words string) {
	a.t.Helper()
	v := a.is(status).json()
	schemas, _ := v["schemas"].([]any)
	got, _ := v["scimType"].(string)
	detail, _ := v["detail"].(string)
	switch {
	case len(schemas) != 1 || schemas[0] != "urn:ietf:params:scim:api:messages:2.0:Error" || a.Header().Get("Content-Type") != "application/scim+json":
		a.t.Errorf("%s: no SCIM error: %s", a.what, a.Body)
	case v["status"] != strconv.Itoa(status):
		a.t.Errorf("%s: status %v in the body of a %d", a.what, v["status"], status)
	case got != scimType:
		a.t.Errorf("%s: scimType %q, want %q: %s", a.what, got, scimType, detail)
	case !strings.Contains(detail, words):
		a.t.Errorf("%s: the detail should say %q: %s", a.what, words, detail)
	}
}

// list is how many a list tells there are, and the userNames or displayNames on the page.
func (a *answer) list() (total int, names []string) {
	a.t.Helper()
	v := a.is(http.StatusOK).json()
	n, _ := v["totalResults"].(float64)
	resources, _ := v["Resources"].([]any)
	for _, r := range resources {
		m, _ := r.(map[string]any)
		name, ok := m["userName"].(string)
		if !ok {
			name, _ = m["displayName"].(string)
		}
		names = append(names, name)
	}
	return int(n), names
}

// log is the log of requests, when everything in the queue is written: the endpoint is closed for it.
func (s *server) log(q inbox.Log) []inbox.Request {
	s.t.Helper()
	if err := s.endpoint.Close(); err != nil {
		s.t.Fatal(err)
	}
	all, err := s.inbox.Requests(s.t.Context(), q)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}
