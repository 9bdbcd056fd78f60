package inbound

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// An access token reads rca_<id>_<end>_<signature>: which token it stands for, the second in which it ends, in base 36, and
// an HMAC over both and the token's hash. Nothing of it is kept. It counts as long as the token that it stands for.
const (
	accessPrefix = "rca_"
	accessLife   = time.Hour
	largestForm  = 16 << 10 // bytes of a request for one
)

// grant answers a request for an access token with the client's credentials, RFC 6749 section 4.4: client_id is the id of a
// token, client_secret its secret. Entra's gallery asks for this. It tells as little of a directory as everything else.
func (c *call) grant(directory string) error {
	if c.r.Method != http.MethodPost {
		c.w.Header().Set("Allow", http.MethodPost)
		return &scim.Error{Status: http.StatusMethodNotAllowed, Detail: "Access tokens are asked for by POST."}
	}
	c.w.Header().Set("Cache-Control", "no-store")
	form, err := c.form()
	if err != nil {
		return c.refuseGrant(http.StatusBadRequest, "invalid_request", "The body is no form of at most 16 KB. Send application/x-www-form-urlencoded.")
	}
	id, secret, basic := c.r.BasicAuth()
	if basic {
		id, secret = formText(id), formText(secret)
	} else {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	id = strings.TrimPrefix(id, tokenPrefix)
	secret = strings.TrimPrefix(secret, tokenPrefix+id+"_") // people paste the whole token
	switch kind := form.Get("grant_type"); {
	case kind == "":
		return c.refuseGrant(http.StatusBadRequest, "invalid_request", "grant_type is missing. Send client_credentials.")
	case kind != "client_credentials":
		return c.refuseGrant(http.StatusBadRequest, "unsupported_grant_type", "grant_type should be client_credentials.")
	}
	t, reason, err := c.known(id, secret)
	if err != nil {
		return err
	}
	if reason == "" && t.Directory != directory {
		reason = "The token is one of another directory."
	}
	if reason != "" {
		c.w.Header().Set("WWW-Authenticate", `Basic realm="rollcall SCIM"`)
		c.entry.Reason = reason
		return c.refuseGrant(http.StatusUnauthorized, "invalid_client", "client_id should be the id of a token of this directory, and client_secret its secret.")
	}
	c.entry.Directory, c.entry.used = t.Directory, true
	c.entry.Path = strings.TrimPrefix(c.entry.Path, c.o.Prefix+"/"+directory)
	free, err := c.limits.enter(&t, c.at, c.w.Header())
	if err != nil {
		return err
	}
	defer free()
	end := c.at.Add(accessLife)
	if !t.Expires.IsZero() && t.Expires.Before(end) {
		end = t.Expires
	}
	return c.plain(http.StatusOK, struct {
		Token  string `json:"access_token"`
		Type   string `json:"token_type"`
		Living int64  `json:"expires_in"` // seconds
	}{c.access(&t, end), "Bearer", int64(end.Sub(c.at) / time.Second)})
}

// refuseGrant answers in the words of RFC 6749 section 5.2, not in those of SCIM.
func (c *call) refuseGrant(status int, code, description string) error {
	if c.entry.Reason == "" {
		c.entry.Reason = description
	}
	return c.plain(status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{code, description})
}

func (c *call) plain(status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.entry.Status = status
	c.w.Header()["Content-Type"] = jsonContent
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b) // who went away needs no answer
	return nil
}

// form reads the body. Parameters in the address do not count: they would be in logs.
func (c *call) form() (url.Values, error) {
	b, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, largestForm))
	if err != nil {
		return nil, err
	}
	c.entry.Size = len(b)
	return url.ParseQuery(string(b))
}

// formText reads a name or a secret in basic authentication, where RFC 6749 section 2.3.1 wants them encoded as in a form.
func formText(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// access makes the access token that ends at a moment.
func (e *Endpoint) access(t *inbox.Token, end time.Time) string {
	text := t.ID + "_" + strconv.FormatInt(end.Unix(), 36)
	return accessPrefix + text + "_" + e.sign(text, t)
}

func (e *Endpoint) sign(text string, t *inbox.Token) string {
	h := hmac.New(sha256.New, e.o.Key)
	h.Write([]byte(text))
	h.Write(t.Hash)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// granted finds the token that an access token, without its prefix, stands for.
func (c *call) granted(rest string) (t inbox.Token, reason string, err error) {
	id, rest, _ := strings.Cut(rest, "_")
	written, signature, _ := strings.Cut(rest, "_")
	t, there, err := c.byID(id)
	if err != nil {
		return t, "", err
	}
	fits := subtle.ConstantTimeCompare([]byte(signature), []byte(c.sign(id+"_"+written, &t))) == 1
	if !fits || !there {
		return inbox.Token{}, "The access token was not given out by this endpoint, or before it was started anew.", nil
	}
	c.entry.Token = t.ID
	end, err := strconv.ParseInt(written, 36, 64)
	if err != nil || c.at.Unix() >= end {
		return inbox.Token{}, "The access token has ended. Ask for a new one.", nil //nolint:nilerr // a reason is what the caller wants
	}
	return t, c.ended(&t), nil
}
