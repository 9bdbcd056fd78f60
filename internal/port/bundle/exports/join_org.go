package exports

import (
	"maps"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// accounts joins the accounts of all Atlassian files.
type accounts struct {
	list   []*account
	byID   map[string]*account
	byMail map[string]*account
}

// find is the account of that id, else of that address where one of the two files tells no id.
func (a *accounts) find(id, mail string) *account {
	if one := a.byID[fold(id)]; one != nil {
		return one
	}
	if one := a.byMail[fold(mail)]; one != nil && mail != "" && (unidentified(one.AccountID) || unidentified(id)) {
		return one
	}
	return nil
}

func unidentified(id string) bool { return id == "" || strings.HasPrefix(id, "mail:") }

// put keeps an account, or joins it to the one that is there.
func (a *accounts) put(one *account) (kept *account, known bool) {
	if have := a.find(one.AccountID, one.Email); have != nil {
		return have, true
	}
	a.list = append(a.list, one)
	a.byID[fold(one.AccountID)] = one
	if one.Email != "" && a.byMail[fold(one.Email)] == nil {
		a.byMail[fold(one.Email)] = one
	}
	return one, false
}

func (j *joined) joinAccounts(s *Set, g *groups) {
	all := &accounts{byID: map[string]*account{}, byMail: map[string]*account{}}
	book := newOrgGroups(j)
	users, complete := len(s.accounts) > 0, true
	for _, f := range s.accounts {
		complete = complete && f.complete()
		of := map[*account]*account{}
		for _, one := range f.accounts {
			one.apps, one.grouped = f.apps, f.pivot || f.cells
			kept, known := all.put(one)
			if of[one] = kept; known {
				maps.Copy(kept.grants, one.grants)
				kept.cell = joinCells(kept.cell, one.cell)
				kept.apps, kept.grouped = kept.apps || one.apps, kept.grouped || one.grouped
			}
		}
		for _, pair := range f.pairs {
			book.add(of[pair.account], pair.id, pair.name)
		}
		book.told = book.told || f.pivot || f.cells
		book.everybody = book.everybody || f.ungroup
	}
	managed := j.joinManaged(s, all)
	book.cells(all.list)
	for _, one := range all.list {
		if one.apps {
			one.ProductAccess = document.Some(productAccess(one.grants))
		}
		if one.grouped {
			one.Groups = document.Some(book.of[one])
		}
		j.OrgUsers = append(j.OrgUsers, one.OrgUser)
	}
	switch {
	case users && complete:
		j.have[document.OrgUsers] = true
		j.add(Note{File: s.accounts[0].name, Document: document.OrgUsers},
			"taken as an export of all users with every status; if it was limited to some groups or to active users, the others look absent")
	case users:
		j.gap(document.OrgUsers, "", "other accounts", "the export of users could not be used as a whole", OrgUsers)
	case managed:
		j.gap(document.OrgUsers, "", "accounts that are not managed", "only managed accounts were exported", OrgUsers)
	}
	book.finish(complete, g)
}

func joinCells(a, b string) string {
	if a == "" || b == "" || a == b {
		return first(a, b)
	}
	return a + "," + b
}

// joinManaged marks the accounts that the managed accounts tell. Somebody who is absent from them is unmanaged only
// where the file covers their domain and was used as a whole: it may have been made for one domain of several.
func (j *joined) joinManaged(s *Set, all *accounts) bool {
	covered := map[string]bool{}
	managed := map[*account]bool{}
	for _, f := range s.managed {
		for _, m := range f.accounts {
			m.apps = f.apps
			kept, known := all.put(m)
			managed[kept] = true
			if known {
				j.mergeManaged(f, kept, m)
			}
		}
		if f.complete() {
			maps.Copy(covered, f.domains)
		}
	}
	open := map[string]bool{}
	for _, one := range all.list {
		d := domainOf(one.Email)
		switch {
		case managed[one] || len(s.managed) == 0:
		case covered[d]:
			one.ClaimStatus = "unmanaged"
		case d != "":
			open[d] = true
		}
	}
	if len(open) > 0 {
		f := s.managed[0]
		f.note(0, "", "it holds nobody of %s, so whether those accounts are managed is not told", listed(slices.Sorted(maps.Keys(open))))
	}
	return len(s.managed) > 0
}

// mergeManaged adds what only the managed accounts tell. They tell the state of the account itself, the export of
// users that of the person in the organization: suspended there and active here is no contradiction.
func (j *joined) mergeManaged(f *managedFile, kept, m *account) {
	if unidentified(kept.AccountID) {
		kept.AccountID = m.AccountID
	}
	kept.ClaimStatus, kept.EmailVerified = m.ClaimStatus, m.EmailVerified
	kept.Name, kept.Email = first(kept.Name, m.Name), first(kept.Email, m.Email)
	if m.AccountStatus != "" && m.AccountStatus != kept.AccountStatus {
		if kept.AccountStatus != "" {
			f.note(m.at.Line, "", "%s is %s here and %s in %s; the account's state is taken from here", first(m.Email, m.AccountID), m.AccountStatus, kept.AccountStatus, kept.at.File)
		}
		kept.AccountStatus = m.AccountStatus
		if m.AccountStatus == "inactive" || kept.Status == "deactivated" {
			kept.Status = m.Status
		}
	}
	kept.Status = first(kept.Status, m.Status)
	if f.apps {
		kept.apps = true
		known := map[string]bool{}
		for g := range kept.grants {
			known[g.key] = true
		}
		for g := range m.grants {
			if !known[g.key] {
				kept.grants[g] = true
			}
		}
	}
}
