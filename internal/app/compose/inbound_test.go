package compose_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/inbound"
)

// listening is the endpoint of a configuration with these lines in its section inbound, and what a provider of the directory
// okta gets from it.
func listening(t *testing.T, lines ...string) (l *compose.Listening, ask func(method, path, body string) *httptest.ResponseRecorder) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rollcall.yaml")
	text := "connections: [{name: acme, method: entra-scim}]\ninbound:\n  listen: 127.0.0.1:0\n  directories: [{id: okta}]\n"
	for _, line := range lines {
		text += "  " + line + "\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := compose.Configured(file, "")
	if err != nil {
		t.Fatal(err)
	}
	box, _, err := compose.Inbox(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	token, secret := inbound.NewToken("okta", "of a test", time.Now(), time.Time{})
	if err := box.PutToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	l, err = compose.Inbound(t.Context(), c, box, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Endpoint.Close(); err != nil {
			t.Error(err)
		}
	})
	return l, func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(context.WithoutCancel(t.Context()), method, l.Endpoint.Path("okta")+path, io.NopCloser(strings.NewReader(body)))
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Content-Type", "application/scim+json")
		w := httptest.NewRecorder()
		l.Endpoint.ServeHTTP(w, r)
		return w
	}
}

func TestTheSectionInboundSaysHowTheEndpointAnswers(t *testing.T) {
	t.Parallel()
	const title = `{"Operations":[{"op":"replace","path":"title","value":"x"}]}`
	const name = `{"Operations":[{"op":"replace","path":"displayName","value":"y"}]}`
	const stranger = `{"displayName":"crew","members":[{"value":"nobody"}]}`
	for _, c := range []struct {
		lines               []string
		address             string
		user, group, member int // status of a PATCH of a user, of a group, and of a member who is not there
	}{
		{nil, "http://example.com", http.StatusOK, http.StatusNoContent, http.StatusBadRequest},
		{[]string{"address: scim.acme.example", "patch: by-type", "unknown_members: refuse"}, "https://scim.acme.example", http.StatusOK, http.StatusNoContent, http.StatusBadRequest},
		{[]string{"address: https://scim.acme.example/", "patch: 200"}, "https://scim.acme.example", http.StatusOK, http.StatusOK, http.StatusBadRequest},
		{[]string{"patch: 204", "unknown_members: skip"}, "http://example.com", http.StatusNoContent, http.StatusNoContent, http.StatusCreated},
	} {
		_, ask := listening(t, c.lines...)
		user := ask("POST", "/Users", `{"userName":"ada"}`)
		group := ask("POST", "/Groups", `{"displayName":"staff"}`)
		base := c.address + "/scim/v2/okta"
		u, isUser := strings.CutPrefix(user.Header().Get("Location"), base+"/Users/")
		g, isGroup := strings.CutPrefix(group.Header().Get("Location"), base+"/Groups/")
		if !isUser || !isGroup {
			t.Errorf("%v: %s, %s", c.lines, user.Header().Get("Location"), group.Header().Get("Location"))
		}
		got := []int{ask("PATCH", "/Users/"+u, title).Code, ask("PATCH", "/Groups/"+g, name).Code, ask("POST", "/Groups", stranger).Code}
		if got[0] != c.user || got[1] != c.group || got[2] != c.member {
			t.Errorf("%v: %v, want %d %d %d", c.lines, got, c.user, c.group, c.member)
		}
	}
}
