package plan

import (
	"fmt"
	"math"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
)

// Window is the sliding day over which limits count, so that many small runs cannot slip past them.
const Window = 24 * time.Hour

// Guard is one bound that was looked at.
type Guard struct {
	Name   string `json:"name"`   // deactivate, remove_members, delete_groups
	Window string `json:"window"` // run or day
	Limit  string `json:"limit"`  // as the rules say it
	Most   int    `json:"most"`   // what that allows
	Of     int    `json:"of"`     // what a share is taken of
	Count  int    `json:"count"`  // what the plan would take away, with what earlier runs took in the window
	Held   bool   `json:"held"`   // the plan is over it: everything of the class waits for a person
}

// guard applies the limits to the finished plan. Steps that wait for a person anyway count for nothing: whoever lets
// them go has seen them. Over a limit everything of the class waits, not only what is too much: nobody can tell which
// of the removals are the mistaken ones.
func (p *planner) guard() {
	if p.Method != document.Rollcall {
		return
	}
	var count, of [classes]int
	for i := range p.steps {
		if c, ok := p.steps[i].class(); ok {
			count[c] += p.steps[i].free()
		}
	}
	for h, linked := range p.in.Target.Users.Wanted {
		if linked != match.None && p.have.Active[h] {
			of[Deactivations]++
		}
	}
	for h, linked := range p.in.Target.Groups.Wanted {
		if linked != match.None {
			of[MemberRemovals] += len(p.have.Member[h])
			of[GroupDeletions]++
		}
	}
	for c := range classes {
		over := false
		limit := p.in.Rules.Limits[c]
		for _, bound := range []struct {
			window string
			amount Amount
			past   int
		}{{"run", limit.Run, 0}, {"day", limit.Day, p.past(c)}} {
			if bound.amount.Kind == None {
				continue
			}
			g := Guard{Name: c.String(), Window: bound.window, Limit: bound.amount.String(), Most: bound.amount.most(of[c]), Of: of[c], Count: count[c] + bound.past}
			g.Held = count[c] > 0 && g.Count > g.Most
			over = over || g.Held
			p.Guards = append(p.Guards, g)
		}
		if over {
			p.holdClass(c)
		}
	}
}

// past is what earlier runs took away in the last day.
func (p *planner) past(c Class) int {
	n := 0
	for _, r := range p.in.History {
		if r.Class == c && r.At.After(p.At.Add(-Window)) {
			n += r.Count
		}
	}
	return n
}

func (p *planner) holdClass(c Class) {
	for i := range p.steps {
		s := &p.steps[i]
		if of, ok := s.class(); !ok || of != c || s.hold != NotHeld {
			continue
		}
		if s.notes == nil {
			s.hold = HeldLimit
			continue
		}
		s.notes = holdRest(s.notes, len(s.items), HeldLimit)
	}
}

// class is what the limits count a step as.
func (s *step) class() (Class, bool) {
	switch {
	case s.op == opDeactivate:
		return Deactivations, true
	case s.op == opRemove:
		return MemberRemovals, true
	case s.op == opDelete:
		return GroupDeletions, true
	}
	return 0, false
}

// free is how many of a step's items wait for nobody.
func (s *step) free() int {
	switch {
	case s.hold != NotHeld:
		return 0
	case s.items == nil:
		return 1
	case s.notes == nil:
		return len(s.items)
	}
	n := 0
	for i := range s.notes {
		if s.notes[i].hold == NotHeld {
			n++
		}
	}
	return n
}

// most is what an amount allows. A share is rounded up, so that one leaver of a small company is not a flood; a share
// of nothing allows nothing.
func (a Amount) most(of int) int {
	if a.Kind == Percent {
		return int(math.Ceil(float64(of)*a.Percent/100 - 1e-9))
	}
	return a.Number
}

// String is the amount as the configuration spells it.
func (a Amount) String() string {
	switch a.Kind {
	case Percent:
		return fmt.Sprintf("%g%%", a.Percent)
	case Number:
		return fmt.Sprint(a.Number)
	case None:
	}
	return "no limit"
}
