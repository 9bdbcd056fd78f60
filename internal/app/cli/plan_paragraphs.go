package cli

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// few is how many lines a paragraph has, and how many members a line, where nobody asks for all.
const few = 8

// line is what the page says of one step.
type line struct {
	sign    string   // + ~ −
	what    string   // the person or the group
	id      string   // of it; "": the line is about nobody alone
	words   []string // one below the other
	members []string // of a membership step
	count   int      // users, groups or memberships; 0: the step does not belong here
}

// paragraph is the steps of one kind. The zero count is: none.
type paragraph struct {
	one, many string // "user is created", "users are created"
	noun      [2]string
	count     int
	steps     int
	lines     []line // the first few, by name
	take      func(s *plan.Step) line
}

func (p *paragraph) step(s *plan.Step) {
	l := p.take(s)
	if l.count == 0 {
		return
	}
	p.count += l.count
	p.steps++
	p.lines = insert(p.lines, l)
}

// insert keeps the first few lines by name.
func insert(lines []line, l line) []line {
	i := len(lines)
	for i > 0 && strings.ToLower(l.what) < strings.ToLower(lines[i-1].what) {
		i--
	}
	if i == few {
		return lines
	}
	lines = slices.Insert(lines, i, l)
	return lines[:min(len(lines), few)]
}

func newOutline() *outline {
	out := &outline{acted: map[uint64]bool{}}
	free := func(op plan.Op, kind, one, many string, noun ...string) *paragraph {
		return &paragraph{one: one, many: many, noun: [2]string{noun[0], noun[1]}, take: func(s *plan.Step) line {
			if s.Op != op || s.Kind != kind || s.Held != nil {
				return line{}
			}
			return lineOf(s, "")
		}}
	}
	out.appear = []*paragraph{
		free(plan.Create, plan.KindUser, "user is created", "users are created", "user", "users"),
		free(plan.Create, plan.KindGroup, "group is created", "groups are created", "group", "groups"),
		free(plan.AddMembers, plan.KindGroup, "membership is added", "memberships are added", "membership", "memberships"),
	}
	out.change = []*paragraph{
		free(plan.Update, plan.KindUser, "user gets other values", "users get other values", "user", "users"),
		free(plan.Reactivate, plan.KindUser, "user is active again", "users are active again", "reactivation", "reactivations"),
		free(plan.AddMembers, plan.KindPolicy, "account gets another authentication policy", "accounts get another authentication policy", "policy", "policies"),
	}
	out.away = []*paragraph{
		free(plan.RemoveMembers, plan.KindGroup, "membership is taken away", "memberships are taken away", "membership", "memberships"),
		free(plan.Deactivate, plan.KindUser, "user is deactivated", "users are deactivated", "user", "users"),
		free(plan.Delete, plan.KindGroup, "group is deleted", "groups are deleted", "group", "groups"),
	}
	waits := func(op plan.Op, kind string, noun ...string) *paragraph {
		return &paragraph{noun: [2]string{noun[0], noun[1]}, take: func(s *plan.Step) line {
			if s.Op != op || kind != "" && s.Kind != kind {
				return line{}
			}
			return line{count: heldCount(s)}
		}}
	}
	out.waiting = []*paragraph{
		waits(plan.Adopt, plan.KindUser, "record to adopt", "records to adopt"),
		waits(plan.Adopt, plan.KindGroup, "group to adopt", "groups to adopt"),
		waits(plan.Create, plan.KindUser, "new user", "new users"),
		waits(plan.Create, plan.KindGroup, "new group", "new groups"),
		waits(plan.Update, "", "update", "updates"),
		waits(plan.Reactivate, "", "reactivation", "reactivations"),
		waits(plan.AddMembers, plan.KindGroup, "membership to add", "memberships to add"),
		waits(plan.AddMembers, plan.KindPolicy, "policy", "policies"),
		waits(plan.RemoveMembers, "", "membership to take away", "memberships to take away"),
		waits(plan.Deactivate, "", "deactivation", "deactivations"),
		waits(plan.Delete, "", "group to delete", "groups to delete"),
	}
	return out
}
