package inbound

import (
	"net/http"
	"strconv"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// list answers GET of a type, RFC 7644 section 3.4.2 and RFC 9865.
func (c *call) list() error { return c.query(c.params) }

// search answers POST to a type's /.search, RFC 7644 section 3.4.3: a GET with its parameters in a body.
func (c *call) search() error {
	p, err := c.searchParameters()
	if err != nil {
		return err
	}
	return c.query(p)
}

// listAll and searchAll do the same over all types, RFC 7644 section 3.4.2.1.
func (c *call) listAll() error { return c.queryAll(c.params) }

func (c *call) searchAll() error {
	p, err := c.searchParameters()
	if err != nil {
		return err
	}
	return c.queryAll(p)
}

func (c *call) searchParameters() (scim.Parameters, error) {
	body, err := c.body()
	if err != nil {
		return nil, err
	}
	return c.o.Service.SearchParameters(body)
}

func (c *call) query(p scim.Parameters) error {
	q, err := c.t.ParseQuery(p)
	if err != nil {
		return err
	}
	found, err := c.o.Inbox.List(c.r.Context(), c.token.Directory, c.t, q)
	if err != nil {
		return err
	}
	l := scim.List{Total: found.Total, Start: q.Page.Start, Next: found.Next}
	if q.Page.ByCursor {
		l.Start = 0
	}
	return c.resources(l, found.Resources, func(*scim.Resource) *scim.Projection { return q.Projection })
}

// resources sends a list; show gives the projection of each.
func (c *call) resources(l scim.List, all []*scim.Resource, show func(*scim.Resource) *scim.Projection) error {
	if len(all) == 1 {
		c.entry.ID, c.entry.Name = all[0].ID, nameOf(all[0])
	}
	body := l.Append(c.out(), len(all), func(dst []byte, i int) []byte {
		if len(dst) > c.o.Page {
			return dst // too many already
		}
		return all[i].Append(dst, c.base, show(all[i]))
	})
	if len(body) > c.o.Page && len(all) > 1 {
		return &scim.Error{Status: http.StatusBadRequest, Type: scim.TooMany, Detail: "The page would be larger than " + strconv.Itoa(c.o.Page) + " bytes. Send a smaller count, or excludedAttributes=members."}
	}
	return c.send(http.StatusOK, body)
}
