package scimtarget

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Confirm asks whether a change whose answer is not known was carried out. What was to be made is looked for by
// externalId, then by its name; a record of the name that carries another externalId, or none, is not ours (design 3.5).
// It only reads.
func (t *Target) Confirm(ctx context.Context, c target.Change) (target.Receipt, target.Confirmation, error) {
	path, _, err := kindOf(c.Kind)
	switch {
	case err != nil:
		return target.Receipt{}, target.Unsure, err
	case c.Op == plan.Adopt:
		return target.Receipt{ID: c.ID}, target.Done, nil
	case c.ID != "":
		return t.confirmChange(ctx, path, &c)
	case c.Op != plan.Create:
		return target.Receipt{}, target.NotDone, nil
	case c.Kind == plan.KindGroup:
		return t.confirmGroup(ctx, &c)
	}
	return t.confirmUser(ctx, &c)
}

// writtenTo is the new value of a field, "" where it has none.
func writtenTo(fields []plan.Field, key string) string {
	for i := range fields {
		if document.TargetKey(fields[i].Path) == key && !fields[i].New.Null {
			return fields[i].New.Text
		}
	}
	return ""
}

func (t *Target) confirmUser(ctx context.Context, c *target.Change) (target.Receipt, target.Confirmation, error) {
	external, name := writtenTo(c.Fields, "externalid"), writtenTo(c.Fields, "username")
	var want []key
	if external != "" {
		want = append(want, key{"externalId", external})
	}
	want = append(want, key{"userName", name})
	found, why, err := t.find(ctx, usersPath, want)
	if err != nil {
		return target.Receipt{}, target.Unsure, fmt.Errorf("looking for %s: %w", c.Name, classed(err))
	}
	named := found[len(found)-1]
	switch {
	case external != "" && len(found[0]) == 1:
		return t.shown(found[0][0]), target.Done, nil
	case external != "" && len(found[0]) > 1:
		return target.Receipt{Text: fmt.Sprintf("%d records carry the externalId %s", len(found[0]), external)}, target.Unsure, nil
	case len(named) > 0 && external == "" && same(named[0], c.Fields):
		return t.shown(named[0]), target.Done, nil
	case len(named) > 0:
		return target.Receipt{Text: "a record of this userName is there which is not ours"}, target.Other, nil
	case why != "":
		return target.Receipt{Text: why}, target.Unsure, nil
	}
	return target.Receipt{}, target.NotDone, nil
}

func (t *Target) confirmGroup(ctx context.Context, c *target.Change) (target.Receipt, target.Confirmation, error) {
	name := writtenTo(c.Fields, "displayname")
	if name == "" {
		name = c.Name
	}
	found, why, err := t.find(ctx, groupsPath, []key{{"displayName", name}})
	if err != nil {
		return target.Receipt{}, target.Unsure, fmt.Errorf("looking for the group %s: %w", name, classed(err))
	}
	switch {
	case len(found[0]) > 1:
		return target.Receipt{Text: fmt.Sprintf("%d groups are called %s", len(found[0]), name)}, target.Unsure, nil
	case len(found[0]) == 0 && why != "":
		return target.Receipt{Text: why}, target.Unsure, nil
	case len(found[0]) == 0:
		return target.Receipt{}, target.NotDone, nil
	}
	o, err := keysOf(found[0][0])
	if err != nil {
		return target.Receipt{}, target.Unsure, err
	}
	object, err := t.group(ctx, o.ID)
	if err != nil {
		return target.Receipt{}, target.Unsure, fmt.Errorf("reading the group %s: %w", name, classed(err))
	}
	if o, err = keysOf(object); err != nil {
		return target.Receipt{}, target.Unsure, err
	}
	there, err := o.memberIDs()
	if err != nil {
		return target.Receipt{}, target.Unsure, err
	}
	r := t.shown(object)
	external := writtenTo(c.Fields, "externalid")
	switch {
	case external != "" && o.ExternalID == external:
		r.Missing = t.missing(ctx, &o, c.Add)
		return r, target.Done, nil
	case o.ExternalID != "" || len(there) != len(c.Add):
		return target.Receipt{Text: "a group of this name is there which is not ours"}, target.Other, nil
	}
	// The service keeps no externalId of groups, or the group is somebody else's: only its members can tell.
	for _, id := range c.Add {
		if !there[id] {
			return target.Receipt{Text: "a group of this name is there which is not ours"}, target.Other, nil
		}
	}
	if len(c.Add) == 0 {
		return target.Receipt{Text: "an empty group of this name is there; nothing tells whether it is ours"}, target.Unsure, nil
	}
	return r, target.Done, nil
}

// confirmChange reads an object and compares it with what it should have become.
func (t *Target) confirmChange(ctx context.Context, path string, c *target.Change) (target.Receipt, target.Confirmation, error) {
	read := t.get
	if path == groupsPath {
		read = func(ctx context.Context, _, id string) (jsontext.Value, error) { return t.group(ctx, id) }
	}
	object, err := read(ctx, path, c.ID)
	if failed, ok := errors.AsType[*wire.Error](err); ok && failed.Status == http.StatusNotFound {
		if c.Op == plan.Delete {
			return target.Receipt{ID: c.ID}, target.Done, nil
		}
		return target.Receipt{}, target.NotDone, nil // sent again, it is answered that the object is gone
	}
	if err != nil {
		return target.Receipt{}, target.Unsure, fmt.Errorf("reading %s: %w", c.Name, classed(err))
	}
	if c.Op == plan.Delete || !same(object, changed(c)) {
		return target.Receipt{}, target.NotDone, nil
	}
	if len(c.Add)+len(c.Remove) > 0 {
		o, err := keysOf(object)
		if err != nil {
			return target.Receipt{}, target.Unsure, err
		}
		there, err := o.memberIDs()
		if err != nil {
			return target.Receipt{}, target.Unsure, err
		}
		for _, id := range c.Add {
			if !there[id] {
				return target.Receipt{}, target.NotDone, nil
			}
		}
		for _, id := range c.Remove {
			if there[id] {
				return target.Receipt{}, target.NotDone, nil
			}
		}
	}
	return t.shown(object), target.Done, nil
}

func (t *Target) shown(object jsontext.Value) target.Receipt {
	r := t.receipt(object, &wire.Response{Status: http.StatusOK})
	r.Status = 0
	return r
}

// same tells whether an object has all the new values. Names and addresses are compared as the plan does, without
// letter case; active counts as true where it is left out.
func same(object jsontext.Value, fields []plan.Field) bool {
	var u document.ScimUser
	if json.Unmarshal(object, &u, lenient) != nil {
		return false
	}
	for i := range fields {
		is, should := u.Attribute(fields[i].Path), fields[i].New
		if !should.Known || should.Empty() {
			if is.Known && !is.Empty() {
				return false
			}
			continue
		}
		a, b := is.String(), should.String()
		if key := document.TargetKey(fields[i].Path); key == "username" || mapping.EmailTarget([]string{fields[i].Path}) >= 0 {
			a, b = document.Fold(a), document.Fold(b)
		}
		if key := document.TargetKey(fields[i].Path); key == "active" {
			a, b = strings.ToLower(a), strings.ToLower(b)
		}
		if a != b {
			return false
		}
	}
	return true
}
