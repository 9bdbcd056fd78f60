package inbound

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// act is one thing that a client wants done to a resource: a request of its own, or one of many in a bulk request.
type act struct {
	method string
	t      *scim.ResourceType
	id     string
	match  string // If-Match; empty: whatever version it has
	body   []byte
}

// carryOut does it, and notes in entry to whom. It gives the resource as it is afterwards, perhaps without its lists; after
// a DELETE, as it was.
func (c *call) carryOut(a act, entry *inbox.Request) (r *scim.Resource, err error) {
	if a.method == http.MethodPost {
		return c.make(a, entry)
	}
	key := inbox.Key{Directory: c.token.Directory, Type: a.t, ID: a.id}
	fits := func(have *scim.Resource) error {
		r = have
		entry.Name = nameOf(have)
		if a.match != "" && !scim.VersionFits(a.match, have.Meta.Version) {
			return scim.WrongVersion()
		}
		return nil
	}
	if a.method == http.MethodDelete {
		err = c.o.Inbox.Delete(c.r.Context(), key, c.at, fits)
	} else {
		var do func(*scim.Resource) (*scim.Change, error)
		if do, err = readChange(a); err == nil {
			do, err = c.passing(key, do, entry)
		}
		if err != nil {
			return nil, err
		}
		r, _, err = c.o.Inbox.Change(c.r.Context(), key, c.at, func(have *scim.Resource) (*scim.Change, error) {
			if err := fits(have); err != nil {
				return nil, err
			}
			return do(have)
		})
	}
	switch {
	case errors.Is(err, inbox.ErrNone):
		return nil, a.t.NotFound(a.id)
	case err != nil:
		return nil, err
	}
	entry.Name = nameOf(r)
	return r, nil
}

// make carries out a POST.
func (c *call) make(a act, entry *inbox.Request) (*scim.Resource, error) {
	body, err := a.t.Decode(a.body)
	if err != nil {
		return nil, err
	}
	entry.Name = nameOf(&scim.Resource{Type: a.t, Attrs: body.Attrs})
	for list, refs := range body.Refs {
		if body.Refs[list], err = c.present(refs, entry); err != nil {
			return nil, err
		}
	}
	r, err := c.o.Inbox.Create(c.r.Context(), inbox.Key{Directory: c.token.Directory, Type: a.t, ID: newID()}, body, c.at)
	if err != nil {
		return nil, err
	}
	entry.ID = r.ID
	return r, nil
}

// readChange reads the body of a PUT or a PATCH.
func readChange(a act) (func(*scim.Resource) (*scim.Change, error), error) {
	if a.method == http.MethodPut {
		body, err := a.t.Decode(a.body)
		if err != nil {
			return nil, err
		}
		return body.Replace, nil
	}
	patch, err := a.t.ParsePatch(a.body)
	if err != nil {
		return nil, err
	}
	return patch.Apply, nil
}

// create answers POST, RFC 7644 section 3.3.
func (c *call) create() error {
	show, body, err := c.projectionAndBody()
	if err != nil {
		return err
	}
	r, err := c.carryOut(act{method: http.MethodPost, t: c.t, body: body}, &c.entry.Request)
	if err == nil {
		r, err = c.whole(r, show)
	}
	if err != nil {
		return err
	}
	c.w.Header()["Location"] = []string{c.base + r.Location()}
	return c.resource(http.StatusCreated, r, show)
}

// change answers PUT and PATCH, RFC 7644 sections 3.5.1 and 3.5.2.
func (c *call) change() error {
	show, body, err := c.projectionAndBody()
	if err != nil {
		return err
	}
	r, err := c.carryOut(act{c.r.Method, c.t, c.id, c.r.Header.Get("If-Match"), body}, &c.entry.Request)
	if err != nil {
		return err
	}
	if c.r.Method == http.MethodPatch && show == nil && (c.o.Patch == PatchBrief || c.o.Patch == PatchByType && hasMembers(c.t)) {
		c.w.Header()["Etag"] = []string{r.Meta.Version}
		return c.send(http.StatusNoContent, nil)
	}
	if r, err = c.whole(r, show); err != nil {
		return err
	}
	return c.resource(http.StatusOK, r, show)
}

// hasMembers tells whether resources of a type have lists of their own, which can be long.
func hasMembers(t *scim.ResourceType) bool {
	for _, a := range t.Apart() {
		if a.Definition().Mutability != scim.ReadOnly {
			return true
		}
	}
	return false
}

// remove answers DELETE, RFC 7644 section 3.6.
func (c *call) remove() error {
	if _, err := c.carryOut(act{method: http.MethodDelete, t: c.t, id: c.id, match: c.r.Header.Get("If-Match")}, &c.entry.Request); err != nil {
		return err
	}
	return c.send(http.StatusNoContent, nil)
}

// whole gives a resource with the lists that an answer shows.
func (c *call) whole(r *scim.Resource, show *scim.Projection) (*scim.Resource, error) {
	shown := false
	for _, a := range r.Type.Apart() {
		shown = shown || show.Shows(a)
	}
	if !shown || r.Refs != nil {
		return r, nil
	}
	return c.get(inbox.Key{Directory: c.token.Directory, Type: r.Type, ID: r.ID}, show)
}

// projectionAndBody reads what every writing request has.
func (c *call) projectionAndBody() (*scim.Projection, []byte, error) {
	show, err := c.projection()
	if err != nil {
		return nil, nil, err
	}
	body, err := c.body()
	return show, body, err
}

// nameOf is what people call a resource: userName or displayName.
func nameOf(r *scim.Resource) string {
	for _, name := range [...]string{"userName", "displayName"} {
		if a := r.Type.Attr(name); a != nil {
			if v := r.Attrs.Get(a); !v.IsZero() {
				return v.Text()
			}
		}
	}
	return ""
}

// newID makes the id of a resource, a random UUID (RFC 9562, 5.4).
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
