package entra

import (
	"fmt"
	"slices"
)

// Privileged Identity Management keeps who may become a member apart from who is one: a group's members are those who
// activated it alone. The words of its audit entries are not documented; these are what was seen in exports.
const pimService = "PIM"

var (
	makeEligible = act{"Add eligible member to group (PIM)", "GroupManagement", "Assign"}
	activate     = act{"Add member to group (PIM activation)", "GroupManagement", "Assign"}
	deactivate   = act{"Remove member from group (PIM activation expired)", "GroupManagement", "Unassign"}
)

// MakeEligible lets a user activate the membership of a group. The group's members stay as they are.
func (l *Lab) MakeEligible(group, user string) error {
	return l.byPIM("making eligible", makeEligible, group, user, nil)
}

// Activate makes somebody who is eligible a member; the lab does not ask whether that is so.
func (l *Lab) Activate(group, user string) error {
	return l.byPIM("activating", activate, group, user, l.AddMember)
}

// ExpireActivation ends a membership that was activated.
func (l *Lab) ExpireActivation(group, user string) error {
	return l.byPIM("ending an activation", deactivate, group, user, l.RemoveMember)
}

func (l *Lab) byPIM(doing string, a act, group, user string, change func(string, ...string) error) error {
	if change != nil {
		if err := change(group, user); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	g, who, err := l.dir.membership(group, []string{user})
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	l.auditOf(pimService, l.now(), a, about(who[0]), about(g))
	return nil
}

// Permit sets the permissions that an administrator consented to for a client that the lab knows. Tokens that were
// given out before carry those of before. It is for moments in which nobody asks for a token.
func (l *Lab) Permit(client string, permissions ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, known := l.Clients[client]; known {
		c.Permissions = slices.Clone(permissions)
		l.Clients[client] = c
	}
}
