package atlassian

import (
	"cmp"
	"fmt"
	"slices"
)

// The changes in this file are made by hand, in Atlassian Administration. An account is named by its e-mail address
// or its id.

func (w *world) account(who string) (*account, error) {
	if a := w.byID[who]; a != nil {
		return a, nil
	}
	if a := w.byEmail[w.fold(who)]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("there is no account %s in the lab", who)
}

// onAccount runs a change of one account.
func (l *Lab) onAccount(who string, do func(*world, *account) error) error {
	return l.change(func(w *world) error {
		a, err := w.account(who)
		if err != nil {
			return err
		}
		defer w.touch()
		return do(w, a)
	})
}

// InviteUser opens an account by invitation, outside any directory, and gives its id.
func (l *Lab) InviteUser(email, name string) (id string, err error) {
	err = l.change(func(w *world) error {
		if w.byEmail[w.fold(email)] != nil {
			return fmt.Errorf("an account with the address %s exists already", email)
		}
		a := w.addAccount("", email, name)
		a.listed, a.source, id = true, invited, a.id
		w.happened(administrator, "user_invited", []subject{a.subject()}, "Invited %s", email)
		return nil
	})
	return id, err
}

// SignUp opens an account that somebody made alone. The organization does not see it before it claims it, also where the
// domain of the address is its own.
func (l *Lab) SignUp(email string) error {
	return l.change(func(w *world) error {
		if w.byEmail[w.fold(email)] != nil {
			return fmt.Errorf("an account with the address %s exists already", email)
		}
		a := w.addAccount("", email, "")
		a.listed, a.source, a.unclaimed = false, invited, true
		w.reclaim(a)
		return nil
	})
}

// AccountID is the id of the account with an address, empty if there is none.
func (l *Lab) AccountID(email string) string {
	w := l.lock()
	defer l.mu.Unlock()
	if a := w.byEmail[w.fold(email)]; a != nil {
		return a.id
	}
	return ""
}

// DeactivateByHand deactivates a managed account. One that a directory holds is refused.
func (l *Lab) DeactivateByHand(who string) error { return l.enable(who, false) }

// ReactivateByHand is the opposite of DeactivateByHand.
func (l *Lab) ReactivateByHand(who string) error { return l.enable(who, true) }

func (l *Lab) enable(who string, on bool) error {
	return l.onAccount(who, func(w *world, a *account) error {
		switch {
		case !w.managed(a):
			return fmt.Errorf("the account %s is not managed by the organization", who)
		case a.held() != nil:
			return fmt.Errorf("the account %s is held by the directory %s: change it there", who, a.held().ID)
		}
		w.setEnabled(administrator, a, on)
		return nil
	})
}

// SetEmail gives an account another address, without the checks of the API.
func (l *Lab) SetEmail(who, email string) error {
	return l.onAccount(who, func(w *world, a *account) error {
		if other := w.byEmail[w.fold(email)]; other != nil && other != a {
			return fmt.Errorf("another account has the address %s", email)
		}
		w.setEmail(a, email)
		w.happened(administrator, "user_email_changed", []subject{a.subject()}, "Changed email address of %s", a.name)
		return nil
	})
}

// SetEmailVerified says whether a person has confirmed the address.
func (l *Lab) SetEmailVerified(who string, verified bool) error {
	return l.onAccount(who, func(_ *world, a *account) error {
		a.verified, a.manage = verified, nil
		return nil
	})
}

// SetForeign says whether another organization manages an account.
func (l *Lab) SetForeign(who string, foreign bool) error {
	return l.onAccount(who, func(_ *world, a *account) error {
		a.foreign, a.claim, a.manage = foreign, "", nil
		return nil
	})
}

// ScheduleDeletion begins the 14 days after which an account is deleted.
func (l *Lab) ScheduleDeletion(who string) error {
	return l.onAccount(who, func(w *world, a *account) error {
		w.scheduleDeletion(administrator, a)
		return nil
	})
}

// CancelDeletion ends them.
func (l *Lab) CancelDeletion(who string) error {
	return l.onAccount(who, func(w *world, a *account) error {
		w.cancelDeletion(administrator, a)
		return nil
	})
}

// SuspendSite switches off the access of a person to a site, or everywhere if the host is empty. Provisioning does
// not restore it.
func (l *Lab) SuspendSite(who, host string) error { return l.suspend(who, host, true) }

// RestoreSite switches it on again.
func (l *Lab) RestoreSite(who, host string) error { return l.suspend(who, host, false) }

func (l *Lab) suspend(who, host string, off bool) error {
	return l.onAccount(who, func(w *world, a *account) error {
		s := w.site(host)
		switch {
		case host != "" && s == nil:
			return fmt.Errorf("there is no site %s in the lab", host)
		case host == "" && off:
			a.membership = halted
		case host == "":
			a.membership = active
		case off:
			s.block(a)
		default:
			delete(a.blocked, s)
		}
		action, text := "user_access_restored", "Restored"
		if off {
			action, text = "user_access_suspended", "Suspended"
		}
		w.happened(administrator, action, []subject{a.subject()}, "%s access of %s to %s", text, a.name, cmp.Or(host, "the organization"))
		return nil
	})
}

// MoveToPolicy puts an account into another authentication policy.
func (l *Lab) MoveToPolicy(who, policy string) error {
	return l.onAccount(who, func(w *world, a *account) error {
		switch {
		case !w.managed(a):
			return fmt.Errorf("the account %s is not managed: it can be in no authentication policy", who)
		case !slices.ContainsFunc(w.policies, func(p Policy) bool { return p.ID == policy }):
			return fmt.Errorf("there is no authentication policy %s in the lab", policy)
		}
		a.policy = policy
		w.happened(administrator, "policy_user_added", []subject{a.subject()}, "Added %s to %s", a.name, w.policyName(policy))
		return nil
	})
}
