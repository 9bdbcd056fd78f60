package inbound

import (
	"errors"
	"fmt"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// present leaves out references to resources that are not there, where the endpoint passes over them, and says in the log how
// many. Somebody who comes or goes at this moment may be missed; the inbox has the last word.
func (c *call) present(refs []scim.Ref, entry *inbox.Request) ([]scim.Ref, error) {
	if !c.o.SkipUnknownMembers {
		return refs, nil
	}
	var out []scim.Ref
	for _, ref := range refs {
		there, err := c.there(ref.Value)
		if err != nil {
			return nil, err
		}
		if there {
			out = append(out, ref)
		}
	}
	if n := len(refs) - len(out); n > 0 {
		entry.Reason = fmt.Sprintf("%d members are not there and were passed over.", n)
	}
	return out, nil
}

// there tells whether any type has a resource of an id.
func (c *call) there(id string) (bool, error) {
	for _, t := range c.o.Service.Types() {
		_, err := c.o.Inbox.Get(c.r.Context(), inbox.Key{Directory: c.token.Directory, Type: t, ID: id}, func(*scim.Attr) bool { return false })
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, inbox.ErrNone) {
			return false, err
		}
	}
	return false, nil
}

// passing makes of a change one that leaves out members that are not there. The inbox must not be asked from within a
// change, so that it is tried on the resource as it is, to learn whom it names.
func (c *call) passing(k inbox.Key, do func(*scim.Resource) (*scim.Change, error), entry *inbox.Request) (func(*scim.Resource) (*scim.Change, error), error) {
	if !c.o.SkipUnknownMembers {
		return do, nil
	}
	r, err := c.get(k, nil)
	if err != nil {
		return nil, err
	}
	would, err := do(r)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, list := range would.Refs {
		there, err := c.present(list.Add, entry)
		if err != nil {
			return nil, err
		}
		for _, ref := range there {
			known[ref.Value] = true
		}
	}
	return func(r *scim.Resource) (*scim.Change, error) {
		change, err := do(r)
		if err != nil {
			return nil, err
		}
		for i := range change.Refs {
			var add []scim.Ref
			for _, ref := range change.Refs[i].Add {
				if known[ref.Value] {
					add = append(add, ref)
				}
			}
			change.Refs[i].Add = add
		}
		return change, nil
	}, nil
}
