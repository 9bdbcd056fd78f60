package plan

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Narrow keeps what concerns a user, a group or both: the steps on the user, the memberships of the user; the steps on
// the group, its memberships, and the steps on its people. With both only the membership of the user in the group is
// left of the memberships. people are the folded ids, at either side, of those who belong to
// the group.
func (o Only) Narrow(people map[string]bool) *Keep {
	if o.User == nil && o.Group == nil {
		return nil
	}
	return &Keep{
		Step: func(s *Step) bool {
			if s.Kind == KindUser {
				return o.person(s.Subject, people)
			}
			inGroup := o.Group == nil || o.isGroup(s)
			if !inGroup || s.Items == nil || o.User == nil {
				return inGroup && (s.Items != nil || o.Group != nil)
			}
			var mine []Item
			for _, i := range s.Items {
				if o.User.is(i.ID) || i.Target != "" && o.User.is(i.Target) {
					mine = append(mine, i)
				}
			}
			s.Items = mine
			return len(mine) > 0
		},
		Judgement: func(j *Judgement) bool {
			switch {
			case j.Subject.Kind == KindUser:
				return o.person(j.Subject, people)
			case j.Subject.Kind == KindGroup:
				return o.Group != nil && (o.Group.is(j.Subject.ID) || o.Group.is(j.Subject.Target))
			}
			return (o.User == nil || o.User.is(j.Subject.ID) || o.User.is(j.Subject.Target)) &&
				(o.Group == nil || strings.EqualFold(j.Subject.Group, o.Group.Name))
		},
	}
}

// person tells whether a user is the one that is asked about, or one of the group.
func (o Only) person(s Subject, people map[string]bool) bool {
	if o.User != nil {
		return o.User.is(s.ID) || o.User.is(s.Target)
	}
	return people[document.Fold(s.ID)] || people[document.Fold(s.Target)]
}

// isGroup tells whether a step is on the group: a policy is of the group that it is named after.
func (o Only) isGroup(s *Step) bool {
	if s.Kind == KindPolicy {
		return strings.EqualFold(s.Subject.Name, o.Group.Name)
	}
	return o.Group.is(s.Subject.ID) || o.Group.is(s.Subject.Target)
}

// is tells whether an id of either side is the subject's.
func (s *Subject) is(id string) bool {
	return id != "" && (strings.EqualFold(id, s.ID) || strings.EqualFold(id, s.Target))
}
