package inbound

import (
	"errors"
	"net/http"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// read answers GET of one resource, RFC 7644 section 3.4.1. If-None-Match and If-Match are those of RFC 9110: 304 saves the
// body where the client has this version, 412 says that it has not.
func (c *call) read() error {
	show, err := c.projection()
	if err != nil {
		return err
	}
	r, err := c.get(inbox.Key{Directory: c.token.Directory, Type: c.t, ID: c.id}, show)
	if err != nil {
		return err
	}
	c.entry.Name = nameOf(r)
	if match := c.r.Header.Get("If-Match"); match != "" && !scim.VersionFits(match, r.Meta.Version) {
		return scim.WrongVersion()
	}
	if have := c.r.Header.Get("If-None-Match"); have != "" && scim.VersionFits(have, r.Meta.Version) {
		c.w.Header()["Etag"] = []string{r.Meta.Version}
		return c.send(http.StatusNotModified, nil)
	}
	return c.resource(http.StatusOK, r, show)
}

func (c *call) get(k inbox.Key, show *scim.Projection) (*scim.Resource, error) {
	r, err := c.o.Inbox.Get(c.r.Context(), k, show.Shows)
	if errors.Is(err, inbox.ErrNone) {
		return nil, k.Type.NotFound(k.ID)
	}
	return r, err
}

// projection reads attributes and excludedAttributes; nil if neither was sent.
func (c *call) projection() (*scim.Projection, error) {
	if c.params == nil {
		return nil, nil
	}
	return c.t.ParseProjection(c.named("attributes"), c.named("excludedAttributes"))
}

// named are the values of a parameter, in whatever case its name was written.
func (c *call) named(name string) []string {
	for n, v := range c.params {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return nil
}
