package stories

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// newName is a name that nobody had before.
func (s *simulation) newName(given string) string {
	s.names++
	return fmt.Sprintf("%s.no%d", given, s.names)
}

// hire hires somebody into a group and one more.
func (s *simulation) hires(handle string) {
	u := s.someUnit(anyUnit)
	if u == nil || !s.tell("%s is hired into %s", handle, u.name) {
		return
	}
	e := &employee{id: s.ids[handle], handle: handle, address: mail(handle)}
	s.people = append(s.people, e)
	u.members[e.id] = true
	if s.coin() {
		s.joins(e, s.someUnit(func(u *unit) bool { return !u.members[e.id] }))
	}
}

func (s *simulation) joins(e *employee, u *unit) {
	if e != nil && u != nil && s.tell("%s joins %s", e.handle, u.name) {
		u.members[e.id] = true
	}
}

func (s *simulation) leaves(e *employee, u *unit) {
	if e != nil && u != nil && s.tell("%s leaves %s", e.handle, u.name) {
		delete(u.members, e.id)
	}
}

// in gives a group somebody is in.
func (s *simulation) in(e *employee) *unit {
	return s.someUnit(func(u *unit) bool { return u.members[e.id] })
}

// happens is one thing that people do.
func (s *simulation) happens() {
	acts := []struct {
		weight int
		do     func()
	}{
		{6, func() { s.hires(s.newName("kim")) }},
		{4, s.leave},
		{2, s.comeBack},
		{2, s.hireAgain},
		{3, s.block},
		{3, s.marry},
		{6, s.move},
		{6, func() { s.joins(s.somebody(any1), s.someUnit(anyUnit)) }},
		{5, func() {
			if e := s.somebody(any1); e != nil {
				s.leaves(e, s.in(e))
			}
		}},
		{3, s.nest},
		{2, s.renameGroup},
		{2, s.newGroup},
		{2, s.assignment},
		{1, s.deleteGroup},
		{2, s.invite},
		{3, s.meddle},
		{1, s.domain},
		{1, s.byHand},
	}
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	at := s.r.IntN(total)
	for _, a := range acts {
		if at -= a.weight; at < 0 {
			a.do()
			return
		}
	}
}

func (s *simulation) leave() {
	if e := s.somebody(any1); e != nil && s.tell("%s leaves the company", e.handle) {
		e.gone = s.Clock.Now()
	}
}

// comeBack restores somebody: their memberships return with them.
func (s *simulation) comeBack() {
	e := anybody(s, s.people, func(e *employee) bool { return !e.here() && s.Clock.Now().Sub(e.gone) < 30*24*time.Hour })
	if e != nil && !s.named(e.address) && s.ids[e.handle] == e.id && s.tell("%s comes back", e.handle) {
		e.gone = time.Time{}
	}
}

// hireAgain gives somebody who left a new user of the old name.
func (s *simulation) hireAgain() {
	if e := anybody(s, s.people, func(e *employee) bool { return !e.here() && !s.named(e.address) && e.address == mail(e.handle) }); e != nil {
		s.hires(e.handle)
	}
}

// named tells whether somebody has an address now.
func (s *simulation) named(address string) bool {
	return slices.ContainsFunc(s.people, func(e *employee) bool { return e.here() && strings.EqualFold(e.address, address) })
}

func (s *simulation) block() {
	e := s.somebody(any1)
	if e == nil {
		return
	}
	how := map[bool]string{true: "enabled", false: "disabled"}[e.disabled]
	if s.tell("%s is %s", e.handle, how) {
		e.disabled = !e.disabled
	}
}

// marry gives somebody another name and address; at times somebody has invited them under it already.
func (s *simulation) marry() {
	e := s.somebody(func(e *employee) bool { return e.address == mail(e.handle) })
	if e == nil {
		return
	}
	given, _, _ := strings.Cut(e.handle, ".")
	name := s.newName(given)
	if s.r.IntN(6) == 0 {
		s.tell("somebody invites %s by hand", name)
	}
	if s.tell("%s is now called %s", e.handle, name) {
		e.handle, e.address = name, mail(name)
	}
}

// move is a change of department and of groups.
func (s *simulation) move() {
	e := s.somebody(any1)
	if e == nil {
		return
	}
	s.tell("in Entra, %s has department %s", e.handle, staff[s.r.IntN(len(staff))].department)
	s.leaves(e, s.in(e))
	s.joins(e, s.someUnit(func(u *unit) bool { return !u.members[e.id] }))
}

// invite has somebody invited before they are hired, if they ever are.
func (s *simulation) invite() {
	name := s.newName("noa")
	if s.tell("somebody invites %s by hand", name) && s.coin() {
		s.hires(name)
	}
}

// meddle is what a script does in the directory, past rollcall.
func (s *simulation) meddle() {
	e := s.somebody(any1)
	if e == nil {
		return
	}
	switch s.r.IntN(6) {
	case 0, 1:
		if u := s.in(e); u != nil {
			s.tell("a script takes %s out of %s", e.handle, u.name)
		}
	case 2:
		s.tell("a script deactivates the record of %s", e.handle)
	case 3:
		s.tell("a script deletes the record of %s", e.handle)
	case 4:
		s.tell("a script doubles the record of %s as %s", e.handle, s.newName("double"))
	case 5:
		if u := s.someUnit(anyUnit); u != nil && s.r.IntN(4) == 0 {
			s.tell("a script deletes the group %s in the directory", u.name)
		}
	}
}

// domain moves somebody to a subsidiary, whose domain the organization verifies late or never.
func (s *simulation) domain() {
	const other = "tailspin.example"
	if s.r.IntN(3) == 0 {
		s.tell("the domain %s is verified and claimed", other)
		s.tell("the domain %s is linked to the directory", other)
		return
	}
	e := s.somebody(func(e *employee) bool { return e.address == mail(e.handle) })
	if e != nil && s.tell("in Entra, %s has mail %s@%s", e.handle, e.handle, other) {
		e.address = e.handle + "@" + other
	}
}

// byHand is what an administrator of Atlassian does to accounts.
func (s *simulation) byHand() {
	if e := s.somebody(any1); e != nil {
		how := "deactivates"
		if s.r.IntN(3) == 0 {
			how = "reactivates"
		}
		s.tell("somebody %s %s by hand", how, e.handle)
	}
}
