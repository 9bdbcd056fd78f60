package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// readSource brings the mirror of the source up to date: by what changed, and once a day anew.
func (c *cycle) readSource(ctx context.Context) error {
	since, _, full, err := c.Store.Cursor(ctx, c.Connection.Name, store.Source)
	if err != nil {
		return fmt.Errorf("looking for where the last reading of %s ended: %w", c.Source.Name(), err)
	}
	if c.old(full) {
		since = ""
	}
	c.Progress("reading "+c.Source.Name(), 0, 0)
	return c.reading(ctx, store.Source, func(to store.Reading) (source.Cursor, error) {
		cursor, err := c.Source.Read(ctx, since, to)
		if err != nil {
			return "", fmt.Errorf("reading %s: %w", c.Source.Name(), err)
		}
		return cursor, nil
	})
}

// old tells whether a reading in full is so long ago that it is time for another one. One that is to come was told by a
// clock that was wrong: nobody knows how old it is.
func (c *cycle) old(full time.Time) bool {
	age := c.Now().Sub(full)
	return age >= c.Full || age < -aheadAtMost
}

// aheadAtMost is how far the clocks of two machines are apart without one of them being wrong.
const aheadAtMost = 10 * time.Minute

// readTarget reads the whole target where the mirror is a day old or missing; else the mirror serves, because every
// change of ours is in it, and what a plan would touch is looked at again before anything is sent.
func (c *cycle) readTarget(ctx context.Context) error {
	_, _, full, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
	if err != nil {
		return fmt.Errorf("looking for the last reading of %s: %w", c.Target.Name(), err)
	}
	if !c.old(full) && size(c.doubt) <= touchedAtMost {
		return c.readNamed(ctx, c.doubt, nil)
	}
	c.fresh = true
	c.Progress("reading "+c.Target.Name(), 0, 0)
	return c.reading(ctx, store.Target, func(to store.Reading) (source.Cursor, error) {
		if err := to.Full(targetFiles...); err != nil {
			return "", err
		}
		r := &toReading{to: to}
		if err := c.Target.Read(ctx, target.Want{All: true}, r); err != nil {
			return "", fmt.Errorf("reading %s: %w", c.Target.Name(), err)
		}
		for _, b := range c.Beside {
			c.Progress("reading "+b.Name(), 0, 0)
			if err := b.Fetch(ctx, nil, r); err != nil {
				return "", fmt.Errorf("reading %s: %w", b.Name(), err)
			}
		}
		return "read", nil
	})
}

// targetFiles are what the mirror of a target holds.
var targetFiles = []document.File{document.ScimUsers, document.ScimGroups, document.OrgUsers, document.OrgGroups, document.Domains, document.AuthPolicies, document.ScimLinks}

// reading keeps a reading where it came to its end, and throws it away where it did not.
func (c *cycle) reading(ctx context.Context, side store.Side, read func(store.Reading) (source.Cursor, error)) error {
	to, err := c.Store.Reading(ctx, c.fence, side)
	if err != nil {
		return fmt.Errorf("preparing the mirror of the %s: %w", side, err)
	}
	cursor, err := read(to)
	if err != nil {
		if forget := to.Forget(); forget != nil {
			return fmt.Errorf("%w (and throwing away what was read: %w)", err, forget)
		}
		return err
	}
	if err := to.Keep(ctx, cursor, c.Now()); err != nil {
		return fmt.Errorf("keeping the mirror of the %s: %w", side, err)
	}
	return nil
}

// touchedAtMost is how many objects are looked at one by one; for more the whole target is read.
const touchedAtMost = 2000

// readTouched reads again what a plan would change, and tells whether anything was not as the mirror had it.
func (c *cycle) readTouched(ctx context.Context, r *PlanResult) (changed bool, err error) {
	var want target.Want
	for s := range r.Steps() {
		switch {
		case s.Kind == plan.KindUser && s.Subject.Target != "":
			want.Users = append(want.Users, s.Subject.Target)
		case s.Kind == plan.KindGroup && s.Subject.Target != "":
			want.Groups = append(want.Groups, s.Subject.Target)
			if s.Op == plan.Delete { // somebody may have taken people out of the group that replaces it
				want.Groups = append(want.Groups, c.groupsOf(s.Subject.ID)...)
			}
		case s.Kind == plan.KindUser && s.Op == plan.Create:
			want.ExternalIDs = append(want.ExternalIDs, s.Subject.ID)
		case s.Kind == plan.KindGroup && s.Op == plan.Create:
			want.GroupNames = append(want.GroupNames, s.Subject.Name)
		}
	}
	if n := size(want); n == 0 {
		return false, nil
	} else if n > touchedAtMost {
		c.doubt, c.fresh = target.Want{}, true
		return true, c.reading(ctx, store.Target, func(to store.Reading) (source.Cursor, error) {
			if err := to.Full(target.Documents...); err != nil {
				return "", err
			}
			return "read", c.Target.Read(ctx, target.Want{All: true}, &toReading{to: to})
		})
	}
	err = c.readNamed(ctx, want, &changed)
	return changed, err
}

// groupsOf are the groups at the target that are one of the source's: a renamed one has two for a while.
func (c *cycle) groupsOf(source string) []string {
	var out []string
	for _, l := range c.world.OwnLinks {
		if l.Kind == plan.KindGroup && document.Fold(l.Source) == document.Fold(source) {
			out = append(out, l.Target)
		}
	}
	return out
}

func size(w target.Want) int {
	return len(w.Users) + len(w.Groups) + len(w.UserNames) + len(w.ExternalIDs) + len(w.GroupNames)
}

// readNamed reads single objects of the target into the mirror. What was asked for by id and did not come is gone.
func (c *cycle) readNamed(ctx context.Context, want target.Want, changed *bool) error {
	if size(want) == 0 {
		return nil
	}
	want.Users, want.Groups = unique(want.Users), unique(want.Groups)
	before := map[string]string{}
	if changed != nil {
		was := &remembered{want: wanted(want), into: before}
		if err := c.Store.Documents(ctx, c.Connection.Name, store.Target, was); err != nil {
			return fmt.Errorf("reading the mirror of the target: %w", err)
		}
	}
	return c.reading(ctx, store.Target, func(to store.Reading) (source.Cursor, error) {
		now := map[string]string{}
		r := &toReading{to: to, seen: now, part: true}
		if err := c.Target.Read(ctx, want, r); err != nil {
			return "", fmt.Errorf("looking at what would be changed at %s: %w", c.Target.Name(), err)
		}
		for file, ids := range map[document.File][]string{document.ScimUsers: want.Users, document.ScimGroups: want.Groups} {
			for _, id := range ids {
				if _, there := now[id]; there {
					continue
				}
				if err := to.Drop(file, id); err != nil {
					return "", err
				}
			}
		}
		if changed != nil {
			*changed = !same(before, now)
		}
		cursor, _, _, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
		return cursor, err
	})
}

// toReading puts documents into a mirror, object by object: a group's members apart from it.
type toReading struct {
	to   store.Reading
	part bool              // only some objects are read: a document is not whole
	seen map[string]string // id -> fingerprint; nil: nobody asks
}

func (r *toReading) Add(file document.File, key string, object jsontext.Value) error {
	id, err := idOf(file, key, object)
	if err != nil {
		return err
	}
	if r.seen != nil {
		r.seen[id] = fingerprint(object)
	}
	if file != document.ScimGroups {
		return r.to.Put(file, id, object)
	}
	group, members, told, err := apart(object)
	if err != nil {
		return fmt.Errorf("%s: group %s: %w", file, id, err)
	}
	// A group is told as a whole: who is in it no longer must go.
	if err := r.to.Drop(file, id); err != nil {
		return err
	}
	if err := r.to.Put(file, id, group); err != nil {
		return err
	}
	if !told {
		return r.to.Gap(document.Gap{File: string(file), Subject: id, What: "members", Why: "the service did not say who is in the group", Call: "GET /Groups/" + id})
	}
	for _, m := range members {
		if err := r.to.Member(file, id, m, "", true); err != nil {
			return err
		}
	}
	return nil
}

func (r *toReading) Whole(file document.File) error {
	if r.part {
		return nil
	}
	return r.to.Whole(file)
}

func (r *toReading) Gap(g document.Gap) error { return r.to.Gap(g) }

// apart takes a SCIM group and its members apart.
func apart(object jsontext.Value) (group jsontext.Value, members []string, told bool, err error) {
	var fields map[string]jsontext.Value
	if err := json.Unmarshal(object, &fields); err != nil {
		return nil, nil, false, err
	}
	list, told := fields["members"]
	if told {
		var all []struct {
			Value string `json:"value"`
		}
		if err := json.Unmarshal(list, &all); err != nil {
			return nil, nil, false, fmt.Errorf("members: %w", err)
		}
		for _, m := range all {
			members = append(members, m.Value)
		}
		delete(fields, "members")
	}
	group, err = json.Marshal(fields, json.Deterministic(true))
	return group, members, told, err
}

var _ evidence.Recorder = (*toReading)(nil)
