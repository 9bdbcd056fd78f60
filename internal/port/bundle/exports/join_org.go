package exports

import (
	"fmt"
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

// orgGroups are the groups at Atlassian with their members.
type orgGroups struct {
	j         *joined
	list      []*orgGroup
	byID      map[string]*orgGroup
	byName    map[string]*orgGroup
	of        map[*account][]document.OrgGroupRef
	told      bool // a file tells groups
	everybody bool // a file holds somebody without a group, so it was not limited to selected groups
}

type orgGroup struct {
	id, name string
	members  []*account
	seen     map[*account]bool
	doubtful bool // a cell may or may not name it
}

func newOrgGroups(j *joined) *orgGroups {
	return &orgGroups{j: j, byID: map[string]*orgGroup{}, byName: map[string]*orgGroup{}, of: map[*account][]document.OrgGroupRef{}}
}

// group is the group of that id or name; an id is learnt where only the name was known.
func (o *orgGroups) group(id, name string) *orgGroup {
	g := o.byID[fold(id)]
	if g == nil && name != "" {
		if same := o.byName[fold(name)]; same != nil && (id == "" || same.id == "") {
			g = same
		}
	}
	if g == nil {
		g = &orgGroup{seen: map[*account]bool{}}
		o.list = append(o.list, g)
	}
	g.id, g.name = first(g.id, id), first(g.name, name)
	if id != "" {
		o.byID[fold(id)] = g
	}
	if name != "" && o.byName[fold(name)] == nil {
		o.byName[fold(name)] = g
	}
	return g
}

func (o *orgGroups) add(a *account, id, name string) {
	g := o.group(id, name)
	if !g.seen[a] {
		g.seen[a] = true
		g.members = append(g.members, a)
		o.of[a] = append(o.of[a], document.OrgGroupRef{ID: id, Name: name})
	}
}

// finish gives the groups. A group that nobody is in stands in no row: it is empty, not there, or was not selected
// for the export. Where nothing shows that the export was of all users, that is a gap for the groups that matter.
func (o *orgGroups) finish(complete bool, g *groups) {
	if !o.told {
		return
	}
	for _, one := range o.list {
		out := document.OrgGroup{ID: first(one.id, unnamed("name", one.name)), Name: one.name}
		if !one.doubtful {
			ids := make([]string, 0, len(one.members))
			for _, a := range one.members {
				ids = append(ids, a.AccountID)
			}
			out.Members = document.Some(ids)
		}
		o.j.OrgGroups = append(o.j.OrgGroups, out)
	}
	if !complete {
		o.j.gap(document.OrgGroups, "", "members of groups", "the export of users could not be used as a whole", OrgUsers)
		return
	}
	o.j.have[document.OrgGroups] = true
	if o.everybody {
		return
	}
	for _, at := range g.reached() {
		name := o.j.Groups[at].DisplayName
		if name != "" && o.byName[fold(name)] == nil {
			o.j.gap(document.OrgGroups, name, "members of "+name,
				fmt.Sprintf("no row of the export names %s: nobody is in it, it does not exist, or the export was limited to selected groups", name), OrgUsers)
		}
	}
}
