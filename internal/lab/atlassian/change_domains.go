package atlassian

import (
	"fmt"
	"slices"
)

// Domains are verified, their accounts claimed, and they are linked to the directory of an identity provider.

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

// LinkDomain links a domain to a directory: new accounts get the default policy of that one, the others keep theirs. At least one of its accounts must be claimed.
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
	for _, a := range w.accounts {
		if w.domainOf(a.email) != d {
			continue
		}
		if w.readings.LinkMovesAccounts && w.managed(a) {
			a.policy = w.firstPolicy(a)
		}
		if w.readings.DomainDecidesHolder {
			w.settleHolder(a)
		}
	}
}

// VerifyDomain proves that the domain is the organization's. Nobody is managed before accounts are claimed.
func (l *Lab) VerifyDomain(name string) error { return l.SetDomain(name, VerifiedUnclaimed) }

// ClaimAccounts claims accounts of a verified domain: those of a list, by address, or all where none is given. A list
// ends the automatic claiming of new accounts, claiming all begins it. A domain whose first account is claimed comes to
// the local directory.
func (l *Lab) ClaimAccounts(name string, emails ...string) error {
	return l.change(func(w *world) error {
		d := w.domainOf("@" + name)
		if d == nil || d.State != Claimed && d.State != VerifiedUnclaimed {
			return fmt.Errorf("the domain %s is not verified", name)
		}
		listed, err := w.accountsIn(d, emails)
		if err != nil {
			return err
		}
		fresh := d.State == VerifiedUnclaimed
		d.State, d.raw, d.byHand = Claimed, nil, len(emails) > 0
		w.happened(administrator, "domain_claimed", nil, "Claimed accounts of %s", name)
		for _, a := range w.accounts {
			if w.domainOf(a.email) != d {
				continue
			}
			chosen := len(emails) == 0 || slices.Contains(listed, a)
			a.unclaimed = !chosen && (a.unclaimed || fresh)
			a.listed = a.listed || chosen
			w.reclaim(a)
		}
		w.touch()
		return nil
	})
}

// UnclaimAccounts gives accounts of a domain free: they leave their authentication policy and keep their access. New
// accounts of the domain are no longer claimed by themselves.
func (l *Lab) UnclaimAccounts(name string, emails ...string) error {
	return l.change(func(w *world) error {
		d := w.domainOf("@" + name)
		if d == nil || d.State != Claimed {
			return fmt.Errorf("the domain %s has no claimed account", name)
		}
		listed, err := w.accountsIn(d, emails)
		if err != nil {
			return err
		}
		d.byHand = true
		for _, a := range listed {
			a.unclaimed = true
			w.reclaim(a)
			w.happened(administrator, "account_unclaimed", []subject{a.subject()}, "Unclaimed %s", a.email)
		}
		w.touch()
		return nil
	})
}

// accountsIn are the accounts of a list, each of which must be of the domain.
func (w *world) accountsIn(d *domain, emails []string) ([]*account, error) {
	var out []*account
	for _, e := range emails {
		a := w.byEmail[w.fold(e)]
		if a == nil || w.domainOf(e) != d {
			return nil, fmt.Errorf("there is no account %s in the domain %s", e, d.Name)
		}
		out = append(out, a)
	}
	return out, nil
}
