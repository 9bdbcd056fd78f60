package stories

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// sources is what fills Entra's groups and users beside administrators: Active Directory, the rules of dynamic groups,
// Privileged Identity Management; and what rollcall may read of them.
var sources = []sentence{
	says(`there is a Microsoft 365 group NAME in Entra( that hides its members)?`, func(_ context.Context, s *Stage, m []string) error {
		p := entra.Props{"groupTypes": []string{"Unified"}, "mailEnabled": true, "securityEnabled": false, "visibility": "Private"}
		if m[1] != "" {
			p["visibility"], p["securityEnabled"] = "HiddenMembership", true
		}
		return s.makeGroupAs(m[0], p)
	}),
	says(`there is a dynamic group NAME in Entra for TEXT`, func(_ context.Context, s *Stage, m []string) error {
		return s.makeGroupAs(m[0], entra.Props{"groupTypes": []string{"DynamicMembership"}, "membershipRule": m[1], "membershipRuleProcessingState": "On"})
	}),
	says(`the rule of GROUP takes WHO in`, pair(func(s *Stage, group, who string) error { return s.Entra.AddMember(group, who) })),
	says(`the rule of GROUP is paused`, on(func(s *Stage, id string, _ []string) error {
		return s.Entra.UpdateGroup(id, entra.Props{"membershipRuleProcessingState": "Paused"})
	})),
	says(`the rule of GROUP is resumed`, on(func(s *Stage, id string, _ []string) error {
		return s.Entra.UpdateGroup(id, entra.Props{"membershipRuleProcessingState": "On"})
	})),
	says(`WHO is made eligible for GROUP`, pair(func(s *Stage, who, group string) error { return s.Entra.MakeEligible(group, who) })),
	says(`WHO activates GROUP`, pair(func(s *Stage, who, group string) error { return s.Entra.Activate(group, who) })),
	says(`the activation of GROUP by WHO expires`, pair(func(s *Stage, group, who string) error { return s.Entra.ExpireActivation(group, who) })),

	says(`WHO comes from Active Directory`, on(func(s *Stage, id string, _ []string) error { return s.fromActiveDirectory(id) })),
	says(`the group GROUP comes from Active Directory`, on(func(s *Stage, id string, _ []string) error { return s.fromActiveDirectory(id) })),
	says(`in Active Directory, TEXT`, func(_ context.Context, s *Stage, m []string) error {
		s.waiting = append(s.waiting, m[0])
		return nil
	}),
	says(`Entra Connect synchronizes`, func(ctx context.Context, s *Stage, _ []string) error { return s.synchronize(ctx) }),
	says(`Entra Connect refuses WHO: (UserPrincipalName|ProxyAddress) (\S+) is taken`, on(func(s *Stage, id string, m []string) error {
		return s.Entra.UpdateUser(id, entra.Props{"onPremisesProvisioningErrors": []any{entra.Props{
			"category": "PropertyConflict", "occurredDateTime": s.Clock.Now().Format(time.RFC3339), "propertyCausingError": m[0], "value": m[1],
		}}})
	})),
	says(`Entra Connect refuses WHO no longer`, on(func(s *Stage, id string, _ []string) error {
		return s.Entra.UpdateUser(id, entra.Props{"onPremisesProvisioningErrors": []any{}})
	})),

	says(`rollcall may no longer read hidden members`, func(_ context.Context, s *Stage, _ []string) error {
		s.Entra.Permit(s.ClientID, slices.DeleteFunc(entra.Everything(), func(p string) bool { return p == "Member.Read.Hidden" })...)
		return nil
	}),
	says(`rollcall may read hidden members`, func(_ context.Context, s *Stage, _ []string) error {
		s.Entra.Permit(s.ClientID, entra.Everything()...)
		return nil
	}),
}

func (s *Stage) makeGroupAs(name string, p entra.Props) error {
	if err := s.makeGroup(name); err != nil {
		return err
	}
	return s.Entra.UpdateGroup(s.ids[strings.ToLower(name)], p)
}

// fromActiveDirectory marks somebody or a group as mastered there and synced just now.
func (s *Stage) fromActiveDirectory(id string) error {
	p := entra.Props{"onPremisesSyncEnabled": true, "onPremisesLastSyncDateTime": s.Clock.Now().Format(time.RFC3339)}
	if s.Entra.UpdateUser(id, p) == nil {
		return nil
	}
	return s.Entra.UpdateGroup(id, p)
}

// synchronize is a cycle of Entra Connect: what was done in Active Directory happens in Entra. The time of a
// synchronization stands on what it changed alone.
func (s *Stage) synchronize(ctx context.Context) error {
	for _, text := range s.waiting {
		if err := s.say(ctx, text); err != nil {
			return err
		}
		for word := range strings.FieldsSeq(text) {
			if id := s.ids[strings.ToLower(word)]; id != "" {
				if err := s.fromActiveDirectory(id); err != nil {
					return err
				}
			}
		}
	}
	s.waiting = nil
	return nil
}
