package plan_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// target carries out steps as literally as can be: it knows nothing but the ids in them. What waits for a person is
// left out, unless everything is approved, and so is what needs something that was left out. A step that could not be
// carried out, or that a directory would refuse, is a fault of the plan.
type target struct {
	*world
	approve bool
	done    map[string]string // step -> id of what it made
	skipped map[string]bool
	faults  []string

	deactivated, removed, deleted int
}

// apply carries the plan out on a copy of the world.
func apply(w *world, p *plan.Plan, approve bool) (*world, *target) {
	t := &target{world: w.clone(), approve: approve, done: map[string]string{}, skipped: map[string]bool{}}
	for s := range p.Steps() {
		t.step(&s)
	}
	return t.world, t
}

func (t *target) fault(s *plan.Step, format string, args ...any) {
	t.faults = append(t.faults, s.ID+": "+fmt.Sprintf(format, args...))
}

func (t *target) waits(h *plan.Held) bool { return h != nil && !t.approve }

func (t *target) step(s *plan.Step) {
	if _, twice := t.done[s.ID]; twice || t.skipped[s.ID] {
		t.fault(s, "a second step of this id")
	}
	for _, need := range s.Needs {
		if t.skipped[need] {
			t.skipped[s.ID] = true
			return
		}
		if _, ok := t.done[need]; !ok {
			t.fault(s, "needs %s, which did not come before", need)
		}
	}
	if t.waits(s.Held) {
		t.skipped[s.ID] = true
		return
	}
	made := s.Subject.Target
	switch s.Kind + " " + string(s.Op) {
	case "user create":
		made = t.createUser(s)
	case "user adopt":
		t.adopt(s, &t.userLinks, t.record(made) != nil)
	case "user update":
		t.update(s)
	case "user deactivate", "user reactivate":
		t.activate(s)
	case "group create":
		made = t.createGroup(s)
	case "group adopt":
		t.adopt(s, &t.groupLinks, t.syncedGroup(made) != nil)
	case "group delete":
		t.deleteGroup(s)
	case "group add-members", "group remove-members":
		t.members(s)
	case "policy add-members":
		t.policy(s)
	default:
		t.fault(s, "no step that can be carried out")
	}
	t.done[s.ID] = made
}

func (t *target) createUser(s *plan.Step) string {
	r := record{id: t.fresh("record", func(id string) bool { return t.record(id) != nil }), values: map[string]string{}}
	r.values[plan.AccountColumn] = "account-" + r.id
	for _, f := range s.Fields {
		if f.Path == "active" {
			r.active = f.New.Text == "True"
			continue
		}
		r.values[f.Path] = f.New.Text
	}
	if r.values["userName"] == "" || r.values[email] == "" {
		t.fault(s, "no userName, or no address: %v", r.values)
	}
	t.unique(s, &r)
	t.records = append(t.records, r)
	t.link(&t.userLinks, s.Subject.ID, r.id)
	return r.id
}

func (t *target) fresh(kind string, taken func(string) bool) string {
	for i := 1; ; i++ {
		if id := fmt.Sprintf("new-%s-%d", kind, i); !taken(id) {
			return id
		}
	}
}

// unique complains about a userName or address that another record has: the request would be answered with 409.
func (t *target) unique(s *plan.Step, r *record) {
	for _, f := range s.Fields {
		key := f.Path
		if key != "userName" && key != email {
			continue
		}
		if f.New.Text == "" {
			t.fault(s, "no %s, which Atlassian requires", key)
		}
		for _, other := range t.records {
			if v := r.values[key]; other.id != r.id && v != "" && strings.EqualFold(other.values[key], v) {
				t.fault(s, "%s has the %s %s", other.id, key, v)
			}
		}
	}
}

// link writes down that they belong together. A record belongs to one; that somebody had another is kept.
func (t *target) link(links *[]match.Link, source, target string) {
	*links = slices.DeleteFunc(*links, func(l match.Link) bool {
		return l.Target == target || l.Source == source && strings.HasPrefix(l.Target, "lost-")
	})
	*links = append(*links, match.Link{Source: source, Target: target})
}

func (t *target) adopt(s *plan.Step, links *[]match.Link, there bool) {
	if !there {
		t.fault(s, "adopts what is not there")
	}
	if slices.Contains(*links, match.Link{Source: s.Subject.ID, Target: s.Subject.Target}) {
		t.fault(s, "adopts what is linked already")
	}
	t.link(links, s.Subject.ID, s.Subject.Target)
}

func (t *target) update(s *plan.Step) {
	r := t.record(s.Subject.Target)
	if r == nil {
		t.fault(s, "there is no record %q", s.Subject.Target)
		return
	}
	if len(s.Fields) == 0 {
		t.fault(s, "changes nothing")
	}
	for _, f := range s.Fields {
		if r.values[f.Path] != f.Old.Text {
			t.fault(s, "%s is %q, not %q", f.Path, r.values[f.Path], f.Old.Text)
		}
		if f.Old.Text == f.New.Text {
			t.fault(s, "%s stays as it is", f.Path)
		}
		r.values[f.Path] = f.New.Text
	}
	t.unique(s, r)
}

func (t *target) activate(s *plan.Step) {
	r := t.record(s.Subject.Target)
	if r == nil || r.active == (s.Op == plan.Reactivate) {
		t.fault(s, "there is no such record, or it is so already")
		return
	}
	r.active = !r.active
	if !r.active {
		t.deactivated++
	}
}

func (t *target) createGroup(s *plan.Step) string {
	g := synced{id: t.fresh("group", func(id string) bool { return t.syncedGroup(id) != nil })}
	for _, f := range s.Fields {
		switch f.Path {
		case "displayName":
			g.name = f.New.Text
		case "externalId":
			g.external = f.New.Text
		}
	}
	for _, other := range t.synced {
		if strings.EqualFold(other.name, g.name) {
			t.fault(s, "the group %s has the name %s", other.id, g.name)
		}
	}
	if l, ok := t.local[strings.ToLower(g.name)]; ok && (s.Held == nil || l.Kind != plan.LocalGroup) {
		t.fault(s, "takes over the group %s of the organization", l.Name)
	}
	t.synced = append(t.synced, g)
	t.link(&t.groupLinks, s.Subject.ID, g.id)
	return g.id
}

func (t *target) deleteGroup(s *plan.Step) {
	i := slices.IndexFunc(t.synced, func(g synced) bool { return g.id == s.Subject.Target })
	if i < 0 {
		t.fault(s, "there is no group %q", s.Subject.Target)
		return
	}
	t.synced = slices.Delete(t.synced, i, i+1)
	t.groupLinks = slices.DeleteFunc(t.groupLinks, func(l match.Link) bool { return l.Target == s.Subject.Target })
	t.deleted++
}

func (t *target) members(s *plan.Step) {
	id := s.Subject.Target
	for _, need := range s.Needs {
		if strings.HasPrefix(need, "create:group:") && id == "" {
			id = t.done[need]
		}
	}
	g := t.syncedGroup(id)
	if g == nil {
		t.fault(s, "there is no group %q", id)
		return
	}
	if len(s.Items) == 0 {
		t.fault(s, "has no items")
	}
	for _, item := range s.Items {
		if t.waits(item.Held) || t.skipped[item.Needs] {
			continue
		}
		who := item.Target
		if who == "" {
			who = t.done[item.Needs]
		}
		at := slices.Index(g.members, who)
		switch {
		case t.record(who) == nil:
			t.fault(s, "there is no record %q", who)
		case s.Op == plan.AddMembers && at >= 0, s.Op == plan.RemoveMembers && at < 0:
			t.fault(s, "%s is so already", who)
		case s.Op == plan.AddMembers:
			g.members = append(g.members, who)
		default:
			g.members = slices.Delete(g.members, at, at+1)
			t.removed++
		}
	}
}

func (t *target) policy(s *plan.Step) {
	for _, item := range s.Items {
		if t.waits(item.Held) || t.skipped[item.Needs] {
			continue
		}
		account := ""
		if r := t.record(item.Target); r != nil {
			account = r.values[plan.AccountColumn]
		}
		if account == "" || t.policyOf[account] == s.Subject.ID {
			t.fault(s, "%s has no account, or is in the policy already", item.Name)
		}
		t.policyOf[account] = s.Subject.ID
	}
}
