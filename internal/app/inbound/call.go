package inbound

import (
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
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

// calls are reused: they are large.
var calls = sync.Pool{New: func() any { return new(call) }}

// ServeHTTP answers one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := calls.Get().(*call) //nolint:errcheck,forcetypeassert // nothing else is in it
	c.Endpoint, c.w, c.r, c.at = e, w, r, e.o.Now()
	c.entry.Request = inbox.Request{
		At: c.at, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Agent: r.UserAgent(), From: e.o.From(r),
	}
	defer func() {
		p := recover()
		if p != nil && p != http.ErrAbortHandler { //nolint:errorlint // it is a sentinel, compared as net/http compares it
			c.fail(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
		c.finish()
		if p == http.ErrAbortHandler { //nolint:errorlint // likewise
			panic(p)
		}
	}()
	if err := c.serve(); err != nil {
		c.fail(err)
	}
}

// finish notes what became of the request, and gives back what it took.
func (c *call) finish() {
	c.entry.Took = c.o.Now().Sub(c.at)
	c.journal.add(&c.entry)
	keep(c.buf)
	keep(c.in)
	if c.release != nil {
		c.release()
	}
	*c = call{}
	calls.Put(c)
}

// serve takes a request from the door to its answer.
func (c *call) serve() error {
	path, ours := split(c.r.URL.EscapedPath(), c.o.Prefix)
	if !ours {
		return &scim.Error{Status: http.StatusNotFound, Detail: "Nothing is here. The addresses of SCIM begin with " + c.o.Prefix + "."}
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
