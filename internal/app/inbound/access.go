package inbound

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// A token reads rc_<id>_<secret>. The id finds it, and may be shown; of the secret, 32 random bytes in base64url, only a
// SHA-256 is kept: what is random needs no slow hash.
const tokenPrefix = "rc_"

// NewToken makes a token of a directory, for an inbox to keep, and its text, which is shown once. Zero for expires: never.
func NewToken(directory, name string, at, expires time.Time) (t inbox.Token, text string) {
	secret := make([]byte, 32)
	rand.Read(secret)
	t = inbox.Token{ID: strings.ToLower(rand.Text()[:12]), Directory: directory, Name: name, Created: at, Expires: expires}
	written := base64.RawURLEncoding.EncodeToString(secret)
	sum := sha256.Sum256([]byte(written))
	t.Hash = sum[:]
	return t, tokenPrefix + t.ID + "_" + written
}

// admit lets in who has a token of the directory that the path begins with. A directory that is not the token's looks the
// same whether it is there or not.
func (c *call) admit(path []string) error {
	t, why, err := c.bearer()
	switch {
	case err != nil:
		return err
	case why != nil:
		return why
	}
	c.token = t
	c.entry.Directory, c.entry.used = t.Directory, true
	own := c.origin() + c.o.Prefix + "/" + t.Directory
	if len(path) == 0 || path[0] != t.Directory {
		return &scim.Error{Status: http.StatusNotFound, Detail: "Nothing is here for this token. Its directory is at " + own + "."}
	}
	c.base = own
	c.entry.Path = strings.TrimPrefix(c.entry.Path, c.o.Prefix+"/"+path[0])
	return nil
}

// origin is what stands before the path in addresses.
func (c *call) origin() string {
	switch {
	case c.o.Origin != "":
		return c.o.Origin
	case c.r.TLS != nil:
		return "https://" + c.r.Host
	}
	return "http://" + c.r.Host
}

// bearer finds the token that a request was sent with; why is the refusal if there is none that counts. RFC 6750, 3.
func (c *call) bearer() (t inbox.Token, why *scim.Error, err error) {
	scheme, text, _ := strings.Cut(strings.TrimSpace(c.r.Header.Get("Authorization")), " ")
	text = strings.TrimSpace(text)
	if strings.HasPrefix(scheme, tokenPrefix) || strings.HasPrefix(scheme, accessPrefix) {
		scheme, text = "Bearer", scheme // Okta's "Header Auth" sends what was typed in, and people type the token alone
	}
	switch {
	case scheme == "":
		c.challenge("")
		return t, unauthorized("There is no token. Send it as Authorization: Bearer and the token."), nil
	case !strings.EqualFold(scheme, "Bearer") || text == "":
		c.challenge("")
		return t, unauthorized("Authorization holds no bearer token. Send Bearer, a space and the token."), nil
	}
	var reason string
	if rest, ok := strings.CutPrefix(text, accessPrefix); ok {
		t, reason, err = c.granted(rest)
	} else {
		rest, _ := strings.CutPrefix(text, tokenPrefix)
		id, secret, _ := strings.Cut(rest, "_")
		t, reason, err = c.known(id, secret)
	}
	if reason == "" || err != nil {
		return t, nil, err
	}
	c.challenge("invalid_token")
	c.entry.Reason = reason
	return t, unauthorized("The token is wrong, or not valid any more. Send one that is, of this directory; the log of requests says what is wrong with this one."), nil
}

// known finds a token by its id and tries the secret. A reason tells why it does not count. As much is done for an id that
// nobody has as for one that somebody has.
func (c *call) known(id, secret string) (t inbox.Token, reason string, err error) {
	t, there, err := c.byID(id)
	if err != nil {
		return t, "", err
	}
	sum := sha256.Sum256([]byte(secret))
	if same := subtle.ConstantTimeCompare(sum[:], t.Hash) == 1; !same || !there {
		if there {
			c.entry.Token = t.ID
			return inbox.Token{}, "The token's id is known, but its secret is wrong.", nil
		}
		return inbox.Token{}, "No such token is known.", nil
	}
	c.entry.Token = t.ID
	return t, c.ended(&t), nil
}

// byID finds a token. For an id that nobody has, it gives one with a hash that fits no secret.
func (c *call) byID(id string) (t inbox.Token, there bool, err error) {
	t, err = c.o.Inbox.Token(c.r.Context(), id)
	switch {
	case errors.Is(err, inbox.ErrNone):
		return inbox.Token{Hash: make([]byte, sha256.Size)}, false, nil
	case err != nil:
		return inbox.Token{}, false, fmt.Errorf("token %s: %w", id, err)
	}
	return t, true, nil
}

// ended tells why a token does not count any more; empty: it does.
func (c *call) ended(t *inbox.Token) string {
	switch {
	case len(c.o.Directories) > 0 && !slices.Contains(c.o.Directories, t.Directory):
		return "The token " + t.Name + " is of the directory " + t.Directory + ", which is not served here any more."
	case !t.Revoked.IsZero() && !c.at.Before(t.Revoked):
		return "The token " + t.Name + " was revoked at " + t.Revoked.UTC().Format(time.RFC3339) + "."
	case !t.Expires.IsZero() && !c.at.Before(t.Expires):
		return "The token " + t.Name + " expired at " + t.Expires.UTC().Format(time.RFC3339) + "."
	}
	return ""
}

// challenge says how to sign in. RFC 6750 section 3: without a token there is no error to name.
func (c *call) challenge(code string) {
	value := `Bearer realm="rollcall SCIM"`
	if code != "" {
		value += `, error="` + code + `"`
	}
	c.w.Header().Set("WWW-Authenticate", value)
}

func unauthorized(detail string) *scim.Error {
	return &scim.Error{Status: http.StatusUnauthorized, Detail: detail}
}
