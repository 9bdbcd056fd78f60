package stories

import (
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

func (s *simulation) unit(id string) *unit {
	for _, u := range s.units {
		if u.id == id {
			return u
		}
	}
	return nil
}

func (s *simulation) employee(id string) *employee {
	i := slices.IndexFunc(s.people, func(e *employee) bool { return e.id == id })
	return s.people[i]
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
