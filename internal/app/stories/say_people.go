package stories

import (
	"context"
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// people is what happens to people in Entra.
var people = []sentence{
	says(`WHO is hired(?: into (\S+))?`, func(_ context.Context, s *Stage, m []string) error {
		if err := s.hire(m[0], nil); err != nil || m[1] == "" {
			return err
		}
		group, err := s.id(m[1])
		if err != nil {
			return err
		}
		return s.Entra.AddMember(group, s.ids[m[0]])
	}),
	says(`WHO is a guest from (\S+)`, func(_ context.Context, s *Stage, m []string) error {
		address := m[0] + "@" + m[1]
		return s.hire(m[0], entra.Props{"mail": address, "userType": "Guest", "userPrincipalName": strings.ReplaceAll(address, "@", "_") + "#EXT#@" + Domain})
	}),
	says(`WHO leaves the company`, on(func(s *Stage, id string, _ []string) error { return s.Entra.DeleteUser(id) })),
	says(`WHO comes back`, on(func(s *Stage, id string, _ []string) error { return s.Entra.Restore(id) })),
	says(`WHO is disabled`, on(func(s *Stage, id string, _ []string) error { return s.Entra.DisableUser(id) })),
	says(`WHO is enabled`, on(func(s *Stage, id string, _ []string) error { return s.Entra.EnableUser(id) })),
	says(`WHO is now called (\S+)`, func(_ context.Context, s *Stage, m []string) error { // marriage: name and address
		id, err := s.id(m[0])
		if err != nil {
			return err
		}
		given, family, _ := strings.Cut(m[1], ".")
		s.ids[m[1]] = id
		return s.Entra.UpdateUser(id, entra.Props{
			"userPrincipalName": mail(m[1]), "mail": mail(m[1]), "mailNickname": m[1], "surname": capital(family), "displayName": capital(given) + " " + capital(family),
		})
	}),
	says(`in Entra, WHO has (\w+) TEXT`, on(func(s *Stage, id string, m []string) error {
		var v any = m[1]
		switch m[1] {
		case "none":
			v = nil
		case "true", "false":
			v = m[1] == "true"
		}
		return s.Entra.UpdateUser(id, entra.Props{m[0]: v})
	})),
}

// on does something to somebody in Entra; the words of the sentence but the first are handed on.
func on(do func(s *Stage, id string, rest []string) error) func(context.Context, *Stage, []string) error {
	return func(_ context.Context, s *Stage, m []string) error {
		id, err := s.id(m[0])
		if err != nil {
			return err
		}
		if err := do(s, id, m[1:]); err != nil {
			return fmt.Errorf("%s: %w", m[0], err)
		}
		return nil
	}
}
