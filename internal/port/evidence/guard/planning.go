package guard

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Planning is the source narrowed to what a plan reads beside the directory: accounts, groups of the organization,
// domains and authentication policies.
func (s *Source) Planning() evidence.Source { return planning{s} }

type planning struct{ *Source }

// Fetch implements evidence.Source. With a focus only groups of the organization are asked for, by the focus' GroupNames:
// what cannot be read of them is an error, but for what the key may not see, of which nothing is said.
func (p planning) Fetch(ctx context.Context, focus *evidence.Focus, to evidence.Recorder) error {
	r := &reading{Source: p.Source, to: to}
	if focus != nil {
		return r.named(ctx, focus.GroupNames)
	}
	_, org, err := r.askable()
	if err != nil || !org {
		return err
	}
	w := &whole{reading: r, linked: map[string]bool{}, groups: map[string][]string{}}
	for _, step := range []func(context.Context) error{w.accounts, w.orgGroups, w.domains, w.policies} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// namesAtOnce is how many groups are asked for by name in one request. The service documents no bound for names.
const namesAtOnce = 50

// named records the groups of the organization that have these names, with their members and what they grant.
func (r *reading) named(ctx context.Context, names []string) error {
	if r.admin == nil || r.o.Connection.Org == "" {
		return nil
	}
	for some := range slices.Chunk(names, namesAtOnce) {
		var found []orgGroup
		e, err := orgList(func(cursor string) (jsontext.Value, error) {
			return r.searchGroups(ctx, groupSearch{Cursor: cursor, Names: some, Limit: 100})
		}, "id", allPages, func(_ string, o jsontext.Value) error {
			g, err := decode[orgGroup](o)
			g.object = o
			found = append(found, g)
			return err
		})
		switch {
		case refusal(err):
			return nil
		case err != nil:
			return fmt.Errorf("looking for groups of the organization: %w", err)
		case e.hole != "":
			return fmt.Errorf("looking for groups of the organization: %s", e.hole)
		}
		for _, g := range found {
			members, err := r.membersOf(ctx, g, nil)
			if err != nil {
				return fmt.Errorf("reading the members of %s: %w", g.Name, err)
			}
			roles, err := r.rolesOf(ctx, g.ID)
			if err != nil && !refusal(err) {
				return fmt.Errorf("reading what %s grants: %w", g.Name, err)
			}
			if err != nil {
				roles = nil // not known
			}
			if err := r.addGroup(g, members, roles); err != nil {
				return err
			}
		}
	}
	return nil
}
