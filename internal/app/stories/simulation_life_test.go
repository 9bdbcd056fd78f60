package stories

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// employee and unit are what the simulation knows of Entra's users and groups.
type employee struct {
	id, handle, address string
	disabled            bool
	gone                time.Time // deleted then; zero: not
}

type unit struct {
	id, name, product  string
	assigned, gone     bool
	ungranted          bool // what it is for was not yet given to the group of that name
	members, subgroups map[string]bool
}

func (e *employee) here() bool { return e.gone.IsZero() }

// settle learns who and what there is on the stage.
func (s *simulation) settle() {
	for _, w := range s.branches.staff() {
		s.people = append(s.people, &employee{id: s.ids[w.handle], handle: w.handle, address: mail(w.handle)})
	}
	for _, t := range s.branches.teams() {
		u := &unit{id: s.ids[t.name], name: t.name, product: t.product, assigned: t.assigned, members: map[string]bool{}, subgroups: map[string]bool{}}
		for _, w := range s.branches.staff() {
			if slices.Contains(strings.Fields(w.groups), t.name) {
				u.members[s.ids[w.handle]] = true
			}
		}
		s.units = append(s.units, u)
	}
}

// tell lets a sentence happen and keeps it.
func (s *simulation) tell(format string, args ...any) bool {
	text := fmt.Sprintf(format, args...)
	if err := s.Say(s.t.Context(), text); err != nil {
		s.note("(%s: %v)", text, err)
		return false
	}
	s.note("%s", text)
	return true
}

// anybody is one of those who fit; nil if nobody does.
func anybody[T any](s *simulation, all []*T, fits func(*T) bool) *T {
	for range 20 { // most fit
		if one := all[s.r.IntN(len(all))]; fits(one) {
			return one
		}
	}
	return nil
}

func (s *simulation) somebody(fits func(*employee) bool) *employee {
	return anybody(s, s.people, func(e *employee) bool { return e.here() && fits(e) })
}

func (s *simulation) someUnit(fits func(*unit) bool) *unit {
	return anybody(s, s.units, func(u *unit) bool { return !u.gone && fits(u) })
}

func any1(*employee) bool { return true }

func anyUnit(*unit) bool { return true }

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

func (s *simulation) nest() {
	if outer := s.someUnit(func(u *unit) bool { return len(u.subgroups) > 0 }); outer != nil && s.coin() {
		id := slices.Sorted(maps.Keys(outer.subgroups))[0]
		if inner := s.unit(id); s.tell("%s goes out of %s", inner.name, outer.name) {
			delete(outer.subgroups, id)
		}
		return
	}
	outer := s.someUnit(anyUnit)
	inner := s.someUnit(func(u *unit) bool { return outer != nil && u != outer && !outer.subgroups[u.id] && len(u.members) < 12 })
	if inner != nil && s.tell("%s goes into %s", inner.name, outer.name) {
		outer.subgroups[inner.id] = true
	}
}

func (s *simulation) unit(id string) *unit {
	for _, u := range s.units {
		if u.id == id {
			return u
		}
	}
	return nil
}

func (s *simulation) renameGroup() {
	u := s.someUnit(anyUnit)
	if u == nil {
		return
	}
	s.names++
	name := fmt.Sprintf("renamed-group-%d", s.names)
	if s.tell("%s is renamed %s", u.name, name) {
		s.grants[name] = s.grants[strings.ToLower(u.name)] // the assignment is the same
		u.name, u.ungranted = name, true
	}
}

func (s *simulation) newGroup() {
	s.names++
	name := fmt.Sprintf("new-group-%d", s.names)
	if s.r.IntN(8) == 0 { // somebody at Atlassian had the same idea
		s.tell("somebody makes a local group %s", name)
	}
	if !s.tell("there is a group %s in Entra", name) {
		return
	}
	u := &unit{id: s.ids[name], name: name, product: "confluence", ungranted: true, members: map[string]bool{}, subgroups: map[string]bool{}}
	s.units = append(s.units, u)
	for range s.r.IntN(5) {
		s.joins(s.somebody(func(e *employee) bool { return !u.members[e.id] }), u)
	}
	if s.coin() {
		u.assigned = s.tell("%s is assigned", name)
	}
}

func (s *simulation) assignment() {
	u := s.someUnit(anyUnit)
	switch {
	case u == nil:
	case u.assigned:
		u.assigned = !s.tell("%s is not assigned any more", u.name)
	default:
		u.assigned = s.tell("%s is assigned", u.name)
	}
}

func (s *simulation) deleteGroup() {
	u := s.someUnit(anyUnit)
	if u == nil || !s.tell("%s is deleted in Entra", u.name) {
		return
	}
	u.gone, u.assigned = true, false
	for _, up := range s.units {
		delete(up.subgroups, u.id)
	}
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

// wanted are the people of each assigned group, by the group's id: true where they must be in it, false for somebody
// disabled, who stays where they are.
func (s *simulation) wanted() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	people, units := map[string]*employee{}, map[string]*unit{}
	for _, e := range s.people {
		people[e.id] = e
	}
	for _, u := range s.units {
		units[u.id] = u
	}
	for _, u := range s.units {
		if u.gone || !u.assigned {
			continue
		}
		all, seen := map[string]bool{}, map[string]bool{}
		var walk func(*unit)
		walk = func(g *unit) {
			if seen[g.id] {
				return
			}
			seen[g.id] = true
			for id := range g.members {
				if e := people[id]; e.here() {
					all[id] = !e.disabled
				}
			}
			for sub := range g.subgroups {
				walk(units[sub])
			}
		}
		walk(u)
		out[u.id] = all
	}
	return out
}

// scope are those who should be at Atlassian.
func (s *simulation) scope() map[string]bool {
	out := map[string]bool{}
	for _, all := range s.wanted() {
		for id, must := range all {
			if must {
				out[id] = true
			}
		}
	}
	return out
}

// name is what somebody or a group is called.
func (s *simulation) name(id string) string {
	for _, e := range s.people {
		if e.id == id {
			return e.handle
		}
	}
	if u := s.unit(id); u != nil {
		return u.name
	}
	return id
}
