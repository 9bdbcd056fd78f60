package atlassian

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// noon is when the tests' worlds begin.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is a lab with a clock that a test turns, and a client of it.
type testWorld struct {
	*Lab
	t    testing.TB
	now  time.Time
	http *http.Client

	recorded bool // the answers are those of a recording, which the vendor's documents do not bind
}

const testHost = "acme.atlassian.net"

// open gives a lab a clock. A lab without domains gets acme.example, claimed, and a site with two products.
func open(t *testing.T, l *Lab) *testWorld {
	t.Helper()
	w := &testWorld{Lab: l, t: t, now: noon}
	l.Now = func() time.Time { return w.now }
	if l.Domains == nil {
		l.Domains = []Domain{{Name: "acme.example", Directory: DefaultDirectory}}
	}
	if l.Sites == nil {
		l.Sites = []Site{{
			Host: testHost, Email: "admin@acme.example", Token: "site-token",
			Products: []Product{{Key: "jira-software", Name: "Jira"}, {Key: "confluence", Name: "Confluence"}},
		}}
	}
	w.http = clientOf(l)
	return w
}

func clientOf(l *Lab) *http.Client { return l.Client() }

// reply is an answer as a test reads it.
type reply struct {
	status int
	header http.Header
	text   string
	object object
	list   []any
}

// ask sends a request and, where the vendor's documents are at hand, holds the answer against them.
func (w *testWorld) ask(method, address, authorization string, body any) reply {
	w.t.Helper()
	r, err := w.try(method, address, authorization, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, address, err)
	}
	if w.recorded {
		return r
	}
	for _, problem := range disagreements(method, address, r) {
		w.t.Errorf("%s %s: %d: %s\n%.600s", method, address, r.status, problem, r.text)
	}
	return r
}

func (w *testWorld) try(method, address, authorization string, body any) (reply, error) {
	w.t.Helper()
	var in io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, address, in)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/scim+json")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	r := reply{status: resp.StatusCode, header: resp.Header, text: string(text)}
	if err != nil {
		return r, err
	}
	if len(text) > 0 {
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			w.t.Fatalf("%s %s: no JSON: %v\n%s", method, address, err, text)
		}
		r.object, _ = v.(object)
		r.list, _ = v.([]any)
	}
	return r, nil
}

const (
	scimBase = "https://api.atlassian.com/scim/directory/" + DefaultDirectory
	orgV1    = "https://api.atlassian.com/admin/v1/orgs/" + DefaultOrg
	orgV2    = "https://api.atlassian.com/admin/v2/orgs/" + DefaultOrg
)

func (w *testWorld) scim(method, path string, body any) reply {
	w.t.Helper()
	return w.ask(method, scimBase+path, "Bearer "+DefaultKey, body)
}

func (w *testWorld) admin(method, address string, body any) reply {
	w.t.Helper()
	return w.ask(method, address, "Bearer "+DefaultAdminKey, body)
}

func basic(email, token string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(email+":"+token))
}

func (w *testWorld) jira(path string) reply {
	w.t.Helper()
	return w.ask("GET", "https://"+testHost+"/rest/api/3"+path, basic("admin@acme.example", "site-token"), nil)
}

// want ends a test whose answer has another status.
func (r reply) want(t testing.TB, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("the status is %d, want %d: %.500s", r.status, status, r.text)
	}
	return r
}

func (r reply) id() string { return str(r.object["id"]) }

// at follows names and numbers into an answer.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			o, _ := v.(object)
			v = o[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}
