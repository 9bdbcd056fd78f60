package inbound

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// bulk answers POST to /Bulk, RFC 7644 section 3.7: one operation after the other, in an order in which each finds what it
// refers to. Each is a request of its own in the log.
func (c *call) bulk() error {
	body, err := c.body()
	if err != nil {
		return err
	}
	b, err := c.o.Service.ParseBulk(body)
	if err != nil {
		return err
	}
	results := make([]*scim.BulkResult, len(b.Operations))
	ids := map[string]string{}
	failed := 0
	for _, i := range b.Order {
		if b.FailOnErrors > 0 && failed >= b.FailOnErrors {
			break
		}
		if err := c.r.Context().Err(); err != nil {
			return err
		}
		results[i], err = c.operation(&b.Operations[i], ids)
		if err != nil {
			return err
		}
		if results[i].Status >= http.StatusBadRequest {
			failed++
		}
	}
	var done []scim.BulkResult // in the order in which they were sent
	for _, r := range results {
		if r != nil {
			done = append(done, *r)
		}
	}
	if failed > 0 {
		c.entry.Reason = fmt.Sprintf("%d of %d operations were refused; each has a line of its own.", failed, len(b.Operations))
	}
	return c.send(http.StatusOK, scim.AppendBulk(c.out(), done))
}

// operation does one of them. The error is none of the client's.
func (c *call) operation(op *scim.BulkOperation, ids map[string]string) (*scim.BulkResult, error) {
	out := &scim.BulkResult{Method: op.Method, BulkID: op.BulkID}
	line := c.entry
	line.Method, line.Path, line.Status, line.Size = op.Method, "/Bulk", http.StatusOK, 0
	defer func() {
		line.Status = out.Status
		line.Took = c.o.Now().Sub(c.at)
		c.journal.add(&line)
	}()
	r, err := c.attempt(op, ids, out, &line)
	if err == nil {
		out.Location = c.base + r.Location()
		switch op.Method {
		case http.MethodPost:
			ids[op.BulkID] = r.ID
			out.Status, out.Version = http.StatusCreated, r.Meta.Version
		case http.MethodDelete:
			out.Status = http.StatusNoContent
		default:
			out.Status, out.Version = http.StatusOK, r.Meta.Version
		}
		return out, nil
	}
	e, ok := errors.AsType[*scim.Error](err)
	if !ok {
		out.Status = http.StatusInternalServerError
		line.Reason = "Something went wrong within rollcall."
		return out, err
	}
	out.Status, out.Response = e.Status, e.Append(nil)
	line.ScimType, line.Reason = string(e.Type), e.Detail
	return out, nil
}

// attempt carries an operation out, unless something is wrong with it.
func (c *call) attempt(op *scim.BulkOperation, ids map[string]string, out *scim.BulkResult, line *note) (*scim.Resource, error) {
	if op.Err != nil {
		return nil, op.Err
	}
	line.Type = op.Type.Name()
	line.Path += op.Type.Endpoint()
	id, data, err := op.Resolve(ids)
	if err != nil {
		return nil, err
	}
	if id != "" {
		line.ID = id
		line.Path += "/" + id
		out.Location = c.base + op.Type.Endpoint() + "/" + id
	}
	return c.carryOut(act{op.Method, op.Type, id, op.Version, data}, &line.Request)
}
