package exports

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// people finds the users of Entra by what other files know of them.
type people struct {
	j       *joined
	byID    map[string]int // places in j.Users
	byUPN   map[string]int
	byMail  map[string]int // ambiguous where more than one has it
	byName  map[string]int
	listed  bool // a file of users is there
	outside int  // people whom other files name and the file of users does not
	whole   bool
}

// ambiguous stands for the places of more than one person.
const ambiguous = -1

func (j *joined) joinPeople(s *Set) *people {
	n := 0
	for _, f := range s.users {
		n += len(f.users)
	}
	j.Users = make([]document.User, 0, n)
	p := &people{j: j, byID: make(map[string]int, n), byUPN: make(map[string]int, n), byMail: make(map[string]int, n), byName: make(map[string]int, n), whole: true}
	for _, f := range s.users {
		p.listed = true
		p.whole = p.whole && f.complete()
		again := 0
		for i := range f.users {
			u := &f.users[i]
			at, have := p.byID[fold(u.ID)]
			if have && j.Users[at].UserPrincipalName == u.UserPrincipalName && j.Users[at].AccountEnabled == u.AccountEnabled {
				again++
				continue
			}
			if have {
				f.note(f.lines[i], "", "%s (%s) stands in an earlier row with other values; the first is used", u.UserPrincipalName, u.ID)
				continue
			}
			p.add(*u)
		}
		if again > 0 {
			f.note(0, "", "%s more than once, here or in an earlier file; the first row of each is used", count(again, "person"))
		}
		j.Deleted = append(j.Deleted, f.deleted...)
		f.users, f.deleted, f.lines = nil, nil, nil // a million people need not be kept twice
		if f.tellsDeleted && f.complete() {
			j.have[document.DeletedUsers] = true
		}
	}
	p.learnIDs(s)
	return p
}

// complete tells whether absence from the file means anything.
func (s *source) complete() bool { return s.whole && s.unused == 0 }

func (p *people) add(u document.User) {
	at := len(p.j.Users)
	p.j.Users = append(p.j.Users, u)
	p.byID[fold(u.ID)] = at
	if k := fold(u.UserPrincipalName); k != "" {
		if _, have := p.byUPN[k]; !have {
			p.byUPN[k] = at
		}
	}
	remember(p.byMail, u.Mail.Value, at)
	remember(p.byName, u.DisplayName, at)
}

func remember(in map[string]int, key string, at int) {
	key = fold(key)
	if _, have := in[key]; have {
		at = ambiguous
	}
	if key != "" {
		in[key] = at
	}
}

// only is the one place under a key.
func only(in map[string]int, key string) (int, bool) {
	at, ok := in[fold(key)]
	return at, ok && at != ambiguous && fold(key) != ""
}

// learnIDs gives people who are known by user principal name only the object id that a members file tells.
func (p *people) learnIDs(s *Set) {
	for _, f := range s.members {
		for i := range f.members {
			m := &f.members[i]
			if m.kind != "user" || m.id == "" || m.upn == "" {
				continue
			}
			at, have := p.byUPN[fold(m.upn)]
			if have && strings.HasPrefix(p.j.Users[at].ID, "upn:") {
				delete(p.byID, fold(p.j.Users[at].ID))
				p.j.Users[at].ID = m.id
				p.byID[fold(m.id)] = at
			}
		}
	}
}

// find is the user whom the row of another file means: by object id, user principal name, mail, and last by a
// display name that only one person has.
func (p *people) find(id, upn, mail, name string) (int, bool) {
	if at, ok := p.byID[fold(id)]; ok && id != "" {
		return at, true
	}
	if at, ok := p.byUPN[fold(upn)]; ok && upn != "" {
		return at, true
	}
	for _, m := range []string{mail, upn} {
		if at, ok := only(p.byMail, m); ok {
			return at, true
		}
	}
	if id == "" && upn == "" {
		return only(p.byName, name)
	}
	return 0, false
}

// member is the user of a members row, who is made from the row where no file of users has them. What such a row
// does not tell (whether the account is enabled) stays unknown.
func (p *people) member(f *memberFile, m *memberRow) string {
	if at, ok := p.find(m.id, m.upn, m.mail, m.display); ok {
		if m.id == "" && m.upn == "" {
			f.note(m.line, "", "%q has no object id and no user principal name; taken for %s by the display name", clip(m.display, 80), p.j.Users[at].UserPrincipalName)
		}
		return p.j.Users[at].ID
	}
	if m.id == "" && m.upn == "" {
		f.note(m.line, "", "%q cannot be told to be anybody: no object id, no user principal name, and not one person of that display name; counted as a member only", clip(m.display, 80))
		return unnamed("name", m.display)
	}
	u := document.User{ID: m.id, UserPrincipalName: m.upn, DisplayName: m.display, UserType: m.userType, AccountEnabled: m.enabled}
	if m.mailTold {
		u.Mail = document.Opt[string]{Value: m.mail, Known: true, Null: m.mail == ""}
	}
	if u.ID == "" {
		u.ID = unnamed("upn", m.upn)
	}
	p.add(u)
	if p.listed {
		p.outside++
		f.note(m.line, "", "%s is not in the file of users, so that file does not hold everybody", first(m.upn, m.display, m.id))
	}
	return u.ID
}

// assigned makes the person whom an assignment names by address, where no file of users could have them.
func (p *people) assigned(id, address, name string) (string, bool) {
	if p.listed || address == "" {
		return "", false
	}
	if id == "" {
		id = unnamed("upn", address)
	}
	if name == address {
		name = ""
	}
	p.add(document.User{ID: id, UserPrincipalName: address, DisplayName: name})
	return id, true
}

// finish says whether the users are known as a whole.
func (p *people) finish() {
	var why string
	switch {
	case p.listed && p.whole && p.outside == 0:
		p.j.have[document.Users] = true
		return
	case p.listed && p.outside > 0:
		why = fmt.Sprintf("the file of users does not hold everybody: %s known from other files only; it was downloaded with a filter, or earlier", count(p.outside, "person"))
	case p.listed:
		why = "the file of users could not be used as a whole"
	case len(p.j.Users) > 0:
		why = fmt.Sprintf("there is no file of all users; %s known from other files, which do not tell whether an account is enabled", count(len(p.j.Users), "person"))
	default:
		return
	}
	p.j.gap(document.Users, "", "other people", why, EntraUsers)
}

func (j *joined) gap(f document.File, subject, what, why string, from Kind) {
	j.gaps = append(j.gaps, document.Gap{File: string(f), Subject: subject, What: what, Why: why, Call: from.Menu()})
}
