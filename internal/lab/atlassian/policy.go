package atlassian

import "slices"

// firstPolicy is the default policy of the directory to which the account's domain is linked. Only managed accounts
// have one.
func (w *world) firstPolicy(a *account) string {
	if !w.managed(a) {
		return ""
	}
	linked := LocalDirectory
	if d := w.domainOf(a.email); d != nil && d.Directory != "" {
		linked = d.Directory
	}
	return w.defaultPolicy(linked)
}

// defaultPolicy is the one into which the new managed accounts of a directory come.
func (w *world) defaultPolicy(directory string) string {
	for _, p := range w.policies {
		if p.Default && p.Directory == directory {
			return p.ID
		}
	}
	return ""
}

func (w *world) policyName(id string) string {
	if p := w.policy(id); p != nil {
		return p.Name
	}
	return ""
}

// policy is one by its id, nil if there is none.
func (w *world) policy(id string) *Policy {
	i := slices.IndexFunc(w.policies, func(p Policy) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &w.policies[i]
}
