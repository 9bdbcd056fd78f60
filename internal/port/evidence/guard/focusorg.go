package guard

import (
	"context"
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// foundGroup is a group of the organization that was recorded.
type foundGroup struct {
	orgGroup
	expected bool
}

// orgGroups reads the organization's groups of the names that matter, and those of an account that has no product.
func (s *search) orgGroups(ctx context.Context) error {
	if !s.org {
		return nil
	}
	names := s.names()
	if len(names) > 0 {
		if err := s.findGroups(ctx, groupSearch{Names: names, Limit: 100}, true); err != nil {
			return err
		}
	}
	if err := s.anyGroup(ctx, names); err != nil {
		return err
	}
	var others []string
	noProduct := false
	for _, a := range s.accounts {
		if a.Products == nil || len(*a.Products) > 0 || a.Groups == nil {
			continue
		}
		noProduct = true
		for _, g := range *a.Groups {
			if s.first("org group", g.ID) {
				others = append(others, g.ID)
			}
		}
	}
	if len(others) > 0 {
		if err := s.findGroups(ctx, groupSearch{IDs: others[:min(len(others), 100)], Limit: 100}, false); err != nil {
			return err
		}
	}
	return s.addGroups(ctx, noProduct)
}

// anyGroup looks twice where none of the names was found: an organization that then has no group at all has lost a page.
func (s *search) anyGroup(ctx context.Context, names []string) error {
	if len(names) == 0 || len(s.found) > 0 || slices.Contains(s.holes, document.OrgGroups) {
		return nil
	}
	raw, err := s.searchGroups(ctx, groupSearch{Limit: 1})
	if err == nil {
		var page orgPageAnswer
		if page, err = decode[orgPageAnswer](raw); err == nil && len(page.Data) > 0 {
			return nil
		}
	}
	if err == nil {
		err = errors.New("the organization tells of no group at all")
	}
	return s.hole(ctx, err, gap(document.OrgGroups, "", "groups", ""))
}

func (s *search) findGroups(ctx context.Context, q groupSearch, expected bool) error {
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		q.Cursor = cursor
		return s.searchGroups(ctx, q)
	}, "id", 2, func(id string, o jsontext.Value) error {
		g, err := decode[orgGroup](o)
		g.object = o
		s.first("org group", id)
		s.found = append(s.found, foundGroup{g, expected})
		return err
	})
	switch {
	case err != nil:
		return s.hole(ctx, err, gap(document.OrgGroups, "", "groups", ""))
	case e.hole != "":
		return s.hole(ctx, errFewer, gap(document.OrgGroups, "", "groups: "+e.hole, ""))
	}
	return nil
}

// mostRoles is of how many groups a question asks what they grant.
const mostRoles = 8

// addGroups records the groups. What a group grants only matters where a product is expected of it, where somebody has
// none, and of a local group: it may be a default one.
func (s *search) addGroups(ctx context.Context, noProduct bool) error {
	asked := 0
	for _, g := range s.found {
		local := g.expected && (g.Synced == nil || !*g.Synced)
		s.trouble = s.trouble || local
		var roles []jsontext.Value
		if local || noProduct || len(s.o.Connection.ExpectedProducts[g.Name]) > 0 && !s.recordless {
			err := errMany
			if asked++; asked <= mostRoles {
				roles, err = s.rolesOf(ctx, g.ID)
			}
			if err != nil {
				roles = nil
				if err := s.rolesUntold(ctx, g.orgGroup, false, err); err != nil {
					return err
				}
			}
		}
		if slices.Contains(s.holes, document.OrgUsers) { // who is in it is not known then
			if err := s.to.Gap(gap(document.OrgGroups, g.ID, "members of "+g.Name, "the accounts were not read")); err != nil {
				return err
			}
		}
		if err := s.addGroup(g.orgGroup, s.members[g.ID], roles); err != nil {
			return err
		}
	}
	return nil
}
