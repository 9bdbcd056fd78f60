package engine

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// NoUserError says that no side knows a person of that name.
type NoUserError struct {
	Name  string
	Known []string // user principal names, addresses and display names that there are
}

func (e *NoUserError) Error() string {
	return fmt.Sprintf("nobody is called %q, in Entra, in the Guard directory or in the organization", e.Name)
}

// narrow finds whom the plan is narrowed to, and the ids, at either side, of the group's people.
func narrow(w *facts.World, r PlanRequest, only *plan.Only) (people map[string]bool, err error) {
	if r.User == "" && r.Group == "" {
		return nil, nil
	}
	t := trace.New(w)
	if r.User != "" {
		s, err := one(t, r.User, plan.KindUser)
		if err != nil {
			return nil, err
		}
		if s == nil {
			return nil, &NoUserError{Name: r.User, Known: userNames(w)}
		}
		for _, record := range w.ScimByExternal(s.ID) {
			s.Target = w.ScimUsers[record].ID
		}
		only.User = s
	}
	if r.Group == "" {
		return nil, nil
	}
	s, err := one(t, r.Group, plan.KindGroup)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, &NoGroupError{Name: r.Group, Known: groupNames(w)}
	}
	only.Group = s
	return groupPeople(w, s), nil
}

// one is the only one of a kind that a name can mean; nil where there is none.
func one(t *trace.Tracer, name, kind string) (*plan.Subject, error) {
	found := t.Find(name, kind)
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return &plan.Subject{Kind: kind, ID: found[0].ID, Name: found[0].Name}, nil
	}
	return nil, &trace.Ambiguous{Query: name, Candidates: found}
}

// groupPeople are the ids of those whom any nesting leads into the group in Entra, and of those who are in it at the
// target. The group of the target is noted in s.
func groupPeople(w *facts.World, s *plan.Subject) map[string]bool {
	people := map[string]bool{}
	if g, ok := w.GroupByID(s.ID); ok {
		for _, u := range w.Graph.Walk().Down(g) {
			people[facts.Fold(w.Users[u].ID)] = true
		}
	}
	there := w.ScimGroupsByExternal(s.ID)
	if len(there) == 0 {
		there = w.ScimGroupsByName(s.Name)
	}
	for _, g := range there {
		s.Target = w.ScimGroups[g].ID
		for _, m := range w.ScimGroups[g].Members {
			people[facts.Fold(w.ScimUsers[m].ID)] = true
		}
	}
	return people
}

func userNames(w *facts.World) []string {
	var names []string
	add := func(all ...string) {
		for _, n := range all {
			if n != "" {
				names = append(names, n)
			}
		}
	}
	for i := range w.Users {
		add(w.Users[i].UserPrincipalName, w.Users[i].DisplayName)
	}
	for i := range w.ScimUsers {
		add(w.ScimUsers[i].UserName)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
