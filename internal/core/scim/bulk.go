package scim

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Bulk is the body of a POST to /Bulk, RFC 7644 section 3.7.
type Bulk struct {
	FailOnErrors int // stop after as many errors; 0: never
	Operations   []BulkOperation
	Order        []int // in which to do them: what an operation needs comes before it, else as they were sent
}

// BulkOperation is one request among several.
type BulkOperation struct {
	Method  string // POST, PUT, PATCH, DELETE
	BulkID  string // the sender's name for what a POST makes
	Version string // as If-Match would say; empty: none
	Type    *ResourceType
	Err     *Error // why it cannot be tried at all; then Type may be nil

	id    string // behind the endpoint: an id, or bulkId:name
	data  jsontext.Value
	holes []hole
	path  string
}

// hole is a text bulkId:name in the data, where the id of another operation's resource is to stand.
type hole struct {
	from, to int
	name     string
}

const (
	post = "POST"
	gone = "DELETE"

	bulkPrefix = "bulkId:"
)

// ParseBulk reads a bulk request. Errors are *Error; what is wrong with a single operation stands in its Err.
func (s *Service) ParseBulk(body []byte) (*Bulk, error) {
	if most := s.rules.Limits.Body; len(body) > most {
		return nil, tooLarge("The body has %d bytes; the most are %d. Send fewer operations.", len(body), most)
	}
	r := bulkReader{decoder: newDecoder(&ResourceType{service: s, schemas: quoted(bulkRequestMessage)}, body), service: s, body: body, out: &Bulk{}}
	if err := r.whole(); err != nil {
		return nil, err
	}
	if s.rules.Tolerate&NoSchemas == 0 && !hasFold(r.schemas, bulkRequestMessage) {
		return nil, bad(InvalidValue, `schemas does not name %s. Send "schemas": [%q].`, bulkRequestMessage, bulkRequestMessage)
	}
	r.out.arrange()
	return r.out, nil
}

type bulkReader struct {
	*decoder
	service *Service
	body    []byte
	out     *Bulk
	found   bool
}

func (r *bulkReader) whole() error {
	err := r.each("the body", func(name string) error {
		switch strings.ToLower(name) {
		case "schemas":
			return r.readSchemas()
		case "failonerrors":
			raw, err := r.raw()
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
			if err != nil || n < 0 {
				return bad(InvalidValue, "failOnErrors: expected a whole number from 0.")
			}
			r.out.FailOnErrors = n
			return nil
		case "operations":
			r.found = true
			return r.operations()
		}
		return r.skip()
	})
	switch {
	case err != nil:
		return err
	case !r.found:
		return bad(InvalidSyntax, "There are no Operations. Send a list of them.")
	}
	return r.end()
}

func (r *bulkReader) operations() error {
	if r.PeekKind() != '[' {
		return r.wrong("Operations", "a list", "")
	}
	return r.elements(func() error {
		if most := r.service.rules.Limits.Bulk; len(r.out.Operations) == most {
			return tooLarge("There are more than %d operations, which are the most. Send the others in a second request.", most)
		}
		op, err := r.operation()
		if err != nil {
			return in(fmt.Sprintf("Operation %d", len(r.out.Operations)+1), err)
		}
		r.out.Operations = append(r.out.Operations, op)
		return nil
	})
}

func (r *bulkReader) operation() (op BulkOperation, err error) {
	err = r.each("the operation", func(name string) error {
		raw, err := r.lasting(r.body)
		if err != nil {
			return err
		}
		name = strings.ToLower(name)
		if name == "data" {
			op.data = raw
			return nil
		}
		to := map[string]*string{"method": &op.Method, "bulkid": &op.BulkID, "version": &op.Version, "path": &op.path}[name]
		switch {
		case to == nil || blank(raw):
			return nil
		case raw.Kind() != '"':
			return bad(InvalidSyntax, "%s: expected a text, found %s.", name, kindWords(raw.Kind()))
		}
		*to = unquote(raw)
		return nil
	})
	if err == nil {
		op.Method = strings.ToUpper(op.Method)
		op.holes = holes(op.data)
		op.Err = r.check(&op)
	}
	return op, err
}

// check finds what the operation is about.
func (r *bulkReader) check(op *BulkOperation) *Error {
	endpoint, id, _ := strings.Cut(strings.TrimPrefix(op.path, "/"), "/")
	op.Type, op.id = r.service.At("/"+endpoint), id
	switch {
	case !slices.Contains([]string{post, "PUT", "PATCH", gone}, op.Method):
		return bad(InvalidValue, "method: %s cannot be done in bulk. It is POST, PUT, PATCH or DELETE.", show(op.Method))
	case op.Type == nil:
		return &Error{Status: 404, Detail: "path: " + show(op.path) + " leads to no resource type."}
	case op.Method == post && op.BulkID == "":
		return bad(InvalidValue, "bulkId: a POST needs one, so that its answer can be told from others.")
	case op.Method == post && id != "":
		return bad(InvalidValue, "path: a POST goes to %s alone.", op.Type.def.Endpoint)
	case op.Method != post && (id == "" || strings.Contains(id, "/")):
		return bad(InvalidValue, "path: a %s goes to %s/ and an id.", op.Method, op.Type.def.Endpoint)
	case op.Method != gone && blank(op.data):
		return bad(InvalidValue, "data: a %s needs it.", op.Method)
	}
	return nil
}

// holes finds the texts in a JSON value that stand for ids.
func holes(data jsontext.Value) []hole {
	if !bytes.Contains(data, []byte(bulkPrefix)) {
		return nil
	}
	var out []hole
	d := jsontext.NewDecoder(bytes.NewBuffer(data))
	for {
		start := int(d.InputOffset())
		t, err := d.ReadToken()
		if err != nil {
			return out // the end: the value was found valid before
		}
		if t.Kind() != '"' {
			continue
		}
		if kind, n := d.StackIndex(d.StackDepth()); kind == '{' && n%2 == 1 {
			continue // a name
		}
		if name, ok := strings.CutPrefix(t.String(), bulkPrefix); ok {
			start += bytes.IndexByte(data[start:], '"') // behind a comma, a colon, blanks
			out = append(out, hole{start, int(d.InputOffset()), name})
		}
	}
}
