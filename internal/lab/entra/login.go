package entra

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// loginError is an error of the token endpoint: OAuth's code, and the vendor's number with its text.
type loginError struct {
	status  int
	code    string
	number  int
	message string
}

// login answers the paths of the login host.
func (l *Lab) login(c *call) answer {
	seg := strings.Split(strings.Trim(c.r.URL.Path, "/"), "/")
	rest := strings.Join(seg[1:], "/")
	get := c.r.Method == http.MethodGet
	switch {
	case get && seg[0] == "common" && rest == "discovery/instance":
		return l.instance(c)
	case rest == "oauth2/v2.0/token" || get && (rest == "v2.0/.well-known/openid-configuration" || rest == "discovery/v2.0/keys"):
	default:
		return answer{status: http.StatusNotFound}
	}
	if !l.isTenant(seg[0]) {
		e := &loginError{400, "invalid_request", 90002, fmt.Sprintf("Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", seg[0])}
		return e.answer(c)
	}
	switch {
	case rest == "v2.0/.well-known/openid-configuration":
		return l.openID(c)
	case rest == "discovery/v2.0/keys":
		return document(map[string]any{"keys": []any{}}) // access tokens are opaque: there is nothing to verify them with
	case c.r.Method != http.MethodPost:
		e := &loginError{400, "invalid_request", 900561, "The endpoint only accepts POST requests. Received a " + c.r.Method + " request."}
		return e.answer(c)
	}
	a, err := l.token(c)
	if err != nil {
		return err.answer(c)
	}
	return a
}

func (l *Lab) isTenant(name string) bool {
	return strings.EqualFold(name, l.tenant()) || slices.ContainsFunc(l.Domains, func(d string) bool { return strings.EqualFold(d, name) })
}

// token answers the client credentials grant.
func (l *Lab) token(c *call) (answer, *loginError) {
	if err := c.r.ParseForm(); err != nil {
		return answer{}, &loginError{400, "invalid_request", 900144, "The request body could not be read as a form."}
	}
	form := c.r.PostForm
	for _, name := range []string{"grant_type", "client_id", "scope"} {
		if form.Get(name) == "" {
			return answer{}, &loginError{400, "invalid_request", 900144, "The request body must contain the following parameter: '" + name + "'."}
		}
	}
	if g := form.Get("grant_type"); g != "client_credentials" {
		return answer{}, &loginError{400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '" + g + "'."}
	}
	id := form.Get("client_id")
	client, known := l.client(id)
	if !known {
		return answer{}, &loginError{400, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.", id, l.tenant())}
	}
	if !slices.ContainsFunc(strings.Fields(form.Get("scope")), func(s string) bool { return strings.HasSuffix(s, "/.default") }) {
		return answer{}, &loginError{400, "invalid_scope", 1002012, "The provided value for scope " + form.Get("scope") + " is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."}
	}
	if err := l.prove(c, id, client, form.Get("client_secret"), form.Get("client_assertion_type"), form.Get("client_assertion")); err != nil {
		return answer{}, err
	}
	seconds := int(tokenLife / time.Second)
	return document(struct {
		Type       string `json:"token_type"`
		Expires    int    `json:"expires_in"`
		ExtExpires int    `json:"ext_expires_in"`
		Token      string `json:"access_token"`
	}{"Bearer", seconds, seconds, l.Token(id)}), nil
}

// prove checks a secret or an assertion.
func (l *Lab) prove(c *call, id string, client Client, secret, kind, assertion string) *loginError {
	switch {
	case assertion != "":
		if kind != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
			return &loginError{400, "invalid_request", 900144, "The request body must contain the following parameter: 'client_assertion_type'."}
		}
		return l.assertion(c, id, client, assertion)
	case secret == "":
		return &loginError{401, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."}
	}
	for _, s := range client.Secrets {
		switch {
		case s.Value != secret:
		case !s.Expires.IsZero() && !c.at.Before(s.Expires):
			return &loginError{401, "invalid_client", 7000222, "The provided client secret keys for app '" + id + "' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security."}
		default:
			return nil
		}
	}
	return &loginError{401, "invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '" + id + "'."}
}

func (e *loginError) answer(c *call) answer {
	at := c.at.Format("2006-01-02 15:04:05Z")
	a := document(struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
		Timestamp   string `json:"timestamp"`
		Trace       string `json:"trace_id"`
		Correlation string `json:"correlation_id"`
		URI         string `json:"error_uri"`
	}{
		e.code, fmt.Sprintf("AADSTS%d: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s", e.number, e.message, c.id, c.clientID, at),
		[]int{e.number},
		at, c.id, c.clientID, fmt.Sprintf("%s/error?code=%d", c.base, e.number),
	})
	a.status = e.status
	return a
}

func document(v any) answer {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	return answer{status: http.StatusOK, body: b}
}
