package engine

import (
	"context"
	"fmt"
	"slices"
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
	cursor, _, full, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
	if err != nil {
		return fmt.Errorf("looking for the last reading of %s: %w", c.Target.Name(), err)
	}
	if !c.old(full) && size(c.doubt) <= touchedAtMost {
		if cursor == alone { // what is beside the directory could not be read then
			if err := c.reading(ctx, store.Target, func(to store.Reading) (source.Cursor, error) {
				return c.beside(ctx, &toReading{to: to})
			}); err != nil {
				return err
			}
		}
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
		return c.beside(ctx, r)
	})
}

// targetFiles are what the mirror of a target holds.
var targetFiles = slices.Concat(target.Documents, besideFiles, []document.File{document.ScimLinks})

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
	var names []string // of groups that are about to be made
	for s := range r.Steps() {
		switch made := s.Op == plan.Create; {
		case made && s.Kind == plan.KindGroup:
			c.look(&want.GroupNames, "group name", s.Subject.Name)
			if s.Held == nil {
				c.look(&names, "name", s.Subject.Name)
			}
		case s.Kind == plan.KindGroup:
			c.look(&want.Groups, "group", s.Subject.Target)
			if s.Op == plan.Delete { // somebody may have taken people out of the group that replaces it
				for _, other := range c.groupsOf(s.Subject.ID) {
					c.look(&want.Groups, "group", other)
				}
			}
		case made && s.Kind == plan.KindUser && s.Subject.Target == "":
			c.look(&want.ExternalIDs, "external id", s.Subject.ID)
		case s.Kind == plan.KindUser:
			c.look(&want.Users, "user", s.Subject.Target)
		}
	}
	news, err := c.namesakes(ctx, names)
	if err != nil {
		return false, err
	}
	switch n := size(want); {
	case n == 0 || c.fresh:
		return news, nil
	case n > touchedAtMost:
		c.doubt, c.fresh = target.Want{}, true
		return true, c.reading(ctx, store.Target, func(to store.Reading) (source.Cursor, error) {
			if err := to.Full(target.Documents...); err != nil {
				return "", err
			}
			if err := c.Target.Read(ctx, target.Want{All: true}, &toReading{to: to}); err != nil {
				return "", err
			}
			cursor, _, _, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
			return cursor, err
		})
	}
	err = c.readNamed(ctx, want, &changed)
	return changed || news, err
}

// look puts an object on a list of what is to be looked at, unless it was looked at in this cycle.
func (c *cycle) look(list *[]string, kind, id string) {
	key := kind + "\x00" + id
	if id == "" || c.looked[key] {
		return
	}
	if c.looked == nil {
		c.looked = map[string]bool{}
	}
	c.looked[key] = true
	*list = append(*list, id)
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
	part bool                   // only some objects are read: a document is not whole
	told map[document.File]bool // of which it was said that they are whole, or that they are not
	seen map[string]string      // id -> fingerprint; nil: nobody asks
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
	r.tell(file, true)
	return r.to.Whole(file)
}

func (r *toReading) Gap(g document.Gap) error {
	if g.Subject == "" {
		r.tell(document.File(g.File), false)
	}
	return r.to.Gap(g)
}

func (r *toReading) tell(f document.File, whole bool) {
	if r.told == nil {
		r.told = map[document.File]bool{}
	}
	r.told[f] = whole
}

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
