package facts

import (
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
)

// User takes a user of Entra.
func (b *Builder) User(u document.User) { b.users.add(u) }

// DeletedUser takes a deleted user.
func (b *Builder) DeletedUser(u document.User) { b.deleted.add(u) }

// ScimUser takes a record of the Guard directory.
func (b *Builder) ScimUser(u document.ScimUser) { b.records.add(u) }

// OrgUser takes an account.
func (b *Builder) OrgUser(u document.OrgUser) { b.accounts.add(u) }

// ScimLink takes a link.
func (b *Builder) ScimLink(l document.ScimLink) { b.w.Links = append(b.w.Links, l) }

// OwnLink takes a link of rollcall's own.
func (b *Builder) OwnLink(l document.OwnLink) { b.w.OwnLinks = append(b.w.OwnLinks, l) }

// OwnRules adds the rules by which rollcall provisions.
func (b *Builder) OwnRules(r document.OwnRules) { b.w.OwnRules = &r }

// OwnRun adds a run of rollcall.
func (b *Builder) OwnRun(r document.OwnRun) { b.w.OwnRuns = append(b.w.OwnRuns, r) }

// OwnEntry adds an entry of rollcall's log.
func (b *Builder) OwnEntry(e document.OwnEntry) { b.w.OwnLog = append(b.w.OwnLog, e) }

// SealPeople sorts and indexes people. Of two with one id the first in the document is kept and a note says so.
func (b *Builder) SealPeople() {
	w := b.w
	b.sealed = true
	w.Totals[document.Users], w.Totals[document.ScimUsers], w.Totals[document.OrgUsers] = b.users.len(), b.records.len(), b.accounts.len()
	if o := b.outline; o != nil {
		w.Totals[document.Users], w.Totals[document.ScimUsers], w.Totals[document.OrgUsers] = o.users.len(), o.records.len(), o.accounts.len()
	}
	for f, n := range w.Bundle.Totals {
		w.Totals[f] = max(w.Totals[f], n) // of a recording that holds what was asked for
	}
	twice := func(f document.File) func(string) {
		return func(id string) {
			b.mu.Lock()
			w.doubled[f]++
			b.mu.Unlock()
			b.Note(f, "id %s stands there more than once; the first is used", id)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		w.Users = b.users.sorted(func(u *document.User) string { return u.ID }, twice(document.Users))
		w.Deleted = b.deleted.sorted(func(u *document.User) string { return u.ID }, twice(document.DeletedUsers))
		w.indexUsers()
	})
	wg.Go(func() {
		w.ScimUsers = b.records.sorted(func(u *document.ScimUser) string { return u.ID }, twice(document.ScimUsers))
		w.indexRecords()
	})
	wg.Go(func() {
		w.OrgUsers = b.accounts.sorted(func(u *document.OrgUser) string { return u.AccountID }, twice(document.OrgUsers))
		w.indexAccounts()
	})
	wg.Wait()
}

// people finds everybody by id: the rows of a world, or their outline.
type people interface {
	UserByID(id string) (uint32, bool)
	IsDeleted(id string) bool // a deleted user
	ScimByID(id string) (uint32, bool)
	Account(id string) (uint32, bool)
}

func (b *Builder) people() people {
	if b.outline != nil {
		return b.outline
	}
	return b.w
}
