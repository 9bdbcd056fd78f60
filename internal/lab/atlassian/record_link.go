package atlassian

import "slices"

// link binds a new record to the account of its address, and opens one where there is none.
func (w *world) link(r *record) {
	a := w.byEmail[w.fold(r.email())]
	if a == nil {
		a = w.addAccount("", r.email(), displayName(r.attrs))
		a.listed = false
		a.source = synced
		if w.readings.ProvisioningClaims && a.unclaimed {
			a.unclaimed = false
			w.reclaim(a)
		}
	}
	w.bind(r, a)
	if w.readings.DomainDecidesHolder {
		w.settleHolder(a)
	}
	w.propagate(func() {
		a.listed = true
		a.source = synced
		if a.membership == none {
			a.membership = active
		}
		w.touch()
	})
}

func (w *world) bind(r *record, a *account) {
	r.account, a.heldBy, a.manage = a, nil, nil
	a.records = append(a.records, r)
}

// unlink ends the link; both sides stay as they are.
func (w *world) unlink(r *record) {
	a := r.account
	if a == nil {
		return
	}
	r.account, a.manage = nil, nil
	a.records = slices.DeleteFunc(a.records, func(x *record) bool { return x == r })
}

// settleHolder leaves an account that several directories provision to the one that its domain is linked to, or to the
// first. The records of the others are not linked.
func (w *world) settleHolder(a *account) {
	var all []*record
	for _, r := range w.holders[w.fold(a.email)] {
		if !r.hidden && (r.account == nil || r.account == a) {
			all = append(all, r)
		}
	}
	d := w.domainOf(a.email)
	i := slices.IndexFunc(all, func(r *record) bool { return d != nil && r.dir.ID == d.Directory })
	if len(all) < 2 {
		return
	}
	for n, r := range all {
		switch {
		case n != max(i, 0):
			w.leaveSynced(r, a)
			w.unlink(r)
		case r.account == nil:
			w.bind(r, a)
			w.show(r)
			w.joinSynced(r, a)
		}
	}
}

// joinSynced brings an account into the groups of its record.
func (w *world) joinSynced(r *record, a *account) {
	r.groups.each(func(sg *scimGroup) {
		w.propagate(func() {
			if sg.org != nil {
				w.join(sg.org, a)
			}
		})
	})
}

// leaveSynced takes an account out of the groups that a record brought it into.
func (w *world) leaveSynced(r *record, a *account) {
	r.groups.each(func(sg *scimGroup) {
		w.propagate(func() {
			if sg.org != nil {
				w.leave(sg.org, a)
			}
		})
	})
}
