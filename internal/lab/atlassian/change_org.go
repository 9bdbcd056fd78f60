package atlassian

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// SetDomain brings a domain to a state, or adds it. Accounts keep their authentication policy, except that those who
// become managed get the first one.
func (l *Lab) SetDomain(name string, state DomainState) error {
	return l.change(func(w *world) error {
		d := w.domainOf("@" + name)
		if d == nil {
			d = &domain{Domain: Domain{Name: name}, id: w.newID("d0")}
			w.domains = append(w.domains, d)
		}
		d.State, d.raw = state, nil
		action := "domain_changed"
		if state == Claimed {
			action = "domain_claimed"
		}
		w.happened(administrator, action, nil, "Domain %s is %s", name, state.word())
		for _, a := range w.accounts {
			if w.domainOf(a.email) != d {
				continue
			}
			a.claim, a.manage = "", nil
			if !w.managed(a) {
				a.policy = ""
			} else if a.policy == "" {
				a.policy = w.firstPolicy(a)
			}
		}
		w.touch()
		return nil
	})
}

// ClaimDomain verifies a domain and claims its accounts: they are managed from now on.
func (l *Lab) ClaimDomain(name string) error { return l.SetDomain(name, Claimed) }

// LinkDomain links a domain to a directory. At least one of its accounts must be claimed.
func (l *Lab) LinkDomain(name, id string) error {
	return l.change(func(w *world) error {
		d := w.domainOf("@" + name)
		if d == nil || d.State != Claimed {
			return fmt.Errorf("the domain %s has no claimed account: claim it first", name)
		}
		if id != LocalDirectory && w.directory(id) == nil {
			return fmt.Errorf("there is no directory %s in the lab", id)
		}
		d.Directory = id
		w.happened(administrator, "domain_changed", nil, "Linked domain %s to %s", name, id)
		return nil
	})
}

func (l *Lab) onDirectory(id string, do func(*world, *directory) error) error {
	return l.change(func(w *world) error {
		d := w.directory(id)
		if d == nil {
			return fmt.Errorf("there is no directory %s in the lab", id)
		}
		return do(w, d)
	})
}

// ExpireKey ends the SCIM key of a directory now.
func (l *Lab) ExpireKey(id string) error {
	return l.onDirectory(id, func(w *world, d *directory) error {
		d.Expires = w.at
		w.happened(administrator, "scim_key_expired", nil, "The API key of %s expired", id)
		return nil
	})
}

// RegenerateKey makes a new SCIM key for a directory, which lives a year. The old one is dead at once.
func (l *Lab) RegenerateKey(id string) (key string, err error) {
	err = l.onDirectory(id, func(w *world, d *directory) error {
		d.Key, d.Expires = w.newID("4e"), w.at.AddDate(1, 0, 0)
		key = d.Key
		w.happened(administrator, "scim_key_regenerated", nil, "Regenerated the API key of %s", id)
		return nil
	})
	return key, err
}

// RecreateDirectory deletes a directory and makes a new, empty one with another id and the same key. Accounts stay
// as they are and are still held by the old one until they are provisioned again; synced groups become local and keep
// their members, and are in the way of the new directory's.
func (l *Lab) RecreateDirectory(id string) (newID string, err error) {
	err = l.onDirectory(id, func(w *world, d *directory) error {
		for _, g := range w.groups {
			if g.source != nil && g.source.dir == d {
				g.source, g.directory, g.raw = nil, LocalDirectory, nil
			}
		}
		d.groups.each(func(sg *scimGroup) { sg.deleted, sg.org = true, nil })
		for _, r := range d.userByID {
			w.unindex(r)
			if a := r.account; a != nil {
				w.unlink(r)
				a.heldBy = d
			}
		}
		w.directories = slices.DeleteFunc(w.directories, func(x *directory) bool { return x == d })
		w.happened(administrator, "scim_directory_deleted", nil, "Deleted directory %s", id)
		fresh := d.Directory
		fresh.ID = w.newID("d1")
		newID = w.addDirectory(fresh).ID
		return nil
	})
	return newID, err
}

// SetSeats changes how many people may use a product; zero is unlimited.
func (l *Lab) SetSeats(host, product string, seats int) error {
	return l.change(func(w *world) error {
		p, err := w.product(host, product)
		if err != nil {
			return err
		}
		p.Seats = seats
		w.happened(administrator, "seats_changed", nil, "%s on %s has %d seats", product, host, seats)
		return nil
	})
}

// SetPropagation changes how long the way from the directory to the sites takes. What is under way is not overtaken.
func (l *Lab) SetPropagation(d time.Duration) {
	w := l.lock()
	defer l.mu.Unlock()
	w.propagation = d
}

// TroubleshootingLog is the log of the page of that name, a line each, the oldest first.
func (l *Lab) TroubleshootingLog() string {
	w := l.lock()
	defer l.mu.Unlock()
	return strings.Join(w.lines, "\n")
}
