package inbound_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// addresses are one of each kind, in a directory that is there, in one that is another token's, and in none.
var addresses = []string{
	"/scim/v2/acme/Users", "/scim/v2/acme/Users/1", "/scim/v2/acme/ServiceProviderConfig", "/scim/v2/acme/Schemas", "/scim/v2/acme/ResourceTypes", "/scim/v2/acme/Bulk",
	"/scim/v2/acme", "/scim/v2/acme/nothing", "/scim/v2/acme/Me", "/scim/v2/other/Users", "/scim/v2/nowhere/Users", "/scim/v2", "/scim/v2/",
}

func TestWithoutATokenEverythingLooksTheSame(t *testing.T) {
	s := start(t)
	var first *answer
	for _, path := range addresses {
		for _, method := range []string{"GET", "POST", "PATCH", "DELETE", "OPTIONS", "BREW"} {
			r := httptest.NewRequest(method, path, strings.NewReader("{}"))
			a := s.send(r)
			a.refused(http.StatusUnauthorized, "", "There is no token")
			if a.Header().Get("WWW-Authenticate") != `Bearer realm="rollcall SCIM"` {
				t.Errorf("%s: %v", path, a.Header())
			}
			if first == nil {
				first = a
			}
			if d := cmp.Diff(first.Header(), a.Header()); d != "" || a.Body.String() != first.Body.String() {
				t.Errorf("%s %s differs: %s", method, path, d)
			}
		}
	}
}

func TestAWrongTokenIsToldApartByTheLogAlone(t *testing.T) {
	s := start(t)
	id := strings.Split(s.token, "_")[1]
	ended := s.newToken("acme", noon.Add(-time.Second))
	revoked, text := inbound.NewToken("acme", "old", noon, time.Time{})
	revoked.Revoked = noon
	if err := s.inbox.PutToken(t.Context(), revoked); err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, token := range []string{"rc_" + id + "_wrong", "rc_nobody_" + s.token, "x", "rc_", "rc__", ended, text, "rca_" + id + "_zzzzzz_x", "rca_x"} {
		a := s.do("GET", "/Users", "", "Authorization", "Bearer "+token)
		a.refused(http.StatusUnauthorized, "", "The token is wrong, or not valid any more")
		if got := a.Header().Get("WWW-Authenticate"); got != `Bearer realm="rollcall SCIM", error="invalid_token"` {
			t.Errorf("%s: %s", token, got)
		}
		bodies = append(bodies, a.Body.String())
	}
	for _, b := range bodies {
		if b != bodies[0] {
			t.Errorf("answers differ: %s %s", bodies[0], b)
		}
	}
	var reasons []string
	for _, r := range s.log(inbox.Log{}) {
		reasons = append(reasons, r.Reason)
		if r.Directory != "" {
			t.Errorf("the log names a directory: %+v", r)
		}
	}
	all := strings.Join(reasons, "\n")
	for _, want := range []string{"its secret is wrong", "No such token is known", "expired at 2026-11-20T11:59:59Z", "was revoked at 2026-11-20T12:00:00Z", "was not given out by this endpoint"} {
		if !strings.Contains(all, want) {
			t.Errorf("the log does not say %q:\n%s", want, all)
		}
	}
}

// asked counts what is asked about tokens.
type asked struct {
	inbox.Inbox
	times int
}

func (a *asked) Token(ctx context.Context, id string) (inbox.Token, error) {
	a.times++
	return a.Inbox.Token(ctx, id)
}

func TestAsMuchIsDoneForATokenThatNobodyHasAsForAWrongSecret(t *testing.T) {
	box := &asked{}
	s := start(t, func(o *inbound.Options) { box.Inbox, o.Inbox = o.Inbox, box })
	id := strings.Split(s.token, "_")[1]
	for _, token := range []string{"rc_" + id + "_wrong", "rc_nobody_wrong", "rca_" + id + "_zzzzzz_x", "rca_nobody_zzzzzz_x", "x"} {
		box.times = 0
		if s.do("GET", "/Users", "", "Authorization", "Bearer "+token).is(http.StatusUnauthorized); box.times != 1 {
			t.Errorf("%s: asked %d times", token, box.times)
		}
	}
}

func TestOtherSchemesAreNotBearerTokens(t *testing.T) {
	s := start(t)
	for _, header := range []string{"Basic YTpi", "Bearer", "Bearer ", "Token x"} {
		s.do("GET", "/Users", "", "Authorization", header).refused(http.StatusUnauthorized, "", "bearer token")
	}
	for _, header := range []string{"bearer  " + s.token + " ", "BEARER " + s.token, s.token} {
		s.do("GET", "/Users", "", "Authorization", header).is(http.StatusOK)
	}
}

func TestATokenOfOneDirectorySeesNoOther(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann).created()
	theirs := s.newToken("other", time.Time{})
	var first string
	for _, path := range []string{"/scim/v2/acme/Users/" + id, "/scim/v2/nowhere/Users/" + id, "/scim/v2/acme/Users", "/scim/v2/nowhere/x", "/scim/v2", "/scim/v2/acme/ServiceProviderConfig"} {
		for _, method := range []string{"GET", "DELETE", "PATCH", "OPTIONS"} {
			r := httptest.NewRequest(method, path, http.NoBody)
			r.Header.Set("Authorization", "Bearer "+theirs)
			a := s.send(r)
			a.refused(http.StatusNotFound, "", "Its directory is at https://scim.example.com/scim/v2/other")
			if first == "" {
				first = a.Body.String()
			}
			if a.Body.String() != first {
				t.Errorf("%s %s differs: %s", method, path, a.Body)
			}
		}
	}
	mine := s.base
	s.base = "/scim/v2/other"
	r := s.request("GET", "/Users/"+id, "", "Authorization", "Bearer "+theirs)
	s.send(r).refused(http.StatusNotFound, "", "no User with the id")
	if n, _ := s.do("GET", "/Users", "", "Authorization", "Bearer "+theirs).list(); n != 0 {
		t.Errorf("%d users of somebody else", n)
	}
	s.do("POST", "/Users", ann, "Authorization", "Bearer "+theirs).created() // the name is free there
	s.do("POST", "/Groups", `{"displayName":"g","members":["`+id+`"]}`, "Authorization", "Bearer "+theirs).refused(http.StatusBadRequest, "invalidValue", "no resource with the id")
	s.base = mine
	s.do("GET", "/Users/"+id, "").is(http.StatusOK)
}

func TestTwoTokensOverlapWhileOneIsReplaced(t *testing.T) {
	s := start(t)
	old, next := s.newToken("acme", noon.Add(time.Hour)), s.newToken("acme", time.Time{})
	for _, token := range []string{old, next} {
		s.do("GET", "/Users", "", "Authorization", "Bearer "+token).is(http.StatusOK)
	}
	s.clock.pass(time.Hour)
	s.do("GET", "/Users", "", "Authorization", "Bearer "+old).is(http.StatusUnauthorized)
	s.do("GET", "/Users", "", "Authorization", "Bearer "+next).is(http.StatusOK)
}

func TestATokenKeepsNoSecretAndNoTwoAreAlike(t *testing.T) {
	a, text := inbound.NewToken("acme", "n", noon, time.Time{})
	b, other := inbound.NewToken("acme", "n", noon, time.Time{})
	secret := strings.SplitN(text, "_", 3)[2]
	if len(a.Hash) != 32 || strings.Contains(string(a.Hash), secret) || a.ID == b.ID || text == other || len(secret) != 43 {
		t.Errorf("%+v %s", a, text)
	}
}

// grant asks for an access token.
func (s *server) grant(form url.Values, basic ...string) *answer {
	r := httptest.NewRequest(http.MethodPost, s.base+"/oauth/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if len(basic) == 2 {
		r.SetBasicAuth(basic[0], basic[1])
	}
	return s.send(r)
}

func TestAnAccessTokenIsGivenForAClientsCredentials(t *testing.T) {
	s := start(t)
	parts := strings.SplitN(s.token, "_", 3)
	id, secret := parts[1], parts[2]
	kind := url.Values{"grant_type": {"client_credentials"}, "scope": {"scim"}}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	whole := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {s.token}}
	for _, a := range []*answer{s.grant(form), s.grant(kind, id, secret), s.grant(whole)} {
		v := a.is(http.StatusOK).json()
		if v["token_type"] != "Bearer" || v["expires_in"] != 3600.0 || a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("Content-Type") != "application/json" {
			t.Fatalf("%v %v", v, a.Header())
		}
		access, _ := v["access_token"].(string)
		s.do("GET", "/Users", "", "Authorization", "Bearer "+access).is(http.StatusOK)
		s.do("GET", "/Users", "", "Authorization", "Bearer "+access[:len(access)-1]).is(http.StatusUnauthorized)
	}
	access, _ := s.grant(form).json()["access_token"].(string)
	s.clock.pass(59 * time.Minute)
	s.do("GET", "/Users", "", "Authorization", "Bearer "+access).is(http.StatusOK)
	s.clock.pass(time.Minute)
	s.do("GET", "/Users", "", "Authorization", "Bearer "+access).is(http.StatusUnauthorized)
	if last := s.log(inbox.Log{Limit: 1})[0]; !strings.Contains(last.Reason, "The access token has ended") || last.Token != id {
		t.Errorf("got %+v", last)
	}
}

func TestAnAccessTokenEndsWithItsTokenAndItsKey(t *testing.T) {
	s := start(t)
	parts := strings.SplitN(s.newToken("acme", noon.Add(10*time.Minute)), "_", 3)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {parts[1]}, "client_secret": {parts[2]}}
	v := s.grant(form).json()
	if v["expires_in"] != 600.0 {
		t.Errorf("got %v", v)
	}
	access, _ := v["access_token"].(string)
	anew, err := inbound.New(inbound.Options{Inbox: s.inbox, Now: s.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if anew.ServeHTTP(w, s.request("GET", "/Users", "", "Authorization", "Bearer "+access)); w.Code != http.StatusUnauthorized {
		t.Errorf("another process takes it: %d", w.Code)
	}
	if err := anew.Close(); err != nil {
		t.Error(err)
	}
	token, err := s.inbox.Token(t.Context(), parts[1])
	if err != nil {
		t.Fatal(err)
	}
	token.Revoked = noon
	if err := s.inbox.PutToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	s.do("GET", "/Users", "", "Authorization", "Bearer "+access).is(http.StatusUnauthorized)
	s.grant(form).is(http.StatusUnauthorized)
}

func TestARefusedGrantSpeaksOAuthAndTellsNoDirectory(t *testing.T) {
	s := start(t)
	parts := strings.SplitN(s.token, "_", 3)
	kind := url.Values{"grant_type": {"client_credentials"}}
	mine := s.base
	var first string
	for _, base := range []string{mine, "/scim/v2/other", "/scim/v2/nowhere"} {
		s.base = base
		for _, login := range [][2]string{{parts[1], "wrong"}, {"nobody", parts[2]}, {"", ""}} {
			a := s.grant(kind, login[0], login[1]).is(http.StatusUnauthorized)
			if a.json()["error"] != "invalid_client" || a.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("got %s %v", a.Body, a.Header())
			}
			if first == "" {
				first = a.Body.String()
			}
			if first != a.Body.String() {
				t.Errorf("%s differs: %s", base, a.Body)
			}
		}
	}
	if a := s.grant(kind, parts[1], parts[2]); a.Code != http.StatusUnauthorized || a.Body.String() != first { // of another directory
		t.Errorf("got %d %s", a.Code, a.Body)
	}
	s.base = mine
	if v := s.grant(url.Values{"grant_type": {"password"}}, parts[1], parts[2]).is(http.StatusBadRequest).json(); v["error"] != "unsupported_grant_type" {
		t.Errorf("got %v", v)
	}
	if v := s.grant(url.Values{}, parts[1], parts[2]).is(http.StatusBadRequest).json(); v["error"] != "invalid_request" {
		t.Errorf("got %v", v)
	}
	if v := s.grant(url.Values{"x": {strings.Repeat("x", 20<<10)}}).is(http.StatusBadRequest).json(); v["error"] != "invalid_request" {
		t.Errorf("got %v", v)
	}
	if a := s.send(httptest.NewRequest(http.MethodGet, "/scim/v2/acme/oauth/token", http.NoBody)); a.Code != http.StatusMethodNotAllowed || a.Header().Get("Allow") != "POST" {
		t.Errorf("got %d %v", a.Code, a.Header())
	}
}
