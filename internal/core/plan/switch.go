package plan

import "slices"

// Any tells whether the methods provision different people, groups or memberships.
func (s *Switch) Any() bool {
	return len(s.Users.Gained)+len(s.Users.Lost)+len(s.Groups.Gained)+len(s.Groups.Lost)+len(s.Memberships.Gained)+len(s.Memberships.Lost) > 0
}

// Narrow leaves only whom keep keeps.
func (s *Switch) Narrow(keep *Keep) {
	for _, d := range []*Difference{&s.Users, &s.Groups, &s.Memberships} {
		for _, list := range []*[]Gain{&d.Gained, &d.Lost} {
			*list = nonNil(slices.DeleteFunc(*list, func(g Gain) bool { return !keep.judgement(&Judgement{Subject: g.Subject}) }))
		}
	}
}
