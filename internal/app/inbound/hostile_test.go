package inbound_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/inbound"
)

// endless gives so many bytes of blanks, without having them.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	n := min(len(p), e.left)
	for i := range n {
		p[i] = ' '
	}
	if e.left -= n; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestWhateverIsTooMuchIsRefusedAndTheServiceIsUnharmed(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann).created()
	g := s.do("POST", "/Groups", `{"displayName":"g"}`).created()
	deep := strings.Repeat("[", 20_000)
	operations := func(n int, op string) string {
		return `{"Operations":[` + strings.TrimSuffix(strings.Repeat(op+",", n), ",") + `]}`
	}
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		scimType           string
	}{
		"JSON of 20,000 brackets":               {"POST", "/Users", `{"userName":` + deep + strings.Repeat("]", 20_000) + `}`, 400, "invalidValue"},
		"what is not known, of 20,000 brackets": {"POST", "/Users", `{"userName":"b","x":` + deep + strings.Repeat("]", 20_000) + `}`, 400, "invalidSyntax"},
		"JSON that does not end":                {"POST", "/Users", `{"userName":` + deep, 400, "invalidValue"},
		"a filter of 10,000 brackets":           {"GET", "/Users?filter=" + strings.Repeat("(", 10_000) + "title+pr" + strings.Repeat(")", 10_000), "", 400, "invalidFilter"},
		"a filter of 10,000 not":                {"GET", "/Users?filter=" + strings.Repeat("not+(", 10_000), "", 400, "invalidFilter"},
		"a filter of 100 KB":                    {"GET", "/Users?filter=" + strings.Repeat("x", 100_000), "", 400, "invalidFilter"},
		"a filter of 10,000 terms":              {"POST", "/Users/.search", `{"filter":"` + strings.Repeat(`title pr or `, 5_000) + `title pr"}`, 400, "invalidFilter"},
		"60,000 operations":                     {"PATCH", "/Users/" + id, operations(60_000, `{"op":"replace","path":"title","value":"x"}`), 413, ""},
		"50,000 that look at long lists":        {"PATCH", "/Users/" + id, operations(50_000, `{"op":"add","path":"roles","value":[{"value":"a"},{"value":"b"},{"value":"c"},{"value":"d"}]}`), 200, ""},
		"600,000 members":                       {"PATCH", "/Groups/" + g, `{"Operations":[{"op":"add","path":"members","value":[` + strings.TrimSuffix(strings.Repeat(`{"value":"0000000000000000"},`, 600_000), ",") + `]}]}`, 400, "invalidValue"},
		"10,000 values of one attribute":        {"POST", "/Users", `{"userName":"b","roles":[` + strings.TrimSuffix(strings.Repeat(`{"value":"r"},`, 10_000), ",") + `]}`, 413, ""},
		"an id of 100 KB":                       {"GET", "/Users/" + strings.Repeat("x", 100_000), "", 404, ""},
		"bytes that are no text":                {"POST", "/Users", "{\"userName\":\"\xff\"}", 400, "invalidSyntax"},
		"no JSON":                               {"POST", "/Users", "hello", 400, "invalidSyntax"},
		"nothing":                               {"POST", "/Users", "", 400, "invalidSyntax"},
		"two values":                            {"POST", "/Users", `{"userName":"b"}{}`, 400, "invalidSyntax"},
		"a count beyond all numbers":            {"GET", "/Users?count=99999999999999999999&startIndex=99999999999999999999", "", 200, ""},
	} {
		a := s.do(c.method, c.path, c.body)
		if c.status < 300 {
			a.is(c.status)
			continue
		}
		if a.Code != c.status {
			t.Errorf("%s: %d, want %d: %.300s", name, a.Code, c.status, a.Body)
			continue
		}
		a.what = name
		a.refused(c.status, c.scimType, "")
		if a.Body.Len() > 2000 {
			t.Errorf("%s: an answer of %d bytes", name, a.Body.Len())
		}
	}
	s.do("GET", "/Users/"+id, "").is(http.StatusOK)
}

func TestABodyOfAHundredMegabytesIsRefused(t *testing.T) {
	s := start(t)
	for name, length := range map[string]int64{"with its length": 100 << 20, "without": -1} {
		r := s.request("POST", "/Users", "{}")
		body := &endless{left: 100 << 20}
		r.Body, r.ContentLength = io.NopCloser(body), length
		a := s.send(r)
		a.refused(http.StatusRequestEntityTooLarge, "", "33554432 bytes")
		if a.Header().Get("Connection") != "close" || body.left < 60<<20 {
			t.Errorf("%s: %v, %d bytes were left", name, a.Header(), body.left)
		}
	}
}

func TestTooManyLargeBodiesAreToldToWait(t *testing.T) {
	s := start(t)
	block := make(chan struct{})
	done := make(chan struct{})
	for range 8 {
		pr, pw := io.Pipe()
		r := s.request("POST", "/Users", "{}")
		r.Body, r.ContentLength = pr, -1
		go func() {
			s.send(r)
			done <- struct{}{}
		}()
		for _, n := range []int{1 << 20, 1, 1} { // when the last byte is read, the body has its place
			if _, err := io.Copy(pw, &endless{n}); err != nil {
				t.Fatal(err)
			}
		}
		go func() {
			<-block
			_ = pw.Close()
		}()
	}
	r := s.request("POST", "/Users", "{}")
	r.ContentLength = 2 << 20
	s.send(r).refused(http.StatusServiceUnavailable, "", "large bodies")
	r = s.request("POST", "/Users", "{}")
	r.Body, r.ContentLength = io.NopCloser(&endless{2 << 20}), -1
	s.send(r).refused(http.StatusServiceUnavailable, "", "large bodies")
	r = s.request("POST", "/Users", ann) // a small one needs no place
	r.ContentLength = -1
	s.send(r).created()
	close(block)
	for range 8 {
		<-done
	}
	s.do("POST", "/Users", `{"userName":"late"}`+strings.Repeat(" ", 1<<20)).created()
}

func TestABodyThatStopsIsA408(t *testing.T) {
	s := start(t)
	r := s.request("POST", "/Users", "{}")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"userName":`), broken{}))
	s.send(r).refused(http.StatusRequestTimeout, "", "did not come to its end")
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fmt.Errorf("read: %w", io.ErrUnexpectedEOF) }

func TestTheServerHasBoundsForSlowClients(t *testing.T) {
	srv := inbound.Server("127.0.0.1:0", http.NotFoundHandler(), nil)
	for name, d := range map[string]time.Duration{"header": srv.ReadHeaderTimeout, "body": srv.ReadTimeout, "answer": srv.WriteTimeout, "idle": srv.IdleTimeout} {
		if d <= 0 || d > 5*time.Minute {
			t.Errorf("%s: %v", name, d)
		}
	}
}

func TestOverAConnectionTheLargestFilterFitsAndALargerHeaderDoesNot(t *testing.T) {
	s := start(t)
	srv := httptest.NewUnstartedServer(s.endpoint)
	srv.Config.MaxHeaderBytes = inbound.Server("", nil, nil).MaxHeaderBytes
	srv.Start()
	defer srv.Close()
	get := func(filter string) int {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		go fmt.Fprintf(c, "GET %s/Users?filter=%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", s.base, url.QueryEscape(filter), s.token)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if status := get(`title eq "` + strings.Repeat("é", 32_000) + `"`); status != http.StatusOK {
		t.Errorf("64 KB of filter: %d", status)
	}
	if status := get(strings.Repeat("x", 400<<10)); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("400 KB of filter: %d", status)
	}
}
