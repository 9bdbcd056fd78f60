package atlassian

// create makes a record and what follows from it: the account is found or opened, its state and profile are set.
func (w *world) create(dir *directory, attrs object) *record {
	if old := dir.hiddenLike(w, attrs); old != nil {
		w.unindex(old)
		old.attrs, old.hidden, old.modified = attrs, false, w.at
		w.index(old)
		dir.users.add(old)
		if old.account == nil {
			w.link(old)
		}
		w.show(old)
		return old
	}
	r := &record{dir: dir, id: w.newID("5c"), attrs: attrs, created: w.at, modified: w.at}
	dir.users.add(r)
	dir.userByID[r.id] = r
	w.index(r)
	w.link(r)
	w.show(r)
	return r
}

// hiddenLike is the deleted record that a new one would bring back.
func (d *directory) hiddenLike(w *world, attrs object) *record {
	if r := d.byUserName[w.fold(str(attrs["userName"]))]; r != nil && r.hidden {
		return r
	}
	return nil
}

// update gives a record new attributes. Rewritten says that the request held them all, changed or not.
func (w *world) update(r *record, attrs object, rewritten bool) {
	before := r.email()
	w.unindex(r)
	r.attrs, r.modified = attrs, w.at
	w.index(r)
	if now := r.email(); r.account != nil && (w.fold(now) != w.fold(before) || rewritten && w.readings.RewriteUnlinks && !w.managed(r.account)) {
		w.moved(r, now)
	}
	w.show(r)
}

// moved is a change of the primary address. An address of a claimed domain becomes the account's. Any other one ends
// the link: the account keeps its old address and loses the groups, the record heals by no later change.
func (w *world) moved(r *record, email string) {
	a := r.account
	if w.managed(a) && w.claimed(email) {
		w.setEmail(a, email)
		w.happened(provisioning, "user_email_changed", []subject{a.subject()}, "Changed email address of %s", a.name)
		w.touch()
		return
	}
	w.trouble("Email update to unmanaged user with ID %s, primary email %s, unlinked any associated atlassian account.", r.id, email)
	w.leaveSynced(r, a)
	w.unlink(r)
}

// show brings the account to what its record says. An account that is not managed takes nothing over.
func (w *world) show(r *record) {
	a := r.account
	if a == nil || !w.managed(a) {
		return
	}
	name, p, on := displayName(r.attrs), profileOf(r.attrs), r.active()
	w.propagate(func() {
		if a.status == closed {
			return
		}
		if name != "" {
			a.name = name
		}
		a.profile = p
		w.activate(a, on)
		w.touch()
	})
}

// activate sets the state of an account as its directory wants it.
func (w *world) activate(a *account, on bool) {
	switch {
	case on && a.status == inactive && a.deleteOn.IsZero():
		w.setStatus(a, active)
		w.happened(provisioning, "user_reactivated", []subject{a.subject()}, "Reactivated %s", a.name)
	case !on && a.status == active:
		w.setStatus(a, inactive)
		w.happened(provisioning, "user_deactivated", []subject{a.subject()}, "Deactivated %s", a.name)
	}
}

func profileOf(attrs object) profile {
	ext, _ := attrs[enterpriseURN].(object)
	first := func(values ...any) string {
		for _, v := range values {
			if s := str(v); s != "" {
				return s
			}
		}
		return ""
	}
	return profile{
		JobTitle: str(attrs["title"]), Department: first(ext["department"], attrs["department"]),
		Organization: first(ext["organization"], attrs["organization"]), TimeZone: str(attrs["timezone"]),
		Locale: str(attrs["preferredLanguage"]),
	}
}

// remove is DELETE of a user, in the reading of 2026: the record is gone, the account unlinked and, where it is
// managed, deactivated. In the reading of 2024 the record is only hidden.
func (w *world) remove(r *record) {
	a := r.account
	if a != nil && w.managed(a) {
		w.propagate(func() { w.activate(a, false); w.touch() })
	}
	if w.readings.DeleteKeepsRecord {
		r.hidden = true
		r.attrs["active"] = false
		r.dir.users.remove(r)
		return
	}
	w.erase(r)
}

// erase deletes a record with its memberships; the account's state stays.
func (w *world) erase(r *record) {
	if a := r.account; a != nil {
		w.leaveSynced(r, a)
		w.unlink(r)
	}
	for _, g := range append([]*scimGroup(nil), r.groups.all()...) {
		w.removeMember(g, r)
	}
	w.unindex(r)
	r.dir.users.remove(r)
	delete(r.dir.userByID, r.id)
}
