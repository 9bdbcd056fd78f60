package entra

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxBatch is how many requests a batch may hold.
const maxBatch = 20

type batchRequest struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      jsontext.Value    `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// batch answers POST /$batch: every part is a call of its own, with its own permission, throttling and faults. The
// parts come back in reverse, since the documents promise no order.
func (l *Lab) batch(c *call) answer {
	if c.part {
		return badRequest("A batch cannot hold a batch.").answer(c)
	}
	var in struct {
		Requests []batchRequest `json:"requests"`
	}
	body, err := io.ReadAll(c.r.Body)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		return badRequest("Invalid batch payload format.").answer(c)
	}
	if len(in.Requests) == 0 || len(in.Requests) > maxBatch {
		return badRequest("Number of batch request steps exceeds the maximum value of %d.", maxBatch).answer(c)
	}
	status := map[string]int{}
	for _, r := range in.Requests {
		if _, twice := status[fold(r.ID)]; twice || r.ID == "" {
			return badRequest("Duplicate or missing request id '%s'.", r.ID).answer(c)
		}
		for _, d := range r.DependsOn {
			if _, before := status[fold(d)]; !before {
				return badRequest("Request '%s' depends on '%s', which does not come before it.", r.ID, d).answer(c)
			}
		}
		status[fold(r.ID)] = 0
	}
	parts := make([][]byte, len(in.Requests))
	for i, r := range in.Requests {
		a := l.partOf(c, r, status)
		status[fold(r.ID)] = a.status
		parts[len(parts)-1-i] = r.response(a)
	}
	b := append(key([]byte{'{'}, "responses"), '[')
	b = append(append(b, bytes.Join(parts, []byte{','})...), "]}"...)
	return answer{status: http.StatusOK, body: b}
}

// partOf answers one request of a batch.
func (l *Lab) partOf(c *call, r batchRequest, status map[string]int) answer {
	for _, d := range r.DependsOn {
		if s := status[fold(d)]; s >= 400 {
			e := &graphError{status: http.StatusFailedDependency, code: "FailedDependency", message: "A request that this one depends on failed: " + d + "."}
			return e.answer(c)
		}
	}
	u, err := url.Parse(c.base + "/v1.0/" + strings.TrimPrefix(r.URL, "/"))
	if err != nil || strings.Contains(r.URL, "://") {
		return badRequest("The url of request '%s' must be relative.", r.ID).answer(c)
	}
	req := (&http.Request{
		Method: strings.ToUpper(r.Method), URL: u, Host: c.r.Host, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: int64(len(r.Body)),
	}).WithContext(c.r.Context())
	req.Header.Set("Authorization", c.r.Header.Get("Authorization"))
	for k, v := range r.Headers {
		req.Header.Set(k, v)
	}
	part := l.begin(req)
	part.part = true
	a, _ := l.exchange(part)
	return a
}

// response is the part as the batch's answer shows it: its status, headers and body.
func (r batchRequest) response(a answer) []byte {
	b := quote(key([]byte{'{'}, "id"), r.ID)
	b = strconv.AppendInt(key(b, "status"), int64(a.status), 10)
	b = append(key(b, "headers"), '{')
	h := map[string]string{}
	for k := range a.header {
		h[spelled(k)] = a.header.Get(k)
	}
	for _, k := range sortedKeys(h) {
		b = quote(key(b, k), h[k])
	}
	b = append(b, '}')
	switch {
	case a.plain:
		b = quote(key(b, "body"), string(a.body))
	case len(a.body) > 0 && jsontext.Value(a.body).IsValid():
		b = append(key(b, "body"), a.body...)
	}
	return append(b, '}')
}

// spelled is a header's name as the service writes it. On a connection case means nothing, but in a batch names are
// keys of JSON.
func spelled(name string) string {
	switch {
	case name == "Odata-Version":
		return "OData-Version"
	case strings.HasPrefix(name, "X-Ms-"), strings.HasSuffix(name, "Request-Id"):
		return fold(name)
	}
	return name
}
