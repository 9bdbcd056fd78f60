package stories

import (
	"context"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// groupChanges is what happens to groups in Entra and to what is assigned.
var groupChanges = []sentence{
	says(`there is a group NAME in Entra`, func(_ context.Context, s *Stage, m []string) error { return s.makeGroup(m[0]) }),
	says(`WHO joins GROUP`, pair(func(s *Stage, who, group string) error { return s.Entra.AddMember(group, who) })),
	says(`WHO leaves GROUP`, pair(func(s *Stage, who, group string) error { return s.Entra.RemoveMember(group, who) })),
	says(`GROUP goes into GROUP`, pair(func(s *Stage, inner, outer string) error { return s.Entra.AddMember(outer, inner) })),
	says(`GROUP goes out of GROUP`, pair(func(s *Stage, inner, outer string) error { return s.Entra.RemoveMember(outer, inner) })),
	says(`GROUP is renamed NAME`, func(_ context.Context, s *Stage, m []string) error {
		id, err := s.id(m[0])
		if err != nil {
			return err
		}
		s.ids[strings.ToLower(m[1])] = id
		return s.Entra.RenameGroup(id, m[1])
	}),
	says(`GROUP is deleted in Entra`, on(func(s *Stage, id string, _ []string) error { return s.Entra.DeleteGroup(id) })),
	says(`the group GROUP has (\w+) (\S+)`, on(func(s *Stage, id string, m []string) error {
		var v any = m[1]
		if m[1] == "true" || m[1] == "false" {
			v = m[1] == "true"
		}
		return s.Entra.UpdateGroup(id, entra.Props{m[0]: v})
	})),
	says(`NAME is assigned`, func(_ context.Context, s *Stage, m []string) error { return s.assign(m[0]) }),
	says(`NAME is assigned with a role that is not offered`, func(_ context.Context, s *Stage, m []string) error {
		return s.assignAs(m[0], "18d14569-c3bd-439b-9a66-3a2aee01d14f")
	}),
	says(`NAME is not assigned any more`, func(_ context.Context, s *Stage, m []string) error {
		grant := s.grants[strings.ToLower(m[0])]
		delete(s.grants, strings.ToLower(m[0]))
		return s.Entra.Unassign(grant)
	}),
}

// pair does something to two that Entra knows.
func pair(do func(s *Stage, first, second string) error) func(context.Context, *Stage, []string) error {
	return func(_ context.Context, s *Stage, m []string) error {
		first, err := s.id(m[0])
		if err != nil {
			return err
		}
		second, err := s.id(m[1])
		if err != nil {
			return err
		}
		return do(s, first, second)
	}
}
