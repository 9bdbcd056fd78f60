package atlassian

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Directories come and go on the page of identity providers.

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
		w.setKey(d, d.Key, w.at)
		return nil
	})
}

// KeyExpires is the date that the page of a directory shows: nothing else tells it. Zero: never.
func (l *Lab) KeyExpires(id string) (at time.Time, err error) {
	err = l.onDirectory(id, func(_ *world, d *directory) error {
		at = d.Expires
		return nil
	})
	return at, err
}

// setKey gives a directory a key with an end.
func (w *world) setKey(d *directory, key string, until time.Time) {
	d.Key, d.Expires = key, until
	if until.IsZero() || !w.readings.KeyExpiryIsAnEvent {
		return
	}
	w.when(until, func() {
		if d.Expires.Equal(until) && w.directory(d.ID) == d {
			w.happened(administrator, "scim_key_expired", nil, "The API key of %s expired", d.ID)
		}
	})
}

// RegenerateKey makes a new SCIM key for a directory, which lives a year. The old one is dead at once.
func (l *Lab) RegenerateKey(id string) (key string, err error) {
	err = l.onDirectory(id, func(w *world, d *directory) error {
		if d.graph || d.Google {
			return fmt.Errorf("the directory %s has no API key", id)
		}
		w.setKey(d, w.newID("4e"), w.at.AddDate(1, 0, 0))
		key = d.Key
		w.happened(administrator, "scim_key_regenerated", nil, "Regenerated the API key of %s", id)
		return nil
	})
	return key, err
}

// AddDirectory connects one more identity provider through SCIM. It gives the directory's id and its key, which lives
// a year. The plan must allow several; the lab does not ask.
func (l *Lab) AddDirectory(name string) (id, key string, err error) {
	err = l.change(func(w *world) error {
		d := w.addDirectory(Directory{ID: w.newID("d1"), Name: name, Key: w.newID("4e"), Expires: w.at.AddDate(1, 0, 0)})
		w.newDirectory(d)
		id, key = d.ID, d.Key
		return nil
	})
	return id, key, err
}

// newDirectory gives a directory that was added later its default policy.
func (w *world) newDirectory(d *directory) {
	w.addDefaultPolicy(d)
	w.happened(administrator, "scim_directory_created", nil, "Created directory %s", cmp.Or(d.Name, d.ID))
}

// DeleteDirectory is Disconnect identity provider: the directory is deleted, its accounts stay as they are and nobody
// holds them; they go to the default policy of the local directory, its domains to the local directory. Synced groups
// become local and keep their members. The domains that a connector verified are no longer the organization's.
func (l *Lab) DeleteDirectory(id string) error {
	return l.onDirectory(id, func(w *world, d *directory) error {
		if w.connector != nil && w.connector.dir == d {
			return errors.New("disconnect the Microsoft account first")
		}
		w.dropDirectory(d, false)
		return nil
	})
}

// RecreateDirectory deletes a directory and makes a new, empty one with another id and the same key. It is what a
// lapsed subscription led to: the accounts are still held by the old directory until they are provisioned again, and
// the groups that became local are in the way of the new directory's.
func (l *Lab) RecreateDirectory(id string) (newID string, err error) {
	err = l.onDirectory(id, func(w *world, d *directory) error {
		if d.graph {
			return fmt.Errorf("the directory %s has no key: disconnect the Microsoft account and connect it again", id)
		}
		w.dropDirectory(d, true)
		fresh := d.Directory
		fresh.ID = w.newID("d1")
		newID = fresh.ID
		w.newDirectory(w.addDirectory(fresh))
		return nil
	})
	return newID, err
}

// LapseSubscription ends Guard: every directory of an identity provider is gone. What they hold they hold on.
func (l *Lab) LapseSubscription() {
	w := l.lock()
	defer l.mu.Unlock()
	w.connector, w.lapsed = nil, true
	for _, d := range slices.Clone(w.directories) {
		w.dropDirectory(d, true)
	}
}

// RenewSubscription begins Guard again, without any directory: see AddDirectory.
func (l *Lab) RenewSubscription() {
	w := l.lock()
	defer l.mu.Unlock()
	w.lapsed = false
}

func (w *world) dropDirectory(d *directory, holds bool) {
	for _, g := range w.groups {
		if g.source != nil && g.source.dir == d || g.syncedAway && g.directory == d.ID {
			g.source, g.syncedAway, g.directory, g.raw = nil, false, LocalDirectory, nil
		}
	}
	d.groups.each(func(sg *scimGroup) {
		sg.deleted, sg.org = true, nil
		w.conflicts = slices.DeleteFunc(w.conflicts, func(n string) bool { return n == sg.name })
	})
	for _, r := range sortedRecords(d) {
		w.unindex(r)
		if a := r.account; a != nil {
			w.unlink(r)
			if holds {
				a.heldBy = d
			}
		}
	}
	for _, dom := range w.domains {
		if dom.Directory == d.ID {
			dom.Directory = ""
		}
		if d.graph && dom.synced && !w.readings.DisconnectKeepsDomains {
			dom.synced = false
			w.setDomain(dom.Name, Deleted)
		}
	}
	for _, a := range w.accounts {
		if p := w.policy(a.policy); p != nil && p.Directory == d.ID {
			a.policy = w.defaultPolicy(LocalDirectory)
		}
	}
	w.policies = slices.DeleteFunc(w.policies, func(p Policy) bool { return p.Directory == d.ID })
	w.directories = slices.DeleteFunc(w.directories, func(x *directory) bool { return x == d })
	w.happened(administrator, "scim_directory_deleted", nil, "Deleted directory %s", d.ID)
	w.touch()
}

// sortedRecords are all records of a directory, also those that it does not list, in an order that does not change.
func sortedRecords(d *directory) []*record {
	out := make([]*record, 0, len(d.userByID))
	for _, r := range d.userByID {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *record) int { return cmp.Compare(a.id, b.id) })
	return out
}
