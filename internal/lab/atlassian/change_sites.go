package atlassian

import "fmt"

// What gets lost between organization and sites, and what people get who are invited to a product.

// LoseAtSite takes an account out of a group at one site alone: directory and organization still show it there. It
// stands for propagation to a site that got stuck; taking the account out of the group and adding it again heals it.
func (l *Lab) LoseAtSite(host, name, who string) error {
	return l.onSite(host, name, func(w *world, s *site, g *group) error {
		a, err := w.account(who)
		if err != nil {
			return err
		}
		if !g.members.has(a) {
			return fmt.Errorf("%s is not in the group %s", who, name)
		}
		if s.lost[g] == nil {
			s.lost[g] = map[*account]bool{}
		}
		s.lost[g][a] = true
		return nil
	})
}

// LoseGroupAtSite lets a site not know a group of the organization.
func (l *Lab) LoseGroupAtSite(host, name string) error {
	return l.onSite(host, name, func(_ *world, s *site, g *group) error {
		s.hidden[g] = true
		return nil
	})
}

// FindGroupAtSite ends that.
func (l *Lab) FindGroupAtSite(host, name string) error {
	return l.onSite(host, name, func(_ *world, s *site, g *group) error {
		delete(s.hidden, g)
		return nil
	})
}

func (l *Lab) onSite(host, name string, do func(*world, *site, *group) error) error {
	return l.onGroup(name, func(w *world, g *group) error {
		s := w.site(host)
		if s == nil {
			return fmt.Errorf("there is no site %s in the lab", host)
		}
		return do(w, s, g)
	})
}

// InviteTo invites somebody to a product of a site, who is opened an account if there is none and comes into the
// product's default groups. Without a free seat nobody is invited. It gives the account's id.
func (l *Lab) InviteTo(email, name, host, product string) (id string, err error) {
	err = l.change(func(w *world) error {
		p, err := w.product(host, product)
		if err != nil {
			return err
		}
		a := w.byEmail[w.fold(email)]
		if a == nil && p.Seats > 0 && p.used+p.uncounted >= p.Seats || a != nil && p.full(a) {
			return fmt.Errorf("%s on %s has no free seat", p.Name, host)
		}
		if a == nil {
			a = w.addAccount("", email, name)
			a.source = invited
		}
		a.listed, id = true, a.id
		if a.membership == none {
			a.membership = active
		}
		w.happened(administrator, "user_invited", []subject{a.subject()}, "Invited %s to %s on %s", email, p.Name, host)
		for _, g := range p.groups {
			for _, gr := range g.grants {
				if gr.product == p && gr.byDefault && w.join(g, a) {
					w.happened(administrator, "user_added_to_group", []subject{a.subject(), g.subject()}, "Added %s to %s", a.name, g.name)
				}
			}
		}
		return nil
	})
	return id, err
}
