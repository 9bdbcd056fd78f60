package atlassian

import (
	"fmt"
	"slices"
)

// Groups are named by their name here.

func (w *world) group(name string) (*group, error) {
	if g := w.groupNames[w.fold(name)]; g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("there is no group %s in the organization", name)
}

// onGroup runs a change of one group.
func (l *Lab) onGroup(name string, do func(*world, *group) error) error {
	return l.change(func(w *world) error {
		g, err := w.group(name)
		if err != nil {
			return err
		}
		defer w.touch()
		return do(w, g)
	})
}

// CreateLocalGroup makes a group that administrators edit, and gives its id.
func (l *Lab) CreateLocalGroup(name string, members ...string) (id string, err error) {
	err = l.change(func(w *world) error {
		if w.groupNames[w.fold(name)] != nil {
			return fmt.Errorf("there is a group %s already", name)
		}
		g := w.addGroup("", name, LocalDirectory)
		id = g.id
		w.happened(administrator, "group_created", []subject{g.subject()}, "Created group %s", name)
		for _, who := range members {
			if err := w.addByHand(g, who); err != nil {
				return err
			}
		}
		w.touch()
		return nil
	})
	return id, err
}

// AddToGroup puts an account into a local group. A synced group is refused, and one that grants a product without a
// free seat.
func (l *Lab) AddToGroup(name, who string) error {
	return l.onGroup(name, func(w *world, g *group) error { return w.addByHand(g, who) })
}

func (w *world) addByHand(g *group, who string) error {
	a, err := w.account(who)
	if err != nil {
		return err
	}
	if g.isSynced() {
		return fmt.Errorf("the group %s is synced from an identity provider: change its members there", g.name)
	}
	for _, gr := range g.grants {
		if gr.product != nil && gr.product.full(a) {
			return fmt.Errorf("the group %s grants %s, which has no free seat", g.name, gr.product.Name)
		}
	}
	w.join(g, a)
	w.happened(administrator, "user_added_to_group", []subject{a.subject(), g.subject()}, "Added %s to %s", a.name, g.name)
	return nil
}

// RemoveFromGroup takes an account out of a local group.
func (l *Lab) RemoveFromGroup(name, who string) error {
	return l.onGroup(name, func(w *world, g *group) error {
		a, err := w.account(who)
		if err != nil {
			return err
		}
		if g.isSynced() {
			return fmt.Errorf("the group %s is synced from an identity provider: change its members there", g.name)
		}
		w.leave(g, a)
		w.happened(administrator, "user_removed_from_group", []subject{a.subject(), g.subject()}, "Removed %s from %s", a.name, g.name)
		return nil
	})
}

// DeleteLocalGroup deletes a local group that is no default group.
func (l *Lab) DeleteLocalGroup(name string) error {
	return l.onGroup(name, func(w *world, g *group) error {
		switch {
		case g.isSynced():
			return fmt.Errorf("the group %s is synced from an identity provider: delete it there", g.name)
		case g.isDefault():
			return fmt.Errorf("the group %s is a default access group", g.name)
		}
		about := []subject{g.subject()}
		w.dropGroup(g)
		w.happened(administrator, "group_deleted", about, "Deleted group %s", g.name)
		return nil
	})
}

// Grant gives a group a role, such as atlassian/user, on a product of a site.
func (l *Lab) Grant(name, host, product, role string) error {
	return l.onGroup(name, func(w *world, g *group) error {
		p, err := w.product(host, product)
		if err != nil {
			return err
		}
		w.grant(g, &grant{product: p, resource: p.resource, owner: p.Key, role: role})
		w.happened(administrator, "group_role_granted", []subject{g.subject()}, "Granted %s on %s to %s", role, host, g.name)
		return nil
	})
}

// Ungrant ends what a group grants on a product of a site.
func (l *Lab) Ungrant(name, host, product string) error {
	return l.onGroup(name, func(w *world, g *group) error {
		p, err := w.product(host, product)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(g.grants, func(gr *grant) bool { return gr.product == p }) {
			return fmt.Errorf("the group %s does not grant %s", g.name, product)
		}
		g.grants = slices.DeleteFunc(g.grants, func(gr *grant) bool { return gr.product == p })
		g.members.each(p.take)
		w.fill(p)
		w.happened(administrator, "group_role_revoked", []subject{g.subject()}, "Revoked access to %s on %s from %s", product, host, g.name)
		return nil
	})
}

func (w *world) product(host, key string) (*product, error) {
	s := w.site(host)
	if s == nil {
		return nil, fmt.Errorf("there is no site %s in the lab", host)
	}
	p := s.product(key)
	if p == nil {
		return nil, fmt.Errorf("the site %s has no product %s", host, key)
	}
	return p, nil
}

// MakeDefault makes a group the one that new users of a product get, and ends that of the group which had it. The
// group must have the product already.
func (l *Lab) MakeDefault(name, host, product string) error {
	return l.onGroup(name, func(w *world, g *group) error {
		p, err := w.product(host, product)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(g.grants, func(gr *grant) bool { return gr.product == p })
		if i < 0 {
			return fmt.Errorf("the group %s does not grant %s", g.name, product)
		}
		for _, other := range p.groups {
			for _, gr := range other.grants {
				gr.byDefault = gr.byDefault && gr.product != p
			}
		}
		g.grants[i].byDefault = true
		w.happened(administrator, "group_default_changed", []subject{g.subject()}, "Made %s the default group of %s on %s", g.name, product, host)
		return nil
	})
}
