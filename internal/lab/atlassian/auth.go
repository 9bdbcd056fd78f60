package atlassian

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// bearer is the key of a request, empty if it brings none.
func (c *call) bearer() string {
	kind, key, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(key)
}

func same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

func expired(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }

// scimDoor lets in whoever brings the directory's own key. An organization's key, a site's token and no key at all
// are 401; the key of another directory is 403 (not documented).
func (c *call) scimDoor(d *directory) (answer, bool) {
	key := c.bearer()
	i := slices.IndexFunc(c.w.directories, func(x *directory) bool { return same(x.Key, key) })
	switch {
	case c.w.lapsed && c.w.readings.LapsedIs404:
		return scimFailure(http.StatusNotFound, "Not Found"), false
	case c.w.lapsed:
		return scimFailure(http.StatusForbidden, "Forbidden"), false
	case i < 0:
		return scimFailure(http.StatusUnauthorized, "Unauthorized"), false
	case expired(c.w.directories[i].Expires, c.w.at):
		if c.w.readings.ExpiredKeyIs403 {
			return scimFailure(http.StatusForbidden, "Forbidden"), false
		}
		return scimFailure(http.StatusUnauthorized, "Unauthorized"), false
	case d == nil:
		return scimError(http.StatusNotFound, "", "Resource [DIRECTORY] not found"), false
	case c.w.directories[i] != d:
		return scimFailure(http.StatusForbidden, "Forbidden"), false
	}
	return answer{}, true
}

// adminKey is the organization's key of a request, nil if there is none that counts.
func (c *call) adminKey() *AdminKey {
	key := c.bearer()
	for i, k := range c.w.keys {
		if same(k.Key, key) && !expired(k.Expires, c.w.at) {
			return &c.w.keys[i]
		}
	}
	return nil
}

// orgDoor lets in an organization's key. A key with scopes needs the one named; where the vendor names none, any will do.
func (c *call) orgDoor(scope string) (answer, bool) {
	k := c.adminKey()
	switch {
	case k == nil:
		return gatewayError(http.StatusUnauthorized, "Unauthorized"), false
	case scope != "" && len(k.Scopes) > 0 && !slices.Contains(k.Scopes, scope):
		return c.forbidden("Unauthorized; scope does not match: " + scope), false
	}
	return answer{}, true
}

// manageDoor lets in an organization's key without scopes: the form for keys does not offer the scope that it names.
func (c *call) manageDoor() (answer, bool) {
	k := c.adminKey()
	switch {
	case k == nil:
		return keyError(http.StatusUnauthorized, "unauthorized", nil), false
	case len(k.Scopes) > 0:
		return give(http.StatusForbidden, typeJSON, object{"key": "forbidden", "message": "Unauthorized; scope does not match: manage:org"}), false
	}
	return answer{}, true
}

// siteDoor lets in the e-mail address and API token of a site.
func (c *call) siteDoor(s *site) (answer, bool) {
	kind, value, _ := strings.Cut(c.header.Get("Authorization"), " ")
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	email, token, _ := strings.Cut(string(plain), ":")
	if err != nil || !strings.EqualFold(kind, "Basic") || !strings.EqualFold(email, s.Email) || !same(s.Token, token) {
		return jiraError(http.StatusUnauthorized, "Client must be authenticated to access this resource."), false
	}
	return answer{}, true
}
