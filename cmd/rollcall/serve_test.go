package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/cli"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// endpoint is a folder with a configuration of rollcall's own endpoint, and the program that works there.
type endpoint struct {
	t      *testing.T
	config string
}

func newEndpoint(t *testing.T) *endpoint {
	e := &endpoint{t, filepath.Join(t.TempDir(), "rollcall.yaml")}
	e.write("okta", "google")
	return e
}

// write names the directories.
func (e *endpoint) write(directories ...string) {
	e.t.Helper()
	text := "connections: [{name: acme, method: entra-scim}]\ninbound:\n  listen: 127.0.0.1:0\n  directories:\n"
	for _, d := range directories {
		text += "    - id: " + d + "\n"
	}
	if err := os.WriteFile(e.config, []byte(text), 0o600); err != nil {
		e.t.Fatal(err)
	}
}

// json runs a command and reads what it prints.
func (e *endpoint) json(out any, args ...string) {
	e.t.Helper()
	var stdout, stderr bytes.Buffer
	if code := cli.Main(e.t.Context(), append(args, "--json", "--config", e.config), nil, &stdout, &stderr, nil); code != 0 {
		e.t.Fatalf("%v ends with %d: %s", args, code, stderr.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), out); err != nil {
		e.t.Fatalf("%v: %v\n%s", args, err, stdout.String())
	}
}

// serve serves until stop is called, and gives the addresses of the directories.
func (e *endpoint) serve() (addresses map[string]string, stop func()) {
	e.t.Helper()
	ctx, cancel := context.WithCancel(e.t.Context())
	read, write := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(ctx, []string{"serve", "--json", "--config", e.config}, nil, write, &stderr, nil)
		_ = write.Close()
	}()
	var said struct {
		Directories []struct{ ID, Address string }
	}
	if err := json.NewDecoder(read).Decode(&said); err != nil {
		cancel()
		e.t.Fatalf("it does not serve: %v, ends with %d: %s", err, <-code, stderr.String())
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	addresses = map[string]string{}
	for _, d := range said.Directories {
		addresses[d.ID] = d.Address
	}
	return addresses, func() {
		e.t.Helper()
		cancel()
		if got := <-code; got != 0 {
			e.t.Errorf("serve ends with %d: %s", got, stderr.String())
		}
	}
}

// push sends a request as a provider would, and gives the status and the id of what it made.
func (e *endpoint) push(token, address, body string) (status int, id string) {
	e.t.Helper()
	r, err := http.NewRequestWithContext(e.t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/scim+json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer answer.Body.Close()
	var resource struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&resource); err != nil {
		e.t.Fatal(err)
	}
	return answer.StatusCode, resource.ID
}

type sentLine struct {
	Directory, Method, Path, Name, Reason string
	Status                                int
}

// sent is the log of requests, oldest first.
func (e *endpoint) sent(args ...string) []sentLine {
	e.t.Helper()
	var newest, all []sentLine
	e.json(&newest, append([]string{"requests"}, args...)...)
	for _, r := range newest {
		all = append([]sentLine{r}, all...)
	}
	return all
}

func TestWhatAProviderPushesIsKeptAndToldOf(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	var okta, google struct{ ID, Token string }
	e.json(&okta, "token", "create", "okta")
	e.json(&google, "token", "create", "google")

	at, stop := e.serve()
	status, lena := e.push(okta.Token, at["okta"]+"/Users", `{"userName":"lena.vogel@fabrikam.example"}`)
	if status != http.StatusCreated || lena == "" {
		t.Fatalf("the user: %d, id %q", status, lena)
	}
	if status, _ := e.push(okta.Token, at["okta"]+"/Groups", `{"displayName":"staff","members":[{"value":"`+lena+`"}]}`); status != http.StatusCreated {
		t.Errorf("the group: %d", status)
	}
	if status, _ := e.push(google.Token, at["google"]+"/Groups", `{"displayName":"staff","members":[{"value":"`+lena+`"}]}`); status != http.StatusBadRequest {
		t.Errorf("a group with a member of another directory: %d", status)
	}
	stop()

	want := []sentLine{
		{Directory: "okta", Method: "POST", Path: "/Users", Name: "lena.vogel@fabrikam.example", Status: 201},
		{Directory: "okta", Method: "POST", Path: "/Groups", Name: "staff", Status: 201},
	}
	if d := cmp.Diff(want, e.sent("--directory", "okta")); d != "" {
		t.Error(d)
	}
	if refused := e.sent("--refused"); len(refused) != 1 || refused[0].Directory != "google" || !strings.Contains(refused[0].Reason, lena) {
		t.Errorf("refused: %+v", refused)
	}

	at, stop = e.serve() // another process, on the same store
	if status, _ := e.push(okta.Token, at["okta"]+"/Users", `{"userName":"Lena.Vogel@fabrikam.example"}`); status != http.StatusConflict {
		t.Errorf("a second user of the same name, after a restart: %d", status)
	}
	stop()
	var list struct {
		Tokens []struct{ ID, Used, From string }
	}
	e.json(&list, "token", "list")
	for _, k := range list.Tokens {
		if k.Used == "" || k.From != "127.0.0.1" {
			t.Errorf("the use of a token is not told: %+v", k)
		}
	}
}

func TestServeForgetsRequestsThatAreOlderThanTheStoreKeeps(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	s, err := sqlstore.Open(t.Context(), filepath.Join(filepath.Dir(e.config), "rollcall.db"))
	if err != nil {
		t.Fatal(err)
	}
	box, now := s.Inbox(), time.Now()
	if err := errors.Join(box.PutRequests(t.Context(), []inbox.Request{
		{At: now.AddDate(0, 0, -401), Method: "GET", Path: "/old"}, {At: now.AddDate(0, 0, -399), Method: "GET", Path: "/new"},
	}), box.Close()); err != nil {
		t.Fatal(err)
	}
	_, stop := e.serve()
	stop()
	if d := cmp.Diff([]sentLine{{Method: "GET", Path: "/new"}}, e.sent()); d != "" {
		t.Error(d)
	}
}

func TestATokenThatEndedOrWhoseDirectoryIsNotServedLetsNobodyIn(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	var okta, google struct{ ID, Token string }
	e.json(&okta, "token", "create", "okta", "--name", "old")
	e.json(&google, "token", "create", "google", "--name", "other")
	at, stop := e.serve()
	e.json(&struct{}{}, "token", "revoke", okta.ID) // while it serves
	if status, _ := e.push(okta.Token, at["okta"]+"/Users", `{"userName":"ada"}`); status != http.StatusUnauthorized {
		t.Errorf("revoked: %d", status)
	}
	if status, _ := e.push(google.Token, at["google"]+"/Users", `{"userName":"ada"}`); status != http.StatusCreated {
		t.Errorf("the other one: %d", status)
	}
	stop()
	e.write("okta")
	at, stop = e.serve()
	if status, _ := e.push(google.Token, strings.Replace(at["okta"], "okta", "google", 1)+"/Users", `{"userName":"bo"}`); status != http.StatusUnauthorized {
		t.Errorf("of a directory that is not served: %d", status)
	}
	stop()
	reasons := e.sent("--refused")
	if len(reasons) != 2 || !strings.Contains(reasons[0].Reason, "The token old was revoked") || !strings.Contains(reasons[1].Reason, "The token other is of the directory google, which is not served") {
		t.Errorf("refused: %+v", reasons)
	}
}
