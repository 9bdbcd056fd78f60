package stories

import (
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/testkit/promise"
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

// wanted are the people of each assigned group; see promise.Wanted.
func (s *simulation) wanted() map[string]map[string]bool {
	people, units, assigned := map[string]*employee{}, map[string]*unit{}, []string(nil)
	for _, e := range s.people {
		people[e.id] = e
	}
	for _, u := range s.units {
		if units[u.id] = u; u.assigned && !u.gone {
			assigned = append(assigned, u.id)
		}
	}
	return promise.Wanted(assigned,
		func(id string) promise.Team {
			return promise.Team{Members: units[id].members, Subgroups: units[id].subgroups}
		},
		func(id string) (there, enabled bool) { return people[id].here(), !people[id].disabled })
}

// scope are those who should be at Atlassian.
func (s *simulation) scope() map[string]bool { return promise.Scope(s.wanted()) }

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
