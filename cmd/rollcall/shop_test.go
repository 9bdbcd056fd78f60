package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

const shopName = "shop"

// shop is a company of three hundred people in thirty assigned groups, some inside others: Entra and Atlassian in
// miniature in this process, and a folder with the configuration of a connection between them. What is written at the
// directory is noted when it is carried out, whether or not anybody lived to see the answer.
type shop struct {
	t      *testing.T
	entra  *entra.Lab
	guard  *atlassian.Lab
	config string
	db     string

	app           string
	people, teams []string // ids at Entra

	mu       sync.Mutex
	idle     *sync.Cond
	busy     int // requests and connections
	death    death
	kill     func()
	requests int // of this life, at the directory
	attempts int // writes likewise

	writes   []string       // see wrote
	repeated map[string]int // writes of this round, with all that they say

	kills, finished, recovered int
	deaths                     map[string]int
	atOnce                     bool // the claim of a process that was killed is left to the next one
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, entra: &entra.Lab{Limits: entra.Limits{Off: true}}, guard: &atlassian.Lab{Domains: []atlassian.Domain{{Name: "shop.example"}}}, deaths: map[string]int{}}
	s.idle = sync.NewCond(&s.mu)
	var err error
	if s.app, err = s.entra.AddServicePrincipal(entra.Props{"displayName": "Atlassian Cloud"}); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	s.config, s.db = filepath.Join(folder, "rollcall.yaml"), filepath.Join(folder, "rollcall.db")
	graph, api := s.serve(folder, "entra", s.entra.Handler()), s.serve(folder, "atlassian", http.HandlerFunc(s.directory))
	text := fmt.Sprintf(`connections:
  - name: %s
    method: rollcall
    source:
      entra:
        tenant: %s
        client_id: %s
        client_secret: file:secret
        application: %s
        login_url: %s
        graph_url: %s/v1.0
        ca: entra.pem
    target:
      atlassian:
        directory: %s
        scim_key: file:key
        org: %s
        admin_key: file:admin
        api_url: %s/api.atlassian.com
        ca: atlassian.pem
    limits: {deactivate: "100%%", remove_members: "100%%"}
store: {sqlite: rollcall.db}
`, shopName, entra.DefaultTenant, entra.DefaultClient, s.app, graph, graph, atlassian.DefaultDirectory, atlassian.DefaultOrg, api)
	for name, content := range map[string]string{"rollcall.yaml": text, "secret": entra.DefaultSecret, "key": atlassian.DefaultKey, "admin": atlassian.DefaultAdminKey} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// serve puts a lab on the loopback, with TLS and HTTP/2 as the services have them, and gives its address.
func (s *shop) serve(folder, name string, h http.Handler) string {
	s.t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.count(1)
		defer s.count(-1)
		h.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			s.count(1)
		case http.StateClosed, http.StateHijacked:
			s.count(-1)
		}
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients are killed all the time
	server.StartTLS()
	s.t.Cleanup(server.Close)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(folder, name+".pem"), text, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return server.URL
}

func (s *shop) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy += n; s.busy == 0 {
		s.idle.Broadcast()
	}
}

// quiet waits until nothing of a process that ended is under way.
func (s *shop) quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.busy > 0 {
		s.idle.Wait()
	}
}

func (s *shop) arm(d death, kill func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.death, s.kill, s.requests, s.attempts = d, kill, 0, 0
}

func (s *shop) disarm() { s.arm(death{}, nil) }

// directory answers for Atlassian, and kills the client when the time has come.
func (s *shop) directory(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // its sender is gone before it was sent
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	write := r.Method != http.MethodGet && strings.Contains(r.URL.Path, "/scim/") // elsewhere a POST may be a search
	s.mu.Lock()
	s.requests++
	if write {
		s.attempts++
	}
	d, kill := s.death, s.kill
	now := func(kind string, nth int) bool { return kill != nil && d.kind == kind && d.nth == nth }
	before := now("with a request", s.requests) || write && now("before a write", s.attempts)
	after, answered := write && now("after a write", s.attempts), write && now("after its answer", s.attempts)
	s.mu.Unlock()
	if before {
		kill()
	}
	answer := httptest.NewRecorder()
	s.guard.Handler().ServeHTTP(answer, r)
	if write && answer.Code < 300 {
		s.note(r, body, answer.Body.Bytes())
	}
	if after {
		kill()
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
	if answered {
		_ = http.NewResponseController(w).Flush()
		kill()
	}
}

// note writes down a write that was carried out.
func (s *shop) note(r *http.Request, body, answer []byte) {
	var sent struct {
		Members    []struct{ Value string }
		Operations []struct {
			Op, Path string
			Value    json.RawMessage
		}
	}
	var got struct{ ID string }
	_ = json.Unmarshal(answer, &got)
	if err := json.Unmarshal(body, &sent); err != nil && len(body) > 0 {
		s.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	kind, id := "user", filepath.Base(r.URL.Path)
	if filepath.Base(filepath.Dir(r.URL.Path)) == "Groups" || id == "Groups" {
		kind = "group"
	}
	op := map[string]string{http.MethodPost: "create", http.MethodDelete: "delete"}[r.Method]
	switch op {
	case "":
		op = "change"
	case "create":
		id = got.ID
	}
	var add, remove []string
	for _, m := range sent.Members {
		add = append(add, m.Value)
	}
	for _, o := range sent.Operations {
		var members []struct{ Value string }
		if o.Path != "members" || json.Unmarshal(o.Value, &members) != nil {
			continue
		}
		for _, m := range members {
			if o.Op == "remove" {
				remove = append(remove, m.Value)
			} else {
				add = append(add, m.Value)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes = append(s.writes, wrote(op, kind, id, add, remove))
	s.repeated[r.Method+" "+r.URL.Path+" "+string(body)]++
}

// change makes what happens at Entra in a round: the company at first, then some hundred changes. The same round makes
// the same changes in every shop.
func (s *shop) change(round int) {
	s.t.Helper()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	hire := func(name string) {
		id, err := s.entra.AddUser(entra.Props{"displayName": "Person " + name, "userPrincipalName": name + "@shop.example", "mail": name + "@shop.example"})
		must(err)
		s.people = append(s.people, id)
	}
	if round == 0 {
		for i := range 300 {
			hire(fmt.Sprintf("p%03d", i))
		}
		for i := range 30 {
			id, err := s.entra.AddGroup(entra.Props{"displayName": fmt.Sprintf("team-%02d", i)})
			must(err)
			s.teams = append(s.teams, id)
			for j := i; j < 300; j += 30 {
				must(s.entra.AddMember(id, s.people[j]))
			}
			if i%3 == 2 {
				must(s.entra.AddMember(id, s.teams[i-1]))
			}
			_, err = s.entra.Assign(s.app, id, "")
			must(err)
		}
		return
	}
	r := rand.New(rand.NewPCG(uint64(round), 1))
	for i, at := range r.Perm(len(s.people))[:150] {
		who, team := s.people[at], s.teams[r.IntN(len(s.teams))]
		switch {
		case i < 90:
			must(s.entra.UpdateUser(who, entra.Props{"displayName": fmt.Sprintf("Person %d of round %d", at, round)}))
		case i < 92:
			must(s.entra.DisableUser(who))
		case i < 110:
			hire(fmt.Sprintf("new%d-%d", round, i))
			must(s.entra.AddMember(team, s.people[len(s.people)-1]))
		case i < 140:
			_ = s.entra.AddMember(team, who) // may be in it
		default:
			_ = s.entra.RemoveMember(s.teams[at%30], who) // may not be in it any more
		}
	}
}

// holds is the directory without what a service makes up: a line of values for each user, and who is in each group.
func (s *shop) holds() map[string]any {
	s.t.Helper()
	names, out := map[string]string{}, map[string]any{}
	for _, u := range s.list("Users") {
		name := u["userName"].(string)
		names[u["id"].(string)] = name
		for _, made := range []string{"id", "meta", "groups", "urn:scim:schemas:extension:atlassian-external:1.0"} {
			delete(u, made)
		}
		if out["user "+name] != nil {
			s.t.Errorf("%s has two records", name)
		}
		out["user "+name] = u
	}
	for _, g := range s.list("Groups") {
		var in []string
		members, _ := g["members"].([]any)
		for _, m := range members {
			in = append(in, names[m.(map[string]any)["value"].(string)])
		}
		slices.Sort(in)
		out["group "+g["displayName"].(string)] = in
	}
	return out
}

func (s *shop) list(what string) (out []map[string]any) {
	s.t.Helper()
	for {
		r := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, fmt.Sprintf("https://api.atlassian.com/scim/directory/%s/%s?startIndex=%d&count=100", atlassian.DefaultDirectory, what, len(out)+1), nil)
		r.Header.Set("Authorization", "Bearer "+atlassian.DefaultKey)
		w := httptest.NewRecorder()
		s.guard.Handler().ServeHTTP(w, r)
		var page struct{ Resources []map[string]any }
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
			s.t.Fatalf("%d %v %s", w.Code, err, w.Body)
		}
		if len(page.Resources) == 0 {
			return out
		}
		out = append(out, page.Resources...)
	}
}
