package stories

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

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
