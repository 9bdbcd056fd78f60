package entra

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestALabServesOverTLSWithAnAuthorityOfItsOwn(t *testing.T) {
	l := &Lab{}
	s, err := l.Start()
	must(t, err)
	g := &graph{t, l, l.Token(DefaultClient), s.Client()}
	g.user("ana")
	r := g.get(s.URL + "/v1.0/users?$select=id")
	if r.status != 200 || r.body["@odata.context"] != s.URL+"/v1.0/$metadata#users(id)" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	for _, name := range []string{"request-id", "client-request-id", "Date", "OData-Version", "x-ms-resource-unit"} {
		if r.header.Get(name) == "" {
			t.Errorf("the header %s is missing", name)
		}
	}
	if id := g.get(s.URL+"/v1.0/users", "client-request-id: mine").header.Get("client-request-id"); id != "mine" {
		t.Errorf("client-request-id = %q", id)
	}
	l.Break(Fault{Cut: true, Times: 1})
	if _, err := g.try("GET", s.URL+"/v1.0/users", ""); err == nil {
		t.Error("the connection should have been cut")
	}
	if r := g.get(s.URL + "/v1.0/users"); r.status != 200 {
		t.Errorf("afterwards: %d", r.status)
	}
	if pool := x509.NewCertPool(); !pool.AppendCertsFromPEM(s.CA) || !pool.Equal(s.Pool) {
		t.Error("the authority's PEM and pool differ")
	}
	if _, err := http.DefaultClient.Do(request(t, t.Context(), s.URL)); err == nil {
		t.Error("a client that does not know the authority got through")
	}
	must(t, s.Close())
	if _, err := g.try("GET", s.URL+"/v1.0/users", ""); err == nil {
		t.Error("a closed server answered")
	}
}

func TestInTheProcessAnyHostIsTheLab(t *testing.T) {
	g := open(t, &Lab{})
	r := g.get("https://graph.microsoft.us/v1.0/users")
	if r.body["@odata.context"] != "https://graph.microsoft.us/v1.0/$metadata#users" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	req := request(t, t.Context(), "https://graph.microsoft.com/v1.0/users")
	body := &closing{Reader: strings.NewReader("{}")}
	req.Body = body
	resp, err := g.http.Do(req)
	must(t, err)
	must(t, resp.Body.Close())
	if !body.closed {
		t.Error("the request's body was not closed")
	}
	g.l.Wait = nil
	g.l.Break(Fault{Delay: 1})
	if r := g.get("/users"); r.status != 200 {
		t.Errorf("a nanosecond of real time: %d", r.status)
	}
	if !errors.Is(failing{}.err(), io.ErrUnexpectedEOF) {
		t.Error("a cut body ends otherwise")
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func (f failing) err() error { _, err := f.Read(nil); return err }
