package plan

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/mapping"
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
	Unknown     int        `json:"unknown"`     // users of whom it is not known whether one of the methods provisions them
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
	had, gets := from.provisioned(), to.provisioned()
	for u := range from.sel.Users {
		was, is := had[u] == isReady, gets[u] == isReady
		switch {
		case had[u] == isKept || gets[u] == isKept:
			out.Unknown++
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
			out.members(a, b, uint32(g), had, gets)
		case is:
			out.Groups.Gained = append(out.Groups.Gained, Gain{b.group(uint32(g)), ""})
		case was:
			out.Groups.Lost = append(out.Groups.Lost, Gain{a.group(uint32(g)), ""})
		}
	}
	return out
}

// provisioned says whom the method provisions by what the source and the rules say: isReady who is, isNobody who is not,
// isKept of whom that is not known.
func (p *Plan) provisioned() []readiness {
	out := make([]readiness, len(p.sel.Users))
	for u, standing := range p.sel.Users {
		switch {
		case standing == scope.NotSettled, standing == scope.NotAssigned && p.sel.UnsettledUsers != "":
			out[u] = isKept
		case standing == scope.In && p.want.State.Active[u]:
			out[u] = isReady
		}
	}
	for _, f := range p.want.Faults { // a value that is missing keeps somebody out
		if out[f.User] == isReady {
			out[f.User] = isNobody
			if f.Fault.Kind == mapping.Unknown {
				out[f.User] = isKept
			}
		}
	}
	return out
}

// members compares the members of one group; both lists are sorted.
func (s *Switch) members(a, b *teller, g uint32, had, gets []readiness) {
	only := func(list []uint32, who []readiness) (out []uint32) {
		for _, u := range list {
			if who[u] == isReady && had[u] != isKept && gets[u] != isKept {
				out = append(out, u)
			}
		}
		return out
	}
	was, is := only(a.sel.Member[g], had), only(b.sel.Member[g], gets)
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
	who := t.user(u)
	who.Kind, who.Group = "membership", t.group(g).Name
	return append(to, Gain{who, strings.Join(t.chain(g, u), " ← ")})
}
