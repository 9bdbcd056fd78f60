package atlassian

import (
	"strings"
	"time"
)

// account is an Atlassian account, as far as the organization sees it.
type account struct {
	n              int // place in world.accounts
	id             string
	email          string
	name, nickname string
	profile        profile
	verified       bool // the e-mail address
	foreign        bool // another organization manages it
	unclaimed      bool // left out when its domain was claimed, or given free
	listed         bool // organization and sites have heard of it
	outside        bool // known from a site or a link alone: the organization does not list it
	status         string
	membership     string
	deleteOn       time.Time // end of the days of grace; zero: not to be deleted
	added          time.Time
	deactivated    time.Time
	source         string // invited, synced or, undetermined, empty
	policy         string
	heldBy         *directory // a removed directory that still holds it
	records        []*record
	groups         set[group]
	access         []object // what productAccess says
	blocked        map[*site]bool

	raw    object // as loaded
	claim  string // as loaded: overrules the domain until something changes
	manage object // as loaded: the answer about what may be done with it, until something changes
}

type profile struct {
	JobTitle, Department, Organization, Location, TimeZone, Locale string
}

const (
	active   = "active"
	inactive = "inactive"
	closed   = "closed"
	none     = "no_membership"
	halted   = "suspended"
	invited  = "invited"
	synced   = "synced"
)

// addAccount opens an account. Its first authentication policy is the default one of its domain's directory.
func (w *world) addAccount(id, email, name string) *account {
	if id == "" {
		id = "712020:" + w.newID("ac")
	}
	a := &account{
		n: len(w.accounts), id: id, email: email, name: name, status: active, membership: active,
		added: w.at, verified: w.claimed(email) || w.readings.NewAccountsAreVerified,
	}
	if d := w.domainOf(email); d != nil {
		a.unclaimed = d.byHand
	}
	w.accounts = append(w.accounts, a)
	w.byID[id] = a
	if email != "" {
		w.byEmail[w.fold(email)] = a
	}
	a.policy = w.firstPolicy(a)
	return a
}

// managed tells whether the organization may manage the account.
func (w *world) managed(a *account) bool {
	switch {
	case a.foreign:
		return false
	case a.claim != "":
		return a.claim == "managed"
	}
	return w.claimed(a.email) && !a.unclaimed
}

// setEmail moves an account to another address.
func (w *world) setEmail(a *account, email string) {
	if w.byEmail[w.fold(a.email)] == a {
		delete(w.byEmail, w.fold(a.email))
	}
	if d := w.domainOf(email); d != w.domainOf(a.email) {
		a.unclaimed = d != nil && d.byHand
	}
	a.email = email
	w.byEmail[w.fold(email)] = a
	w.reclaim(a)
}

// setStatus activates, deactivates or closes an account; a seat it took is free again.
func (w *world) setStatus(a *account, status string) {
	if a.status == status {
		return
	}
	seats := 0
	if status == active {
		seats = 1
	} else if a.status == active {
		seats = -1
	}
	products := w.productsOf(a)
	for _, p := range products {
		p.used += seats
	}
	if seats < 0 {
		defer func() {
			for _, p := range products {
				w.fill(p)
			}
		}()
	}
	a.status, a.manage = status, nil
	a.deactivated = time.Time{}
	if status != active {
		a.deactivated = w.at
	}
	if status == closed {
		delete(w.byEmail, w.fold(a.email))
	}
}

// held is the directory that holds an account, nil if none does.
func (a *account) held() *directory {
	if len(a.records) > 0 {
		return a.records[0].dir
	}
	return a.heldBy
}

// directoryID is the user directory in which the account is.
func (a *account) directoryID() string {
	if d := a.held(); d != nil {
		return d.ID
	}
	return LocalDirectory
}

// wholeStatus is the one word for all that can be wrong with an account.
func (a *account) wholeStatus() string {
	switch {
	case !a.deleteOn.IsZero():
		return "for_deletion"
	case a.status != active:
		return "deactivated"
	case a.membership == halted:
		return "suspended"
	case a.membership == none:
		return "not_invited"
	}
	return active
}

// limited is a name in the length that an account takes.
func limited(s string, most int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > most {
		return string(r[:most])
	}
	return strings.TrimSpace(s)
}
