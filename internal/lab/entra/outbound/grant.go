package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// Grant gets bearer tokens for a target by OAuth 2.0 client credentials. The service sends the client's id and secret
// as Basic authorization and the rest as a form; an endpoint that looks for them in the body fails its test (7.5). That
// a token is kept until it expires follows from the life that the gallery asks for, an hour to six.
type Grant struct {
	TokenURL, ClientID, ClientSecret string
	Through                          http.RoundTripper
	Now                              func() time.Time

	mu    sync.Mutex
	token string
	until time.Time
}

// maxToken bounds the answer of a token endpoint.
const maxToken = 1 << 20

// bearer is a token that works now. A refusal counts like one of the target's, whatever its status: nothing can be sent.
func (g *Grant) bearer(ctx context.Context) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.token != "" && g.Now().Before(g.until) {
		return g.token, nil
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", &Failure{Err: err}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header["User-Agent"] = nil
	req.SetBasicAuth(url.QueryEscape(g.ClientID), url.QueryEscape(g.ClientSecret)) // encoded, says RFC 6749
	resp, err := g.Through.RoundTrip(req)
	if err != nil {
		return "", &Failure{Err: err}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxToken))
	switch {
	case err != nil:
		return "", &Failure{Err: fmt.Errorf("reading the token: %w", err)}
	case resp.StatusCode >= 400 && resp.StatusCode < 500:
		return "", &Failure{Status: http.StatusUnauthorized, Body: cut(string(raw))}
	case resp.StatusCode != http.StatusOK:
		return "", &Failure{Err: fmt.Errorf("the token endpoint answered %d", resp.StatusCode)}
	}
	var got struct {
		Token string  `json:"access_token"`
		Life  float64 `json:"expires_in"`
	}
	if err := json.Unmarshal(raw, &got); err != nil || got.Token == "" {
		return "", &Failure{Err: errors.New("the token endpoint gave no access_token")}
	}
	g.token, g.until = got.Token, g.Now().Add(time.Duration(min(got.Life, 86_400)*float64(time.Second)))
	return g.token, nil
}
