package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Narrow keeps what concerns a user, a group or both: the steps on the user, the memberships of the user; the steps on
// the group, its memberships, and the steps on its people. With both only the membership of the user in the group is
// left of the memberships. people are the folded ids, at either side, of those who belong to the group.
func (o *Only) Narrow(people map[string]bool) *Keep {
	if o.User == nil && o.Group == nil {
		return nil
	}
	return &Keep{
		Step: func(s *Step) bool {
			if s.Kind == KindUser {
				return o.person(s.Subject, people)
			}
			if o.Group != nil && !o.isGroup(s) {
				return false
			}
			if s.Items == nil {
				return o.Group != nil
			}
			s.Items = slices.DeleteFunc(s.Items, func(i Item) bool {
				other := o.User != nil && !o.User.is(i.ID) && !o.User.is(i.Target)
				// A policy may be of other groups, too.
				return other || o.Group != nil && s.Kind == KindPolicy && !people[document.Fold(i.ID)] && !people[document.Fold(i.Target)]
			})
			return len(s.Items) > 0
		},
		Judgement: func(j *Judgement) bool {
			switch {
			case j.Subject.Kind == KindUser:
				return o.person(j.Subject, people)
			case j.Subject.Kind == KindGroup:
				return o.Group != nil && (o.Group.is(j.Subject.ID) || o.Group.is(j.Subject.Target))
			}
			return (o.User == nil || o.User.is(j.Subject.ID) || o.User.is(j.Subject.Target)) && (o.Group == nil || o.named(j.Subject.Group))
		},
	}
}

// Notes are those that may concern the user, by name; all of them where no user is asked about. The receiver may be nil.
func (o *Only) Notes(all []string) []string {
	if o == nil || o.User == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return !strings.Contains(n, o.User.Name) })
}

// person tells whether a user is the one that is asked about, or one of the group.
func (o *Only) person(s Subject, people map[string]bool) bool {
	if o.User != nil {
		return o.User.is(s.ID) || o.User.is(s.Target)
	}
	return people[document.Fold(s.ID)] || people[document.Fold(s.Target)]
}

// isGroup tells whether a step is on the group: a policy is of the group that it is named after.
func (o *Only) isGroup(s *Step) bool {
	if s.Kind == KindPolicy {
		return o.named(s.Subject.Name)
	}
	return o.Group.is(s.Subject.ID) || o.Group.is(s.Subject.Target)
}

// named tells whether the group is one of those that are named; the groups of one policy stand in one text.
func (o *Only) named(names string) bool {
	return strings.EqualFold(names, o.Group.Name) ||
		slices.ContainsFunc(strings.Split(names, ", "), func(n string) bool { return strings.EqualFold(n, o.Group.Name) })
}

// is tells whether an id of either side is the subject's.
func (s *Subject) is(id string) bool {
	return id != "" && (strings.EqualFold(id, s.ID) || strings.EqualFold(id, s.Target))
}
