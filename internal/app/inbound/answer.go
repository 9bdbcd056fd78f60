package inbound

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"sync"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// buffers are reused; those that grew very large are left to the garbage.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

const largestKept = 1 << 20

func keep(b *[]byte) {
	if b != nil && cap(*b) <= largestKept {
		*b = (*b)[:0]
		buffers.Put(b)
	}
}

// out is the buffer for the answer.
func (c *call) out() []byte {
	if c.buf == nil {
		c.buf = buffers.Get().(*[]byte) //nolint:errcheck,forcetypeassert // nothing else is in it
	}
	return (*c.buf)[:0]
}

// header values that are the same in many answers.
var (
	scimContent = []string{"application/scim+json"}
	jsonContent = []string{"application/json"}
	noSniff     = []string{"nosniff"}
)

// send writes an answer. body lies in the buffer that out gave, or is nil.
func (c *call) send(status int, body []byte) error {
	c.entry.Status = status
	h := c.w.Header()
	if body != nil {
		if c.buf != nil {
			*c.buf = body
		}
		h["Content-Type"] = scimContent
		if plainJSON(c.r.Header["Accept"]) {
			h["Content-Type"] = jsonContent
		}
		h["X-Content-Type-Options"] = noSniff
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	c.w.WriteHeader(status)
	if body != nil {
		_, _ = c.w.Write(body) // who went away needs no answer
	}
	return nil
}

// resource sends a resource.
func (c *call) resource(status int, r *scim.Resource, p *scim.Projection) error {
	c.w.Header()["Etag"] = []string{r.Meta.Version}
	return c.send(status, r.Append(c.out(), c.base, p))
}

// fail answers with an error. What no client can have caused gets an id, under which the operator's log tells more.
func (c *call) fail(err error) {
	e, ok := errors.AsType[*scim.Error](err)
	switch {
	case ok:
	case errors.Is(err, context.Canceled) && c.r.Context().Err() != nil:
		c.entry.Status, c.entry.Reason = 499, "The client went away before the answer." // as nginx counts them
		return
	default:
		id := rand.Text()[:10]
		c.o.Log.Error("a SCIM request failed", "id", id, "method", c.r.Method, "path", clean(c.r.URL.Path), "error", clean(err.Error()))
		e = &scim.Error{Status: http.StatusInternalServerError, Detail: "Something went wrong within rollcall, and nothing is known to be changed. Its log tells more under " + id + ". Try again later."}
	}
	c.entry.ScimType = string(e.Type)
	if c.entry.Reason == "" {
		c.entry.Reason = e.Detail
	}
	c.nameRefused(e)
	if c.entry.Status != 0 {
		return // the answer had begun
	}
	delete(c.w.Header(), "Etag")
	delete(c.w.Header(), "Location")
	_ = c.send(e.Status, e.Append(c.out()))
}

// nameRefused finds the name of whom a refused request was about, where it failed before the resource was read.
func (c *call) nameRefused(e *scim.Error) {
	if c.entry.Name != "" || c.entry.ID == "" || c.t == nil || e.Status == http.StatusNotFound || e.Status >= http.StatusInternalServerError {
		return
	}
	if r, err := c.get(inbox.Key{Directory: c.token.Directory, Type: c.t, ID: c.id}, nil); err == nil {
		c.entry.Name = nameOf(r)
	}
}
