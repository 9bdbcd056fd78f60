package cli

import (
	"hash/fnv"
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

// hold is what waits for a person for one reason.
type hold struct {
	paragraph
	code, text string
}

// undone is those for whom the plan can do nothing, for one reason.
type undone struct {
	reason, about string
	verdict       plan.Verdict
	text          string // of the first
	count         int
	names         []string
}

// outline is what one pass over a plan gathers: the counts, and the first lines of every paragraph.
type outline struct {
	appear, change, away []*paragraph
	holds                []*hold
	waiting              []*paragraph // what waits, by what it would do: for the counts
	undone               []*undone

	adoptedUsers, adoptedGroups int
	steps                       int
	appears                     bool            // example is somebody new
	cut                         bool            // something is not shown
	domain                      string          // of all members; "" where there are several
	acted                       map[uint64]bool // who has a step
	example, group              *plan.Subject   // somebody to whom something is done
}

// outlineOf goes through the plan once.
func outlineOf(v *planPage) *outline {
	out := newOutline()
	domains := 0
	for s := range v.steps {
		out.step(&s)
		for i := range s.Items {
			if _, d, ok := strings.Cut(s.Items[i].Name, "@"); ok && d != out.domain && domains < 2 {
				out.domain = d
				domains++
			}
		}
	}
	if domains != 1 {
		out.domain = ""
	}
	for j := range v.verdicts {
		out.judge(&j)
	}
	slices.SortStableFunc(out.undone, func(a, b *undone) int {
		x, _ := plan.ReasonOf(a.reason)
		y, _ := plan.ReasonOf(b.reason)
		return int(x) - int(y)
	})
	out.acted = nil
	return out
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

func (out *outline) step(s *plan.Step) {
	out.steps++
	if s.Op == plan.Adopt && s.Held == nil {
		if s.Kind == plan.KindUser {
			out.adoptedUsers++
		} else {
			out.adoptedGroups++
		}
		return
	}
	if s.Op != plan.AddMembers && s.Op != plan.RemoveMembers {
		out.acted[key(s.Subject)] = true
	}
	if appears := s.Op == plan.Create && !out.appears; s.Kind == plan.KindUser && (out.example == nil || appears) {
		out.example, out.appears = &s.Subject, appears
	}
	if out.group == nil && s.Kind == plan.KindGroup && s.Items != nil {
		out.group = &s.Subject
	}
	for _, list := range [][]*paragraph{out.appear, out.change, out.away, out.waiting} {
		for _, p := range list {
			p.step(s)
		}
	}
	if s.Held != nil {
		out.hold(s.Held).step(s)
		return
	}
	var seen []string
	for i := range s.Items {
		if h := s.Items[i].Held; h != nil && !slices.Contains(seen, h.Code) {
			seen = append(seen, h.Code)
			out.hold(h).step(s)
		}
	}
}

// hold is the paragraph of a code.
func (out *outline) hold(h *plan.Held) *hold {
	i := slices.IndexFunc(out.holds, func(o *hold) bool { return o.code == h.Code })
	if i >= 0 {
		return out.holds[i]
	}
	code := h.Code
	o := &hold{code: code, text: h.Text}
	o.take = func(s *plan.Step) line {
		if s.Held != nil && s.Held.Code != code {
			return line{}
		}
		return lineOf(s, code)
	}
	out.holds = append(out.holds, o)
	return o
}

// judge notes those who are not as they should be, and for whom there is no step.
func (out *outline) judge(j *plan.Judgement) {
	if out.acted[key(j.Subject)] {
		return
	}
	i := slices.IndexFunc(out.undone, func(u *undone) bool { return u.reason == j.Reason && u.about == j.Subject.Kind })
	if i < 0 {
		i = len(out.undone)
		out.undone = append(out.undone, &undone{reason: j.Reason, about: j.Subject.Kind, verdict: j.Verdict, text: j.Text})
	}
	u := out.undone[i]
	if u.count++; u.count <= few {
		u.names = append(u.names, subjectWords(j.Subject))
	}
}

func subjectWords(s plan.Subject) string {
	if s.Group != "" {
		return s.Name + " in " + s.Group
	}
	return s.Name
}

// key tells subjects apart in little room. Two in a billion of plans may share one; then a line is missing on a page.
func key(s plan.Subject) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.Kind + "\x00" + s.ID))
	return h.Sum64()
}

// heldCount is how much of a step waits for a person.
func heldCount(s *plan.Step) int {
	switch {
	case s.Held != nil && s.Items != nil:
		return len(s.Items)
	case s.Held != nil:
		return 1
	}
	n := 0
	for i := range s.Items {
		if s.Items[i].Held != nil {
			n++
		}
	}
	return n
}
