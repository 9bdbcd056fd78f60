package apply

import (
	"iter"
	"slices"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// unit is what is done to one object, in as few requests as the target takes: a user with all the values that change,
// a group with those who come and those who go.
type unit struct {
	steps    []plan.Step     // the first one names it in the ledger
	approved string          // who let it go, where something of it was held
	bad      bool            // some of its members were refused
	prepared bool            // its members are those whose records are there
	let      map[string]bool // members, by their records, whose removal a person let go
}

// stage is a part of a run: what comes after it may need it.
type stage struct {
	name  string
	units []*unit
}

type agenda struct {
	adopts, creates, users, groups, policies, deactivates, deletes []*unit
}

// stages are in the order of the plan: first who appears, then what they belong to, then what is taken away.
func (a *agenda) stages() []stage {
	return []stage{
		{"links", a.adopts},
		{"new users", a.creates},
		{"users", a.users},
		{"groups", a.groups},
		{"authentication policies", a.policies},
		{"deactivations", a.deactivates},
		{"deletions", a.deletes},
	}
}

// sort puts the steps that may go into stages, and what is done to one object together. What is held and not approved
// is counted and left out; what needs it is found out when its turn comes.
func (x *runner) sort(steps iter.Seq[plan.Step]) *agenda {
	a, users, groups := &agenda{}, map[string]*unit{}, map[string]*unit{}
	for s := range steps {
		by, goes := x.free(&s)
		if !goes {
			x.made[s.ID] = outcome{state: waits}
			continue
		}
		x.total++
		switch {
		case s.Op == plan.Adopt:
			a.adopts = append(a.adopts, &unit{steps: []plan.Step{s}, approved: by})
		case s.Op == plan.Delete:
			a.deletes = append(a.deletes, &unit{steps: []plan.Step{s}, approved: by})
		case s.Op == plan.Deactivate:
			a.deactivates = append(a.deactivates, &unit{steps: []plan.Step{s}, approved: by})
		case s.Kind == plan.KindPolicy:
			a.policies = append(a.policies, &unit{steps: []plan.Step{s}, approved: by})
		case s.Kind == plan.KindUser && s.Op == plan.Create:
			a.creates = append(a.creates, &unit{steps: []plan.Step{s}, approved: by})
		case s.Kind == plan.KindUser:
			join(users, &a.users, "user:"+s.Subject.ID+":"+s.Subject.Target, s, by)
		default:
			join(groups, &a.groups, groupKey(&s), s, by)
		}
	}
	return a
}

// groupKey tells the group that is made for a renamed one from the old one, whose id at the target the steps carry.
func groupKey(s *plan.Step) string {
	if s.Op == plan.Create || s.Subject.Target == "" {
		return "new:" + s.Subject.ID
	}
	return "old:" + s.Subject.Target
}

func join(at map[string]*unit, list *[]*unit, key string, s plan.Step, by string) {
	if u := at[key]; u != nil {
		u.steps = append(u.steps, s)
		u.approved = max(u.approved, by)
		return
	}
	at[key] = &unit{steps: []plan.Step{s}, approved: by}
	*list = append(*list, at[key])
}

// free tells whether anything of a step may be done, and takes the items out that may not. A step with items is let go
// item by item.
func (x *runner) free(s *plan.Step) (by string, ok bool) {
	if len(s.Items) == 0 {
		if s.Held == nil {
			return "", true
		}
		if by = x.Approved(s, nil); by == "" {
			x.counts.Held++
		}
		return by, by != ""
	}
	if s.Held == nil && !slices.ContainsFunc(s.Items, func(i plan.Item) bool { return i.Held != nil }) {
		return "", true // they need not be copied, and there may be a million
	}
	items := make([]plan.Item, 0, len(s.Items))
	for i := range s.Items {
		item := &s.Items[i]
		if s.Held != nil || item.Held != nil {
			who := x.Approved(s, item)
			if who == "" {
				x.counts.Held++
				x.partly[s.ID] = true
				continue
			}
			by = who
		}
		items = append(items, *item)
	}
	s.Items = items
	return by, len(items) > 0
}
