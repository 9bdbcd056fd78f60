package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Narrow keeps what concerns a user, a group or both: the steps on the user, the memberships of the user; the steps on
// the group, its memberships, and the steps on its people. With both only the membership of the user in the group is
// left of the memberships. people are the folded ids, at either side, of those who belong to the group.
func (o *Only) Narrow(people map[string]bool) *Keep {
	if o.User == nil && o.Group == nil {
		return nil
	}
	return &Keep{
		people: people,
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

// NotesFor are the notes that may concern those whom the plan is narrowed to. A note that begins with the name of a user
// is about that user; another one may be about several. only may be nil, keep is what came of it.
func (p *Plan) NotesFor(only *Only, keep *Keep) []string {
	if only == nil || keep == nil || len(p.Notes) == 0 {
		return p.Notes
	}
	kept := map[string]bool{} // by the name that a note begins with: whether a user of that name is kept
	for _, n := range p.Notes {
		if name, _, ok := strings.Cut(n, ": "); ok {
			kept[name] = false
		}
	}
	users := map[string]bool{}
	for u := range p.sel.Users {
		name := p.in.Source.Users.Text(uint32(u), 1)
		if _, begins := kept[name]; begins {
			users[name] = true
			kept[name] = kept[name] || only.person(Subject{ID: p.in.Source.Users.Text(uint32(u), 0)}, keep.people)
		}
	}
	return slices.DeleteFunc(slices.Clone(p.Notes), func(n string) bool {
		if name, _, _ := strings.Cut(n, ": "); users[name] {
			return !kept[name]
		}
		return only.User != nil && !strings.Contains(n, only.User.Name)
	})
}

// Apart tells that a user is not to be in a group, by their ids at the source, and that nothing is missing that could
// make it otherwise.
func (p *Plan) Apart(user, group string) bool {
	u, known := p.in.Source.User(user)
	g, there := p.in.Source.Group(group)
	if !known || !there || p.sel.Groups[g] == scope.NotSettled || p.sel.Users[u] == scope.NotSettled {
		return false
	}
	if p.sel.Groups[g] == scope.NotAssigned && p.sel.UnsettledGroups != "" {
		return false
	}
	_, in := slices.BinarySearch(p.sel.Member[g], u)
	switch {
	case in && p.sel.Groups[g] == scope.In:
		return p.sel.Users[u] != scope.In
	case p.sel.Groups[g] != scope.In:
		return true
	}
	return p.sel.Incomplete[g] == ""
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
