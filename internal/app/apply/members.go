package apply

import (
	"context"
	"slices"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

// members makes a group or changes its values, and brings in who comes and takes out who goes, with as few requests as
// the target takes: a new group comes with its first members, and one request adds and removes. Policies likewise.
func (x *runner) members(ctx context.Context, u *unit, last bool) bool {
	m := &membership{runner: x, unit: u, last: last, id: u.steps[0].Subject.Target}
	if u.steps[0].Kind == plan.KindPolicy {
		m.id = u.steps[0].Subject.ID
	}
	x.prepare(u)
	for i := range u.steps {
		switch s := &u.steps[i]; s.Op {
		case plan.AddMembers:
			m.add = append(m.add, members(s.Items)...)
			m.adds = s
		case plan.RemoveMembers:
			m.remove = append(m.remove, members(s.Items)...)
			m.removes = s
			u.letGo(s)
		default:
			m.values = append(m.values, *s)
		}
	}
	for i := range m.values {
		ok, retry := m.group(ctx, &m.values[i])
		if retry {
			u.steps = slices.DeleteFunc(slices.Clone(u.steps), func(s plan.Step) bool { return x.is(s.ID, carried) })
			return false
		}
		if !ok { // without the group there is nobody to be brought in
			for _, s := range []*plan.Step{m.adds, m.removes} {
				if s != nil {
					x.block(s, s.Items, "needs "+m.values[i].ID+", which was not carried out", false)
					x.mark(blocked, "", *s)
				}
			}
			return true
		}
	}
	return !m.change(ctx)
}

// letGo remembers whose removal waited for a person: it is in what is done only because somebody let it go.
func (u *unit) letGo(s *plan.Step) {
	if u.let != nil { // they are told the first time; what is left of a step says it no longer
		return
	}
	u.let = map[string]bool{}
	for i := range s.Items {
		if s.Held != nil || s.Items[i].Held != nil {
			u.let[s.Items[i].Target] = true
		}
	}
}

type membership struct {
	*runner
	unit          *unit
	last          bool
	id            string // of the group at the target
	values        []plan.Step
	adds, removes *plan.Step
	add, remove   []ledger.Member // still to be done
}

// prepare leaves those members to be brought in whose records are there, once; of the others the ledger says what they
// wait for.
func (x *runner) prepare(u *unit) {
	for i := range u.steps {
		if s := &u.steps[i]; s.Op == plan.AddMembers && !u.prepared {
			s.Items = x.ready(s)
		}
	}
	u.prepared = true
}

func (x *runner) ready(s *plan.Step) []plan.Item {
	out := make([]plan.Item, 0, len(s.Items))
	for i, item := range s.Items {
		if item.Needs != "" {
			x.mu.Lock()
			made := x.made[item.Needs]
			x.mu.Unlock()
			if made.state != carried {
				x.leave(s, i, "needs "+item.Needs+", which was not carried out", made.state == waits)
				continue
			}
			item.Target = made.id
		}
		if s.Kind == plan.KindPolicy {
			if item.Target = x.Account(item.Target); item.Target == "" {
				x.leave(s, i, "no Atlassian account is linked to the record", false)
				continue
			}
		}
		out = append(out, item)
	}
	return out
}

// leave leaves one member out. What needs the step must then wait: a renamed group's old one is not deleted before
// everybody is in the new one.
func (x *runner) leave(s *plan.Step, i int, why string, wait bool) {
	x.block(s, s.Items[i:i+1], why, wait)
	x.mu.Lock()
	x.partly[s.ID] = true
	x.mu.Unlock()
}

func (x *runner) left(step string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.partly[step]
}

func (x *runner) is(step string, s state) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.made[step].state == s
}

// group makes or changes the group itself.
func (m *membership) group(ctx context.Context, s *plan.Step) (ok, again bool) {
	c := target.Change{Op: s.Op, Kind: s.Kind, ID: m.id, SourceID: s.Subject.ID, Name: s.Subject.Name, Fields: s.Fields}
	e := m.entry(s, m.unit.approved)
	e.Fields = fieldsText(s.Fields)
	if s.Op == plan.Create {
		c.ID = ""
		e.Add = m.add[:min(len(m.add), m.Can.MembersInCreate)]
		c.Add = targets(e.Add)
	}
	got, ok, again, fault := m.send(ctx, e, c, m.last)
	if !ok && !again && len(c.Add) > 0 && fault != nil && (fault.Class == target.Permanent || fault.Class == target.Gone) && !fault.All && fault.Status != 409 {
		// One of the members may be what was refused: the group alone, and the members after it.
		e.Add, c.Add = nil, nil
		got, ok, again, _ = m.send(ctx, e, c, m.last)
	}
	switch {
	case ok:
		m.add = m.add[len(e.Add):]
		for _, who := range e.Add {
			if slices.Contains(got.Missing, who.Target) {
				m.add = append(m.add, who)
			}
		}
		if s.Op == plan.Create {
			m.id = got.ID
		}
		m.mark(carried, got.ID, *s)
	case !again:
		m.mark(failed, "", *s)
		if fault != nil { // its first members count with the others, as blocked
			m.mu.Lock()
			m.counts.Failed -= len(e.Add)
			m.mu.Unlock()
		}
	}
	return ok, again
}

// change brings the members in and takes them out.
func (m *membership) change(ctx context.Context) (again bool) {
	bad := m.unit.bad
	for len(m.add)+len(m.remove) > 0 {
		size := len(m.add) + len(m.remove)
		if m.Can.PatchMembers > 0 {
			size = min(size, m.Can.PatchMembers)
		}
		add := m.add[:min(size, len(m.add))]
		remove := m.remove[:size-len(add)]
		fine, retry := m.patch(ctx, add, remove)
		if retry {
			m.keep()
			return true
		}
		bad = bad || !fine
		m.unit.bad = bad
		m.add, m.remove = m.add[len(add):], m.remove[len(remove):]
	}
	for _, s := range []*plan.Step{m.adds, m.removes} {
		switch {
		case s == nil:
		case bad || m.left(s.ID):
			m.mark(failed, m.id, *s)
		default:
			m.mark(carried, m.id, *s)
		}
	}
	return false
}

// keep leaves in the unit only what is still to be done.
func (m *membership) keep() {
	var left []plan.Step
	for _, s := range []*plan.Step{m.adds, m.removes} {
		if s == nil {
			continue
		}
		rest := *s
		rest.Subject.Target, rest.Items = m.id, nil
		rest.Needs = nil // they were seen to
		for _, who := range map[bool][]ledger.Member{true: m.add, false: m.remove}[s.Op == plan.AddMembers] {
			rest.Items = append(rest.Items, plan.Item{ID: who.ID, Name: who.Name, Target: who.Target})
		}
		left = append(left, rest)
	}
	m.unit.steps = left
}

// patch sends one request. Where it is refused because of one of its members, it is halved until that one is found: the
// others come in all the same.
func (m *membership) patch(ctx context.Context, add, remove []ledger.Member) (ok, again bool) {
	s := m.adds
	if len(add) == 0 || s == nil {
		s = m.removes
	}
	e := m.entry(s, m.unit.approved)
	e.Add, e.Remove, e.Subject.Target = add, remove, m.id
	for _, who := range remove {
		if m.unit.let[who.Target] {
			e.Allowed++
		}
	}
	c := target.Change{Op: s.Op, Kind: s.Kind, ID: m.id, SourceID: s.Subject.ID, Name: s.Subject.Name, Add: targets(add), Remove: targets(remove)}
	n := len(add) + len(remove)
	_, ok, again, fault := m.send(ctx, e, c, m.last)
	if ok || again || n == 1 || fault == nil || fault.All || fault.Class != target.Permanent && fault.Class != target.Gone {
		return ok, again
	}
	m.mu.Lock()
	m.counts.Failed -= n // they are counted one by one below
	m.mu.Unlock()
	// A half that fails for the moment is left to the next run: tried again in this one, the half that is in would be sent
	// twice.
	last := m.last
	m.last = true
	defer func() { m.last = last }()
	half := n / 2
	a := min(half, len(add))
	first, _ := m.patch(ctx, add[:a], remove[:half-a])
	second, _ := m.patch(ctx, add[a:], remove[half-a:])
	return first && second, false
}

func targets(all []ledger.Member) []string {
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = m.Target
	}
	return out
}
