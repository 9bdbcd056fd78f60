package inbound_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/core/scim"
)

func TestAddressesAreFoundAsClientsWriteThem(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann).created()
	for _, path := range []string{
		"/Users/" + id, "//Users/" + id, "/users/" + id, "/Users/" + id + "/", "/Users//" + id, "/USERS/" + id + "?aadOptscim062020", "/%55sers/" + id,
	} {
		if v := s.do("GET", path, "").is(http.StatusOK).json(); v["id"] != id {
			t.Errorf("%s: %v", path, v)
		}
	}
	for _, path := range []string{"/Users/", "//users", "/Users?count=1"} {
		if n, _ := s.do("GET", path, "").list(); n != 1 {
			t.Errorf("%s lists %d", path, n)
		}
	}
	for _, path := range []string{"/serviceproviderconfig", "/ServiceProviderConfig/", "/serviceConfiguration", "/ServiceProviderConfigs"} {
		s.do("GET", path, "").is(http.StatusOK)
	}
}

func TestWhatIsNotThereIsAScimError(t *testing.T) {
	s := start(t)
	for path, words := range map[string]string{
		"/Robots":          "There are /Users, /Groups, /ServiceProviderConfig",
		"/Users/a/b":       "Nothing is at this path",
		"/Bulk/x":          "Nothing is at this path",
		"/Users/a%2Fb":     "There is no User with the id \"a/b\"",
		"/Schemas/urn:x":   "There is no schema of this name",
		"/ResourceTypes/x": "There is no resource type of this name",
		"/Users/..":        "There is no User with the id \"..\"",
	} {
		s.do("GET", path, "").refused(http.StatusNotFound, "", words)
	}
	r := s.request("GET", "", "")
	r.URL.Path = "/elsewhere"
	s.send(r).refused(http.StatusNotFound, "", "begin with /scim/v2")
	r.URL.Path = "/scim/v2x/acme/Users"
	s.send(r).refused(http.StatusNotFound, "", "begin with /scim/v2")
}

func TestAMethodThatAnAddressDoesNotKnowIsToldWhichItDoes(t *testing.T) {
	s := start(t)
	for _, c := range []struct{ method, path, allow string }{
		{"DELETE", "/Users", "GET, HEAD, POST, OPTIONS"},
		{"POST", "/Users/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
		{"POST", "/Schemas", "GET, HEAD, OPTIONS"},
		{"PUT", "/ServiceProviderConfig", "GET, HEAD, OPTIONS"},
		{"GET", "/Bulk", "POST, OPTIONS"},
		{"GET", "/Users/.search", "POST, OPTIONS"},
		{"TRACE", "/Users", "GET, HEAD, POST, OPTIONS"},
		{"BREW", "/", "GET, HEAD, OPTIONS"},
	} {
		a := s.do(c.method, c.path, "")
		a.refused(http.StatusMethodNotAllowed, "", "It knows "+c.allow)
		if a.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: Allow %q", c.method, c.path, a.Header().Get("Allow"))
		}
		if o := s.do("OPTIONS", c.path, "").is(http.StatusNoContent); o.Header().Get("Allow") != c.allow {
			t.Errorf("OPTIONS %s: Allow %q", c.path, o.Header().Get("Allow"))
		}
	}
}

func TestHeadSaysWhatGetWouldWithoutABody(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann).created()
	srv := httptest.NewServer(s.endpoint)
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, srv.URL+s.base+"/Users/"+id, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("ETag") != `W/"1"` || res.ContentLength < 100 {
		t.Errorf("%d %v %d", res.StatusCode, res.Header, res.ContentLength)
	}
}

func TestMeIsAnsweredHonestly(t *testing.T) {
	s := start(t)
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE", "POST"} {
		s.do(method, "/Me", "").refused(http.StatusNotImplemented, "", "belongs to an identity provider")
	}
	s.do("GET", "/Me/x", "").refused(http.StatusNotImplemented, "", "There is no /Me")
}

func TestBodiesAndAnswersHaveTheTypesThatAreAgreed(t *testing.T) {
	s := start(t)
	for kind, ok := range map[string]bool{
		"application/scim+json": true, "application/json": true, "application/scim+json; charset=utf-8": true, "Application/JSON;charset=UTF-8": true, "": true,
		"text/plain": false, "application/xml": false, "application/x-www-form-urlencoded": false,
	} {
		a := s.do("POST", "/Users", `{"userName":"`+kind+`x"}`, "Content-Type", kind)
		if ok {
			a.created()
		} else {
			a.refused(http.StatusUnsupportedMediaType, "", "application/scim+json")
		}
	}
	s.do("POST", "/Users", ann, "Content-Encoding", "gzip").refused(http.StatusUnsupportedMediaType, "", "Content-Encoding")
	for accept, want := range map[string]string{
		"application/scim+json": "application/scim+json", "*/*": "application/scim+json", "": "application/scim+json",
		"application/json": "application/json", "application/json, application/scim+json": "application/scim+json", "text/html, */*;q=0.1": "application/scim+json",
	} {
		if got := s.do("GET", "/Users", "", "Accept", accept).is(http.StatusOK).Header().Get("Content-Type"); got != want {
			t.Errorf("Accept %q gives %q", accept, got)
		}
	}
	s.do("GET", "/Users", "", "Accept", "text/html").refused(http.StatusNotAcceptable, "", "Accept application/scim+json")
}

func TestAnAddressThatCannotBeReadIsNotTakenForAnother(t *testing.T) {
	s := start(t)
	s.do("POST", "/Users", ann).created()
	r := s.request("GET", "/Users", "")
	r.URL.RawQuery = `filter=userName%20eq%20"%zz"`
	s.send(r).refused(http.StatusBadRequest, "invalidSyntax", "%25")
}

func TestOthersAddressesAreLeftToOthers(t *testing.T) {
	s := start(t)
	all := s.endpoint.Beside(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for path, want := range map[string]int{"/": 418, "/scim/v2x": 418, "/scim/v2/acme//Users": 200, "/scim/v2": 404} {
		r := s.request("GET", "", "")
		r.URL.Path = path
		w := httptest.NewRecorder()
		if all.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestAnEndpointThatCannotBeMadeSaysWhy(t *testing.T) {
	def := scim.UserDefinition()
	def.Endpoint, def.Extensions = "/Bulk", nil
	service, err := scim.NewService([]scim.Schema{scim.User()}, []scim.TypeDefinition{def}, scim.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]inbound.Options{
		"needs an inbox":            {},
		"should begin with a slash": {Inbox: start(t).inbox, Prefix: "scim"},
		"has a meaning of its own":  {Inbox: start(t).inbox, Service: service},
	} {
		if _, err := inbound.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestThePrefixAndTheOriginAreWhatIsSet(t *testing.T) {
	s := start(t, func(o *inbound.Options) { o.Prefix, o.Origin = "/api/", "" })
	s.base = "/api/acme"
	if got := s.do("POST", "/Users", ann).is(http.StatusCreated).Header().Get("Location"); !strings.HasPrefix(got, "http://example.com/api/acme/Users/") {
		t.Errorf("Location %q", got)
	}
}
