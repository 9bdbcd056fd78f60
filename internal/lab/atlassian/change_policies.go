package atlassian

import (
	"errors"
	"fmt"
	"slices"
)

// Authentication policies are made and chosen in the administration's pages alone: the API can move people into one and
// say in which one a person is.

// CreatePolicy makes a policy of a directory and gives its id. Single sign-on can be enforced in one of an identity
// provider's directory only.
func (l *Lab) CreatePolicy(p Policy) (id string, err error) {
	err = l.change(func(w *world) error {
		if p.Directory == "" {
			p.Directory = LocalDirectory
		}
		switch {
		case p.Directory != LocalDirectory && w.directory(p.Directory) == nil:
			return fmt.Errorf("there is no directory %s in the lab", p.Directory)
		case p.SSO && p.Directory == LocalDirectory:
			return errors.New("single sign-on cannot be enforced in a policy of the local directory")
		case p.ID != "" && w.policy(p.ID) != nil:
			return fmt.Errorf("there is a policy %s already", p.ID)
		}
		if p.ID == "" {
			p.ID = w.newID("70")
		}
		id = p.ID
		isDefault := p.Default
		p.Default = false
		w.policies = append(w.policies, p)
		w.happened(administrator, "policy_created", nil, "Created authentication policy %s", p.Name)
		if isDefault {
			return w.makeDefaultPolicy(w.policy(id))
		}
		return nil
	})
	return id, err
}

// MakeDefaultPolicy lets new managed accounts of a policy's directory come into it. Those who are there already stay
// where they are. One whose members are not billed can be the default of the local directory alone.
func (l *Lab) MakeDefaultPolicy(id string) error {
	return l.onPolicy(id, (*world).makeDefaultPolicy)
}

func (l *Lab) onPolicy(id string, do func(*world, *Policy) error) error {
	return l.change(func(w *world) error {
		p := w.policy(id)
		if p == nil {
			return fmt.Errorf("there is no authentication policy %s in the lab", id)
		}
		return do(w, p)
	})
}

func (w *world) makeDefaultPolicy(p *Policy) error {
	if p.NonBillable && p.Directory != LocalDirectory {
		return fmt.Errorf("the policy %s is not billed: it can be the default in the local directory only", p.Name)
	}
	for i := range w.policies {
		if w.policies[i].Directory == p.Directory {
			w.policies[i].Default = false
		}
	}
	p.Default = true
	w.happened(administrator, "policy_default_changed", nil, "Made %s the default authentication policy", p.Name)
	return nil
}

// DeletePolicy deletes a policy that is not the default one. Its members come to the default one of the directory.
func (l *Lab) DeletePolicy(id string) error {
	return l.onPolicy(id, func(w *world, p *Policy) error {
		if p.Default {
			return fmt.Errorf("the policy %s is the default one of its directory", p.Name)
		}
		name, to := p.Name, w.defaultPolicy(p.Directory)
		for _, a := range w.accounts {
			if a.policy == id {
				a.policy = to
			}
		}
		w.policies = slices.DeleteFunc(w.policies, func(x Policy) bool { return x.ID == id })
		w.happened(administrator, "policy_deleted", nil, "Deleted authentication policy %s", name)
		return nil
	})
}
