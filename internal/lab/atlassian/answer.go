package atlassian

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// answer is what a request gets, whole, before any fault touches it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call is one request while it is served, with the lab's lock held.
type call struct {
	w      *world
	lab    *Lab
	method string
	base   string   // how the client addresses the service: scheme, host and, if it has one, the first part of the path
	path   []string // parts after the service's own prefix
	query  url.Values
	header http.Header
	body   []byte
	fault  Fault // the parts that change what is served
}

const (
	typeJSON = "application/json"
	typeSCIM = "application/scim+json"
)

// give makes an answer of a value.
func give(status int, contentType string, v any) answer {
	a := answer{status: status, header: http.Header{"Content-Type": {contentType}}}
	if v == nil {
		a.header.Del("Content-Type")
		return a
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return answer{status: http.StatusInternalServerError, body: []byte(`{"error":"` + fmt.Sprintf("%q", err) + `"}`)}
	}
	a.body = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	return a
}

func ok(v any) answer { return give(http.StatusOK, typeJSON, v) }

func noContent() answer { return give(http.StatusNoContent, "", nil) }

// gatewayError is what stands before the organization's services says.
func gatewayError(status int, message string) answer {
	return give(status, typeJSON, object{"code": status, "message": message})
}

// orgError is an error of the organization's API, with its code such as ADMIN-404-2.
func orgError(status int, code, title, detail string) answer {
	return give(status, typeJSON, object{"errors": []object{{
		"id": "00000000-0000-4000-8000-0000000000ee", "status": fmt.Sprint(status), "code": code, "title": title, "detail": detail,
	}}})
}

// forbidden is the other form in which the organization's API refuses.
func (c *call) forbidden(message string) answer {
	return give(http.StatusForbidden, typeJSON, object{
		"timestamp": stamp(c.w.at), "path": "/" + join(c.path), "status": http.StatusForbidden,
		"error": "Forbidden", "message": message, "requestId": "lab",
	})
}

// scimError is an error of the SCIM API. The status inside is text.
func scimError(status int, kind, detail string) answer {
	e := object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": fmt.Sprint(status), "detail": detail}
	if kind != "" {
		e["scimType"] = kind
	}
	return give(status, typeSCIM, e)
}

// scimFailure is what the gateway before the SCIM API says.
func scimFailure(status int, message string) answer {
	return give(status, typeSCIM, object{"error": message, "traceId": "0000000000001ab0"})
}

// jiraError is Jira's collection of errors.
func jiraError(status int, message string) answer {
	return give(status, typeJSON, object{"errorMessages": []string{message}, "errors": object{}})
}

// keyError is an error of the user management API.
func keyError(status int, key string, context object) answer {
	e := object{"key": key}
	if context != nil {
		e["context"] = context
	}
	return give(status, typeJSON, e)
}

// read takes the body as one JSON object; numbers keep their spelling.
func (c *call) read() (object, error) {
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	var v object
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fmt.Errorf("null is no object")
	}
	if d.More() {
		return nil, fmt.Errorf("something follows the object")
	}
	return v, nil
}
