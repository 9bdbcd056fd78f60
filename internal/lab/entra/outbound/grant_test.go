package outbound

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// issuer is a token endpoint in front of a target that takes the newest token alone.
type issuer struct {
	status int
	answer string
	asked  []string
	sent   []string
}

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, answer := 200, `{"totalResults":0,"Resources":[]}`
	if r.URL.Path == "/token" {
		i.asked = append(i.asked, r.Method+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Authorization")+" "+string(raw))
		status, answer = i.status, i.answer
	} else {
		i.sent = append(i.sent, r.Header.Get("Authorization"))
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer))}, nil
}

func TestATokenIsFetchedByClientCredentialsAndKeptUntilItExpires(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	i := &issuer{status: 200, answer: `{"access_token":"t1","token_type":"Bearer","expires_in":3600}`}
	c := New("https://scim.example", "unused", i)
	c.Grant = &Grant{TokenURL: "https://login.example/token", ClientID: "entra", ClientSecret: "pass:word", Through: i, Now: func() time.Time { return now }}
	ask := func() {
		t.Helper()
		if _, err := c.Find(t.Context(), "User", Equals("userName", "x")); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	now = now.Add(59 * time.Minute)
	ask()
	i.answer = `{"access_token":"t2","token_type":"Bearer","expires_in":3600}`
	now = now.Add(time.Minute)
	ask()
	if diff := cmp.Diff([]string{"Bearer t1", "Bearer t1", "Bearer t2"}, i.sent); diff != "" {
		t.Errorf("tokens (-want +sent):\n%s", diff)
	}
	// The request as vendors report it in 2026: a form, and the client in the header (entra:pass%3Aword).
	want := "POST application/x-www-form-urlencoded Basic ZW50cmE6cGFzcyUzQXdvcmQ= grant_type=client_credentials"
	if diff := cmp.Diff([]string{want, want}, i.asked); diff != "" {
		t.Errorf("token requests (-want +sent):\n%s", diff)
	}
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	for answer, want := range map[string]int{
		`401 {"error":"invalid_client"}`: 401, `400 {"error":"invalid_client"}`: 401, `500 `: 0, `200 <html>`: 0, `200 {"token_type":"Bearer"}`: 0,
	} {
		status, body, _ := strings.Cut(answer, " ")
		i := &issuer{status: map[string]int{"200": 200, "400": 400, "401": 401, "500": 500}[status], answer: body}
		c := New("https://scim.example", "", i)
		c.Grant = &Grant{TokenURL: "https://login.example/token", ClientSecret: "hush", Through: i, Now: time.Now}
		_, err := c.Get(t.Context(), "User", "1")
		var f *Failure
		if !errors.As(err, &f) || f.Status != want || len(i.sent) > 0 || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, %d requests", answer, err, len(i.sent))
		}
	}
}
