package entra

import (
	"fmt"
	"maps"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// graphError is an error answer of Graph: status, code and message. Clients branch on the code; the words are the
// vendor's where they are known from its documents or from public reports.
type graphError struct {
	status        int
	code, message string
	header        http.Header // what else the answer says
	inner         []string    // further pairs of innerError: name, value, …
}

func (e *graphError) with(name, value string) *graphError {
	if e.header == nil {
		e.header = http.Header{}
	}
	e.header.Set(name, value)
	return e
}

// answer gives the documented body: error, code, message and innerError with date and request ids.
func (e *graphError) answer(c *call) answer {
	b := append(key([]byte{'{'}, "error"), '{')
	b = quote(key(b, "code"), e.code)
	b = quote(key(b, "message"), e.message)
	b = append(key(b, "innerError"), '{')
	for i := 0; i+1 < len(e.inner); i += 2 {
		b = quote(key(b, e.inner[i]), e.inner[i+1])
	}
	b = quote(key(b, "date"), c.at.Format("2006-01-02T15:04:05"))
	b = quote(key(b, "request-id"), c.id)
	b = quote(key(b, "client-request-id"), c.clientID)
	b = append(b, "}}}"...)
	h := http.Header{}
	maps.Copy(h, e.header)
	return answer{status: e.status, header: h, body: jsontext.Value(b)}
}

func badRequest(format string, args ...any) *graphError {
	return &graphError{status: http.StatusBadRequest, code: "BadRequest", message: fmt.Sprintf(format, args...)}
}

func unsupported(message string) *graphError {
	return &graphError{status: http.StatusBadRequest, code: "Request_UnsupportedQuery", message: message}
}

func tooMany(n, most int) *graphError {
	return unsupported(fmt.Sprintf("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", n, most))
}

func notFound(id string) *graphError {
	return &graphError{
		status: http.StatusNotFound, code: "Request_ResourceNotFound",
		message: fmt.Sprintf("Resource '%s' does not exist or one of its queried reference-property objects are not present.", id),
	}
}

func noSegment(name string) *graphError {
	return badRequest("Resource not found for the segment '%s'.", name)
}

func notAllowed() *graphError {
	return &graphError{
		status: http.StatusMethodNotAllowed, code: "Request_BadRequest",
		message: "Specified HTTP method is not allowed for the request target.",
	}
}

func denied() *graphError {
	return &graphError{
		status: http.StatusForbidden, code: "Authorization_RequestDenied",
		message: "Insufficient privileges to complete the operation.",
	}
}

// expiredPage is what a nextLink of an advanced query gives without its header, and a page token that is too old.
func expiredPage() *graphError {
	return &graphError{
		status: http.StatusBadRequest, code: "Directory_ExpiredPageToken",
		message: "The specified page token value has expired and can no longer be included in your request.",
	}
}

// resync is 410: the client must read everything again, from the address in Location.
func resync(code, location string) *graphError {
	e := &graphError{
		status: http.StatusGone, code: code,
		message: "The sync state generation is not found. The delta token is expired and data must be synchronized again.",
	}
	return e.with("Location", location)
}

func unauthorized(c *call, message string) *graphError {
	e := &graphError{status: http.StatusUnauthorized, code: "InvalidAuthenticationToken", message: message}
	return e.with("WWW-Authenticate", fmt.Sprintf(`Bearer realm="", authorization_uri="%s/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`, c.base))
}
