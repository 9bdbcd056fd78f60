package inbound

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// acceptable tells whether a client takes one of the two names that the answers' format has. What weighs more does not
// matter, as it is one format.
func acceptable(accept []string) bool {
	for _, line := range accept {
		for item := range strings.SplitSeq(line, ",") {
			if kind := mediaType(item); isJSON(kind) || kind == "*/*" || kind == "application/*" || kind == "" {
				return true
			}
		}
	}
	return len(accept) == 0
}

// plainJSON tells whether a client takes application/json, and application/scim+json not even among everything.
func plainJSON(accept []string) bool {
	plain := false
	for _, line := range accept {
		for item := range strings.SplitSeq(line, ",") {
			switch mediaType(item) {
			case "application/json":
				plain = true
			case "application/scim+json", "*/*", "application/*":
				return false
			}
		}
	}
	return plain
}

// mediaType is the type itself, in lower case, without parameters such as charset and q.
func mediaType(item string) string {
	kind, _, _ := strings.Cut(item, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

func isJSON(kind string) bool { return kind == "application/scim+json" || kind == "application/json" }

// body reads the whole body, in a buffer that lives as long as the request.
func (c *call) body() ([]byte, error) {
	if kind := mediaType(c.r.Header.Get("Content-Type")); kind != "" && !isJSON(kind) {
		return nil, &scim.Error{Status: http.StatusUnsupportedMediaType, Detail: "The Content-Type should be application/scim+json."}
	}
	if coding := c.r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, &scim.Error{Status: http.StatusUnsupportedMediaType, Detail: "A Content-Encoding is not understood. Send the body as it is."}
	}
	most := c.o.Service.Limits().Body
	if c.r.ContentLength > int64(most) {
		return nil, c.tooLarge(most)
	}
	if c.r.ContentLength > largeBody {
		if err := c.takePlace(); err != nil {
			return nil, err
		}
	}
	c.in = buffers.Get().(*[]byte) //nolint:errcheck,forcetypeassert // nothing else is in it
	if n := int(c.r.ContentLength); n > cap(*c.in) {
		*c.in = make([]byte, 0, n+1)
	}
	err := c.fill(most)
	c.entry.Size = len(*c.in)
	if refusal, ok := errors.AsType[*scim.Error](err); ok {
		return nil, refusal
	}
	if err != nil {
		c.entry.Reason = "The body did not come to its end: " + err.Error()
		return nil, &scim.Error{Status: http.StatusRequestTimeout, Detail: "The body did not come to its end in time. Send it again, in smaller parts if it is large."}
	}
	return *c.in, nil
}

// takePlace takes one of the places for large bodies, which finish gives back.
func (c *call) takePlace() (err error) {
	if c.release == nil {
		c.release, err = c.limits.large(c.w.Header())
	}
	return err
}

// fill reads until the end, or until there is more than most. A body that does not tell its length takes its place when it
// has become large.
func (c *call) fill(most int) error {
	b := *c.in
	defer func() { *c.in = b }()
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := c.r.Body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if len(b) > most {
			return c.tooLarge(most)
		}
		if len(b) > largeBody {
			if err := c.takePlace(); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// tooLarge also ends the connection, as the rest of the body will not be read.
func (c *call) tooLarge(most int) error {
	c.w.Header().Set("Connection", "close")
	return &scim.Error{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("The body is larger than %d bytes, which are the most. Send less at once.", most)}
}
