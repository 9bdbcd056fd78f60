package entra

import (
	"slices"
	"strings"
	"time"
)

// bearer is what an access token says. To clients it is an opaque text.
type bearer struct {
	Client      string   `json:"c"`
	Permissions []string `json:"p"`
	Expires     int64    `json:"e"` // Unix seconds
}

// tokenLife is how long a token works.
const tokenLife = 3599 * time.Second

// Token gives an access token for a client without asking the token endpoint, as a shortcut for tests.
func (l *Lab) Token(client string) string {
	c, _ := l.client(client)
	return l.seal("token", bearer{client, c.Permissions, l.now().Add(tokenLife).Unix()})
}

func (b *bearer) may(anyOf []string) bool {
	return slices.ContainsFunc(anyOf, func(p string) bool { return p == "" || slices.Contains(b.Permissions, p) })
}

// authenticate reads the Authorization header.
func (l *Lab) authenticate(c *call) (*bearer, *graphError) {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		return nil, unauthorized(c, "Access token is empty.")
	}
	scheme, token, _ := strings.Cut(header, " ")
	var b bearer
	switch {
	case !strings.EqualFold(scheme, "Bearer"), !l.open("token", token, &b):
		return nil, unauthorized(c, "CompactToken parsing failed with error code: 80049217")
	case c.at.Unix() >= b.Expires:
		return nil, unauthorized(c, "Lifetime validation failed, the token is expired.")
	}
	return &b, nil
}
