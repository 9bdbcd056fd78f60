package plan

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// match pairs users and groups.
func (p *planner) match() {
	p.have, p.columns, p.email = p.in.Target.State, p.want.Columns, -1
	if i := mapping.EmailColumn(p.columns); i >= 0 {
		p.email = i + 1
	}
	keys := p.in.Rules.Match
	if len(keys) == 0 {
		keys = []string{"externalId", "userName"}
	}
	sides := match.Sides{
		Wanted: p.want.State.Users, Present: p.have.Users, External: p.column("externalid"),
		First: func(u uint32) bool { return p.sel.Users[u] == scope.In || p.sel.Users[u] == scope.NotSettled },
		Prefer: func(u, h uint32) bool { // of two records linked to one user: the one that carries the id
			c := p.column("externalid")
			return c >= 0 && p.want.State.Users.Text(u, c) == p.have.Users.Text(h, c)
		},
	}
	for _, key := range keys {
		if c := p.column(document.TargetKey(key)); c >= 0 {
			sides.Keys = append(sides.Keys, c)
		}
	}
	if p.Method == document.GuardNested {
		sides.Others = sides.Keys // what the connector has synced is known by address alone
	}
	p.users = match.Match(sides, p.in.Target.Users)
	p.groups = match.Match(match.Sides{
		Wanted: p.want.State.Groups, Present: p.have.Groups, External: directory.GroupExternalID,
		Keys:  []int{directory.GroupExternalID, directory.GroupName},
		First: func(g uint32) bool { return p.sel.Groups[g] == scope.In || p.sel.Groups[g] == scope.NotSettled },
		Prefer: func(g, h uint32) bool {
			return strings.EqualFold(p.want.State.Groups.Text(g, directory.GroupName), p.have.Groups.Text(h, directory.GroupName))
		},
	}, p.in.Target.Groups)
}

// column is the place of a target attribute in the tables of users; "emails" is the address, however it is spelled.
func (p *planner) column(key string) int {
	for i, c := range p.columns {
		if c.Key == key {
			return i + 1
		}
	}
	if key == "emails" {
		return p.email
	}
	return -1
}
