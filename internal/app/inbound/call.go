package inbound

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// call is one request on its way.
type call struct {
	*Endpoint
	w  http.ResponseWriter
	r  *http.Request
	at time.Time

	token  inbox.Token // whose it is
	base   string      // address of the directory's service, without a slash at its end
	t      *scim.ResourceType
	id     string // of the resource, the schema or the type that the path names
	params scim.Parameters

	entry note
	buf   *[]byte // for the answer
	in    *[]byte // for the body

	release func() // what the body took; nil: nothing
}

// buffers are reused; those that grew very large are left to the garbage.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

const largestKept = 1 << 20

func keep(b *[]byte) {
	if b != nil && cap(*b) <= largestKept {
		*b = (*b)[:0]
		buffers.Put(b)
	}
}

var calls = sync.Pool{New: func() any { return new(call) }}

// ServeHTTP answers one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := calls.Get().(*call) //nolint:errcheck,forcetypeassert // nothing else is in it
	c.Endpoint, c.w, c.r, c.at = e, w, r, e.Now()
	c.entry.Request = inbox.Request{
		At: c.at, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Agent: r.UserAgent(), From: e.From(r),
	}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // it is a sentinel, compared as net/http compares it
				panic(p)
			}
			c.fail(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
		c.entry.Took = e.Now().Sub(c.at)
		e.journal.add(&c.entry)
		keep(c.buf)
		keep(c.in)
		if c.release != nil {
			c.release()
		}
		*c = call{}
		calls.Put(c)
	}()
	if err := c.serve(); err != nil {
		c.fail(err)
	}
}

// serve takes a request from the door to its answer.
func (c *call) serve() error {
	path, ours := split(c.r.URL.EscapedPath(), c.Prefix)
	if !ours {
		return &scim.Error{Status: http.StatusNotFound, Detail: "Nothing is here. The addresses of SCIM begin with " + c.Prefix + "."}
	}
	if len(path) == 3 && path[1] == "oauth" && path[2] == "token" {
		return c.grant(path[0])
	}
	if err := c.admit(path); err != nil {
		return err
	}
	free, err := c.limits.enter(&c.token, c.at, c.w.Header())
	if err != nil {
		return err
	}
	defer free()
	if c.r.URL.RawQuery != "" {
		values, err := url.ParseQuery(c.r.URL.RawQuery)
		if err != nil { // what cannot be read must not be left out: without its filter a query is another one
			return &scim.Error{Status: http.StatusBadRequest, Type: scim.InvalidSyntax, Detail: "The query of the address cannot be read. Write % as %25, and separate parameters by &."}
		}
		c.params = scim.Parameters(values)
	}
	to, err := c.find(path[1:])
	if err != nil {
		return err
	}
	return to.serve(c)
}

// split takes the prefix from an escaped path, and gives the names between the slashes. Slashes too many do not count: a
// base address that ends in one gives them.
func split(path, prefix string) (names []string, ours bool) {
	rest, ours := strings.CutPrefix(path, prefix)
	if !ours || rest != "" && rest[0] != '/' {
		return nil, false
	}
	names = make([]string, 0, 4)
	for name := range strings.SplitSeq(rest, "/") {
		if name == "" {
			continue
		}
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		names = append(names, name)
	}
	return names, true
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
		c.Log.Error("a SCIM request failed", "id", id, "method", c.r.Method, "path", clean(c.r.URL.Path), "error", clean(err.Error()))
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
