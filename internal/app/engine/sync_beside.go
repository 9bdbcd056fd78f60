package engine

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
)

// besideFiles are what is read beside the directory itself.
var besideFiles = []document.File{document.OrgUsers, document.OrgGroups, document.Domains, document.AuthPolicies}

// Where the last reading of a target ended.
const (
	together source.Cursor = "read"
	alone    source.Cursor = "read without what is beside it" // which the next cycle tries again
)

// beside reads what is beside the directory. A service that does not answer takes nothing else with it: what it did not
// tell is a gap, and groups that are about to be made are then asked for one by one.
func (c *cycle) beside(ctx context.Context, r *toReading) (source.Cursor, error) {
	if err := r.to.Full(besideFiles...); err != nil {
		return "", err
	}
	for _, b := range c.Beside {
		c.Progress("reading "+b.Name(), 0, 0)
		err := b.Fetch(ctx, nil, r)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return "", fmt.Errorf("reading %s: %w", b.Name(), err)
		}
		c.askAll = true
		for _, f := range besideFiles {
			if _, told := r.told[f]; told {
				continue
			}
			if err := r.Gap(document.Gap{File: string(f), What: "the whole document", Why: fmt.Sprintf("reading %s: %v", b.Name(), err), Call: document.Of(f).Call}); err != nil {
				return "", err
			}
		}
		return alone, nil
	}
	if whole, told := r.told[document.OrgGroups]; told && !whole {
		c.askAll = true
	}
	return together, nil
}

// namesakes asks whether the organization has groups of its own with the names of those that are about to be made: what
// the mirror knows of them may be a day old. It tells whether there is anything new. Where nobody answers, what is not
// known is a gap of this cycle, and the groups wait.
func (c *cycle) namesakes(ctx context.Context, names []string) (news bool, err error) {
	if names = unique(names); len(names) == 0 || len(c.Beside) == 0 {
		return false, nil
	}
	found := &localGroups{}
	for _, b := range c.Beside {
		c.Progress("looking for groups with the names of new ones", 0, 0)
		err := b.Fetch(ctx, &evidence.Focus{GroupNames: names}, found)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return false, fmt.Errorf("asking %s: %w", b.Name(), err)
		}
		for _, name := range names {
			c.gaps = append(c.gaps, document.Gap{File: string(document.OrgGroups), Subject: name, What: "whether there is a group " + name, Why: fmt.Sprintf("asking %s: %v", b.Name(), err), Call: document.Of(document.OrgGroups).Call})
		}
		return true, nil
	}
	if len(found.groups) == 0 {
		return false, nil
	}
	return true, c.reading(ctx, store.Target, func(to store.Reading) (source.Cursor, error) {
		r := &toReading{to: to, part: true}
		for _, g := range found.groups {
			if err := r.Add(document.OrgGroups, "", g); err != nil {
				return "", err
			}
		}
		cursor, _, _, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
		return cursor, err
	})
}

// localGroups takes the groups that the organization itself has. A synced one is the directory's, which is asked itself.
type localGroups struct{ groups []jsontext.Value }

func (l *localGroups) Add(f document.File, _ string, object jsontext.Value) error {
	var g struct {
		Synced bool `json:"externalSynced"`
	}
	if f != document.OrgGroups {
		return nil
	}
	if err := json.Unmarshal(object, &g); err != nil {
		return fmt.Errorf("a group of the organization: %w", err)
	}
	if !g.Synced {
		l.groups = append(l.groups, object.Clone())
	}
	return nil
}

func (*localGroups) Whole(document.File) error { return nil }
func (*localGroups) Gap(document.Gap) error    { return nil }
