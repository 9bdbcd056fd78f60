package graph

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/port/wire"
)

// Error is a refusal of Graph, or an answer that makes no sense. Whoever wants to know what it was asks Status and Is:
// messages change.
type Error struct {
	Method, Path string // below v1.0, without query
	Status       int    // 0: there was no answer
	Codes        []string
	Message      string
	RequestID    string
	Location     string   // of a reset delta query: where to begin again
	Needs        []string // of a 403: permissions one of which the call needs, the least first
	Err          error
}

func (e *Error) Error() string { return e.Method + " " + e.Path + ": " + e.Why() }

// Why is the error without the call, such as "403 Authorization_RequestDenied: the application lacks the Microsoft
// Graph permission User.Read.All", as a gap's reason has it.
func (e *Error) Why() string {
	var s string
	switch {
	case e.Status == 0 || e.Status/100 == 2:
		s = fmt.Sprint(e.Err)
	case len(e.Needs) > 0:
		s = e.head() + ": the application lacks the Microsoft Graph permission " + e.Needs[0]
	case e.Message != "":
		s = e.head() + ": " + e.Message
	default:
		s = e.head()
	}
	if e.RequestID != "" {
		s += " (request " + e.RequestID + ")"
	}
	return s
}

func (e *Error) head() string {
	if len(e.Codes) == 0 {
		return fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%d %s", e.Status, e.Codes[0])
}

func (e *Error) Unwrap() error { return e.Err }

// Has tells whether the answer, or an error inside it, has one of the codes. Letter case does not count: the documents
// and the service spell them differently.
func (e *Error) Has(codes ...string) bool {
	return slices.ContainsFunc(e.Codes, func(have string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return strings.EqualFold(have, c) })
	})
}

// Refused gives the error where the service refuses to give something for want of a permission or a licence (403):
// that part is unknown, others may be read.
func Refused(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok && e.Status == http.StatusForbidden
}

// Missing tells whether there is no such object (404).
func Missing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound
}

// Reset tells whether a delta query, or a list, must begin again: its token is too old or was taken back.
func Reset(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Status == http.StatusGone ||
		e.Status/100 == 4 && e.Has("syncStateNotFound", "syncStateInvalid", "resyncRequired", "Directory_ExpiredPageToken"))
}

// failed turns an error of the wire into one that names Graph's own reason.
func (c *Client) failed(r wire.Request, err error) error {
	e := &Error{Method: r.Method, Path: c.short(r.Path), Err: err}
	w, ok := errors.AsType[*wire.Error](err)
	if !ok || w.Status == 0 {
		if t, is := errors.AsType[*TokenError](err); is {
			return t
		}
		return err
	}
	e.Status, e.RequestID = w.Status, w.RequestID
	e.Location = http.Header(w.Header).Get("Location")
	e.read(w.Body)
	if e.Status == http.StatusForbidden && !e.Has(otherReasons...) {
		e.Needs = needs(e.Path)
	}
	return e
}

// otherReasons are codes of a 403 that no permission helps against: a tenant without the licence for its logs.
// They are known from public reports, not from the documents.
var otherReasons = []string{"Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Authentication_RequestFromUnsupportedUserRole"}

func (c *Client) broken(path string, resp *wire.Response, err error) error {
	return &Error{
		Method: http.MethodGet, Path: c.short(path), Status: resp.Status, RequestID: resp.RequestID,
		Err: fmt.Errorf("the answer cannot be read: %w", err),
	}
}

// graphError is {"error":{"code","message","innerError":{…}}}. Inner errors nest, and are spelled both ways.
type graphError struct {
	Code    string      `json:"code"`
	Message string      `json:"message"`
	Inner   *graphError `json:"innerError"`
	Inner2  *graphError `json:"innererror"`
	Request string      `json:"request-id"`
}

func (e *Error) read(body []byte) {
	var doc struct {
		Error *graphError `json:"error"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return // a proxy's page: the status says enough
	}
	for g, depth := doc.Error, 0; g != nil && depth < 10; depth++ {
		if g.Code != "" {
			e.Codes = append(e.Codes, g.Code)
		}
		if e.Message == "" {
			e.Message = shorten(g.Message)
		}
		if e.RequestID == "" {
			e.RequestID = g.Request
		}
		if g.Inner == nil {
			g.Inner = g.Inner2
		}
		g = g.Inner
	}
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
