package scim

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Needs are the bulkIds that the operation refers to.
func (op *BulkOperation) Needs() []string {
	var out []string
	if name, ok := strings.CutPrefix(op.id, bulkPrefix); ok {
		out = append(out, name)
	}
	for _, h := range op.holes {
		if !slices.Contains(out, h.name) {
			out = append(out, h.name)
		}
	}
	return out
}

// Resolve gives the id in the operation's path and its data, with ids where bulkIds were. ids knows those of the operations
// that were done. The error is an *Error: an operation that is needed is not there, or failed.
func (op *BulkOperation) Resolve(ids map[string]string) (id string, data jsontext.Value, err error) {
	for _, name := range op.Needs() {
		if _, ok := ids[name]; !ok {
			return "", nil, &Error{Status: 409, Type: InvalidValue, Detail: "bulkId:" + show(name) + " has no id: no operation of that bulkId was carried out."}
		}
	}
	id = op.id
	if name, ok := strings.CutPrefix(id, bulkPrefix); ok {
		id = ids[name]
	}
	if len(op.holes) == 0 {
		return id, op.data, nil
	}
	at := 0
	for _, h := range op.holes {
		data = append(data, op.data[at:h.from]...)
		data = text(data, ids[h.name])
		at = h.to
	}
	return id, append(data, op.data[at:]...), nil
}

// arrange works out the order. Operations that need one another in a circle are refused with 409, which RFC 7644 section
// 3.7.1 allows: no one of them could come first.
func (b *Bulk) arrange() {
	makes := map[string]int{}
	for i := range b.Operations {
		op := &b.Operations[i]
		if op.Method != post || op.BulkID == "" {
			continue
		}
		if _, ok := makes[op.BulkID]; ok && op.Err == nil {
			op.Err = bad(InvalidValue, "bulkId: %s is the bulkId of another operation, too. Make it unique.", show(op.BulkID))
			continue
		}
		makes[op.BulkID] = i
	}
	a := arranger{bulk: b, makes: makes, state: make([]visit, len(b.Operations))}
	for i := range b.Operations {
		a.visit(i)
	}
}

type visit uint8

const (
	unseen visit = iota
	underway
	done
)

// arranger walks from operations to what they need.
type arranger struct {
	bulk  *Bulk
	makes map[string]int // from the bulkId to the operation
	state []visit
	way   []int
}

func (a *arranger) visit(i int) {
	switch a.state[i] {
	case done:
		return
	case underway:
		for _, j := range a.way[slices.Index(a.way, i):] {
			if op := &a.bulk.Operations[j]; op.Err == nil {
				op.Err = &Error{Status: 409, Detail: "bulkId: operations need one another in a circle. Create one of the resources first, and add the reference later."}
			}
		}
		return
	}
	a.state[i] = underway
	a.way = append(a.way, i)
	for _, name := range a.bulk.Operations[i].Needs() {
		if j, ok := a.makes[name]; ok {
			a.visit(j)
		}
	}
	a.way = a.way[:len(a.way)-1]
	a.state[i] = done
	a.bulk.Order = append(a.bulk.Order, i)
}

// BulkResult is the outcome of one operation.
type BulkResult struct {
	Method, BulkID, Version string
	Location                string // whole address; empty where a POST failed
	Status                  int
	Response                jsontext.Value // the error as JSON; of success it may be missing
}

// AppendBulk writes the answer to a bulk request.
func AppendBulk(dst []byte, results []BulkResult) []byte {
	dst = append(dst, `{"schemas":["`+bulkResponseMessage+`"],"Operations":[`...)
	for i, r := range results {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = text(append(dst, `{"method":`...), r.Method)
		for _, f := range []struct{ name, value string }{{"bulkId", r.BulkID}, {"version", r.Version}, {"location", r.Location}} {
			if f.value != "" {
				dst = append(append(append(dst, `,"`...), f.name...), `":`...)
				dst = text(dst, f.value)
			}
		}
		dst = append(dst, `,"status":"`...)
		dst = append(count(dst, r.Status), '"')
		if len(r.Response) > 0 {
			dst = append(append(dst, `,"response":`...), r.Response...)
		}
		dst = append(dst, '}')
	}
	return append(dst, "]}"...)
}
