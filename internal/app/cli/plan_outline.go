package cli

import (
	"hash/fnv"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// hold is what waits for a person for one reason.
type hold struct {
	paragraph
	code, text string
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
	domain                      string          // of nearly all members; "" where there is none
	acted                       map[uint64]bool // who has a step
	groups                      clashes         // names that several groups have
	example, group              *plan.Subject   // somebody to whom something is done
}

// outlineOf goes through the plan once.
func outlineOf(v *planPage) *outline {
	out := newOutline()
	members, domains := 0, map[string]int{}
	for s := range v.steps {
		out.step(&s)
		for i := range s.Items {
			if _, d, ok := strings.Cut(s.Items[i].Name, "@"); ok {
				members++
				domains[d]++
			}
		}
	}
	for d, n := range domains {
		if n*10 >= members*9 { // a guest or two do not spoil it: they are named in full
			out.domain = d
		}
	}
	for j := range v.verdicts {
		out.judge(&j)
	}
	slices.SortStableFunc(out.undone, func(a, b *undone) int {
		x, _ := plan.ReasonOf(a.reason)
		y, _ := plan.ReasonOf(b.reason)
		return int(x) - int(y)
	})
	return out
}

func (out *outline) step(s *plan.Step) {
	out.steps++
	if s.Kind == plan.KindGroup {
		out.groups.see(nameOf(&s.Subject), s.Subject.ID)
	}
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
