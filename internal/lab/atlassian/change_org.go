package atlassian

import (
	"fmt"
	"strings"
	"time"
)

// SetDomain brings a domain to a state, or adds it. Accounts keep their authentication policy, except that those who
// become managed get the first one.
func (l *Lab) SetDomain(name string, state DomainState) error {
	return l.change(func(w *world) error {
		w.setDomain(name, state)
		return nil
	})
}

func (w *world) setDomain(name string, state DomainState) *domain {
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
		if w.domainOf(a.email) == d {
			w.reclaim(a)
		}
	}
	w.touch()
	return d
}

// reclaim judges anew whether an account is managed: who becomes so gets a first authentication policy, who is no
// longer loses it.
func (w *world) reclaim(a *account) {
	a.claim, a.manage = "", nil
	if !w.managed(a) {
		a.policy = ""
	} else if a.policy == "" {
		a.policy = w.firstPolicy(a)
	}
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
		w.linkDomain(d, id)
		return nil
	})
}

func (w *world) linkDomain(d *domain, id string) {
	d.Directory = id
	w.happened(administrator, "domain_changed", nil, "Linked domain %s to %s", d.Name, id)
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
