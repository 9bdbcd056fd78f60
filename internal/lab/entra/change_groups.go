package entra

import (
	"fmt"
	"strings"
)

func fold(s string) string { return strings.ToLower(s) }

// UpdateGroup changes properties of a group; nil clears one.
func (l *Lab) UpdateGroup(id string, p Props) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, err := l.dir.group(id)
	if err != nil {
		return fmt.Errorf("updating: %w", err)
	}
	return l.update(o, p, updateGroup)
}

// RenameGroup changes a group's displayName.
func (l *Lab) RenameGroup(id, name string) error {
	return l.UpdateGroup(id, Props{"displayName": name})
}

// AddMember makes users, groups or other principals direct members of a group. Who is one already is left alone.
// Users can be named by userPrincipalName. If one of them is not there, nobody is added.
func (l *Lab) AddMember(group string, members ...string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	g, who, err := l.dir.membership(group, members)
	if err != nil {
		return fmt.Errorf("adding members: %w", err)
	}
	for _, o := range who {
		if !g.members.add(l.dir.next(), o) {
			continue
		}
		o.parents = append(o.parents, g)
		at := l.now()
		l.dir.changed(at, change{o: g, member: o})
		l.audit(at, addMember, about(o,
			modified{"Group.ObjectID", nil, quoted(g.id)},
			modified{"Group.DisplayName", nil, quoted(g.text("displayName"))}), about(g))
	}
	return nil
}

// RemoveMember ends direct memberships. Who is no member is left alone.
func (l *Lab) RemoveMember(group string, members ...string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	g, who, err := l.dir.membership(group, members)
	if err != nil {
		return fmt.Errorf("removing members: %w", err)
	}
	for _, o := range who {
		if !g.members.remove(o) {
			continue
		}
		o.parents = without(o.parents, g)
		at := l.now()
		l.dir.changed(at, change{o: g, member: o})
		l.audit(at, removeMember, about(o,
			modified{"Group.ObjectID", quoted(g.id), nil},
			modified{"Group.DisplayName", quoted(g.text("displayName")), nil}), about(g))
	}
	return nil
}

func (d *directory) membership(group string, members []string) (*object, []*object, error) {
	g, err := d.group(group)
	if err != nil {
		return nil, nil, err
	}
	who := make([]*object, len(members))
	for i, id := range members {
		if who[i], err = d.principal(id); err != nil {
			return nil, nil, err
		}
		if who[i] == g {
			return nil, nil, fmt.Errorf("group %q cannot be a member of itself", group)
		}
	}
	return g, who, nil
}
