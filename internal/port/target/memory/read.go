package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/target"
)

// Read records users and groups, in the order of their ids.
func (t *Target) Read(ctx context.Context, want target.Want, to evidence.Recorder) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	folded := func(list []string) map[string]bool {
		out := map[string]bool{}
		for _, s := range list {
			out[document.Fold(s)] = true
		}
		return out
	}
	names, groups := folded(want.UserNames), folded(want.GroupNames)
	for _, id := range slices.Sorted(maps.Keys(t.users)) {
		u := t.users[id]
		if want.All || slices.Contains(want.Users, id) || names[document.Fold(u.text("userName"))] || slices.Contains(want.ExternalIDs, u.text("externalId")) {
			if err := to.Add(document.ScimUsers, "", u.json()); err != nil {
				return fmt.Errorf("recording a user: %w", err)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(t.groups)) {
		g := t.groups[id]
		if want.All || slices.Contains(want.Groups, id) || groups[document.Fold(g.attrs.text("displayName"))] {
			if err := to.Add(document.ScimGroups, "", g.json()); err != nil {
				return fmt.Errorf("recording a group: %w", err)
			}
		}
	}
	if !want.All {
		return nil
	}
	if t.policies != nil {
		for _, account := range slices.Sorted(maps.Keys(t.policies)) {
			if err := to.Add(document.AuthPolicies, account, object{"policyId": t.policies[account]}.json()); err != nil {
				return fmt.Errorf("recording a policy: %w", err)
			}
		}
		if err := to.Whole(document.AuthPolicies); err != nil {
			return fmt.Errorf("recording policies: %w", err)
		}
	}
	for _, file := range target.Documents {
		if err := to.Whole(file); err != nil {
			return fmt.Errorf("recording the end of %s: %w", file, err)
		}
	}
	return nil
}

// Confirm asks whether a change was carried out.
func (t *Target) Confirm(ctx context.Context, c target.Change) (target.Receipt, target.Confirmation, error) {
	if err := ctx.Err(); err != nil {
		return target.Receipt{}, target.Unsure, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case c.Op == plan.Adopt:
		return target.Receipt{ID: c.ID}, target.Done, nil
	case c.Kind == plan.KindPolicy:
		for _, a := range c.Add {
			if t.policies[a] != c.ID {
				return target.Receipt{}, target.NotDone, nil
			}
		}
		return target.Receipt{ID: c.ID}, target.Done, nil
	case c.Op == plan.Create && c.Kind == plan.KindUser:
		want := object{}
		for i := range c.Fields {
			want.set(c.Fields[i].Path, c.Fields[i].New)
		}
		for _, id := range slices.Sorted(maps.Keys(t.users)) {
			u := t.users[id]
			switch {
			case want.text("externalId") != "" && u.text("externalId") == want.text("externalId"):
				return target.Receipt{ID: id, Object: u.json(), Account: "account-" + id}, target.Done, nil
			case document.Fold(u.text("userName")) == document.Fold(want.text("userName")):
				return target.Receipt{}, target.Other, nil
			}
		}
		return target.Receipt{}, target.NotDone, nil
	case c.Op == plan.Create:
		return t.confirmGroup(&c)
	}
	return t.confirmChange(&c)
}

func (t *Target) confirmGroup(c *target.Change) (target.Receipt, target.Confirmation, error) {
	want := object{}
	for i := range c.Fields {
		want.set(c.Fields[i].Path, c.Fields[i].New)
	}
	for _, id := range slices.Sorted(maps.Keys(t.groups)) {
		g := t.groups[id]
		switch {
		case document.Fold(g.attrs.text("displayName")) != document.Fold(want.text("displayName")):
		case g.attrs.text("externalId") != want.text("externalId"):
			return target.Receipt{}, target.Other, nil
		default:
			return target.Receipt{ID: id, Object: g.attrs.json()}, target.Done, nil
		}
	}
	return target.Receipt{}, target.NotDone, nil
}

// confirmChange does the change once more to a copy: where it changes nothing, it was carried out.
func (t *Target) confirmChange(c *target.Change) (target.Receipt, target.Confirmation, error) {
	u, user := t.users[c.ID]
	g, group := t.groups[c.ID]
	switch {
	case c.Op == plan.Delete && !user && !group:
		return target.Receipt{ID: c.ID}, target.Done, nil
	case c.Op == plan.Delete, !user && !group:
		return target.Receipt{}, target.NotDone, nil
	case group:
		u = g.attrs
		for _, m := range c.Add {
			if !slices.Contains(g.members, m) {
				return target.Receipt{}, target.NotDone, nil
			}
		}
		for _, m := range c.Remove {
			if slices.Contains(g.members, m) {
				return target.Receipt{}, target.NotDone, nil
			}
		}
	}
	again := u.clone()
	for i := range c.Fields {
		again.set(c.Fields[i].Path, c.Fields[i].New)
	}
	if string(again.json()) != string(u.json()) {
		return target.Receipt{}, target.NotDone, nil
	}
	r := target.Receipt{ID: c.ID, Object: u.json()}
	if user {
		r.Account = "account-" + c.ID
	}
	return r, target.Done, nil
}

func (g *group) json() jsontext.Value {
	out := g.attrs.clone()
	members := []any{}
	for _, id := range g.members {
		members = append(members, object{"value": id, "type": "User"})
	}
	out["members"] = members
	return out.json()
}

func (o object) json() jsontext.Value {
	text, err := json.Marshal(map[string]any(o), json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		panic(err) // texts, truths, lists and objects: this cannot be
	}
	return text
}
