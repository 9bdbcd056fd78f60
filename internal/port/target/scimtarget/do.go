package scimtarget

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Do carries out one change with one request; where the service cannot patch, it reads first what it replaces. Its
// error is an *Error.
func (t *Target) Do(ctx context.Context, c target.Change) (target.Receipt, error) {
	k, err := t.about(ctx)
	if err != nil {
		return target.Receipt{}, fault(err, aboutService)
	}
	path, schema, err := kindOf(c.Kind)
	if err != nil {
		return target.Receipt{}, fault(err, aboutObject)
	}
	fields, err := k.schemas.fields(schema, changed(&c))
	if err != nil {
		return target.Receipt{}, fault(err, aboutObject)
	}
	switch {
	case c.Op == plan.Adopt:
		return target.Receipt{ID: c.ID}, nil
	case c.Op == plan.Delete:
		return t.delete(ctx, path, c.ID)
	case c.ID == "" && c.Op == plan.Create:
		return t.create(ctx, path, schema, fields, c.Add)
	case c.ID == "":
		return target.Receipt{}, fault(fmt.Errorf("%s %s %s: it has no id at the target", c.Op, c.Kind, c.Name), aboutObject)
	case len(fields)+len(c.Add)+len(c.Remove) == 0:
		return target.Receipt{ID: c.ID}, nil
	case k.Patch:
		return t.patch(ctx, path, fields, &c)
	}
	return t.replace(ctx, path, schema, fields, &c)
}

func kindOf(kind string) (path, schema string, err error) {
	switch kind {
	case plan.KindUser:
		return usersPath, userSchema, nil
	case plan.KindGroup:
		return groupsPath, groupSchema, nil
	}
	return "", "", fmt.Errorf("a SCIM service has no %s", kind)
}

// changed are the fields of a change. Deactivating and reactivating say it themselves.
func changed(c *target.Change) []plan.Field {
	if c.Op != plan.Deactivate && c.Op != plan.Reactivate {
		return c.Fields
	}
	for i := range c.Fields {
		if document.TargetKey(c.Fields[i].Path) == "active" {
			return c.Fields
		}
	}
	on := c.Op == plan.Reactivate
	return append([]plan.Field{{Path: "active", Old: document.BoolValue(!on), New: document.BoolValue(on)}}, c.Fields...)
}

func (t *Target) create(ctx context.Context, path, schema string, fields []written, members []string) (target.Receipt, error) {
	out := resource(schema, fields)
	if len(members) > 0 {
		out["members"] = refs(members)
	}
	body, err := marshal(out)
	if err != nil {
		return target.Receipt{}, fault(fmt.Errorf("writing what is to be made: %w", err), aboutObject)
	}
	got, err := t.send(ctx, wire.Request{Method: http.MethodPost, Path: path, Body: body})
	if err != nil {
		return target.Receipt{}, fault(err, aboutService)
	}
	object := jsontext.Value(got.Body)
	o, err := keysOf(object)
	if err != nil { // an answer without a body: the place of the new object may stand in its header
		if id := idIn(got.Header.Get("Location")); id != "" {
			object, err = t.get(ctx, path, id)
			if err == nil {
				o, err = keysOf(object)
			}
		}
	}
	if err != nil {
		return target.Receipt{}, &target.Error{Class: target.Lost, Status: got.Status, RequestID: got.RequestID, Text: "the answer does not show what was made", Err: err}
	}
	r := t.receipt(object, got)
	if len(members) > 0 {
		r.Missing = t.missing(ctx, &o, members)
	}
	return r, nil
}

// missing are those whom a new group did not take. Where the answer shows none of its members it is read once more,
// since some answers leave them out. Where that does not tell, it is all of them: adding them again does no harm.
func (t *Target) missing(ctx context.Context, o *keys, members []string) (out []string) {
	made := *o
	if made.Members == nil {
		object, err := t.group(ctx, o.ID)
		if err == nil {
			made, err = keysOf(object)
		}
		if err != nil {
			return members
		}
	}
	there, err := made.memberIDs()
	if err != nil {
		return members
	}
	for _, m := range members {
		if !there[m] {
			out = append(out, m)
		}
	}
	return out
}

func idIn(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	return u.Path[strings.LastIndexByte(u.Path, '/')+1:]
}

func (t *Target) patch(ctx context.Context, path string, fields []written, c *target.Change) (target.Receipt, error) {
	ops := operations(fields)
	if len(c.Add) > 0 {
		ops = append(ops, operation{Op: "add", Path: "members", Value: refs(c.Add)})
	}
	switch {
	case len(c.Remove) > 0 && t.opts.RemoveByValue:
		ops = append(ops, operation{Op: "remove", Path: "members", Value: refs(c.Remove)})
	case len(c.Remove) > 0:
		for _, id := range c.Remove {
			ops = append(ops, operation{Op: "remove", Path: "members[value eq " + quote(id) + "]"})
		}
	}
	body, err := patch(ops)
	if err != nil {
		return target.Receipt{}, fault(fmt.Errorf("writing a change: %w", err), aboutObject)
	}
	got, err := t.send(ctx, wire.Request{Method: http.MethodPatch, Path: path + "/" + url.PathEscape(c.ID), Body: body})
	if err != nil {
		return target.Receipt{}, fault(err, aboutObject)
	}
	r := t.receipt(got.Body, got)
	r.ID = c.ID
	return r, nil
}

func refs(ids []string) []map[string]string {
	out := make([]map[string]string, len(ids))
	for i, id := range ids {
		out[i] = map[string]string{"value": id}
	}
	return out
}

// replace reads an object, changes it, and puts it back. What it holds besides is kept.
func (t *Target) replace(ctx context.Context, path, schema string, fields []written, c *target.Change) (target.Receipt, error) {
	at := path + "/" + url.PathEscape(c.ID)
	got, err := t.send(ctx, wire.Request{Method: http.MethodGet, Path: at})
	if err != nil {
		return target.Receipt{}, fault(err, aboutObject)
	}
	object := map[string]any{}
	if err := json.Unmarshal(got.Body, &object, lenient); err != nil {
		return target.Receipt{}, fault(fmt.Errorf("GET %s: the answer cannot be read: %w", at, err), aboutObject)
	}
	readOnly := []string{"meta", "groups"}
	if schema == groupSchema {
		readOnly = readOnly[:1]
	}
	for _, name := range readOnly {
		delete(object, keyOf(object, name))
	}
	for i := range fields {
		fields[i].set(object)
	}
	if len(c.Add)+len(c.Remove) > 0 {
		name := keyOf(object, "members")
		object[name] = members(object[name], c.Add, c.Remove)
	}
	object["schemas"] = mentioned(object, schema, fields)
	body, err := marshal(object)
	if err != nil {
		return target.Receipt{}, fault(fmt.Errorf("writing a change: %w", err), aboutObject)
	}
	r := wire.Request{Method: http.MethodPut, Path: at, Body: body}
	put, err := t.send(ctx, r)
	if err != nil {
		return target.Receipt{}, fault(err, aboutObject)
	}
	out := t.receipt(put.Body, put)
	out.ID = c.ID
	return out, nil
}

// mentioned are the schemas of an object: those that it names, and those of what is written.
func mentioned(object map[string]any, schema string, fields []written) []string {
	var out []string
	have := map[string]bool{}
	add := func(s string) {
		if s != "" && !have[strings.ToLower(s)] {
			have[strings.ToLower(s)] = true
			out = append(out, s)
		}
	}
	named, _ := object["schemas"].([]any)
	for _, s := range named {
		text, _ := s.(string)
		add(text)
	}
	add(schema)
	for i := range fields {
		if !fields[i].empty() {
			add(fields[i].schema)
		}
	}
	return out
}

// members brings some in and takes some out, and leaves the others as they are.
func members(list any, add, remove []string) []any {
	gone, there := map[string]bool{}, map[string]bool{}
	for _, id := range remove {
		gone[id] = true
	}
	out := []any{}
	all, _ := list.([]any)
	for _, m := range all {
		one, _ := m.(map[string]any)
		id := plainText(one[keyOf(one, "value")])
		if !gone[id] {
			there[id] = true
			out = append(out, m)
		}
	}
	for _, id := range add {
		if !there[id] {
			out = append(out, map[string]any{"value": id})
		}
	}
	return out
}

func (t *Target) delete(ctx context.Context, path, id string) (target.Receipt, error) {
	got, err := t.send(ctx, wire.Request{Method: http.MethodDelete, Path: path + "/" + url.PathEscape(id)})
	if err != nil {
		failed := fault(err, aboutObject)
		if failed.Class == target.Gone {
			return target.Receipt{ID: id, Status: failed.Status, RequestID: failed.RequestID, Text: "it was gone already"}, nil
		}
		return target.Receipt{}, failed
	}
	return target.Receipt{ID: id, Status: got.Status, RequestID: got.RequestID}, nil
}

// receipt is what an answer shows; body may be empty.
func (t *Target) receipt(body jsontext.Value, got *wire.Response) target.Receipt {
	r := target.Receipt{Status: got.Status, RequestID: got.RequestID}
	o, err := keysOf(body)
	if err != nil {
		return r
	}
	r.ID, r.Object = o.ID, without(body, "members")
	if t.opts.Account != nil {
		r.Account = t.opts.Account(body)
	}
	return r
}
