package guard

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// orgGroup is what of a group decides what else is asked about it.
type orgGroup struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Synced *bool  `json:"externalSynced"`
	Counts struct {
		Users int `json:"users"`
	} `json:"counts"`

	object jsontext.Value
}

// orgGroups records the organization's groups with their members and what they grant.
func (w *whole) orgGroups(ctx context.Context) error {
	var list []orgGroup
	known := map[string]bool{}
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		return w.searchGroups(ctx, groupSearch{Cursor: cursor, Limit: 100})
	}, "id", allPages, func(id string, o jsontext.Value) error {
		g, err := decode[orgGroup](o)
		g.object, known[id] = o, true
		list = append(list, g)
		return err
	})
	lacking := 0
	for id := range w.groups {
		if !known[id] {
			lacking++
		}
	}
	if err == nil && e.hole == "" && lacking > 0 {
		e.hole, e.total = "accounts are in groups that did not come", e.got+lacking
	}
	refused := false // nobody is asked again and again what a key may not see
	if err := evidence.InOrder(ctx, w.o.SideBySide, list, func(ctx context.Context, g orgGroup) described {
		d := described{members: w.groups[g.ID]}
		if w.untold || len(d.members) < g.Counts.Users {
			d.members, d.cut = w.membersOf(ctx, g, d.members)
		}
		if !refused {
			d.roles, d.err = w.rolesOf(ctx, g.ID)
		}
		return d
	}, func(g orgGroup, d described) error {
		if d.cut != nil {
			if err := w.failed(ctx, d.cut, gap(document.OrgGroups, g.ID, "members of "+g.Name, "")); err != nil {
				return err
			}
		}
		if d.err != nil && !refused {
			refused = refusal(d.err)
			if err := w.rolesUntold(ctx, g, refused, d.err); err != nil {
				return err
			}
		}
		return w.addGroup(g, d.members, d.roles)
	}); err != nil {
		return err
	}
	return w.ended(ctx, document.OrgGroups, e, err)
}

// sideBySide is how many requests are under way at once where nobody says; the client finds the rate.
const sideBySide = 8

type described struct {
	members []string
	cut     error // members are missing
	roles   []jsontext.Value
	err     error // roles could not be read
}

// membersOf asks for the members of one group, where the accounts told fewer than the group says to have.
func (r *reading) membersOf(ctx context.Context, g orgGroup, have []string) ([]string, error) {
	in := map[string]bool{}
	for _, id := range have {
		in[id] = true
	}
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		return r.searchUsers(ctx, userSearch{Cursor: cursor, Limit: 100, GroupIDs: []string{g.ID}})
	}, "accountId", allPages, func(id string, _ jsontext.Value) error {
		if !in[id] {
			in[id], have = true, append(have, id)
		}
		return nil
	})
	switch {
	case err != nil:
		return have, err
	case e.hole != "":
		return have, fmt.Errorf("%s", e.hole)
	case len(have) < g.Counts.Users:
		return have, fmt.Errorf("the group has %d members and %d came", g.Counts.Users, len(have))
	}
	return have, nil
}

func (r *reading) rolesOf(ctx context.Context, id string) ([]jsontext.Value, error) {
	roles := []jsontext.Value{}
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		q := url.Values{}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		return r.get(ctx, r.admin, r.orgPath("v2")+"/directories/-/groups/"+url.PathEscape(id)+"/role-assignments", q)
	}, "", 20, func(_ string, o jsontext.Value) error {
		roles = append(roles, o)
		return nil
	})
	if err == nil && e.hole != "" {
		err = fmt.Errorf("%s", e.hole)
	}
	return roles, err
}

// rolesUntold notes that it is not known what a group, or any group, grants. The gap names the role assignments and not
// the group, whose members are known all the same.
func (r *reading) rolesUntold(ctx context.Context, g orgGroup, all bool, err error) error {
	subject, what := g.ID+"/role-assignments", "what "+g.Name+" grants"
	if all {
		subject, what = "role-assignments", "what groups grant"
	}
	hole := gap(document.OrgGroups, subject, what, "")
	hole.Call = "GET /admin/v2/orgs/{org}/directories/-/groups/{id}/role-assignments"
	return r.failed(ctx, err, hole)
}

// addGroup records a group; roles nil are not told.
func (r *reading) addGroup(g orgGroup, members []string, roles []jsontext.Value) error {
	object, err := with(g.object, "members", members)
	if err == nil && roles != nil {
		object, err = with(object, "roleAssignments", roles)
	}
	if err != nil {
		return err
	}
	return r.to.Add(document.OrgGroups, "", object)
}

// refusal tells whether a service refuses a kind of call, whomever it is about.
func refusal(err error) bool {
	status := evidence.Status(err)
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

func getIn(lane, path string, query url.Values) wire.Request {
	return wire.Request{Method: http.MethodGet, Path: path, Query: query, Lane: lane}
}
