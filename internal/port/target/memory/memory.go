// Package memory is a target within the process, for tests: a directory that keeps what it is told, refuses what a real
// one would refuse, and can be made to fail.
package memory

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

// Target is a directory in memory. The zero value is empty and can do everything. It may be used from several goroutines.
type Target struct {
	// Abilities are what Can says; nil: patch and filter, any number of members, renames and policies.
	Abilities *target.Abilities

	// Before is asked before a change is carried out: an error is given back in its place. nil: nothing fails. It must
	// not call the target.
	Before func(c target.Change) *target.Error

	mu       sync.Mutex
	next     int
	users    map[string]object
	groups   map[string]*group
	policies map[string]string // of accounts
	lose     []bool
	changes  []target.Change
}

var _ target.Target = (*Target)(nil)

type group struct {
	attrs   object
	members []string // in the order in which they came
}

// Name is memory.
func (t *Target) Name() string { return "memory" }

// Can says what the target is able to.
func (t *Target) Can(context.Context) (target.Abilities, error) {
	if t.Abilities != nil {
		return *t.Abilities, nil
	}
	return target.Abilities{Patch: true, Filter: true, Rename: true, Policies: true, MembersInCreate: 1 << 30}, nil
}

// LoseNext makes the answer to the next change be lost; carried says whether it is carried out all the same.
func (t *Target) LoseNext(carried bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lose = append(t.lose, carried)
}

// Changes are those that arrived, the refused ones too.
func (t *Target) Changes() []target.Change {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.changes)
}

// Do carries out one change.
func (t *Target) Do(ctx context.Context, c target.Change) (target.Receipt, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return target.Receipt{}, &target.Error{Class: target.Transient, Err: err}
	}
	if c.Op == plan.Adopt {
		return target.Receipt{ID: c.ID}, nil
	}
	lost := &target.Error{Class: target.Lost, Text: "the answer was lost"}
	gone, carried := false, true
	if len(t.lose) > 0 {
		gone, carried, t.lose = true, t.lose[0], t.lose[1:]
	}
	if !carried {
		return target.Receipt{}, lost
	}
	t.changes = append(t.changes, c)
	if t.Before != nil {
		if failed := t.Before(c); failed != nil {
			return target.Receipt{}, failed
		}
	}
	r, failed := t.do(&c)
	switch {
	case failed != nil:
		return target.Receipt{}, failed
	case gone:
		return target.Receipt{}, lost
	}
	return r, nil
}

func (t *Target) do(c *target.Change) (target.Receipt, *target.Error) {
	switch c.Kind {
	case plan.KindUser:
		return t.user(c)
	case plan.KindGroup:
		return t.group(c)
	case plan.KindPolicy:
		if t.policies == nil {
			t.policies = map[string]string{}
		}
		for _, account := range c.Add {
			t.policies[account] = c.ID
		}
		return target.Receipt{ID: c.ID, Status: http.StatusAccepted}, nil
	}
	return target.Receipt{}, refuse(http.StatusBadRequest, "invalidValue", "there is no "+c.Kind)
}

func (t *Target) user(c *target.Change) (target.Receipt, *target.Error) {
	old, there := t.users[c.ID]
	switch {
	case c.Op == plan.Delete:
		delete(t.users, c.ID)
		for _, g := range t.groups {
			g.members = slices.DeleteFunc(g.members, func(id string) bool { return id == c.ID })
		}
		return target.Receipt{ID: c.ID, Status: http.StatusNoContent}, nil
	case c.Op != plan.Create && !there:
		return target.Receipt{}, goneError(c.ID)
	}
	attrs, id := old.clone(), c.ID
	if c.Op == plan.Create {
		id = t.newID()
		attrs = object{"id": id, "schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User"}, "active": true, account: object{"atlassianAccountId": "account-" + id}}
	}
	for i := range c.Fields {
		attrs.set(c.Fields[i].Path, c.Fields[i].New)
	}
	for other, u := range t.users {
		if other != id && (document.Fold(u.text("userName")) == document.Fold(attrs.text("userName")) || document.Fold(u.email()) == document.Fold(attrs.email())) {
			return target.Receipt{}, refuse(http.StatusConflict, "uniqueness", "the name or the address is another's")
		}
	}
	if t.users == nil {
		t.users = map[string]object{}
	}
	t.users[id] = attrs
	return target.Receipt{ID: id, Object: attrs.json(), Account: "account-" + id, Status: http.StatusOK}, nil
}

func (t *Target) group(c *target.Change) (target.Receipt, *target.Error) {
	g, there := t.groups[c.ID]
	switch {
	case c.Op == plan.Delete:
		delete(t.groups, c.ID)
		return target.Receipt{ID: c.ID, Status: http.StatusNoContent}, nil
	case c.Op != plan.Create && !there:
		return target.Receipt{}, goneError(c.ID)
	}
	next := group{attrs: object{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Group"}}}
	id := c.ID
	if c.Op == plan.Create {
		id = t.newID()
		next.attrs["id"] = id
	} else {
		next = group{g.attrs.clone(), slices.Clone(g.members)}
	}
	for i := range c.Fields {
		next.attrs.set(c.Fields[i].Path, c.Fields[i].New)
	}
	for other, x := range t.groups {
		if other != id && document.Fold(x.attrs.text("displayName")) == document.Fold(next.attrs.text("displayName")) {
			return target.Receipt{}, refuse(http.StatusConflict, "uniqueness", "a group of this name is there")
		}
	}
	for _, m := range c.Add {
		if _, known := t.users[m]; !known {
			return target.Receipt{}, goneError(m)
		}
		if !slices.Contains(next.members, m) {
			next.members = append(next.members, m)
		}
	}
	next.members = slices.DeleteFunc(next.members, func(m string) bool { return slices.Contains(c.Remove, m) })
	if t.groups == nil {
		t.groups = map[string]*group{}
	}
	t.groups[id] = &next
	return target.Receipt{ID: id, Object: next.attrs.json(), Status: http.StatusOK}, nil
}

func (t *Target) newID() string {
	t.next++
	return fmt.Sprintf("memory-%06d", t.next)
}

func goneError(id string) *target.Error {
	return &target.Error{Class: target.Gone, Status: http.StatusNotFound, Text: "there is no " + id}
}

func refuse(status int, code, text string) *target.Error {
	return &target.Error{Class: target.Permanent, Status: status, Code: code, Text: text}
}
