package plan

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/scope"
)

// Switch says what another method would provision that this one does not, and the other way round, whatever is at the
// target now.
type Switch struct {
	From        string     `json:"from"`
	To          string     `json:"to"`
	Users       Difference `json:"users"`
	Groups      Difference `json:"groups"`
	Memberships Difference `json:"memberships"` // of groups that both provision
}

// Difference is one kind of subject.
type Difference struct {
	Gained []Gain `json:"gained"`
	Lost   []Gain `json:"lost"`
}

// Gain is somebody whom only one of the methods provisions, and what leads there.
type Gain struct {
	Subject Subject `json:"subject"`
	Why     string  `json:"why"`
}

// Compare holds two plans of one world, made by the rules of two methods, against each other.
func Compare(from, to *Plan) Switch {
	out := Switch{From: from.Method, To: to.Method}
	a, b := from.teller(), to.teller()
	for u := range from.sel.Users {
		was, is := from.sel.Users[u] == scope.In, to.sel.Users[u] == scope.In
		switch {
		case is && !was:
			out.Users.Gained = append(out.Users.Gained, Gain{b.user(uint32(u)), b.led(uint32(u))})
		case was && !is:
			out.Users.Lost = append(out.Users.Lost, Gain{a.user(uint32(u)), a.led(uint32(u))})
		}
	}
	for g := range from.sel.Groups {
		was, is := from.sel.Groups[g] == scope.In, to.sel.Groups[g] == scope.In
		switch {
		case is && was:
			out.members(a, b, uint32(g))
		case is:
			out.Groups.Gained = append(out.Groups.Gained, Gain{b.group(uint32(g)), ""})
		case was:
			out.Groups.Lost = append(out.Groups.Lost, Gain{a.group(uint32(g)), ""})
		}
	}
	return out
}

// members compares the members of one group; both lists are sorted.
func (s *Switch) members(a, b *teller, g uint32) {
	was, is := a.sel.Member[g], b.sel.Member[g]
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(was) == 0 || len(is) > 0 && is[0] < was[0]:
			s.Memberships.Gained = b.gain(s.Memberships.Gained, g, is[0])
			is = is[1:]
		case len(is) == 0 || was[0] < is[0]:
			s.Memberships.Lost = a.gain(s.Memberships.Lost, g, was[0])
			was = was[1:]
		default:
			was, is = was[1:], is[1:]
		}
	}
}

func (t *teller) gain(to []Gain, g, u uint32) []Gain {
	if t.sel.Users[u] != scope.In {
		return to
	}
	who := t.user(u)
	who.Kind, who.Group = "membership", t.group(g).Name
	return append(to, Gain{who, strings.Join(t.chain(g, u), " ← ")})
}
